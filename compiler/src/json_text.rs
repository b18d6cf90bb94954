//! A node of a document as JSON text, without recursion.

use gw_syntax::{Kind, NodeRef};

/// What is still to be written.
enum Piece<'t> {
    Node(NodeRef<'t>),
    Key(NodeRef<'t>),
    Mark(char),
}

/// Appends the node; `None` when the text grows longer than `max_bytes`.
pub(crate) fn write(node: NodeRef<'_>, text: &mut String, max_bytes: usize) -> Option<()> {
    let mut open = vec![Piece::Node(node)];
    while let Some(piece) = open.pop() {
        if text.len() > max_bytes {
            return None;
        }
        match piece {
            Piece::Mark(mark) => text.push(mark),
            Piece::Key(key) => push_string(text, key.scalar_text().unwrap_or_default()),
            Piece::Node(node) => match node.kind() {
                Kind::Sequence => push_items(node, &mut open),
                Kind::Mapping => push_entries(node, &mut open),
                _ => push_scalar(text, node),
            },
        }
    }
    (text.len() <= max_bytes).then_some(())
}

/// Appends a text with its quotes.
pub(crate) fn push_string(text: &mut String, value: &str) {
    text.push_str(&serde_json::Value::from(value).to_string());
}

/// What is written first is pushed last.
fn push_items<'t>(node: NodeRef<'t>, open: &mut Vec<Piece<'t>>) {
    let start = open.len();
    open.push(Piece::Mark('['));
    for (index, item) in node.items().enumerate() {
        if index > 0 {
            open.push(Piece::Mark(','));
        }
        open.push(Piece::Node(item));
    }
    open.push(Piece::Mark(']'));
    open[start..].reverse();
}

fn push_entries<'t>(node: NodeRef<'t>, open: &mut Vec<Piece<'t>>) {
    let start = open.len();
    open.push(Piece::Mark('{'));
    for (index, (key, value)) in node.entries().enumerate() {
        if index > 0 {
            open.push(Piece::Mark(','));
        }
        open.extend([Piece::Key(key), Piece::Mark(':'), Piece::Node(value)]);
    }
    open.push(Piece::Mark('}'));
    open[start..].reverse();
}

/// Appends a scalar.
pub(crate) fn push_scalar(text: &mut String, node: NodeRef<'_>) {
    let written = node.scalar_text().unwrap_or_default();
    match node.kind() {
        Kind::Null => text.push_str("null"),
        Kind::Bool => text.push_str(if node.as_bool() == Some(true) { "true" } else { "false" }),
        // A number that JSON writes otherwise, or cannot write, is written anew or as text.
        Kind::Integer | Kind::Float if serde_json::from_str::<serde_json::Number>(written).is_ok() => {
            text.push_str(written);
        }
        Kind::Integer | Kind::Float => {
            match (node.as_i64(), node.as_f64().and_then(serde_json::Number::from_f64)) {
                (Some(integer), _) => text.push_str(&integer.to_string()),
                (None, Some(number)) => text.push_str(&number.to_string()),
                (None, None) => push_string(text, written),
            }
        }
        Kind::String | Kind::Sequence | Kind::Mapping => push_string(text, written),
    }
}

#[cfg(test)]
mod tests {
    use gw_syntax::{Sink, SourceMap, parse};

    use super::*;

    fn json(yaml: &str, max_bytes: usize) -> Option<String> {
        let mut sources = SourceMap::new();
        let id = sources.add("a.yaml", yaml);
        let tree = parse(&sources, id, &mut Sink::new()).unwrap();
        let mut text = String::new();
        write(tree.root(), &mut text, max_bytes).map(|()| text)
    }

    #[test]
    fn every_kind_of_node_is_written_as_json() {
        let yaml = "{a: [1, 0x1f, 1.50, .inf, +3], 'b\"': {}, 200: ~, d: True, e: [], f: \"x\\n\"}";
        let expected = r#"{"a":[1,31,1.50,".inf",3],"b\"":{},"200":null,"d":true,"e":[],"f":"x\n"}"#;
        assert_eq!(json(yaml, 1000).as_deref(), Some(expected));
    }

    #[test]
    fn a_text_that_grows_too_long_is_given_up() {
        assert_eq!(json("[aaaaaaaaaa, bbbbbbbbbb]", 20), None);
    }

    #[test]
    fn repeated_anchors_do_not_multiply_beyond_the_bound() {
        let yaml = "a: &a [xxxxxxxxxx, xxxxxxxxxx]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n";
        assert_eq!(json(yaml, 300), None);
    }
}
