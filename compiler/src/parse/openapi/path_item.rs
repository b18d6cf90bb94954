//! A path item, with what its `$ref` adds to it.

use gw_artifact::model::Method;
use gw_syntax::NodeRef;

/// The path item of one template: the node under `paths` and, weaker, what its `$ref` leads to.
///
/// OpenAPI leaves open what keys beside a `$ref` mean (3.1 section 4.8.9); here they are merged, and a key
/// that stands on both sides is taken from beside the `$ref`.
#[derive(Clone, Debug)]
pub struct PathItem<'t> {
    parts: Vec<NodeRef<'t>>,
}

/// Methods in the order of OpenAPI's own list.
const METHODS: [(&str, Method); 8] = [
    ("get", Method::Get),
    ("put", Method::Put),
    ("post", Method::Post),
    ("delete", Method::Delete),
    ("options", Method::Options),
    ("head", Method::Head),
    ("patch", Method::Patch),
    ("trace", Method::Trace),
];

impl<'t> PathItem<'t> {
    /// The view over the node under `paths` and the nodes that its `$ref`s lead to, one after the other.
    pub fn new(parts: Vec<NodeRef<'t>>) -> Self {
        PathItem { parts }
    }

    /// Declared operations, in source order: method, key and node. A method that stands in several parts is
    /// given for each, the strongest part first.
    pub fn operations(&self) -> impl Iterator<Item = (Method, NodeRef<'t>, NodeRef<'t>)> {
        self.parts.iter().flat_map(|part| part.entries()).filter_map(|(key, node)| {
            let name = key.scalar_text()?;
            let (_, method) = METHODS.iter().find(|(known, _)| *known == name)?;
            (!node.is_null()).then_some((*method, key, node))
        })
    }

    /// The parameters of all operations.
    pub fn parameters(&self) -> impl Iterator<Item = NodeRef<'t>> {
        self.get("parameters").into_iter().flat_map(NodeRef::items)
    }

    /// `servers`, instead of the document's.
    pub fn servers(&self) -> Option<NodeRef<'t>> {
        self.get("servers")
    }

    /// The parts, strongest first.
    pub fn parts(&self) -> &[NodeRef<'t>] {
        &self.parts
    }

    fn get(&self, key: &str) -> Option<NodeRef<'t>> {
        self.parts.iter().find_map(|part| part.get(key).filter(|value| !value.is_null()))
    }
}
