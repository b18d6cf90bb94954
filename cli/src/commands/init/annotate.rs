//! Writes one line into each of some operations of a document, and changes nothing else.

use std::collections::BTreeMap;

use gw_syntax::{Kind, NodeRef, Sink, SourceId, SourceMap, parse};

use crate::failure::Failure;

/// The line that says that anyone may call an operation, and why.
pub(super) fn line(reason: &str) -> String {
    // A JSON string is a YAML string too.
    format!("x-gw-auth: {{public: true, reason: {}}}", serde_json::Value::from(reason))
}

/// The text of the document `name` with the line in each operation whose method key stands at one of `places`
/// (line and column, from 1).
///
/// # Errors
/// When an operation is not found, or cannot take a line (exit 1).
pub(super) fn annotate(
    sources: &SourceMap,
    name: &str,
    places: &[(u32, u32)],
    reason: &str,
) -> Result<String, Failure> {
    let id = sources.find(name).ok_or_else(|| Failure::bug("the document is not among its own sources"))?;
    let tree = parse(sources, id, &mut Sink::new())
        .ok_or_else(|| Failure::bug("the document parsed, then did not"))?;
    let operations = operations(sources, id, tree.root());
    let mut insertions = BTreeMap::new();
    for place in places {
        let operation = operations.get(place).filter(|operation| operation.kind() == Kind::Mapping);
        let Some(operation) = operation else {
            return Err(Failure::refused(format!(
                "nothing was written: no line fits in at {name}:{}",
                place.0
            ))
            .with_help(format!("add it by hand: {}", line(reason))));
        };
        let (at, text) = insertion(sources, id, *operation, reason);
        insertions.insert(at, text);
    }
    Ok(insert(sources.text(id), &insertions))
}

/// The operations of the document by the place of their method key.
fn operations<'t>(sources: &SourceMap, id: SourceId, root: NodeRef<'t>) -> BTreeMap<(u32, u32), NodeRef<'t>> {
    let items = root.get("paths").into_iter().flat_map(NodeRef::entries);
    let keyed = items.flat_map(|(_, item)| item.entries());
    keyed
        .map(|(key, operation)| {
            let at = sources.position(id, key.span().start);
            ((at.line, at.column), operation)
        })
        .collect()
}

/// Where the line goes and how it is spelled there: before the first key, in the style of the mapping.
fn insertion(sources: &SourceMap, id: SourceId, operation: NodeRef<'_>, reason: &str) -> (u32, String) {
    let start = operation.span().start;
    let text = sources.text(id);
    if text[start as usize..].starts_with('{') {
        let value = serde_json::json!({"public": true, "reason": reason});
        let comma = if operation.is_empty() { "" } else { ", " };
        return (start + 1, format!("\"x-gw-auth\": {value}{comma}"));
    }
    let before = &text[..start as usize];
    let indent = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    (start, format!("{}\n{}", line(reason), " ".repeat(indent)))
}

fn insert(text: &str, insertions: &BTreeMap<u32, String>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut from = 0;
    for (at, inserted) in insertions {
        result.push_str(&text[from..*at as usize]);
        result.push_str(inserted);
        from = *at as usize;
    }
    result.push_str(&text[from..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annotated(text: &str, places: &[(u32, u32)]) -> String {
        let mut sources = SourceMap::new();
        sources.add("a.yaml", text);
        annotate(&sources, "a.yaml", places, "say \"why\"").unwrap()
    }

    #[test]
    fn a_block_mapping_gets_a_line_of_its_own() {
        let text = "paths:\n  /a:\n    get:\n      # first\n      responses: {}\n    put:\n      tags: []\n";
        assert_eq!(
            annotated(text, &[(3, 5), (6, 5)]),
            "paths:\n  /a:\n    get:\n      # first\n      x-gw-auth: {public: true, reason: \"say \\\"why\\\"\"}\n\
             \x20     responses: {}\n    put:\n      x-gw-auth: {public: true, reason: \"say \\\"why\\\"\"}\n      tags: []\n"
        );
    }

    #[test]
    fn a_flow_mapping_and_json_get_a_member() {
        let auth = "\"x-gw-auth\": {\"public\":true,\"reason\":\"say \\\"why\\\"\"}";
        assert_eq!(
            annotated("paths: {/a: {get: {}}}", &[(1, 14)]),
            format!("paths: {{/a: {{get: {{{auth}}}}}}}")
        );
        assert_eq!(
            annotated("{\"paths\": {\"/a\": {\"get\": {\"tags\": []}}}}", &[(1, 19)]),
            format!("{{\"paths\": {{\"/a\": {{\"get\": {{{auth}, \"tags\": []}}}}}}}}")
        );
    }

    #[test]
    fn an_operation_without_room_is_refused() {
        let mut sources = SourceMap::new();
        sources.add("a.yaml", "paths: {/a: {get: null}}");
        assert!(annotate(&sources, "a.yaml", &[(1, 14)], "why").is_err());
    }
}
