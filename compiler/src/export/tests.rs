//! Claims about exported documents, on small texts.

use std::collections::{BTreeMap, BTreeSet};

use gw_syntax::Sink;
use serde_json::{Value, json};

use super::additions::Additions;
use super::bundle::Bundle;
use super::write::write;
use super::{Fault, Gateway, Wish, openapi};
use crate::compile::{Entry, Options, Outcome, compile};
use crate::load::{FileFault, Files, load};
use crate::parse::parse;

#[derive(Clone)]
struct Texts(BTreeMap<String, String>);

impl Files for Texts {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(FileFault::Missing)
    }
}

fn texts(files: &[(&str, &str)]) -> Texts {
    Texts(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
}

fn entry(files: &Texts) -> Entry {
    if files.0.contains_key("gw.yaml") {
        return Entry::Project { path: "gw.yaml".into() };
    }
    Entry::Document { path: "api.yaml".into() }
}

/// A project around `api.yaml` that lets everything through.
fn around(files: &[(&str, &str)]) -> Texts {
    let mut all = texts(files);
    all.0.entry("gw.yaml".to_owned()).or_insert_with(|| LET_THROUGH.to_owned());
    all
}

const LET_THROUGH: &str = "\
gw: 1
name: shop
apis: [{name: api, spec: api.yaml}]
upstreams: {main: {}}
defaults: {upstream: main, auth: {public: true, delegated: true, reason: a test}}
";

const PLAIN: Wish<'_> = Wish { api: None, gateway: Gateway::Unsaid };
const TOLD: Wish<'_> = Wish { api: None, gateway: Gateway::Told };

/// The export of a project, which keeps all laws.
fn export(files: &Texts, wish: &Wish<'_>) -> String {
    let text = openapi(&entry(files), files, wish).unwrap_or_else(|fault| {
        let found = compile(&entry(files), files, &Options::default()).findings;
        panic!("{fault}: {found:#?}")
    });
    assert!(!text.to_ascii_lowercase().contains("\"x-gw-"), "{text}");
    let again = around(&[("api.yaml", &text)]);
    assert_eq!(published(&again), published(files), "{text}");
    let twice = openapi(&entry(&again), &again, wish).expect("an export compiles");
    assert_eq!(twice, text, "the export of an export is the same");
    text
}

/// What is published: method and path of each operation, without bases.
fn published(files: &Texts) -> BTreeSet<String> {
    let compilation = compile(&entry(files), files, &Options::default());
    let Outcome::Sealed(sealed) = compilation.outcome else { panic!("{:#?}", compilation.findings) };
    let operations = sealed.source_map.operations.len();
    assert_eq!(operations, sealed.artifact.operations().len());
    sealed.artifact.operations().iter().map(|row| format!("{} {}", row.method, row.template)).collect()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// What is written of a document, whatever the gate says of it: most policy is refused as not yet enforced.
fn written(files: &Texts) -> String {
    let mut sink = Sink::new();
    let set = load(&entry(files), files, &Options::default(), &mut sink);
    let parsed = parse(&entry(files), &set, &mut sink);
    let document = *parsed.documents.values().next().unwrap();
    let bundle = Bundle::of(document, &set).unwrap();
    write(document, &bundle, &Additions::default()).unwrap()
}

#[test]
fn policy_is_taken_out_and_everything_else_stays_in_its_order() {
    let document = r#"openapi: 3.1.0
info: {version: '1', title: T}
x-gw-auth: {public: true, reason: a test}
x-own: {kept: 1.50}
paths:
  /pets:
    x-gw-timeout: 2s
    parameters:
      - {name: X-GW-Tenant, in: header, schema: {type: string, x-gw-sensitive: true}}
      - {name: big, in: query, x-gw-sensitive: true, schema: {type: integer, maximum: 12345678901234567890123}}
    get:
      x-gw-body-max: 1MiB
      responses:
        200: {description: all, content: {text/plain: {example: "x-gw- is a prefix"}}}
components:
  schemas:
    A: {properties: {secret: {type: string, x-gw-sensitive: true}}, type: object}
"#;
    insta::assert_snapshot!(written(&texts(&[("api.yaml", document)])));
}

const SPLIT: &[(&str, &str)] = &[
    (
        "api.yaml",
        "openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    $ref: paths/order.yaml
  /orders: {$ref: 'paths/orders.yaml#/all'}
components:
  schemas:
    Order: {type: object, properties: {old: {$ref: 'schemas.yaml#/Order'}}}
    Local: {$ref: '#/components/schemas/Order'}
",
    ),
    (
        "paths/order.yaml",
        "get:
  responses:
    '200': {$ref: '../responses.yaml#/one'}
  callbacks: {done: {'{$request.query.url}': {$ref: order.yaml}}}
",
    ),
    (
        "paths/orders.yaml",
        "all:
  post:
    requestBody: {content: {application/json: {schema: {$ref: ../tree.yaml}}}}
    responses: {'200': {$ref: '../responses.yaml#/one'}, '404': {$ref: '../responses.yaml#/one'}}
",
    ),
    (
        "responses.yaml",
        "one: {description: one, content: {application/json: {schema: {$ref: 'schemas.yaml#/Order'}}}}\n",
    ),
    (
        "schemas.yaml",
        "Order: {type: object, properties: {next: {$ref: '#/Order'}, item: {$ref: '#/Order/x-items/Item'}}, x-items: {Item: {type: string}}}\n",
    ),
    (
        "tree.yaml",
        "type: object
properties: {left: {$ref: '#'}, right: {$ref: 'tree.yaml#/properties/left'}}
discriminator: {propertyName: kind, mapping: {order: 'schemas.yaml#/Order', other: Local}}
",
    ),
];

#[test]
fn what_stands_in_other_files_becomes_components_of_one() {
    insta::assert_snapshot!(export(&around(SPLIT), &PLAIN));
}

/// A document with these responses, security and components.
fn document(root: &str, operation: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\n{root}\npaths:\n  /pets/{{id}}:\n    \
         parameters: [{{name: id, in: path, required: true, schema: {{type: string}}}}]\n    \
         post: {{requestBody: {{content: {{}}}}{operation}}}\n    \
         delete: {{responses: {{4XX: {{description: said}}, default: {{description: other}}}}{operation}}}\n"
    )
}

const SCHEMES: &str = "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key, x-gw-authenticator: {keys: k}}}}";

#[test]
fn a_scheme_of_gw_yaml_that_the_document_names_is_declared_in_it() {
    let project = format!(
        "{LET_THROUGH}security-schemes:\n  main: {{type: http, scheme: bearer}}\n  idle: {{type: http, scheme: basic}}\n"
    );
    let document = document("security: [{main: []}]", "");
    let files = texts(&[("api.yaml", &document), ("gw.yaml", &project)]);
    let text = export(&files, &PLAIN);
    let schemes = json!({"main": {"type": "http", "scheme": "bearer"}});
    assert_eq!(value(&text)["components"]["securitySchemes"], schemes, "{text}");
}

#[test]
fn the_gateway_is_told_where_it_answers_and_nowhere_else() {
    let plain = document("servers: [{url: 'https://old.example/v1'}]", "");
    let guarded = document(
        &format!("security: [{{key: []}}]\n{SCHEMES}").replace(", x-gw-authenticator: {keys: k}", ""),
        "",
    );
    let project =
        LET_THROUGH.replace("spec: api.yaml", "spec: api.yaml, hosts: [api.example.com], base: /v2");
    for (document, name) in [(&plain, "public"), (&guarded, "protected")] {
        let files = texts(&[("api.yaml", document), ("gw.yaml", &project)]);
        let text = openapi(&entry(&files), &files, &TOLD).unwrap();
        insta::assert_snapshot!(name, text);
        let again = around(&[("api.yaml", &text)]);
        assert_eq!(published(&again), published(&files));
        assert_eq!(openapi(&entry(&again), &again, &TOLD).unwrap(), text);
    }
}

#[test]
fn what_verifies_nothing_says_that_it_refuses() {
    let guarded = document(
        &format!("security: [{{key: []}}]\n{SCHEMES}").replace(", x-gw-authenticator: {keys: k}", ""),
        "",
    );
    let project = LET_THROUGH.replace("public: true, delegated: true", "public: true");
    let files = texts(&[("api.yaml", &guarded), ("gw.yaml", &project)]);
    let text = value(&openapi(&entry(&files), &files, &TOLD).unwrap());
    let name = text["paths"]["/pets/{id}"]["post"]["responses"]["503"]["$ref"].as_str().unwrap();
    let name = name.rsplit('/').next().unwrap();
    let description = text["components"]["responses"][name]["description"].as_str().unwrap();
    assert!(description.contains("urn:gw:problem:identity-unavailable"), "{description}");
}

#[test]
fn only_where_addresses_are_listed_is_403_told() {
    let listed = document("", "").replace("    post: {", "    post: {x-gw-access: {deny: [192.0.2.0/24]}, ");
    let files = around(&[("api.yaml", &listed)]);
    let text = value(&openapi(&entry(&files), &files, &TOLD).unwrap());
    let responses = |method: &str| text["paths"]["/pets/{id}"][method]["responses"].clone();
    assert!(responses("post")["403"].is_object(), "{text:#}");
    assert!(responses("delete")["403"].is_null(), "{text:#}");
}

#[test]
fn an_operation_of_two_paths_says_what_holds_for_both() {
    let document = "openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a: {$ref: '#/components/pathItems/one'}
  /b: {$ref: '#/components/pathItems/one'}
  /c: {$ref: other.yaml}
  /d: {$ref: other.yaml}
components: {pathItems: {one: {get: {}}}}
";
    let files = around(&[("api.yaml", document), ("other.yaml", "get: {operationId: twice}\n")]);
    let text = export(&files, &TOLD);
    let text = value(&text);
    assert!(text["components"]["pathItems"]["one"]["get"]["responses"]["502"].is_object(), "{text}");
    assert!(text["paths"]["/d"]["get"]["responses"]["502"].is_object(), "{text}");
    assert_eq!(text["paths"]["/a"], json!({"$ref": "#/components/pathItems/one"}));
}

#[test]
fn a_reference_by_name_leads_to_the_same_schema() {
    let document = "openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a:
    post:
      requestBody: {content: {text/plain: {schema: {$ref: 'https://example.com/pet'}}, a/b: {schema: {$ref: 'https://example.com/cat'}}, c/d: {schema: {$ref: 'api.yaml#/components/schemas/Pet'}}, e/f: {schema: {$ref: 'named.yaml'}}}}
components:
  schemas:
    Pet: {$id: 'https://example.com/pet', $defs: {Inner: {$anchor: inner}}, properties: {a: {$ref: '#inner'}}}
";
    let named =
        "$defs: {Cat: {$id: 'https://example.com/cat', $anchor: cat, properties: {me: {$ref: '#cat'}}}}\n";
    let text = value(&export(&around(&[("api.yaml", document), ("named.yaml", named)]), &PLAIN));
    let content = &text["paths"]["/a"]["post"]["requestBody"]["content"];
    assert_eq!(content["text/plain"]["schema"]["$ref"], "https://example.com/pet");
    assert_eq!(content["a/b"]["schema"]["$ref"], "#/components/schemas/named/$defs/Cat");
    assert_eq!(content["c/d"]["schema"]["$ref"], "#/components/schemas/Pet");
    let cat = json!({"properties": {"me": {"$ref": "#/components/schemas/named/$defs/Cat"}}});
    assert_eq!(text["components"]["schemas"]["named"]["$defs"]["Cat"], cat);
    assert_eq!(text["components"]["schemas"]["Pet"]["properties"]["a"]["$ref"], "#inner");
}

#[test]
fn what_is_referred_to_in_an_extension_is_what_the_reference_says() {
    let document = "openapi: 3.0.3
info: {title: t, version: '1'}
x-shared: {error: {description: gone, content: {text/plain: {schema: {$ref: more.yaml}}}}, data: {x-gw-note: kept}}
paths:
  /a: {get: {responses: {'410': {$ref: '#/x-shared/error'}}}}
";
    let files = around(&[("api.yaml", document), ("more.yaml", "type: string\n")]);
    let text = value(&openapi(&entry(&files), &files, &PLAIN).unwrap());
    let schema = &text["x-shared"]["error"]["content"]["text/plain"]["schema"];
    assert_eq!(schema["$ref"], "#/components/schemas/more", "{text:#}");
    assert_eq!(text["x-shared"]["data"], json!({"x-gw-note": "kept"}), "it is data of the author's own");
}

#[test]
fn what_makes_no_document_says_why() {
    let two = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /a: {get: {responses: {default: {$ref: 'new.yaml#/components/responses/a'}}}}\n";
    let new =
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\ncomponents: {responses: {a: {description: a}}}\n";
    let files = around(&[("api.yaml", two), ("new.yaml", new)]);
    let fault = Fault::Versions { file: "new.yaml".into(), its: "3.1", document: "3.0" };
    assert_eq!(openapi(&entry(&files), &files, &PLAIN), Err(fault));

    let project =
        LET_THROUGH.replace("spec: api.yaml}", "spec: api.yaml}, {name: other, spec: api.yaml, base: /b}");
    let plain = document("", "");
    let files = texts(&[("api.yaml", &plain), ("gw.yaml", &project)]);
    let known = vec!["api".to_owned(), "other".to_owned()];
    assert_eq!(openapi(&entry(&files), &files, &PLAIN), Err(Fault::Several { known: known.clone() }));
    let wish = Wish { api: Some("none"), ..PLAIN };
    assert_eq!(openapi(&entry(&files), &files, &wish), Err(Fault::Unknown { known }));
    assert!(openapi(&entry(&files), &files, &Wish { api: Some("other"), ..PLAIN }).is_ok());

    let files = texts(&[("api.yaml", &plain)]);
    assert_eq!(openapi(&entry(&files), &files, &PLAIN), Err(Fault::Refused));
}

#[test]
fn what_an_overlay_says_is_in_the_document_and_its_policy_is_not() {
    let overlay = "overlay: 1.0.0
info: {title: edge, version: '1'}
actions:
  - {target: '$.paths.*.post', update: {summary: from the overlay, x-gw-timeout: 2s}}
  - {target: '$.paths.*.delete', remove: true}
";
    let project = LET_THROUGH.replace("spec: api.yaml", "spec: api.yaml, overlays: [edge.yaml]");
    let files = texts(&[("api.yaml", &document("", "")), ("gw.yaml", &project), ("edge.yaml", overlay)]);
    let item = &value(&export(&files, &PLAIN))["paths"]["/pets/{id}"];
    assert_eq!(item["post"]["summary"], "from the overlay");
    assert!(item["delete"].is_null(), "{item}");
}

#[test]
fn another_reader_understands_what_was_bundled_and_told() {
    let text = export(&around(SPLIT), &TOLD);
    let read: openapiv3::OpenAPI = serde_json::from_str(&text).unwrap();
    let components = read.components.unwrap();
    let Some(openapiv3::ReferenceOr::Item(response)) = components.responses.get("Gateway502") else {
        panic!("{:?}", components.responses.keys());
    };
    assert!(response.content.contains_key("application/problem+json"));
    assert_eq!(read.paths.paths.len(), 2);
}
