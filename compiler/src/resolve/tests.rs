//! Claims about the resolved project, on small texts.

use std::collections::BTreeMap;

use gw_artifact::model::{HostPattern, LayerKind, Scheme as CredentialPlace};
use gw_syntax::{Sink, SourceMap};

use super::resolve;
use super::resolved::{Layered, Operation, Resolved, Security};
use crate::compile::{Entry, Options};
use crate::load::{FileFault, Files, load};
use crate::parse::parse;

struct Texts<'t>(BTreeMap<&'t str, &'t str>);

impl Files for Texts<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        self.0.get(path).map(|text| text.as_bytes().to_vec()).ok_or(FileFault::Missing)
    }
}

/// What the files mean, and the codes of what was found on the way.
struct Meaning {
    resolved: Resolved,
    sources: SourceMap,
    codes: Vec<String>,
}

fn meaning_of(files: &[(&str, &str)], options: &Options) -> Meaning {
    let texts = Texts(files.iter().copied().collect());
    let path = files[0].0.to_owned();
    let entry = if path == "gw.yaml" { Entry::Project { path } } else { Entry::Document { path } };
    let mut sink = Sink::new();
    let sources = load(&entry, &texts, &Options::default(), &mut sink);
    let parsed = parse(&entry, &sources, &mut sink);
    let resolved = resolve(&entry, &parsed, &sources, options, &mut sink).expect("the entry is there");
    drop(parsed);
    // The smallest text has no `info` and no descriptions; nothing here depends on them.
    let found = sink.diagnostics().iter().filter(|finding| finding.code != crate::parse::codes::SLIP.code);
    let codes = found.map(|finding| finding.code.to_string()).collect();
    Meaning { resolved, sources: sources.into_sources(), codes }
}

fn meaning(files: &[(&str, &str)]) -> Meaning {
    let meaning = meaning_of(files, &Options::default());
    assert!(meaning.codes.is_empty(), "{:?}", meaning.codes);
    meaning
}

/// A document with these lines below `paths`, and others at its root.
fn document(root: &str, paths: &str) -> String {
    format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\n{root}\npaths:\n{paths}")
}

fn only(meaning: &Meaning) -> &Operation {
    assert_eq!(meaning.resolved.operations.len(), 1);
    &meaning.resolved.operations[0]
}

/// The layers of a value, strongest first, each with its line.
fn layers<T>(meaning: &Meaning, layered: &Layered<T>) -> Vec<String> {
    let line = |layer: &super::resolved::Layer<T>| {
        let at = layer.span.map(|span| meaning.sources.position(span.source, span.start).line);
        format!("{} {} {:?}", layer.kind.as_str(), layer.text, at)
    };
    layered.layers().map(line).collect()
}

const PROJECT: &str = "\
gw: 1
name: shop
apis:
  - {name: pets, version: 2, owner: team-pets, spec: specs/pets.yaml}
upstreams: {pets: {endpoints: ['http://127.0.0.1:9001'], balance: least-request, limits: {requests: 7}}}
defaults:
  timeout: 9s
  body-max: 2MiB
  upstream: pets
";

#[test]
fn the_strongest_layer_wins_and_the_others_are_remembered() {
    let pets = document(
        "x-gw-body-max: 3MiB",
        "  /pets:\n    x-gw-body-max: 4MiB\n    get:\n      x-gw-body-max: 5MiB\n      responses: {}\n",
    );
    let meaning = meaning(&[("gw.yaml", PROJECT), ("specs/pets.yaml", &pets)]);
    let body_max = &only(&meaning).policy.body_max;
    assert_eq!(
        layers(&meaning, body_max),
        [
            "operation 5MiB Some(8)",
            "path 4MiB Some(6)",
            "root 3MiB Some(3)",
            "defaults 2MiB Some(8)",
            "built-in 1MiB None",
        ]
    );
}

