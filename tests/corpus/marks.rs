//! A copy of a document in which each operation has its own `x-gw-upstream.host`, so that the upstream learns from
//! the `Host` that it is sent which operation the gateway took a request for.
//!
//! The copy is the same text with insertions: everything else is compiled as its authors wrote it.

use std::collections::BTreeSet;

use gw_syntax::{NodeId, Tree};

/// The host that stands for an operation.
pub(crate) fn host(operation: NodeId) -> String {
    format!("operation-{}.example", operation.0)
}

/// The text of a document with a mark in each of these operations.
pub(crate) fn marked(tree: &Tree, operations: &BTreeSet<NodeId>) -> String {
    let text = tree.text();
    let mut insertions: Vec<(usize, String)> =
        operations.iter().filter_map(|operation| insertion(tree, *operation)).collect();
    insertions.sort();
    let mut copy = String::with_capacity(text.len() + 100 * insertions.len());
    let mut from = 0;
    for (at, insertion) in insertions {
        copy.push_str(&text[from..at]);
        copy.push_str(&insertion);
        from = at;
    }
    copy.push_str(&text[from..]);
    copy
}

/// Where in the text the mark goes, and its text: behind the opening bracket, or as a line before the first key.
fn insertion(tree: &Tree, operation: NodeId) -> Option<(usize, String)> {
    let node = tree.node(operation);
    let (text, start) = (tree.text(), node.span().start as usize);
    let mark = format!(r#""x-gw-upstream": {{"name": "echo", "host": "{}"}}"#, host(operation));
    if text[start..].starts_with('{') {
        let comma = if node.is_empty() { "" } else { ", " };
        return Some((start + 1, mark + comma));
    }
    let column = start - text[..start].rfind('\n').map_or(0, |end| end + 1);
    let indentation = &text[start - column..start];
    indentation.bytes().all(|byte| byte == b' ').then(|| (start, format!("{mark}\n{indentation}")))
}

#[cfg(test)]
mod tests {
    use gw_syntax::{Sink, SourceMap, parse};

    use super::*;

    #[test]
    fn marks_stand_in_json_and_in_both_styles_of_yaml() {
        for text in [
            "{\"paths\": {\"/a\": {\"get\": {\"operationId\": \"a\"}, \"put\": {}}}}",
            "paths:\n  /a:\n    get:\n      operationId: a\n    put: {}\n",
        ] {
            let read = |text: &str| {
                let mut sources = SourceMap::new();
                let id = sources.add("openapi.yaml", text);
                parse(&sources, id, &mut Sink::new()).unwrap()
            };
            let tree = read(text);
            let item = tree.root().get("paths").unwrap().get("/a").unwrap();
            let operations = BTreeSet::from(["get", "put"].map(|method| item.get(method).unwrap().id()));
            let copy = read(&marked(&tree, &operations));
            let item = copy.root().get("paths").unwrap().get("/a").unwrap();
            let hosts = ["get", "put"].map(|method| {
                let mark = item.get(method).unwrap().get("x-gw-upstream").unwrap();
                mark.get("host").unwrap().as_str().unwrap().to_owned()
            });
            assert_eq!(hosts.to_vec(), operations.into_iter().map(host).collect::<Vec<_>>());
            assert_eq!(item.get("get").unwrap().get("operationId").unwrap().as_str(), Some("a"));
        }
    }
}
