//! Shapes: gw.yaml, OpenAPI and `x-gw-*`, each finding with its place and what to do.

use gw_compiler::{Outcome, SCHEMAS, schema};
use proptest::prelude::*;

use crate::support::{Folder, codes, compiled, rendered, shown};

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
        ["swagger: '2.0'\n", "openapi: 3.3.0\n", "openapi: 4.0.0\n", "info: {}\n", "- a\n", "openapi: 3\n"]
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
fn values_that_no_url_can_have_are_told_with_their_places() {
    insta::assert_snapshot!(shown(&document(
        "servers:\n  - url: 'https://{tenant}.{zone}.example.com'\n    variables: {tenant: {default: '{tenant}'}, zone: {default: a}}\n",
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
fn a_scheme_that_is_called_an_api_key_is_proposed_as_one() {
    for (name, declaration) in [
        ("api_key", "{type: apiKey, in: header, name: X-API-Key}"),
        ("ourApiKeyAuth", "{type: apiKey, in: header, name: X-API-Key}"),
        ("token", "{type: http, scheme: bearer}"),
    ] {
        let text = document("", &format!("  /a: {{get: {{security: [{{{name}: []}}], responses: {{}}}}}}\n"));
        let compilation = compiled(&text);
        assert_eq!(codes(&compilation), ["GW0204"], "{}", rendered(&compilation));
        let help = compilation.findings[0].help.as_deref().unwrap_or_default();
        assert!(help.ends_with(&format!("`{name}: {declaration}`")), "{help}");
    }
}

/// A project file with every key there is.
const EVERY_KEY: &str = r#"# file: gw.yaml
gw: 1
name: public-edge
extends: [org/guardrails.yaml]
apis:
  - {name: orders, version: 1, owner: team-orders, spec: orders.yaml, overlays: [edge.overlay.yaml], hosts: [api.example.com], base: /orders}
upstreams:
  orders:
    endpoints: [https://127.0.0.1:9001]
    balance: least-request
    slow-start: 30s
    protocol: http1
    tls: {verify: true, sni: orders.internal}
    health: {path: /healthz, every: 5s, healthy-threshold: 2, unhealthy-threshold: 3}
    outlier: {consecutive-5xx: 5, base-ejection-time: 30s, max-ejection-time: 300s, max-ejection-percent: 10}
    limits: {connections: 1024, pending: 1024, requests: 1024}
    circuit-breaker: {when: 'error_ratio > 50%', min-requests: 5, open: 5s..60s, half-open: 1}
security-schemes:
  main: {type: openIdConnect, openIdConnectUrl: https://id.example.com/.well-known/openid-configuration, authenticator: {audiences: [orders]}}
listeners: {public: {tls: {min: "1.2", client-cert: none}, https-redirect: true, hsts: 365d}}
stores: {limits: {kind: redis}}
secrets: {introspect: {min-bytes: 32}}
plans: {gold: {quota: 1000000/month, rate-limit: 100/s}}
trusted-proxies: [10.0.0.0/8]
defaults: {timeout: 2s, body-max: 1MiB, errors: {format: problem+json}, upstream: orders}
apply:
  - select: {methods: [POST, PUT, PATCH, DELETE]}
    set: {rate-limit: 20/min, concurrency: 64}
guardrails:
  - {id: all-authenticated, require: 'auth.required', except: {operations: [health]}}
  - {id: limit-ceiling, require: 'rate_limit <= rate("1000/min")'}
plan: {gate: [weakens, breaks]}
# file: org/guardrails.yaml
gw: 1
# file: orders.yaml
openapi: 3.1.0
info: {title: orders, version: "1"}
x-gw-match: {header: {api-version: "2"}}
x-gw-auth: {public: true, reason: an example}
x-gw-waive: [{code: GW0401, reason: known, expires: 2027-01-31}]
components:
  securitySchemes:
    token: {type: http, scheme: bearer, x-gw-authenticator: {issuers: [a], audiences: [b], algorithms: [RS256], clock-skew: 30s,
      claims: {consumer: sub, scopes: scope, roles: realm_access.roles}, refresh: 10m, cooldown: 30s}}
    key: {type: apiKey, in: header, name: x-key, x-gw-authenticator: {keys: partners}}
paths:
  /orders/{id}:
    x-gw-precedence: {over: '/orders/{other}'}
    get:
      x-gw-access: {allow: [10.0.0.0/8], deny: [10.1.0.0/16]}
      x-gw-rate-limit: [{limit: 100/min, burst: 10, key: 'claim:sub', store: limits, on-store-error: open, mode: report, cost: 1, on: denied}]
      x-gw-quota: {plan: true}
      x-gw-concurrency: {max: 64, queue: 10, queue-timeout: 1s, adaptive: gradient}
      x-gw-validate: {parameters: enforce, body: report, response: report@1%, unknown-query: reject, media-types: strict}
      x-gw-body-max: 1MiB
      x-gw-upstream: {name: orders, path: /x, host: orders.internal, protocol: h2}
      x-gw-timeout: {connect: 1s, request-body: 2s, response-head: 3s, per-try: 1s, total: 9s, idle: 5s}
      x-gw-retry: {attempts: 2, retry-on: [connect, reset, 502, 503, 504], budget: 20%, per-try: 1s, methods: idempotent, backoff: 25ms..1s}
      x-gw-circuit-breaker: {when: 'error_ratio > 30%', min-requests: 20, open: 5s..60s, half-open: 3}
      x-gw-grpc: {method: pkg.Svc/Get, body: '*', descriptor: api.binpb}
      x-gw-transform: {request: {headers: {set: {a: b}, remove: [c]}}, response: {headers: {remove: [server]}}}
      x-gw-cache: {ttl: 60s, key: [path, 'query:q', 'claim:sub'], vary: [accept], stale-while-revalidate: 5s, stale-if-error: 5s, collapse: true}
      x-gw-errors: {format: problem+json, map: {upstream-timeout: 504}}
      x-gw-respond: {status: 503, headers: {retry-after: 60}, body: soon}
      x-gw-cors: {origins: ['*']}
      x-gw-log: {sample: 1%}
      x-gw-mirror: orders
      x-gw-stream: sse
      x-gw-sunset: 2027-01-31
      parameters: [{name: id, in: path, required: true, x-gw-sensitive: true, schema: {type: string}}]
      responses: {}
    post: {x-gw-rate-limit: 100/min, x-gw-quota: 10000/month, x-gw-concurrency: 64, x-gw-cache: 60s, x-gw-validate: report, responses: {}}
    put: {x-gw-rate-limit: {add: [{limit: 1/s}]}, x-gw-upstream: {weights: {v1: 90, v2: 10}}, responses: {}}
    delete: {x-gw-auth: {claims: 'token.sub != ""', forward: {x-user: token.sub}, external: opa}, responses: {}}
# file: edge.overlay.yaml
overlay: 1.1.0
info: {title: edge, version: 1.0.0}
actions: [{target: $.info, update: {x-audience: public}}]
"#;

#[test]
fn every_key_of_the_vocabulary_is_known_and_none_is_silently_inert() {
    let compilation = compiled(EVERY_KEY);
    let unknown: Vec<String> =
        codes(&compilation).into_iter().filter(|code| code.as_str() < "GW0200").collect();
    assert!(unknown.is_empty(), "{}", rendered(&compilation));
    let refused: Vec<&str> = compilation
        .findings
        .iter()
        .filter(|finding| finding.code.to_string() == "GW0340")
        .map(|finding| finding.subject.as_str())
        .collect();
    insta::assert_snapshot!(refused.join("\n"));
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
