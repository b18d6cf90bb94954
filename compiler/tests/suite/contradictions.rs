//! Policies that contradict each other, or who the callers are.

use std::fmt::Write as _;

use crate::support::{codes, compiled, rendered};

const KEY: &str = "security: [{key: []}], x-gw-auth: {delegated: true, reason: the service verifies}";
const VERIFIED: &str = "security: [{key: []}]";
const OPEN: &str = "x-gw-auth: {public: true, reason: for everyone}";

/// The codes of a document with one operation, without those of keys that nothing enforces and of denied operations.
#[track_caller]
fn found(method: &str, says: &[&str]) -> Vec<String> {
    let scheme = "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}";
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\n{scheme}\npaths:\n  /pets:\n    {method}: {{{}, responses: {{}}}}\n",
        says.join(", ")
    );
    let compilation = compiled(&text);
    let mut codes = codes(&compilation);
    codes.retain(|code| code != "GW0340" && code != "GW0401");
    assert!(!codes.iter().any(|code| code < &"GW0200".to_owned()), "{}", rendered(&compilation));
    codes
}

#[test]
fn a_cache_needs_to_tell_callers_apart() {
    for (auth, cache, expected) in [
        (OPEN, "60s", None),
        (KEY, "60s", Some("GW0325")),
        (VERIFIED, "60s", Some("GW0325")),
        (VERIFIED, "{ttl: 60s, key: [path, 'claim:sub']}", None),
        (VERIFIED, "{ttl: 60s, key: [path, consumer]}", None),
        (KEY, "{ttl: 60s, key: [path, 'header:x-key']}", None),
        (KEY, "{ttl: 60s, vary: [x-key]}", None),
        (KEY, "{ttl: 60s, key: [path, 'header:x-other']}", Some("GW0325")),
        (KEY, "{ttl: 60s, key: [path, 'claim:sub']}", Some("GW0326")),
        (OPEN, "{ttl: 60s, key: [path, consumer]}", Some("GW0326")),
    ] {
        let found = found("get", &[auth, &format!("x-gw-cache: {cache}")]);
        assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{auth} {cache}");
    }
}

#[test]
fn limits_by_identity_need_one() {
    for (auth, limit, expected) in [
        (OPEN, "x-gw-rate-limit: 100/min", None),
        (OPEN, "x-gw-rate-limit: [{limit: 100/min, key: consumer}]", Some("GW0326")),
        (KEY, "x-gw-rate-limit: {add: [{limit: 100/min, key: 'claim:sub'}]}", Some("GW0326")),
        (VERIFIED, "x-gw-rate-limit: [{limit: 100/min, key: consumer}]", None),
        (OPEN, "x-gw-quota: 1000/month", None),
    ] {
        assert_eq!(found("get", &[auth, limit]), expected.into_iter().collect::<Vec<_>>(), "{auth} {limit}");
    }
}

#[test]
fn tries_fit_into_the_time_and_the_method() {
    for (method, says, expected) in [
        ("post", "x-gw-retry: {attempts: 2, methods: [POST]}", Some("GW0327")),
        ("get", "x-gw-retry: {attempts: 2, methods: [GET, POST]}", None),
        ("get", "x-gw-timeout: 1s, x-gw-retry: {attempts: 2, per-try: 2s}", Some("GW0330")),
        ("get", "x-gw-timeout: {total: 1s, per-try: 2s}", Some("GW0330")),
        ("get", "x-gw-timeout: {total: 3s, per-try: 2s}, x-gw-retry: {attempts: 2}", Some("GW0328")),
        ("get", "x-gw-timeout: 4s, x-gw-retry: {attempts: 2, per-try: 2s}", None),
    ] {
        assert_eq!(found(method, &[OPEN, says]), expected.into_iter().collect::<Vec<_>>(), "{says}");
    }
}

#[test]
fn a_word_of_many_operations_is_one_finding() {
    let mut text = format!(
        "openapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\n{OPEN}\n\
         x-gw-rate-limit: [{{limit: 100/min, key: consumer}}]\npaths:\n",
    );
    for n in 0..10_000 {
        let _ = writeln!(text, "  /pets{n}:\n    get: {{responses: {{}}}}");
    }
    let compilation = compiled(&text);
    assert_eq!(codes(&compilation), ["GW0340", "GW0326"], "{}", rendered(&compilation));
}

