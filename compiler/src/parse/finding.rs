//! Findings about a node: where it stands, and what it is called across runs.

use gw_syntax::{CodeEntry, Diagnostic, Kind, NodeRef, Span};

/// A finding about a node. Working out its path costs time: call it from [`gw_syntax::Sink::push_with`].
///
/// The subject is the node's path through its file; the driver puts the file's name in front of it.
pub(crate) fn finding_at(entry: &CodeEntry, node: NodeRef<'_>, message: impl Into<String>) -> Diagnostic {
    let pointer = node.pointer();
    Diagnostic::new(entry, message).at(first_line(node)).about(pointer.to_string()).with_pointer(pointer)
}

/// The node's place as far as its first line goes: a whole mapping underlined says nothing.
pub(crate) fn first_line(node: NodeRef<'_>) -> Span {
    let span = node.span();
    let text = node.source_text();
    let length = text.find(['\n', '\r']).unwrap_or(text.len());
    Span::new(span.source, span.start, span.start + length as u32)
}

/// What a node is, for a message: its text when that is short, else its kind.
pub(crate) fn found(node: NodeRef<'_>) -> String {
    match node.scalar_text() {
        // Without its quotes, text that reads as something else would look like that.
        Some(text) if node.kind() == Kind::String && reads_as_other(text) => format!("`\"{text}\"`"),
        Some(text) if !node.is_null() && text.len() <= 40 && !text.contains('\n') => format!("`{text}`"),
        _ => node.kind().described().to_owned(),
    }
}

/// Whether plain text of that form is no text, by YAML's core schema: nothing, a truth, null or a number.
fn reads_as_other(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 40
        && (text.is_empty()
            || ["true", "false", "null", "~"].contains(&text.to_ascii_lowercase().as_str())
            || text.parse::<f64>().is_ok())
}