#[test]
fn timeouts_are_merged_phase_by_phase() {
    let pets = document(
        "x-gw-timeout: {connect: 1s, idle: 2s}",
        "  /pets:\n    get:\n      x-gw-timeout: {idle: 5s}\n      responses: {}\n",
    );
    let meaning = meaning(&[("gw.yaml", PROJECT), ("specs/pets.yaml", &pets)]);
    let timeouts = &only(&meaning).policy.timeouts;
    assert_eq!(layers(&meaning, &timeouts.total), ["defaults 9s Some(7)", "built-in 1m None"]);
    assert_eq!(layers(&meaning, &timeouts.connect), ["root 1s Some(3)", "built-in 2s None"]);
    let idle = layers(&meaning, &timeouts.idle);
    assert_eq!(idle, ["operation 5s Some(7)", "root 2s Some(3)", "built-in 30s None"]);
    assert_eq!(layers(&meaning, &timeouts.response_head), ["built-in 15s None"]);
}

#[test]
fn gw_yaml_gives_names_owners_and_upstreams() {
    let pets = document("", "  /pets: {get: {responses: {}}}\n");
    let meaning = meaning(&[("gw.yaml", PROJECT), ("specs/pets.yaml", &pets)]);
    let Resolved { project, apis, upstreams, listeners, .. } = &meaning.resolved;
    assert_eq!(project.name, "shop");
    assert_eq!(
        (apis[0].name.as_str(), apis[0].version.as_str(), apis[0].owner.as_str()),
        ("pets", "2", "team-pets")
    );
    assert_eq!((upstreams[0].name.as_str(), upstreams[0].max_requests), ("pets", 7));
    assert_eq!(upstreams[0].endpoints[0].value.to_string(), "127.0.0.1:9001");
    assert_eq!(listeners[0].name, "public");
    assert_eq!(only(&meaning).policy.upstream.as_ref().unwrap().value().to_string(), "pets");
}

