//! Shapes: gw.yaml, OpenAPI and `x-gw-*`, each finding with its place and what to do.

use gw_compiler::{Outcome, SCHEMAS, schema};
use proptest::prelude::*;

use crate::support::{Folder, codes, compiled, shown};

const PUBLIC: &str = "x-gw-auth: {public: true, reason: a catalogue}\n";

fn document(root: &str, paths: &str) -> String {
    format!("openapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\n{PUBLIC}{root}paths:\n{paths}")
}

/// A project with these lines after the required ones.
fn project(lines: &str) -> String {
    let pets = document("", "  /pets: {get: {responses: {}}}\n");
    format!(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml}}]\n\
         upstreams: {{pets: {{}}}}\n{lines}# file: pets.yaml\n{pets}"
    )
}

#[test]
fn unknown_and_misplaced_keys_of_a_document_are_told_apart() {
    insta::assert_snapshot!(shown(&document(
        "x-gw-match: {header: {a: b}}\nx-gw-grpc: {method: a}\nx_gw_timeout: 2s\nX-GW-Retry: {}\n\
         tags: [{name: a, x-gw-timeout: 2s}]\n",
        "  x-gw-timeout: 2s\n  /pets:\n    x-gw-errors: {format: problem+json}\n    get:\n      x-gw-timeuot: 2s\n      \
         x-gw-precedence: {over: /a}\n      x-gwen: fine\n      parameters: [{$ref: '#/components/parameters/a', x-gw-sensitive: true}]\n      \
         responses: {'200': {description: ok, x-gw-cache: 60s}}\n      callbacks: {c: {'{$request.body#/url}': {post: {x-gw-timeout: 2s}}}}\n\
         components: {parameters: {a: {name: a, in: query}}}\n",
    )));
}

#[test]
fn values_that_do_not_read_say_what_is_taken() {
    insta::assert_snapshot!(shown(&document(
        "x-gw-timeout: {total: 2 seconds, idle: 0s, conect: 1s}\nx-gw-body-max: 1MB\nx-gw-errors: {format: html}\n\
         x-gw-upstream: {name: a b, path: v1, host: 'a/b'}\nx-gw-validate: nonne\nx-gw-rate-limit: {limit: 3}\n",
        "  /pets: {get: {x-gw-timeout: [2s], responses: {}}}\n",
    )));
}

#[test]
fn an_exception_needs_its_reason() {
    insta::assert_snapshot!(shown(
        "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\npaths:\n  /a: {get: {x-gw-auth: {public: true}}}\n  \
         /b: {get: {x-gw-auth: {delegated: true, reason: \" \"}}}\n  /c: {get: {x-gw-auth: {reason: because}}}\n  \
         /d: {get: {x-gw-auth: {public: false, reason: because}}}\n  /e: {get: {x-gw-auth: public}}\n"
    ));
}

#[test]
fn a_project_file_is_held_against_its_table() {
    insta::assert_snapshot!(shown(&project(
        "defualts: {}\nlisteners: {'a b': {}}\nstores: []\ndefaults: {timeout: 2, x-gw-body-max: 1MiB, grpc: {}, bodymax: 1B}\n\
         security-schemes: {main: {type: openIdConect}, key: {type: apiKey, in: body}}\n"
    )));
}

#[test]
fn a_project_file_without_its_required_keys_is_refused() {
    insta::assert_snapshot!(shown(
        "# file: gw.yaml\ngw: 2\napis: [{spec: a.yaml, hosts: [http://a], base: v1}]\n"
    ));
    assert_eq!(codes(&compiled("# file: gw.yaml\n- a\n")), ["GW0133"]);
}

#[test]
fn upstreams_take_addresses() {
    insta::assert_snapshot!(shown(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: []\nupstreams:\n  a: {endpoints: ['https://a', 'a:80'], balance: roundrobin, \
         protocol: http2, limits: {requests: 0}}\n"
    ));
}

#[test]
fn a_document_of_another_version_is_refused_with_what_to_do() {
    for text in
        ["swagger: '2.0'\n", "openapi: 3.2.0\n", "openapi: 4.0.0\n", "info: {}\n", "- a\n", "openapi: 3\n"]
    {
        let compilation = compiled(text);
        assert_eq!(codes(&compilation), ["GW0136"], "{text}");
        assert!(compilation.findings[0].help.is_some());
        assert!(matches!(compilation.outcome, Outcome::Refused { understood: false }));
    }
    insta::assert_snapshot!(shown("swagger: '2.0'\ninfo: {title: t}\n"));
}

