//! `x-gw-transform`: changes to headers, query, path and body on the way.

use std::fmt;

use gw_artifact::model::{is_hop_by_hop_header, is_reserved_header};
use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::{Flow, in_quotes, quoted};
use super::{MAX_ENTRIES, parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{HeaderName, HeaderValue, PathTemplate, PointerText, QueryName, Scalar};

/// What is changed. At least one side is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transform {
    /// On the way to the upstream.
    pub request: Option<RequestChanges>,
    /// On the way to the caller.
    pub response: Option<ResponseChanges>,
}

/// Changes to a request; at least one is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestChanges {
    /// Header lines.
    pub headers: Edits<HeaderName, HeaderValue>,
    /// Query parameters.
    pub query: Edits<QueryName, HeaderValue>,
    /// The path that the upstream sees; its variables are those of the operation's own path.
    pub path: Option<Spanned<PathTemplate>>,
    /// Values of a JSON body.
    pub body: Edits<PointerText, Literal>,
}

/// Changes to a response; at least one is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseChanges {
    /// Header lines.
    pub headers: Edits<HeaderName, HeaderValue>,
    /// Values of a JSON body.
    pub body: Edits<PointerText, Literal>,
}

/// What is set and what is removed. Nothing stands in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edits<K, V> {
    /// What gets this value, also where it had another.
    pub set: Vec<(Spanned<K>, Spanned<V>)>,
    /// What goes.
    pub remove: Vec<Spanned<K>>,
}

/// A JSON value without parts: text, a whole number, `true`, `false`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A truth.
    Flag(bool),
}