#[test]
fn security_of_the_operation_replaces_that_of_the_root() {
    let root = "security: [{key: []}]\ncomponents: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, \
                oauth: {type: oauth2, flows: {}}}}";
    let paths = "  /a: {get: {responses: {}}}\n  /b: {get: {security: [{oauth: [read], key: []}, {}], responses: {}}}\n  \
                 /c: {get: {security: [], responses: {}}}\n";
    let meaning = meaning(&[("pets.yaml", &document(root, paths))]);
    let shown: Vec<String> = meaning
        .resolved
        .operations
        .iter()
        .map(|operation| {
            let Security::Declared { layer, alternatives, .. } = &operation.security else {
                return "nothing".into();
            };
            let names = |alternative: &super::resolved::Alternative| {
                alternative
                    .schemes
                    .iter()
                    .map(|scheme| format!("{}{:?}", scheme.name, scheme.scopes))
                    .collect::<Vec<_>>()
            };
            format!("{} {:?}", layer.as_str(), alternatives.iter().map(names).collect::<Vec<_>>())
        })
        .collect();
    assert_eq!(
        shown,
        [r#"root [["key[]"]]"#, r#"operation [["oauth[\"read\"]", "key[]"], []]"#, "operation []",]
    );
    let places: Vec<_> =
        meaning.resolved.schemes.iter().map(|scheme| scheme.place.clone().unwrap()).collect();
    assert_eq!(
        places,
        [CredentialPlace::Header("x-key".into()), CredentialPlace::Authorization("bearer".into())]
    );
}

#[test]
fn a_path_item_behind_references_in_other_files_is_read_where_it_stands() {
    let entry =
        document("", "  /pets/{id}:\n    x-gw-timeout: 2s\n    $ref: 'parts/items.yaml#/~1pets~1%7Bid%7D'\n");
    let items = "/pets/{id}:\n  x-gw-timeout: 3s\n  parameters: [{$ref: '../shared.yaml#/id'}]\n  \
                 get: {operationId: getPet, responses: {}}\n";
    let shared = "id: {name: id, in: path, required: true, schema: {$ref: '#/definitions/Id'}}\n\
                  definitions: {Id: {type: string}}\n";
    let meaning = meaning(&[("pets.yaml", &entry), ("parts/items.yaml", items), ("shared.yaml", shared)]);
    let operation = only(&meaning);
    assert_eq!((operation.name.as_str(), operation.path.as_str()), ("getPet", "/pets/{id}"));
    assert_eq!(operation.pointer.as_str(), "/~1pets~1{id}/get");
    assert_eq!(meaning.sources.path(operation.span.source), "parts/items.yaml");
    assert_eq!(operation.request_schemas.parameters, 1);
    let total = layers(&meaning, &operation.policy.timeouts.total);
    assert_eq!(total, ["path 2s Some(6)", "path 3s Some(2)", "built-in 1m None"]);
}

#[test]
fn servers_of_the_nearest_level_give_hosts_and_bases() {
    let root = "servers: [{url: 'https://{region}.example.com/v1/', variables: {region: {enum: [eu, us], default: eu}}}, \
                {url: /v0}]";
    let paths = "  /a: {get: {responses: {}}}\n  /b: {servers: [{url: '//b.example.com'}], get: {servers: [], responses: {}}}\n";
    let meaning = meaning(&[("pets.yaml", &document(root, paths))]);
    let places = |index: usize| -> Vec<String> {
        let publications = meaning.resolved.operations[index].publications.iter();
        publications
            .map(|place| match &place.host {
                Some(HostPattern::Exact(host)) => format!("{host}{}", place.base),
                other => format!("{other:?}{}", place.base),
            })
            .collect()
    };
    assert_eq!(places(0), ["None/v0", "eu.example.com/v1", "us.example.com/v1"]);
    assert_eq!(places(1), ["b.example.com"]);
}

#[test]
fn gw_yaml_replaces_hosts_and_bases_of_servers() {
    let project = "gw: 1\nname: shop\napis: [{name: pets, spec: pets.yaml, hosts: ['*.Example.com', '*'], base: /pets/}]\n";
    let pets = document("servers: [{url: 'ftp://nowhere'}]", "  /a: {get: {responses: {}}}\n");
    let meaning = meaning(&[("gw.yaml", project), ("pets.yaml", &pets)]);
    let publications = &only(&meaning).publications;
    let hosts: Vec<_> = publications.iter().map(|place| place.host.clone()).collect();
    assert_eq!(hosts, [None, Some(HostPattern::Suffix(".example.com".into()))]);
    assert!(publications.iter().all(|place| place.base == "/pets" && place.span.is_some()));
}

#[test]
fn dev_collects_examples() {
    let root = "servers: [{url: 'https://a.example.com/v1'}, {url: 'https://b.example.com/v1'}]\n\
                components: {schemas: {Pet: {type: object, properties: {id: {type: integer}, next: {$ref: '#/components/schemas/Pet'}, \
                born: {type: string, format: date}, secret: {type: string, writeOnly: true}}}}}";
    let paths = "  /a: {get: {responses: {'404': {}, '200': {content: {application/json: {example: {id: 7}}}}}}}\n  \
                 /b: {get: {responses: {default: {content: {text/html: {}, application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}}\n  \
                 /c: {delete: {responses: {'204': {}}}}\n";
    let meaning =
        meaning_of(&[("pets.yaml", &document(root, paths))], &Options { dev: true, ..Options::default() });
    assert!(meaning.codes.is_empty());
    let shown = |index: usize| {
        let example = meaning.resolved.operations[index].example.clone().unwrap();
        (example.status, String::from_utf8(example.body).unwrap())
    };
    assert_eq!(shown(0), (200, r#"{"id":7}"#.into()));
    let (status, body) = shown(1);
    assert_eq!(status, 200);
    assert!(
        body.starts_with(r#"{"id":1,"next":{"id":1,"next":"#) && body.ends_with(r#""born":"2026-01-31"}"#),
        "{body}"
    );
    assert!(!body.contains("secret"));
    assert_eq!(shown(2), (204, String::new()));
}

#[test]
fn an_operation_is_called_by_its_id_else_by_method_and_path() {
    let paths = "  /a: {get: {operationId: listA, responses: {}}, post: {responses: {}}}\n";
    let meaning = meaning(&[("My Pets.yaml", &document("", paths))]);
    let names: Vec<_> = meaning.resolved.operations.iter().map(|operation| operation.name.as_str()).collect();
    assert_eq!(names, ["listA", "POST /a"]);
    assert_eq!(meaning.resolved.project.name, "My-Pets");
}

#[test]
fn keys_ahead_of_their_time_know_their_operation() {
    let project = "gw: 1\nname: shop\napis: [{name: pets, spec: pets.yaml}]\nplans: {gold: {quota: 1/day}}\n\
                   upstreams: {pets: {balance: maglev, slow-start: 3s}}\ndefaults: {rate-limit: 1/s}\n";
    let root = "components: {schemas: {Pet: {properties: {name: {type: string, x-gw-sensitive: true}}}}}";
    let paths = "  /a:\n    x-gw-quota: 10/day\n    get: {x-gw-validate: enforce, responses: {}}\n";
    let meaning = meaning(&[("gw.yaml", project), ("pets.yaml", &document(root, paths))]);
    let shown: Vec<String> = meaning
        .resolved
        .unenforced
        .iter()
        .map(|found| format!("{} {} {:?} {:?}", found.key, found.pointer, found.api, found.operation))
        .collect();
    assert_eq!(
        shown,
        [
            "plans /plans None None",
            "upstreams.*.balance: maglev /upstreams/pets/balance None None",
            "upstreams.*.slow-start /upstreams/pets/slow-start None None",
            "defaults.rate-limit /defaults/rate-limit None None",
            "x-gw-sensitive /components/schemas/Pet/properties/name/x-gw-sensitive Some(0) None",
            "x-gw-quota /paths/~1a/x-gw-quota Some(0) None",
            "x-gw-validate: enforce /paths/~1a/get/x-gw-validate Some(0) Some(0)",
        ]
    );
}

#[test]
fn names_of_properties_are_no_keys() {
    let root = "components: {schemas: {Pet: {properties: {$ref: {type: string}, example: {$ref: '#/components/schemas/Id'}, \
                x-gw-auth: {type: string}}}, Id: {enum: [{$ref: nowhere}], default: {$ref: nowhere}, example: {$ref: nowhere, x-gw-auth: 1}}}}";
    let paths = "  /a: {get: {responses: {'200': {headers: {x-gw-served: {schema: {}}}}}}}\n";
    let meaning = meaning(&[("pets.yaml", &document(root, paths))]);
    assert!(meaning.resolved.unenforced.is_empty());
}

#[test]
fn one_document_may_be_published_twice() {
    let project = "gw: 1\nname: shop\napis: [{name: a, spec: pets.yaml, base: /a}, {name: b, spec: pets.yaml, base: /b}]\n";
    let pets = document("", "  /x: {get: {operationId: get, responses: {}}}\n");
    let meaning = meaning(&[("gw.yaml", project), ("pets.yaml", &pets)]);
    let shown: Vec<_> = meaning
        .resolved
        .operations
        .iter()
        .map(|operation| (operation.api, operation.name.as_str(), operation.publications[0].base.as_str()))
        .collect();
    assert_eq!(shown, [(0, "get", "/a"), (1, "get", "/b")]);
}

#[test]
fn both_words_may_stand_in_defaults() {
    let project = "gw: 1\nname: shop\napis: [{name: pets, spec: pets.yaml}]\n\
                   defaults: {auth: {public: true, delegated: true, reason: \"as it was\"}}\n";
    let pets = document("", "  /x: {get: {responses: {}}}\n");
    let meaning = meaning(&[("gw.yaml", project), ("pets.yaml", &pets)]);
    let auth = only(&meaning).policy.auth.as_ref().unwrap();
    assert!(auth.value().public.is_some() && auth.value().delegated.is_some());
    assert_eq!(auth.winner.kind, LayerKind::Defaults);
    assert_eq!(&*auth.winner.text, r#"{public: true, delegated: true, reason: "as it was"}"#);
}
