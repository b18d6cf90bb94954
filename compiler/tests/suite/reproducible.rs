//! Equal sources give equal bytes, and equal policy an equal policy digest.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gw_compiler::{FileFault, Files, Options, Outcome, Sealed, compile};
use proptest::prelude::*;

use crate::shuffle::shuffled_json;
use crate::support::{Folder, rendered, sealed};

const PROJECT: &str = "\
# file: gw.yaml
gw: 1
name: shop
apis:
  - {name: pets, owner: team-pets, spec: pets.yaml, hosts: [a.example.com, b.example.com], base: /v1}
  - {name: orders, spec: orders.yaml, hosts: [a.example.com]}
upstreams:
  pets: {endpoints: [http://127.0.0.1:9001, http://127.0.0.1:9002], balance: least-request}
  orders: {}
defaults:
  upstream: pets
  auth: {public: true, delegated: true, reason: as the document says}
# file: pets.yaml
openapi: 3.0.3
info: {title: pets, version: \"1\"}
paths:
  /pets/{id}:
    get: {operationId: read, security: [{key: []}, {token: []}], responses: {}}
    delete: {operationId: remove, security: [{token: [], key: []}], responses: {}}
  /pets:
    get: {responses: {}}
    post: {x-gw-timeout: {total: 5s, connect: 1s}, responses: {}, requestBody: {$ref: '#/components/requestBodies/pet'}}
components:
  requestBodies:
    pet: {content: {application/json: {schema: {$ref: '#/components/schemas/pet'}}}}
  schemas:
    pet: {type: object}
  securitySchemes:
    key: {type: apiKey, in: header, name: x-key}
    token: {type: http, scheme: bearer}
# file: orders.yaml
openapi: 3.1.0
info: {title: orders, version: \"1\"}
paths:
  /orders:
    get: {x-gw-upstream: orders, responses: {}}
";

fn policy(text: &str) -> [u8; 32] {
    sealed(text).policy_digest
}

/// Gives the bytes of another folder, and asks it in its own order first.
struct Eager(Folder);

impl Files for Eager {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        self.0.0.keys().rev().for_each(|other| drop(self.0.read(other)));
        self.0.read(path)
    }
}

fn compiled(files: &dyn Files, folder: &Folder) -> Box<Sealed> {
    match compile(&folder.entry(), files, &Options::default()).outcome {
        Outcome::Sealed(sealed) => sealed,
        Outcome::Refused { .. } => panic!("{}", rendered(&folder.compile())),
    }
}

#[test]
fn equal_files_give_equal_bytes() {
    let folder = Folder::read(PROJECT, "");
    let first = compiled(&folder, &folder);
    let second = compiled(&Eager(folder.clone()), &folder);
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(first.artifact_digest, second.artifact_digest);
}

#[test]
fn the_digest_covers_every_file_that_was_read() {
    let other = PROJECT.replace("title: orders", "title: Orders");
    let (first, second) = (sealed(PROJECT), sealed(&other));
    assert_eq!(first.policy_digest, second.policy_digest);
    assert_ne!(first.artifact_digest, second.artifact_digest);
}

#[test]
fn renamed_components_decide_the_same() {
    for (from, to) in [("key", "zebra"), ("token", "aardvark"), ("schemas/pet", "schemas/animal")] {
        let other = match from.strip_prefix("schemas/") {
            Some(name) => {
                PROJECT.replace(from, to).replace(&format!("    {name}: {{type"), "    animal: {type")
            }
            None => PROJECT.replace(&format!("{from}:"), &format!("{to}:")),
        };
        assert_ne!(other, PROJECT);
        assert_eq!(policy(&other), policy(PROJECT), "{from}");
    }
}

#[test]
fn a_path_item_in_another_file_decides_the_same() {
    let split = PROJECT.replace(
        "  /orders:\n    get: {x-gw-upstream: orders, responses: {}}\n",
        "  /orders:\n    $ref: more/orders.yaml#/item\n# file: more/orders.yaml\nitem:\n  get:\n    \
         x-gw-upstream: orders\n    responses: {}\n",
    );
    assert_ne!(split, PROJECT);
    assert_eq!(policy(&split), policy(PROJECT));
}

#[test]
fn the_order_of_operations_with_one_id_decides_nothing() {
    let document = |first: &str, second: &str| {
        let item = |path: &str| format!("  {path}: {{get: {{operationId: same, responses: {{}}}}}}\n");
        let root = "x-gw-auth: {public: true, reason: a catalogue}";
        let head = format!("openapi: 3.0.3\ninfo: {{title: t, version: \"1\"}}\n{root}\npaths:\n");
        format!("{head}{}{}", item(first), item(second))
    };
    assert_eq!(policy(&document("/a", "/b")), policy(&document("/b", "/a")));
}

#[test]
fn the_order_of_apis_and_endpoints_decides_nothing() {
    let mut folder = Folder::read(PROJECT, "");
    let text = String::from_utf8(folder.0["gw.yaml"].clone()).unwrap();
    let (first, second) = (text.find("  - {name: pets").unwrap(), text.find("  - {name: orders").unwrap());
    let end = text.find("upstreams:").unwrap();
    let swapped = format!("{}{}{}{}", &text[..first], &text[second..end], &text[first..second], &text[end..]);
    let swapped = swapped.replace(
        "http://127.0.0.1:9001, http://127.0.0.1:9002",
        "http://127.0.0.1:9002, http://127.0.0.1:9001",
    );
    folder.0.insert("gw.yaml".into(), swapped.into_bytes());
    assert_eq!(compiled(&folder, &folder).policy_digest, policy(PROJECT));
}

/// A document of so many operations that share a scheme, a schema, a parameter and a body of these names. What is split
/// off stands in another file: schemas, parameters, bodies, every second path item.
fn document(operations: &[(usize, bool)], names: &[String; 4], split: [bool; 4]) -> Folder {
    let [scheme, model, parameter, body] = names;
    let kinds = ["schemas", "parameters", "requestBodies"];
    let values = [
        "{type: object, properties: {next: {type: string}}}",
        "{name: page, in: query, schema: {type: integer}}",
        "{content: {application/json: {schema: {type: object}}}}",
    ];
    let file_of = |part: usize| if split[part] { "part.yaml" } else { "openapi.yaml" };
    let refer = |part: usize| {
        format!(
            "{{$ref: '{}#/components/{}/{}'}}",
            file_of(part),
            kinds[part],
            [model, parameter, body][part]
        )
    };
    let mut files =
        BTreeMap::from([("openapi.yaml", String::new()), ("part.yaml", "components:\n".to_owned())]);
    files.insert(
        "openapi.yaml",
        format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\nx-gw-auth: {{delegated: true, reason: r}}\n\
             security: [{{{scheme}: []}}]\ncomponents:\n  securitySchemes:\n    {scheme}: {{type: http, scheme: bearer}}\n"
        ),
    );
    for part in 0..3 {
        let name = [model, parameter, body][part];
        let lines = format!("  {}:\n    {name}: {}\n", kinds[part], values[part]);
        files.entry(file_of(part)).or_default().push_str(&lines);
    }
    let (mut paths, mut items) = ("paths:\n".to_owned(), "items:\n".to_owned());
    for (index, (timeout, with_body)) in operations.iter().enumerate() {
        let request = if *with_body { format!("requestBody: {}, ", refer(2)) } else { String::new() };
        let item = format!(
            "{{parameters: [{}], post: {{x-gw-timeout: {}s, {request}responses: {{'200': {{description: d, content: \
             {{application/json: {{schema: {}}}}}}}}}}}}}",
            refer(1),
            timeout + 1,
            refer(0)
        );
        if split[3] && index % 2 == 0 {
            let _ = writeln!(items, "  i{index}: {item}");
            let _ = writeln!(paths, "  /p{index}: {{$ref: 'part.yaml#/items/i{index}'}}");
        } else {
            let _ = writeln!(paths, "  /p{index}: {item}");
        }
    }
    files.entry("openapi.yaml").or_default().push_str(&paths);
    files.entry("part.yaml").or_default().push_str(&items);
    Folder(files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn language_formatting_and_key_order_decide_nothing(seed: u64) {
        let mut folder = Folder::read(PROJECT, "");
        // YAML 1.2 is a superset of JSON, so the names of the files can stay.
        folder.0.values_mut().for_each(|bytes| *bytes = shuffled_json(bytes, seed).expect("it is YAML"));
        prop_assert_eq!(compiled(&folder, &folder).policy_digest, policy(PROJECT));
    }

    #[test]
    fn splitting_into_files_and_renaming_components_decide_nothing(
        operations in prop::collection::vec((0..9_usize, any::<bool>()), 1..6),
        names in prop::array::uniform4("[a-zA-Z][a-zA-Z0-9_-]{0,8}"),
        split: [bool; 4],
    ) {
        let plain = ["key", "Pet", "page", "pet"].map(str::to_owned);
        let before = document(&operations, &plain, [false; 4]);
        let after = document(&operations, &names, split);
        prop_assert_eq!(compiled(&before, &before).policy_digest, compiled(&after, &after).policy_digest);
    }
}