#[test]
fn answers_and_copies_have_one_place() {
    assert_eq!(found("get", &[OPEN, "x-gw-respond: {status: 503}, x-gw-cache: 60s"]), ["GW0329"]);
    assert_eq!(found("get", &[OPEN, "x-gw-upstream: {weights: {a: 1, b: 2}}, x-gw-mirror: b"]), ["GW0350"]);
    assert!(found("get", &[OPEN, "x-gw-upstream: a, x-gw-mirror: b"]).is_empty());
    let project = "# file: gw.yaml\ngw: 1\nname: shop\napis: [{name: pets, spec: pets.yaml}]\nupstreams: {pets: {}}\n\
                   defaults: {upstream: pets, mirror: pest}\n# file: pets.yaml\nopenapi: 3.0.3\n\
                   info: {title: pets, version: \"1\"}\nx-gw-auth: {public: true, reason: all}\n\
                   paths: {/pets: {get: {responses: {}}}}\n";
    let compilation = compiled(project);
    assert_eq!(codes(&compilation), ["GW0340", "GW0320"], "{}", rendered(&compilation));
    assert!(rendered(&compilation).contains("did you mean `pets`?"));
}

/// The codes of a project with one operation, beside those of keys that nothing enforces and of denied operations.
#[track_caller]
fn found_in_project(tables: &str, operation: &str) -> Vec<String> {
    let text = format!(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml}}]\n{tables}\n\
         # file: pets.yaml\nopenapi: 3.1.0\ninfo: {{title: pets, version: \"1\"}}\n\
         components: {{securitySchemes: {{key: {{type: http, scheme: bearer}}}}}}\n\
         paths:\n  /pets:\n    get: {{{operation}, responses: {{}}}}\n"
    );
    let compilation = compiled(&text);
    let mut codes = codes(&compilation);
    codes.retain(|code| code != "GW0340" && code != "GW0401");
    assert!(!codes.iter().any(|code| code < &"GW0200".to_owned()), "{}", rendered(&compilation));
    codes
}

const PETS: &str = "upstreams: {pets: {}}\ndefaults: {upstream: pets}\n";

#[test]
fn names_that_policies_use_are_declared() {
    let limit = |store: &str| format!("{OPEN}, x-gw-rate-limit: [{{limit: 100/min, store: {store}}}]");
    let stores = format!("{PETS}stores: {{limits: {{kind: redis}}}}");
    assert!(found_in_project(&stores, &limit("limits")).is_empty());
    assert!(found_in_project(PETS, &limit("node")).is_empty());
    assert_eq!(found_in_project(&stores, &limit("limit")), ["GW0351"]);
    // What a stronger layer replaces counts nowhere.
    let hidden =
        "upstreams: {pets: {}}\ndefaults: {upstream: pets, rate-limit: [{limit: 1/s, store: limits}]}\n";
    assert_eq!(found_in_project(hidden, OPEN), ["GW0351"]);
    assert!(found_in_project(hidden, &format!("{OPEN}, x-gw-rate-limit: 100/min")).is_empty());
    let added = format!("{OPEN}, x-gw-rate-limit: {{add: [{{limit: 100/min}}]}}");
    assert_eq!(found_in_project(hidden, &added), ["GW0351"]);
    let plans = format!("{PETS}plans: {{gold: {{rate-limit: [{{limit: 9/s, store: limits}}]}}}}");
    assert_eq!(found_in_project(&plans, OPEN), ["GW0351"]);
    assert_eq!(found("get", &[&limit("limits")]), ["GW0351"], "a bare document declares no store");

    let scheme = "security-schemes: {main: {type: http, scheme: bearer, authenticator: \
                  {introspection: {url: https://id.example.com/i, client: gw, secret: introspect}}}}\n";
    assert_eq!(found_in_project(&format!("{PETS}{scheme}"), OPEN), ["GW0351"]);
    assert!(found_in_project(&format!("{PETS}{scheme}secrets: {{introspect: {{}}}}"), OPEN).is_empty());

    let quota = format!("{VERIFIED}, x-gw-quota: {{plan: true}}");
    assert_eq!(found_in_project(PETS, &quota), ["GW0352"]);
    assert_eq!(found_in_project(&format!("{PETS}plans: {{gold: {{rate-limit: 9/s}}}}"), &quota), ["GW0352"]);
    let plans = format!("{PETS}plans: {{gold: {{quota: 9/day}}}}");
    assert!(found_in_project(&plans, &quota).is_empty());
    assert_eq!(found_in_project(&plans, &format!("{OPEN}, x-gw-quota: {{plan: true}}")), ["GW0326"]);
}

