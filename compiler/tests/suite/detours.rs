//! Other ways to an operation: another spelling of its path, and a rewritten path at its upstream.

use crate::support::{codes, compiled, errors, rendered};

const KEY: &str = "security: [{key: []}], x-gw-auth: {delegated: true, reason: the service verifies}";
const OPEN: &str = "x-gw-auth: {public: true, reason: for everyone}";

/// Paths with what stands in their `get`.
fn document(paths: &[(&str, &str)]) -> String {
    let scheme = "components: {securitySchemes: {key: {type: apiKey, in: header, name: x-key}}}";
    let head = format!("openapi: 3.0.3\ninfo: {{title: pets, version: \"1\"}}\n{scheme}\npaths:\n");
    let path = |(path, get): &(&str, &str)| format!("  \"{path}\":\n    get: {{{get}, responses: {{}}}}\n");
    head + &paths.iter().map(path).collect::<String>()
}

#[track_caller]
fn found(paths: &[(&str, &str)]) -> Vec<String> {
    let compilation = compiled(&document(paths));
    let codes = codes(&compilation);
    assert!(!codes.contains(&"GW0000".to_owned()), "{}", rendered(&compilation));
    codes
}

#[test]
fn spellings_with_other_callers_are_refused() {
    for (one, other) in [
        ("/people", "/People"),
        ("/people", "/people/"),
        ("/people/{id}", "/People/{id}/"),
        ("/people/me", "/People/{id}"),
        ("/{id}.json", "/{name}.JSON"),
    ] {
        assert_eq!(found(&[(one, KEY), (other, OPEN)]), ["GW0318"], "{one} {other}");
        assert!(found(&[(one, KEY), (other, KEY)]).is_empty(), "{one} {other}");
    }
}

#[test]
fn what_the_trie_decides_is_no_spelling() {
    for (one, other) in
        [("/people/{id}", "/people/Me"), ("/people/", "/people/{id}"), ("/a", "/B/"), ("/", "/x")]
    {
        assert!(found(&[(one, KEY), (other, OPEN)]).is_empty(), "{one} {other}");
    }
}

#[test]
fn a_rewrite_to_a_guarded_path_is_refused_where_a_request_gets_there() {
    let rewritten = |path: &str, base: &str| {
        format!("servers: [{{url: {base}}}], x-gw-upstream: {{name: pets, path: {path}}}, {OPEN}")
    };
    let guarded = format!("x-gw-upstream: pets, {KEY}");
    let at_root = rewritten("/", "/public");
    assert_eq!(found(&[("/admin", &guarded), ("/{page}", &at_root)]), ["GW0306"]);
    assert!(found(&[("/admin", &guarded), ("/{page}/x", &at_root)]).is_empty());
    assert!(found(&[("/admin", &guarded), ("/{page}", &rewritten("/pages", "/public"))]).is_empty());
    // The public path that would become `/admin` is another operation's.
    let both = document(&[("/admin", &guarded), ("/{page}", &at_root)])
        + &format!("  /public/admin:\n    get: {{x-gw-upstream: other, {KEY}, responses: {{}}}}\n");
    assert!(errors(&compiled(&both)).is_empty(), "{}", rendered(&compiled(&both)));
}

#[test]
fn another_upstream_or_host_is_another_place() {
    let rewritten =
        |using: &str| format!("servers: [{{url: /public}}], x-gw-upstream: {{{using}, path: /}}, {OPEN}");
    let guarded = format!("x-gw-upstream: pets, {KEY}");
    for using in ["name: dogs", "name: pets, host: inner.example.com"] {
        assert!(found(&[("/admin", &guarded), ("/{page}", &rewritten(using))]).is_empty(), "{using}");
    }
}

#[test]
fn one_operation_under_two_bases_meets_itself_silently() {
    let get =
        format!("servers: [{{url: /v1}}, {{url: /v2}}], x-gw-upstream: {{name: pets, path: /api}}, {OPEN}");
    let mine = get.replace(OPEN, KEY);
    assert!(found(&[("/pets/{id}", &get), ("/pets/mine", &mine)]).is_empty());
}

#[test]
fn ten_thousand_rewritten_operations_are_compared_in_moments() {
    let get = format!("x-gw-upstream: {{name: pets, path: /api}}, {OPEN}");
    let paths: Vec<String> = (0..10_000).map(|n| format!("/Area{}/{{id}}/part{n}/", n % 100)).collect();
    let paths: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), get.as_str())).collect();
    assert!(found(&paths).is_empty());
}
