//! The front door: one file in, a tree and findings out.

use std::sync::Arc;

use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::json;
use crate::pointer::Pointer;
use crate::sink::Sink;
use crate::source_map::{SourceId, SourceMap};
use crate::span::Span;
use crate::tree::{Duplicate, NodeId, Tree};
use crate::yaml;

/// How deep mappings and sequences may be nested, aliases followed. Real documents reach about 40.
pub const MAX_DEPTH: usize = 256;

/// How many nodes following the aliases may add to those that are written.
pub const MAX_EXPANDED_NODES: u64 = 1_000_000;

/// How many bytes a file may have.
pub const MAX_SOURCE_BYTES: usize = 512 * 1024 * 1024;

/// A finding keeps no longer path than this, so that endless keys do not multiply and people can read it.
const MAX_POINTER_BYTES: usize = 4096;
const MAX_POINTER_STEPS: usize = 64;

/// What a reader knows about its file.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) source: SourceId,
    pub(crate) path: String,
    pub(crate) text: Arc<String>,
}

/// Reads one file as one document.
///
/// A path that ends in `.json` is read as JSON (RFC 8259) and nothing else. Any other file whose first
/// character is `{` or `[` is read as JSON if it is JSON, which is faster and means the same; every other
/// one is YAML 1.2 with the core schema. A byte order mark is skipped.
///
/// `None` when the text has no content or its meaning is open; the sink then holds at least one error.
/// A tree beside an error means that all its nodes are what the text says: of a key that stands twice
/// (GW0107) the first is used, of several documents (GW0109) the first, and an unknown tag (GW0114) or one
/// that does not fit (GW0115) is passed over.
pub fn parse(sources: &SourceMap, id: SourceId, sink: &mut Sink) -> Option<Tree> {
    let input = Input { source: id, path: sources.path(id).to_owned(), text: sources.shared_text(id) };
    if let Some(refusal) = refuse_bytes(&input, sources.invalid_utf8(id)) {
        sink.push(refusal);
        return None;
    }
    if has_json_path(&input.path) {
        return json::read(&input, sink);
    }
    if looks_like_json(&input.text) {
        let mut tried = Sink::new();
        if let Some(tree) = json::read(&input, &mut tried) {
            sink.append(tried);
            return Some(tree);
        }
    }
    yaml::read(&input, sink)
}

/// Reports keys that stand twice, for both readers.
pub(crate) fn report_duplicates(input: &Input, tree: &Tree, duplicates: &[Duplicate], sink: &mut Sink) {
    let is_scalar = |key: NodeId| !tree.node(key).kind().is_container();
    // Keys that are no scalars (GW0108) have no text to be equal in.
    for duplicate in duplicates.iter().filter(|pair| is_scalar(pair.first) && is_scalar(pair.second)) {
        sink.push_with(&codes::DUPLICATE_KEY, || {
            let (first, second) = (tree.node(duplicate.first), tree.node(duplicate.second));
            let name = second.scalar_text().unwrap_or_default();
            let pointer = tree.pointer_of(duplicate.mapping).child(name);
            let message = format!("the key {} stands twice in this mapping", quoted(name));
            let finding = Diagnostic::new(&codes::DUPLICATE_KEY, message)
                .at(second.span())
                .with_label(first.span(), "it stands here first")
                .with_help("remove one of the two, or merge their values under one key");
            located(finding, input, pointer)
        });
    }
}

/// Says in which file and where in the document a finding arose, which is also what it is about.
pub(crate) fn located(finding: Diagnostic, input: &Input, pointer: Pointer) -> Diagnostic {
    if pointer.as_str().len() > MAX_POINTER_BYTES || pointer.tokens().count() > MAX_POINTER_STEPS {
        return finding.about(input.path.clone());
    }
    finding.about(format!("{}#{pointer}", input.path)).with_pointer(pointer)
}

/// User text for a message: in backticks, without control characters, at most 60 characters of it.
pub(crate) fn quoted(text: &str) -> String {
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut shown: String = text.chars().take(60).map(clean).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// What can be said of a file before reading its first token.
fn refuse_bytes(input: &Input, invalid_utf8: Option<u32>) -> Option<Diagnostic> {
    let text = input.text.as_str();
    if let Some(refusal) = refuse_length(input, text.len()) {
        return Some(refusal);
    }
    let finding = if let Some(offset) = invalid_utf8 {
        let message = format!("byte {offset} of the file is not UTF-8");
        Diagnostic::new(&codes::TEXT_NOT_UTF8, message)
            .at(Span::at(input.source, offset))
            .with_help("save the file as UTF-8")
    } else if text.trim_start_matches('\u{feff}').trim().is_empty() {
        empty(input)
    } else {
        let offset = text.bytes().position(|byte| byte == 0)? as u32;
        Diagnostic::new(&codes::CONTROL_CHARACTER, "the text holds a NUL byte")
            .at(Span::new(input.source, offset, offset + 1))
            .with_help("remove the byte; the file may be damaged, or saved as UTF-16")
    };
    Some(finding.about(input.path.clone()))
}

fn refuse_length(input: &Input, bytes: usize) -> Option<Diagnostic> {
    if bytes <= MAX_SOURCE_BYTES {
        return None;
    }
    let message = format!("the file has {bytes} bytes, more than {MAX_SOURCE_BYTES}");
    let finding = Diagnostic::new(&codes::FILE_TOO_LARGE, message)
        .at(Span::at(input.source, 0))
        .with_help("split the document into several files with `$ref` between them");
    Some(finding.about(input.path.clone()))
}

/// The finding for a file without content.
pub(crate) fn empty(input: &Input) -> Diagnostic {
    let message = if input.text.is_empty() { "the file is empty" } else { "the file holds no content" };
    Diagnostic::new(&codes::FILE_EMPTY, message).at(Span::at(input.source, 0)).about(input.path.clone())
}

fn has_json_path(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("json"))
}

fn looks_like_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_ascii_start().starts_with(['{', '['])
}

#[cfg(test)]
mod tests;
