//! One operation.

use gw_syntax::NodeRef;

/// An operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'t> {
    node: NodeRef<'t>,
}

impl<'t> Operation<'t> {
    /// The view over a node.
    pub fn new(node: NodeRef<'t>) -> Self {
        Operation { node }
    }

    /// The node itself.
    pub fn node(self) -> NodeRef<'t> {
        self.node
    }

    /// `operationId`, when it is text and not empty.
    pub fn operation_id(self) -> Option<NodeRef<'t>> {
        self.node.get("operationId").filter(|id| id.as_str().is_some_and(|id| !id.trim().is_empty()))
    }

    /// The tags.
    pub fn tags(self) -> impl Iterator<Item = &'t str> {
        self.node.get("tags").into_iter().flat_map(NodeRef::items).filter_map(NodeRef::scalar_text)
    }

    /// `deprecated`.
    pub fn deprecated(self) -> bool {
        self.node.get("deprecated").and_then(NodeRef::as_bool).unwrap_or(false)
    }

    /// `security`, instead of the document's.
    pub fn security(self) -> Option<NodeRef<'t>> {
        self.node.get("security").filter(|security| !security.is_null())
    }

    /// `servers`, instead of the path item's; an empty list says nothing.
    pub fn servers(self) -> Option<NodeRef<'t>> {
        self.node.get("servers").filter(|servers| !servers.is_empty())
    }

    /// Its own parameters.
    pub fn parameters(self) -> impl Iterator<Item = NodeRef<'t>> {
        self.node.get("parameters").into_iter().flat_map(NodeRef::items)
    }

    /// `requestBody`, which may be a `$ref`.
    pub fn request_body(self) -> Option<NodeRef<'t>> {
        self.node.get("requestBody").filter(|body| !body.is_null())
    }

    /// The entries of `responses`: status and node, in source order.
    pub fn responses(self) -> impl Iterator<Item = (NodeRef<'t>, NodeRef<'t>)> {
        self.node.get("responses").into_iter().flat_map(NodeRef::entries)
    }
}