impl<K, V> Edits<K, V> {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Transform> {
    if parts::is_empty_mapping(node) {
        let help = "say what changes: `{request: {headers: {remove: [cookie]}}}`";
        self_check::says_nothing(node, "`transform` says nothing", help, sink);
    }
    let request = node.get("request").and_then(|node| request(node, sink));
    let response = node.get("response").and_then(|node| response(node, sink));
    (request.is_some() || response.is_some()).then_some(Transform { request, response })
}

fn request(node: NodeRef<'_>, sink: &mut Sink) -> Option<RequestChanges> {
    let value = RequestChanges {
        headers: edits(node, "headers", parts::scalar, sink),
        query: edits(node, "query", parts::scalar, sink),
        path: parts::part(node, "path"),
        body: edits(node, "body", literal, sink),
    };
    unsayable(node, is_reserved_header, "gw sets or drops it itself", sink);
    said(node, "request", value.to_flow().is_empty(), sink).then_some(value)
}

fn response(node: NodeRef<'_>, sink: &mut Sink) -> Option<ResponseChanges> {
    let value = ResponseChanges {
        headers: edits(node, "headers", parts::scalar, sink),
        body: edits(node, "body", literal, sink),
    };
    let of_the_message = |name: &str| is_hop_by_hop_header(name) || name == "content-length";
    unsayable(node, of_the_message, "it belongs to one connection or to the length of the body", sink);
    said(node, "response", value.to_flow().is_empty(), sink).then_some(value)
}

/// Whether a side says anything; a mapping without entries is a finding.
fn said(node: NodeRef<'_>, name: &str, empty: bool, sink: &mut Sink) -> bool {
    if parts::is_empty_mapping(node) {
        let help = "say what changes, or remove the key";
        self_check::says_nothing(node, &format!("`{name}` changes nothing"), help, sink);
    }
    !empty
}

fn edits<K: Scalar + Ord, V>(
    node: NodeRef<'_>,
    key: &str,
    value: fn(NodeRef<'_>) -> Option<Spanned<V>>,
    sink: &mut Sink,
) -> Edits<K, V> {
    let Some(node) = node.get(key) else { return Edits { set: Vec::new(), remove: Vec::new() } };
    let set = node.get("set").into_iter().flat_map(NodeRef::entries).take(MAX_ENTRIES);
    let set: Vec<(Spanned<K>, Spanned<V>)> =
        set.filter_map(|(name, node)| Some((parts::scalar(name)?, value(node)?))).collect();
    let edits = Edits { set, remove: parts::list(node, "remove") };
    if parts::is_empty_mapping(node) {
        let help = "say what to `set`, and what to `remove`";
        self_check::says_nothing(node, &format!("`{key}` changes nothing"), help, sink);
    }
    self_check::map(node, "set", &edits.set, sink);
    self_check::list(node, "remove", &edits.remove, sink);
    let items = node.get("remove").into_iter().flat_map(NodeRef::items);
    for removed in &edits.remove {
        let set = edits.set.iter().find(|(name, _)| name.value == removed.value);
        let item = items.clone().find(|item| item.span() == removed.span);
        if let (Some((set, _)), Some(item)) = (set, item) {
            let message = format!("`{}` is removed and set", removed.value);
            let help = "keep one of them: `set` replaces what was there";
            self_check::contradiction(item, &message, Some((set.span, "set here")), help, sink);
        }
    }
    edits
}

fn literal(node: NodeRef<'_>) -> Option<Spanned<Literal>> {
    let value = match node.kind() {
        Kind::String => Literal::Text(node.as_str()?.to_owned()),
        Kind::Bool => Literal::Flag(node.as_bool()?),
        _ => Literal::Integer(node.as_i64()?),
    };
    Some(parts::spanned(node, value))
}

/// Header lines that no policy changes.
fn unsayable(node: NodeRef<'_>, is_ours: impl Fn(&str) -> bool, why: &str, sink: &mut Sink) {
    let Some(headers) = node.get("headers") else { return };
    let set = headers.get("set").into_iter().flat_map(NodeRef::entries).map(|(name, _)| name);
    let removed = headers.get("remove").into_iter().flat_map(NodeRef::items);
    for name in set.chain(removed) {
        let ours = name.scalar_text().is_some_and(|text| is_ours(&text.to_ascii_lowercase()));
        if ours {
            self_check::malformed(name, "`headers` takes headers that policy may change", Some(why), sink);
        }
    }
}

impl<K: fmt::Display, V: fmt::Display> Edits<K, V> {
    /// The two lists as people write them; `None` where nothing changes.
    fn to_text(&self, value: impl Fn(&V) -> String) -> Option<String> {
        let set: Vec<String> = self
            .set
            .iter()
            .map(|(name, to)| format!("{}: {}", quoted(&name.value.to_string()), value(&to.value)))
            .collect();
        let flow = Flow::new()
            .raw("set", (!set.is_empty()).then(|| format!("{{{}}}", set.join(", "))))
            .list("remove", &self.remove);
        (!flow.is_empty()).then(|| flow.finish())
    }
}

impl RequestChanges {
    fn to_flow(&self) -> Flow {
        Flow::new()
            .raw("headers", self.headers.to_text(|value| quoted(value.as_str())))
            .raw("query", self.query.to_text(|value| quoted(value.as_str())))
            .text("path", self.path.as_ref())
            .raw("body", self.body.to_text(Literal::to_string))
    }
}

impl ResponseChanges {
    fn to_flow(&self) -> Flow {
        Flow::new()
            .raw("headers", self.headers.to_text(|value| quoted(value.as_str())))
            .raw("body", self.body.to_text(Literal::to_string))
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Text(text) => f.write_str(&in_quotes(text)),
            Literal::Integer(value) => value.fmt(f),
            Literal::Flag(value) => value.fmt(f),
        }
    }
}

impl fmt::Display for Transform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flow = Flow::new()
            .raw("request", self.request.as_ref().map(|side| side.to_flow().finish()))
            .raw("response", self.response.as_ref().map(|side| side.to_flow().finish()));
        f.write_str(&flow.finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn both_sides_are_read() {
        reads_as(
            "transform",
            "{request: {headers: {set: {X-A: b}, remove: [cookie]}, query: {remove: [debug]}, path: '/v1/{id}', body: {set: {/a: 1, /b: x, /c: true}, remove: [/d]}}}",
            "{request: {headers: {set: {x-a: b}, remove: [cookie]}, query: {remove: [debug]}, path: \"/v1/{id}\", body: {set: {/a: 1, /b: \"x\", /c: true}, remove: [/d]}}}",
        );
        reads_as(
            "transform",
            "{response: {headers: {set: {x-v: 2}}}}",
            "{response: {headers: {set: {x-v: \"2\"}}}}",
        );
    }

    #[test]
    fn what_changes_nothing_or_cannot_be_changed_is_refused() {
        assert_eq!(codes("transform", "{request: {headers: {set: {a: b}, remove: [A]}}}"), ["GW0120"]);
        assert_eq!(codes("transform", "{}"), ["GW0121"]);
        assert_eq!(codes("transform", "{request: {}}"), ["GW0121"]);
        assert_eq!(codes("transform", "{response: {headers: {}}}"), ["GW0121"]);
        assert_eq!(codes("transform", "{response: {headers: {remove: [a, a]}}}"), ["GW0122"]);
        assert_eq!(codes("transform", "{request: {headers: {set: {Host: a}}}}"), ["GW0133"]);
        assert_eq!(codes("transform", "{response: {headers: {remove: [content-length]}}}"), ["GW0133"]);
        assert_eq!(codes("transform", "{request: {path: x}}"), ["GW0133"]);
        assert_eq!(codes("transform", "{request: {body: {set: {/a: 1.5}}}}"), ["GW0133"]);
        assert_eq!(codes("transform", "{request: {body: {remove: [a]}}}"), ["GW0133"]);
    }
}
