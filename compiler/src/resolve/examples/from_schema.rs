//! An example made from a schema, where a document gives none: plausible, and small.

use std::collections::BTreeSet;

use gw_syntax::NodeRef;

use crate::json_text::{push_string, write as write_node};
use crate::resolve::references::References;

/// How deep an example may be nested; what lies deeper is `null`.
const MAX_LEVELS: usize = 6;
/// How many bytes an example may have.
const MAX_BYTES: usize = 64 * 1024;
/// How many schemas of an `allOf` are looked at.
const MAX_PARTS: usize = 16;

/// Appends an example of the schema; `null` without one. `None` when it grows too long.
pub(super) fn write(
    schema: Option<NodeRef<'_>>,
    references: &References<'_>,
    text: &mut String,
) -> Option<()> {
    match schema {
        Some(schema) => value(schema, references, MAX_LEVELS, text),
        None => text.push_str("null"),
    }
    (text.len() <= MAX_BYTES).then_some(())
}

/// The recursion ends after [`MAX_LEVELS`], whatever the schema is, and once the text is too long.
fn value(schema: NodeRef<'_>, references: &References<'_>, levels: usize, text: &mut String) {
    if levels == 0 || text.len() > MAX_BYTES {
        return text.push_str("null");
    }
    let parts = parts(references.target(schema), references);
    let find = |key: &str| parts.iter().find_map(|part| part.get(key));
    if let Some(given) = given(&find) {
        return node(given, text);
    }
    match kind(&find) {
        "object" => object(&parts, references, levels, text),
        "array" => {
            text.push('[');
            if let Some(items) = find("items") {
                value(items, references, levels - 1, text);
            }
            text.push(']');
        }
        "string" => push_string(text, string(find("format").and_then(NodeRef::as_str))),
        "integer" | "number" => match find("minimum") {
            Some(minimum) => node(minimum, text),
            None => text.push('1'),
        },
        "boolean" => text.push_str("true"),
        _ => text.push_str("null"),
    }
}

/// A node that is too long leaves a text that is too long, which is what counts in the end.
fn node(node: NodeRef<'_>, text: &mut String) {
    let _ = write_node(node, text, MAX_BYTES);
}

/// The schema, the parts of its `allOf`, and the first of its `oneOf` or `anyOf`, references followed.
fn parts<'t>(schema: NodeRef<'t>, references: &'t References<'_>) -> Vec<NodeRef<'t>> {
    let mut parts = vec![schema];
    let mut next = 0;
    while let Some(part) = parts.get(next).copied().filter(|_| parts.len() < MAX_PARTS) {
        let all = part.get("allOf").into_iter().flat_map(NodeRef::items);
        let one = ["oneOf", "anyOf"].into_iter().filter_map(|key| part.get(key)?.item(0));
        parts.extend(all.chain(one).take(MAX_PARTS).map(|part| references.target(part)));
        next += 1;
    }
    parts
}

fn given<'t>(find: &impl Fn(&str) -> Option<NodeRef<'t>>) -> Option<NodeRef<'t>> {
    let first = |key: &str| find(key)?.item(0);
    find("example")
        .or_else(|| first("examples"))
        .or_else(|| find("const"))
        .or_else(|| find("default"))
        .or_else(|| first("enum"))
}

fn kind<'t>(find: &impl Fn(&str) -> Option<NodeRef<'t>>) -> &'t str {
    let declared = find("type").and_then(|declared| match declared.as_str() {
        Some(kind) => Some(kind),
        // A list of types since 3.1: the first that is not null.
        None => declared.items().filter_map(NodeRef::as_str).find(|kind| *kind != "null"),
    });
    match declared {
        Some(kind) => kind,
        None if find("properties").is_some() => "object",
        None if find("items").is_some() => "array",
        None => "null",
    }
}

fn object(parts: &[NodeRef<'_>], references: &References<'_>, levels: usize, text: &mut String) {
    text.push('{');
    let mut names = BTreeSet::new();
    for (key, schema) in parts.iter().filter_map(|part| part.get("properties")).flat_map(NodeRef::entries) {
        let write_only = references.target(schema).get("writeOnly").and_then(NodeRef::as_bool);
        let name = key.scalar_text().unwrap_or_default();
        if write_only == Some(true) || !names.insert(name) {
            continue;
        }
        if names.len() > 1 {
            text.push(',');
        }
        push_string(text, name);
        text.push(':');
        value(schema, references, levels - 1, text);
    }
    text.push('}');
}

fn string(format: Option<&str>) -> &'static str {
    match format {
        Some("date-time") => "2026-01-31T12:00:00Z",
        Some("date") => "2026-01-31",
        Some("time") => "12:00:00Z",
        Some("uuid") => "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        Some("email") => "someone@example.com",
        Some("uri" | "url") => "https://example.com/",
        Some("hostname") => "example.com",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        _ => "string",
    }
}
