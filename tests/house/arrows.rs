//! The crate arrows of ARCHITECTURE.md, kept by a test: which of our crates a crate may name, and which
//! foreign crates it must not reach, however long the way.

use crate::graph::Graph;

/// One crate's walls.
struct Row {
    /// The crate.
    name: &'static str,
    /// Our crates that it may depend on, directly.
    ours: &'static [&'static str],
    /// Groups of foreign crates that it must not reach, not even through others.
    never: &'static [&'static [&'static str]],
}

/// What moves bytes and waits.
const NETWORK: &[&str] =
    &["tokio", "hyper", "hyper-util", "mio", "socket2", "async-std", "smol", "reqwest", "listenfd"];
/// What reads YAML.
const YAML: &[&str] = &[
    "granit-parser",
    "saphyr-parser",
    "saphyr",
    "serde_yaml",
    "serde_yml",
    "serde_norway",
    "yaml-rust2",
    "yaml-rust",
];
/// What evaluates expressions.
const EXPRESSIONS: &[&str] = &["cel", "cel-interpreter", "cel-parser"];
/// What encrypts connections.
const TLS: &[&str] = &["rustls", "tokio-rustls", "native-tls", "openssl", "openssl-sys", "boring", "s2n-tls"];
/// What talks to people.
const TERMINAL: &[&str] = &["miette", "clap", "ariadne", "codespan-reporting"];
/// What draws numbers or reads clocks behind our back.
const CHANCE: &[&str] = &["fastrand", "rand", "getrandom", "quanta", "chrono", "time"];
/// What only tests may ask, since each is a model of something we do ourselves.
const ORACLES: &[&str] = &[
    "roas-overlay",
    "serde_json_path",
    "openapiv3",
    "serde_yaml",
    "wayfind",
    "matchit",
    "jsonschema",
    "boon",
];

const TABLE: &[Row] = &[
    Row {
        name: "gw-artifact",
        ours: &[],
        never: &[NETWORK, YAML, EXPRESSIONS, TLS, TERMINAL, CHANCE, ORACLES],
    },
    Row { name: "gw-syntax", ours: &[], never: &[NETWORK, EXPRESSIONS, TLS, TERMINAL, CHANCE, ORACLES] },
    Row {
        name: "gw-compiler",
        ours: &["gw-syntax", "gw-artifact"],
        never: &[NETWORK, TLS, TERMINAL, CHANCE, ORACLES],
    },
    Row {
        name: "gw-decision",
        ours: &["gw-artifact"],
        never: &[NETWORK, YAML, EXPRESSIONS, TLS, TERMINAL, CHANCE, ORACLES],
    },
    Row {
        name: "gw-engines",
        ours: &["gw-artifact"],
        never: &[NETWORK, YAML, EXPRESSIONS, TLS, TERMINAL, CHANCE, ORACLES],
    },
    Row {
        name: "gw-runtime",
        ours: &["gw-decision", "gw-engines", "gw-artifact"],
        never: &[YAML, EXPRESSIONS, TERMINAL, ORACLES],
    },
    Row {
        name: "gw-replay",
        ours: &["gw-decision", "gw-engines", "gw-artifact", "gw-syntax"],
        never: &[NETWORK, EXPRESSIONS, TLS, TERMINAL, CHANCE, ORACLES],
    },
    Row {
        name: "gw",
        ours: &[
            "gw-artifact",
            "gw-compiler",
            "gw-decision",
            "gw-engines",
            "gw-replay",
            "gw-runtime",
            "gw-syntax",
        ],
        never: &[ORACLES],
    },
    Row {
        name: "gw-tests",
        ours: &[
            "gw-artifact",
            "gw-compiler",
            "gw-decision",
            "gw-engines",
            "gw-replay",
            "gw-runtime",
            "gw-syntax",
        ],
        never: &[],
    },
    Row { name: "demo-backend", ours: &[], never: &[YAML, TERMINAL, ORACLES] },
];

/// Every arrow of `graph` that the table forbids, in words; none is the good answer.
fn breaches(graph: &Graph) -> Vec<String> {
    let mut breaches = Vec::new();
    for member in &graph.members {
        if !TABLE.iter().any(|row| row.name == member) {
            breaches.push(format!("`{member}` has no row in the table of arrows"));
        }
    }
    for row in TABLE {
        for to in graph.direct(row.name).filter(|to| graph.members.contains(*to)) {
            if !row.ours.contains(&to) {
                breaches.push(format!("`{}` must not depend on `{to}`", row.name));
            }
        }
        for foreign in row.never.iter().copied().flatten() {
            if let Some(way) = graph.way(row.name, foreign) {
                breaches.push(format!("`{}` must not reach `{foreign}`: {way}", row.name));
            }
        }
    }
    breaches
}

#[test]
fn every_crate_arrow_stands_in_the_table() {
    let graph = Graph::of_this_workspace();
    assert!(graph.members.contains("gw-decision"), "the graph of the workspace is not empty");
    assert!(graph.way("gw-runtime", "tokio").is_some(), "the graph follows arrows to foreign crates");
    assert_eq!(breaches(&graph), Vec::<String>::new());
}

#[test]
fn every_row_of_the_table_is_a_crate() {
    let graph = Graph::of_this_workspace();
    for row in TABLE {
        assert!(graph.members.contains(row.name), "`{}` is in the table and not in the workspace", row.name);
        for to in row.ours {
            assert!(graph.members.contains(*to), "`{to}` is in the table and not in the workspace");
        }
    }
}

#[test]
fn an_arrow_between_the_wings_is_seen() {
    let graph = Graph::made_of(&[("gw-runtime", &["gw-syntax"]), ("gw-syntax", &[])]);
    assert_eq!(breaches(&graph), ["`gw-runtime` must not depend on `gw-syntax`"]);
}

#[test]
fn a_foreign_crate_is_seen_through_others() {
    let graph = Graph::made_of(&[("gw-decision", &["one"]), ("gw-engines", &[])]);
    assert_eq!(breaches(&graph), Vec::<String>::new());
    let metadata = serde_json::json!({
        "packages": [
            {"id": "1", "name": "gw-decision"}, {"id": "2", "name": "between"}, {"id": "3", "name": "tokio"},
        ],
        "workspace_members": ["1"],
        "resolve": {"nodes": [
            {"id": "1", "deps": [{"pkg": "2", "dep_kinds": [{"kind": null}]}]},
            {"id": "2", "deps": [{"pkg": "3", "dep_kinds": [{"kind": "build"}]}]},
            {"id": "3", "deps": []},
        ]},
    });
    let expected = ["`gw-decision` must not reach `tokio`: gw-decision → between → tokio"];
    assert_eq!(breaches(&Graph::read(&metadata)), expected);
}

#[test]
fn a_dependency_of_tests_is_no_arrow() {
    let metadata = serde_json::json!({
        "packages": [{"id": "1", "name": "gw-artifact"}, {"id": "2", "name": "wayfind"}],
        "workspace_members": ["1"],
        "resolve": {"nodes": [
            {"id": "1", "deps": [{"pkg": "2", "dep_kinds": [{"kind": "dev"}]}]},
            {"id": "2", "deps": []},
        ]},
    });
    assert_eq!(breaches(&Graph::read(&metadata)), Vec::<String>::new());
}

#[test]
fn a_crate_without_a_row_is_seen() {
    let graph = Graph::made_of(&[("gw-shortcut", &[])]);
    assert_eq!(breaches(&graph), ["`gw-shortcut` has no row in the table of arrows"]);
}
