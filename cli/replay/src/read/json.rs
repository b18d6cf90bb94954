//! A node of a suite as JSON. The walk keeps its own stack, so that depth costs memory and never the stack.

use gw_syntax::{Kind, NodeRef};
use serde_json::Value;

/// A node that stands for a JSON value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Json<'t>(NodeRef<'t>);

enum Left<'t> {
    Value(NodeRef<'t>),
    Entry(NodeRef<'t>, NodeRef<'t>),
    Text(&'static str),
}

impl<'t> Json<'t> {
    pub(crate) fn of(node: NodeRef<'t>) -> Self {
        Self(node)
    }

    /// Compact JSON, keys in the order of the text.
    pub(crate) fn text(self) -> String {
        let mut out = String::new();
        let mut left = vec![Left::Value(self.0)];
        while let Some(next) = left.pop() {
            match next {
                Left::Text(text) => out.push_str(text),
                Left::Entry(key, value) => {
                    out.push_str(&Value::from(key.scalar_text().unwrap_or_default()).to_string());
                    out.push(':');
                    left.push(Left::Value(value));
                }
                Left::Value(node) => match node.kind() {
                    Kind::Sequence => {
                        out.push('[');
                        left.push(Left::Text("]"));
                        push_separated(&mut left, node.items().map(Left::Value));
                    }
                    Kind::Mapping => {
                        out.push('{');
                        left.push(Left::Text("}"));
                        push_separated(&mut left, node.entries().map(|(key, value)| Left::Entry(key, value)));
                    }
                    _ => out.push_str(&scalar(node).to_string()),
                },
            }
        }
        out
    }

    /// The value, to compare with; null when it is deeper than a JSON reader goes.
    pub(crate) fn value(self) -> Value {
        serde_json::from_str(&self.text()).unwrap_or(Value::Null)
    }
}

/// Puts values on the stack so that they come off in order, with commas between them.
fn push_separated<'t>(left: &mut Vec<Left<'t>>, values: impl Iterator<Item = Left<'t>>) {
    let start = left.len();
    for (at, value) in values.enumerate() {
        if at > 0 {
            left.push(Left::Text(","));
        }
        left.push(value);
    }
    left[start..].reverse();
}

fn scalar(node: NodeRef<'_>) -> Value {
    let text = node.scalar_text().unwrap_or_default();
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => node.as_bool().into(),
        Kind::Integer => {
            node.as_i64().map(Value::from).or(node.as_u64().map(Value::from)).unwrap_or(text.into())
        }
        Kind::Float => node.as_f64().map_or(Value::Null, Value::from),
        Kind::String | Kind::Sequence | Kind::Mapping => text.into(),
    }
}