#[test]
fn what_needs_tls_has_it() {
    let scheme = "security-schemes: {main: {type: mutualTLS, authenticator: {client-cert: {}}}}\n";
    for (listeners, expected) in [
        ("public: {hsts: 365d}", Some("GW0353")),
        ("public: {hsts: 365d}, other: {tls: {}}", Some("GW0353")),
        ("public: {tls: {}, hsts: 365d, https-redirect: true}", None),
        ("public: {https-redirect: true}", Some("GW0353")),
        ("public: {https-redirect: false}", None),
        ("public: {https-redirect: true}, other: {tls: {}}", None),
    ] {
        let tables = format!("{PETS}listeners: {{{listeners}}}");
        assert_eq!(found_in_project(&tables, OPEN), expected.into_iter().collect::<Vec<_>>(), "{listeners}");
    }
    for (demand, expected) in [("none", Some("GW0353")), ("optional", None), ("required", None)] {
        let tables = format!("{PETS}{scheme}listeners: {{public: {{tls: {{client-cert: {demand}}}}}}}");
        assert_eq!(found_in_project(&tables, OPEN), expected.into_iter().collect::<Vec<_>>(), "{demand}");
    }
}

#[test]
fn endpoints_agree_whether_they_speak_tls() {
    for (upstream, expected) in [
        ("{endpoints: ['http://a', 'http://b']}", None),
        ("{endpoints: ['https://a', 'https://b']}", None),
        ("{tls: {}, endpoints: ['https://a']}", None),
        ("{tls: {}}", None),
        ("{endpoints: ['http://a', 'https://b']}", Some("GW0370")),
        ("{tls: , endpoints: ['http://a']}", Some("GW0370")),
        ("{tls: {verify: false}}", Some("GW0410")),
    ] {
        let tables = format!("upstreams: {{pets: {upstream}}}\ndefaults: {{upstream: pets}}\n");
        assert_eq!(found_in_project(&tables, OPEN), expected.into_iter().collect::<Vec<_>>(), "{upstream}");
    }
}

#[test]
fn upstreams_speak_what_operations_need() {
    let grpc = format!("{OPEN}, x-gw-grpc: {{method: pets.Pets/List, descriptor: pets.binpb}}");
    for (upstream, using, expected) in [
        ("{}", "pets", Some("GW0354")),
        ("{protocol: http1}", "pets", Some("GW0354")),
        ("{protocol: grpc}", "pets", None),
        ("{protocol: h2}", "pets", None),
        ("{}", "{name: pets, protocol: grpc}", None),
        ("{protocol: h2}", "{name: pets, protocol: http1}", Some("GW0354")),
    ] {
        let tables = format!("upstreams: {{pets: {upstream}}}\ndefaults: {{upstream: {using}}}\n");
        let codes = found_in_project(&tables, &grpc);
        assert_eq!(codes, expected.into_iter().collect::<Vec<_>>(), "{upstream} {using}");
        assert!(found_in_project(&tables, OPEN).is_empty());
    }
    let breaker = "circuit-breaker: {when: 'error_ratio > 50%', min-requests: 5}";
    let own = format!("{OPEN}, x-gw-{breaker}");
    let guarded = format!("upstreams: {{pets: {{{breaker}}}}}\ndefaults: {{upstream: pets}}\n");
    assert_eq!(found_in_project(&guarded, &own), ["GW0355"]);
    assert!(found_in_project(&guarded, OPEN).is_empty());
    assert!(found_in_project(PETS, &own).is_empty());
}

#[test]
fn what_goes_away_is_deprecated() {
    assert_eq!(found("get", &[OPEN, "x-gw-sunset: 2027-06-30"]), ["GW0356"]);
    assert!(found("get", &[OPEN, "deprecated: true, x-gw-sunset: 2027-06-30"]).is_empty());
}

#[test]
fn who_decides_beside_the_gateway_is_an_upstream() {
    let external = |name: &str| format!("{VERIFIED}, x-gw-auth: {{external: {name}}}");
    let tables = "upstreams: {pets: {}, opa: {protocol: grpc}}\ndefaults: {upstream: pets}\n";
    assert!(found_in_project(tables, &external("opa")).is_empty());
    assert_eq!(found_in_project(tables, &external("oap")), ["GW0320"]);
    assert_eq!(found_in_project(PETS, &external("opa")), ["GW0320"]);
    // What a stronger layer replaces counts nowhere, and a bare document declares by naming.
    let hidden = "upstreams: {pets: {}}\ndefaults: {upstream: pets, auth: {external: opa}}\n";
    assert_eq!(found_in_project(hidden, VERIFIED), ["GW0320"]);
    assert!(found_in_project(hidden, OPEN).is_empty());
    assert!(found("get", &[&external("opa")]).is_empty());
}

