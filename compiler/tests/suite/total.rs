//! After the gate nothing can fail: whatever the texts say, there are findings or a sealed artifact.

use gw_compiler::Outcome;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Folder, codes, errors, rendered};

/// A project that passes, in which every part of the vocabulary stands somewhere.
fn project() -> Vec<(&'static str, Value)> {
    let gw = json!({
        "gw": 1,
        "name": "shop",
        "apis": [
            {"name": "one", "spec": "one.json", "hosts": ["a.example.com"], "owner": "team", "version": 1},
            {"name": "two", "spec": "two.json", "base": "/two"},
        ],
        "upstreams": {
            "orders": {"endpoints": ["http://127.0.0.1:9000"], "balance": "least-request", "limits": {"requests": 7}},
            "default": {},
        },
        "security-schemes": {"three": {"type": "apiKey", "in": "cookie", "name": "session"}},
        "listeners": {"public": {}},
        "defaults": {
            "upstream": "orders",
            "timeout": "5s",
            "auth": {"public": true, "delegated": true, "reason": "as the document says"},
        },
    });
    let one = json!({
        "openapi": "3.1.0",
        "info": {"title": "one", "version": "1"},
        "components": {"securitySchemes": {
            "one": {"type": "http", "scheme": "bearer"},
            "two": {"type": "apiKey", "in": "header", "name": "x-api-key"},
        }},
        "paths": {
            "/pets": {"get": {
                "operationId": "pets",
                "security": [{"one": []}, {"two": [], "three": []}],
                "responses": {},
            }},
            "/a/b/{y}": {"get": {"x-gw-auth": {"public": true, "reason": "for everyone"}, "responses": {}}},
            "/a/{x}/c": {
                "x-gw-precedence": {"over": "/a/b/{y}"},
                "get": {"security": [{"one": []}], "responses": {}},
            },
            "/pets/{id}.json": {"post": {
                "x-gw-upstream": {"name": "orders", "path": "/internal", "host": "orders.local"},
                "x-gw-timeout": {"connect": "1s", "total": "5s"},
                "x-gw-body-max": "1MiB",
                "responses": {},
            }},
        },
    });
    let two = json!({
        "openapi": "3.0.3",
        "info": {"title": "two", "version": "1"},
        "servers": [{"url": "https://{tenant}.example.com/v1", "variables": {"tenant": {"default": "t"}}}],
        "x-gw-auth": {"public": true, "reason": "a catalogue"},
        "paths": {"/dogs": {"get": {"security": [], "responses": {}}, "options": {"responses": {}}}},
    });
    vec![("gw.yaml", gw), ("one.json", one), ("two.json", two)]
}

/// Keys that are checked, and that nothing enforces yet.
fn add_inert_keys(operation: &mut Value) {
    let keys = json!({
        "x-gw-cache": {"ttl": "60s", "key": ["path", "header:x-api-key"], "vary": ["authorization"]},
        "x-gw-rate-limit": [{"limit": "100/min", "key": "claim:sub"}],
        "x-gw-quota": {"plan": true},
        "x-gw-retry": {"attempts": 3, "per-try": "1s", "methods": ["GET", "POST"]},
        "x-gw-mirror": {"name": "default"},
        "x-gw-respond": {"status": 200},
    });
    let (Some(operation), Value::Object(keys)) = (operation.as_object_mut(), keys) else { return };
    operation.extend(keys);
}

/// Texts that somebody could write where a name, a path, a host or a scheme stands.
fn text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "",
        "/",
        "//",
        "/v1",
        "/v1/",
        "/a b",
        "/{x}",
        "/{x}{y}",
        "/{x}.json",
        "/{x}:go",
        "/a/{x}/c",
        "/a/b/{y}",
        "/é",
        "/pets",
        "/pets/",
        "/pets/{id}",
        "/pets/{other}.json",
        "/a%2Fb",
        "/%41",
        "/a;b",
        "/..",
        "{",
        "}",
        "#",
        "bearer",
        "basic",
        "Digest",
        "x y",
        "\"",
        "\\",
        "é",
        "\u{0}",
        "\r\n",
        "a.example.com",
        "*.example.com",
        "*",
        "*.com",
        "[::1]",
        "[::1]:80",
        "localhost:8080",
        ":",
        "a:b",
        "http://",
        "http://localhost:9000/",
        "https://api.example.com/v1",
        "https://{h}.example.com/{b}",
        "http://u@h/",
        "//h/x",
        "orders",
        "default",
        "0s",
        "1ms",
        "49d",
        "1000000h",
        "0B",
        "1MiB",
        "x-api-key",
        "X Key",
        "X-Forwarded-For",
        "x_real_ip",
        "public",
        "none",
        "query",
    ]);
    prop_oneof![6 => known.prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

/// Writes over one scalar or one key: the `at`-th of all of them, in the order of the document.
fn overwrite(value: &mut Value, at: &mut usize, text: &str) {
    match value {
        Value::Object(entries) => {
            let keys: Vec<String> = entries.keys().cloned().collect();
            for key in keys {
                if *at == 0 {
                    let moved = entries.remove(&key).unwrap_or_default();
                    entries.insert(text.to_owned(), moved);
                    *at = usize::MAX;
                    return;
                }
                *at -= 1;
                overwrite(&mut entries[&key], at, text);
                if *at == usize::MAX {
                    return;
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| {
            if *at != usize::MAX {
                overwrite(item, at, text);
            }
        }),
        scalar if *at == 0 => {
            *scalar = Value::String(text.to_owned());
            *at = usize::MAX;
        }
        _ => *at -= 1,
    }
}

fn folder(files: &[(&'static str, Value)]) -> Folder {
    Folder(files.iter().map(|(name, value)| ((*name).to_owned(), value.to_string().into_bytes())).collect())
}

#[test]
fn the_project_without_changes_passes() {
    let compilation = folder(&project()).compile();
    assert!(codes(&compilation).is_empty(), "{}", rendered(&compilation));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_project_is_refused_with_a_finding_or_sealed(
        changes in prop::collection::vec((0..3_usize, 0..90_usize, text()), 1..3),
        with_inert_keys in any::<bool>(),
    ) {
        let mut files = project();
        if with_inert_keys {
            add_inert_keys(&mut files[1].1["paths"]["/pets"]["get"]);
        }
        for (file, mut at, text) in changes {
            overwrite(&mut files[file].1, &mut at, &text);
        }
        let folder = folder(&files);
        for compilation in [folder.compile(), folder.compile_dev()] {
            prop_assert!(!codes(&compilation).contains(&"GW0000".to_owned()), "{}", rendered(&compilation));
            let is_sealed = matches!(compilation.outcome, Outcome::Sealed(_));
            prop_assert_eq!(is_sealed, errors(&compilation).is_empty(), "{}", rendered(&compilation));
        }
    }
}