#[test]
fn parts_of_the_wrong_shape_are_located_and_schemas_are_left_alone() {
    insta::assert_snapshot!(shown(&document(
        "servers: {url: /}\ncomponents: {schemas: {a: {properties: [], items: 3, required: true}}, parameters: [a]}\n",
        "  /a: [get]\n  /b: {get: {parameters: {a: b}, security: {}, responses: {'200': ok}}, post: null}\n  pets: {}\n",
    )));
}

#[test]
fn servers_that_no_request_can_ask_for_are_refused() {
    insta::assert_snapshot!(shown(&document(
        "servers: [{url: 'ftp://a'}, {url: 'https://{tenant}.example.com'}, {description: none}, \
         {url: 'https://a/{x}{y}{z}', variables: {x: &v {default: '1', enum: ['1', '2', '3', '4', '5']}, y: *v, z: *v}}]\n",
        "  /a: {get: {responses: {}}}\n",
    )));
}

#[test]
fn security_that_names_no_scheme_is_refused() {
    insta::assert_snapshot!(shown(&document(
        "components: {securitySchemes: {api_key: {type: apiKey, in: header, name: x-key}, odd: {type: http}}}\n",
        "  /a: {get: {security: [{api-key: []}], responses: {}}}\n  /b: {get: {security: [{other: []}], responses: {}}}\n",
    )));
}

#[test]
fn every_schema_is_a_schema() {
    for name in SCHEMAS {
        let schema = schema(name).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
    }
}

/// A value that stands where another was expected.
fn odd_value() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "null",
        "true",
        "0",
        "-1.5",
        "\"\"",
        "\"a\"",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "{\"$ref\": \"#/paths\"}",
        "{\"$ref\": \"#\"}",
        "{\"$ref\": \"#/components/schemas/A\"}",
        "{\"$ref\": 3}",
        "{\"x-gw-auth\": {}}",
        "{\"get\": {\"$ref\": \"#/paths/~1a/get\"}}",
        "[{\"$ref\": \"#/components/parameters/p\"}]",
    ])
}

const EVERYTHING: &str = r##"{"openapi": "3.1.0", "info": {"title": "t"}, "servers": [{"url": "https://{h}/v1",
 "variables": {"h": {"default": "a", "enum": ["a", "b"]}}}], "security": [{"k": ["s"]}], "x-gw-timeout": {"total": "2s"},
 "paths": {"/a": {"$ref": "#/components/pathItems/i", "parameters": [{"$ref": "#/components/parameters/p"}],
 "get": {"operationId": "a", "tags": ["t"], "requestBody": {"content": {"application/json": {"schema": {"$ref":
 "#/components/schemas/A"}, "examples": {"e": {"value": 1}}}}}, "responses": {"200": {"$ref": "#/components/responses/r"}},
 "callbacks": {"c": {"u": {"post": {}}}}, "security": [{}], "x-gw-auth": {"public": true, "reason": "r"}}}},
 "components": {"securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": "k"}}, "parameters": {"p":
 {"name": "p", "in": "query", "schema": {"type": "string"}}}, "responses": {"r": {"headers": {"h": {"schema": {}}},
 "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}, "pathItems": {"i": {"post": {}}},
 "schemas": {"A": {"type": ["object"], "properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"items": {"allOf":
 [{"enum": [1]}]}}}}}}}"##;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_stands_anywhere_there_are_findings_or_an_artifact(
        cuts in prop::collection::vec((0..1000_usize, odd_value()), 1..4)
    ) {
        let mut text = EVERYTHING.to_owned();
        for (at, value) in cuts {
            // The values of a JSON text begin behind `: `; each of these is replaced by another value.
            let starts: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
            let start = starts[at % starts.len()];
            let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde_json::Value>();
            if values.next().is_some_and(|value| value.is_ok()) {
                let end = start + values.byte_offset();
                text.replace_range(start..end, value);
            }
        }
        let folder = Folder([("openapi.json".to_owned(), text.into_bytes())].into());
        for compilation in [folder.compile(), folder.compile_dev()] {
            let sealed = matches!(compilation.outcome, Outcome::Sealed(_));
            let refused = compilation.findings.iter().any(|finding| finding.severity == gw_syntax::Severity::Error);
            prop_assert_ne!(sealed, refused);
            for finding in &compilation.findings {
                let Some(span) = finding.span else { continue };
                prop_assert!(compilation.sources.text(span.source).get(span.start as usize..span.end as usize).is_some());
            }
        }
    }
}
