//! The response that a mock upstream gives for an operation, from the document's examples.

mod from_schema;

use gw_syntax::NodeRef;

use super::references::References;
use super::resolved::Example;
use crate::parse::openapi::operation::Operation;

/// How many bytes an example may have; a longer one is replaced by an empty body.
const MAX_EXAMPLE_BYTES: usize = 256 * 1024;

/// The example of the operation's first success: what the document gives, else one made from the schema.
pub(super) fn example(operation: Operation<'_>, references: &References<'_>) -> Example {
    let Some((status, response)) = success(operation) else {
        return Example { status: 200, content_type: None, body: Vec::new() };
    };
    let content = references.target(response).get("content").and_then(preferred);
    let without_body = Example { status, content_type: None, body: Vec::new() };
    match content.filter(|_| may_have_body(status)) {
        None => without_body,
        Some((media_type, node)) => match body(media_type, references.target(node), references) {
            Some(body) => Example { status, content_type: Some(concrete(media_type)), body },
            None => without_body,
        },
    }
}

/// The lowest 2xx status, or what stands for it: `2XX`, `default`; else the lowest status there is.
fn success(operation: Operation<'_>) -> Option<(u16, NodeRef<'_>)> {
    let declared = operation.responses().filter_map(|(key, node)| Some((key.scalar_text()?, node)));
    let ranked = declared.filter_map(|(key, node)| {
        let status = match key {
            "2XX" | "2xx" | "default" => 200,
            digits => digits.parse().ok().filter(|status| (100..600).contains(status))?,
        };
        let rank = match key {
            "default" => 2,
            _ if (200..300).contains(&status) => 0,
            _ => 3,
        };
        Some(((rank, status), node))
    });
    ranked.min_by_key(|(rank, _)| *rank).map(|((_, status), node)| (status, node))
}

/// JSON before everything else; else what is declared first.
fn preferred(content: NodeRef<'_>) -> Option<(&str, NodeRef<'_>)> {
    let entries = || content.entries().filter_map(|(key, node)| Some((key.scalar_text()?, node)));
    entries().find(|(media_type, _)| is_json(media_type)).or_else(|| entries().next())
}

fn body(media_type: &str, node: NodeRef<'_>, references: &References<'_>) -> Option<Vec<u8>> {
    let given = given(node, references);
    if let Some(text) = given.and_then(NodeRef::as_str).filter(|_| !is_json(media_type)) {
        return Some(text.as_bytes().to_vec()).filter(|body| body.len() <= MAX_EXAMPLE_BYTES);
    }
    let mut text = String::new();
    match given {
        Some(node) => crate::json_text::write(node, &mut text, MAX_EXAMPLE_BYTES)?,
        None if is_json(media_type) => from_schema::write(node.get("schema"), references, &mut text)?,
        None => return None,
    }
    Some(text.into_bytes())
}

/// The example that the document gives beside or in the schema.
fn given<'t>(node: NodeRef<'t>, references: &'t References<'_>) -> Option<NodeRef<'t>> {
    let listed = || {
        let (_, first) = node.get("examples")?.entries().next()?;
        references.target(first).get("value")
    };
    let of_schema = || references.target(node.get("schema")?).get("example");
    node.get("example").or_else(listed).or_else(of_schema)
}

/// A media type that a response can carry: ranges become their plainest member.
fn concrete(media_type: &str) -> String {
    match media_type {
        "*/*" | "application/*" => "application/json".into(),
        "text/*" => "text/plain".into(),
        other => other.to_owned(),
    }
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(essence.as_str(), "application/json" | "text/json" | "*/*" | "application/*")
        || essence.ends_with("+json")
}

/// RFC 9110 sections 15.2, 15.3.5, 15.3.6 and 15.4.5.
fn may_have_body(status: u16) -> bool {
    status >= 200 && !matches!(status, 204 | 205 | 304)
}
