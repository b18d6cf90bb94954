//! What multiplies is bounded: small texts do not become large artifacts.

use std::fmt::Write as _;

use crate::support::{codes, compiled, errors, rendered};

/// So many servers, each with 64 base paths.
fn servers(count: usize) -> String {
    let mut text = "servers:\n".to_owned();
    for n in 0..count {
        let variable = |name: &str| {
            let values: Vec<String> = (0..7).map(|value| format!("{name}{value}")).collect();
            format!("{name}: {{default: d, enum: [{}]}}", values.join(", "))
        };
        let _ = writeln!(
            text,
            "  - {{url: '/b{n}/{{v}}/{{w}}', variables: {{{}, {}}}}}",
            variable("v"),
            variable("w")
        );
    }
    text
}

fn document(lines: &str, operations: usize, servers_of_path: &str) -> String {
    let mut text = format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\nx-gw-auth: {{public: true, reason: a catalogue}}\n{lines}paths:\n"
    );
    for n in 0..operations {
        let _ = writeln!(text, "  /p{n}: {{{}get: {{}}}}", servers_of_path.replace("{n}", &n.to_string()));
    }
    text
}

#[test]
fn one_server_may_have_as_many_base_paths_as_a_list() {
    assert_eq!(codes(&compiled(&document(&servers(1), 20, ""))), [""; 0]);
}

#[test]
fn servers_do_not_multiply_base_paths_without_bound() {
    let refused = compiled(&document(&servers(2), 20, ""));
    assert_eq!(codes(&refused), ["GW0205"], "{}", rendered(&refused));
    let finding = &refused.findings[0];
    assert!(finding.message.starts_with("the servers give 128 base paths"), "{}", finding.message);
    assert_eq!(refused.sources.position(finding.span.unwrap().source, finding.span.unwrap().start).line, 5);
}

#[test]
fn operations_do_not_multiply_base_paths_without_bound() {
    let refused = compiled(&document(&servers(1), 400, ""));
    assert_eq!(codes(&refused), ["GW0205"], "{}", rendered(&refused));
}

#[test]
fn hosts_of_paths_do_not_multiply_without_bound() {
    let variables = "variables: {v: {default: d, enum: [a, b, c, d, e, f, g]}, w: {default: d, enum: [a, b, c, d, e, f, g]}}";
    let servers = format!("servers: [{{url: 'https://{{v}}{{w}}{{n}}.example.com', {variables}}}], ");
    assert_eq!(errors(&compiled(&document("", 300, &servers))), ["GW0205"]);
    assert_eq!(errors(&compiled(&document("", 20, &servers))), [""; 0]);
}
