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
        (OPEN, "x-gw-quota: {plan: true}", Some("GW0326")),
        (VERIFIED, "x-gw-quota: {plan: true}", None),
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