#[test]
fn variables_of_a_rewritten_path_are_those_of_the_public_one() {
    let of = |path: &str, to: &str| {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\n{OPEN}\nx-gw-transform: {{request: {{path: '{to}'}}}}\n\
             paths: {{'{path}': {{get: {{responses: {{}}}}}}}}\n"
        );
        let mut codes = codes(&compiled(&text));
        codes.retain(|code| code != "GW0340");
        codes
    };
    assert!(of("/pets/{id}", "/internal/{id}.json").is_empty());
    assert!(of("/pets/{id}/{part}", "/internal/{part}").is_empty());
    assert_eq!(of("/pets/{id}", "/internal/{pet}"), ["GW0357"]);
    assert_eq!(of("/pets", "/internal/{id}"), ["GW0357"]);
}

#[test]
fn demanded_scopes_are_those_of_some_flow() {
    let of = |scheme: &str, scopes: &str| {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\ncomponents: {{securitySchemes: {{main: {scheme}}}}}\n\
             security: [{{main: {scopes}}}]\nx-gw-auth: {{delegated: true, reason: r}}\npaths: {{/a: {{get: {{responses: {{}}}}}}, /b: {{get: {{responses: {{}}}}}}}}\n"
        );
        codes(&compiled(&text))
    };
    let flow = |scopes: &str| format!("{{tokenUrl: 'https://id.example.com/t', scopes: {{{scopes}}}}}");
    let two = format!(
        "{{type: oauth2, flows: {{password: {}, clientCredentials: {}}}}}",
        flow("a: A"),
        flow("b: B")
    );
    assert!(of(&two, "[]").is_empty());
    assert!(of(&two, "[a, b]").is_empty());
    assert_eq!(of(&two, "[a, c]"), ["GW0213"], "once, however many operations inherit it");
    let none = format!("{{type: oauth2, flows: {{password: {}}}}}", flow(""));
    assert_eq!(of(&none, "[a]"), ["GW0213"]);
    assert!(of("{type: openIdConnect, openIdConnectUrl: 'https://id.example.com/c'}", "[a]").is_empty());
}

#[test]
fn no_ceiling_on_connections_is_above_the_one_around_it() {
    let of = |gateway: &str, listener: &str| {
        let upstreams = "upstreams: {pets: {}}\ndefaults: {upstream: pets}\n";
        found_in_project(&format!("{gateway}listeners: {{public: {{{listener}}}}}\n{upstreams}"), OPEN)
    };
    for (gateway, listener, expected) in [
        ("", "max-connections: 10000, max-connections-per-address: 10000", 0),
        ("", "max-connections: 10001", 1),
        ("", "max-connections-per-address: 10001", 1),
        ("max-connections: 50\n", "max-connections: 51", 1),
        ("max-connections: 50\n", "max-connections: 50, max-connections-per-address: 50", 0),
        ("max-connections: 50\n", "max-connections: 20, max-connections-per-address: 21", 1),
        ("max-connections: 50\n", "max-connections: 60, max-connections-per-address: 55", 2),
        ("max-connections: 50\n", "max-connections-per-address: 51", 1),
    ] {
        assert_eq!(of(gateway, listener), vec!["GW0391"; expected], "{gateway}{listener}");
    }
}

#[test]
fn a_body_that_must_be_held_fits_into_memory() {
    let of = |memory: &str, says: &str| {
        let tables = format!(
            "max-connections: 100\n{memory}upstreams: {{pets: {{limits: {{requests: 100}}, protocol: grpc}}}}\n\
             defaults: {{upstream: pets, body-max: 1GiB}}\n"
        );
        let mut codes = found_in_project(&tables, &format!("{OPEN}{says}"));
        codes.retain(|code| code != "GW0390");
        codes
    };
    let (memory, body) = ("max-memory: 256MiB\n", "{request: {body: {set: {/a: 1}}}}");
    assert_eq!(of(memory, &format!(", x-gw-transform: {body}")), ["GW0358"]);
    let schema = ", requestBody: {content: {application/json: {schema: {type: object}}}}, x-gw-validate: ";
    assert_eq!(of(memory, &format!("{schema}enforce")), ["GW0358"]);
    assert_eq!(of(memory, ", x-gw-grpc: {method: pets.Pets/Make, body: '*'}"), ["GW0358"]);
    // What passes a body on as it comes, answers without one, or has room for it contradicts nothing.
    for says in [
        "",
        &format!("{schema}report"),
        ", x-gw-validate: enforce",
        ", x-gw-transform: {request: {query: {remove: [a]}}}",
        ", x-gw-grpc: {method: pets.Pets/Make}",
    ] {
        assert!(of(memory, says).is_empty(), "{says}");
    }
    assert!(of(memory, &format!(", x-gw-transform: {body}, x-gw-body-max: 1MiB")).is_empty());
    assert!(of(memory, &format!(", x-gw-transform: {body}, x-gw-respond: {{status: 503}}")).is_empty());
    assert!(of("", &format!(", x-gw-transform: {body}")).is_empty());
}
