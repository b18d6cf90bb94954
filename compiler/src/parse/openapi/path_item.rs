//! A path item, with what its `$ref` adds to it.

use gw_artifact::model::Method;
use gw_syntax::{NodeRef, Pointer};

/// The path item of one template: the node under `paths` and, weaker, what its `$ref` leads to.
///
/// OpenAPI leaves open what keys beside a `$ref` mean (3.1 section 4.8.9); here they are merged, and a key
/// that stands on both sides is taken from beside the `$ref`.
#[derive(Clone, Debug)]
pub struct PathItem<'t> {
    parts: Vec<(NodeRef<'t>, Pointer)>,
}

/// One method of a path item.
#[derive(Clone, Copy, Debug)]
pub struct MethodEntry<'i, 't> {
    /// The method.
    pub method: Method,
    /// Its key.
    pub key: NodeRef<'t>,
    /// The operation.
    pub node: NodeRef<'t>,
    /// Where the part of the path item stands that holds it.
    pub parent: &'i Pointer,
}

impl<'t> PathItem<'t> {
    /// The view over the node under `paths` and the nodes that its `$ref`s lead to, one after the other,
    /// each with its path through its own file.
    pub fn new(parts: Vec<(NodeRef<'t>, Pointer)>) -> Self {
        PathItem { parts }
    }

    /// Declared operations, in source order. A method that stands in several parts is given for each, the
    /// strongest part first.
    pub fn operations(&self) -> impl Iterator<Item = MethodEntry<'_, 't>> {
        let entries =
            self.parts.iter().flat_map(|(part, parent)| part.entries().map(move |entry| (entry, parent)));
        entries.filter_map(|((key, node), parent)| {
            let method = method(key.scalar_text()?)?;
            (!node.is_null()).then_some(MethodEntry { method, key, node, parent })
        })
    }

    /// The key of an operation whose method is never published: `TRACE` answers with what was sent, its
    /// credentials included (RFC 9110 section 9.3.8).
    pub fn trace(&self) -> Option<NodeRef<'t>> {
        let declared = self.parts().find_map(|part| part.entry("trace"));
        declared.filter(|(_, node)| !node.is_null()).map(|(key, _)| key)
    }

    /// The parameters of all operations.
    pub fn parameters(&self) -> impl Iterator<Item = NodeRef<'t>> {
        self.get("parameters").into_iter().flat_map(NodeRef::items)
    }

    /// `servers`, instead of the document's; an empty list says nothing.
    pub fn servers(&self) -> Option<NodeRef<'t>> {
        self.get("servers").filter(|servers| !servers.is_empty())
    }

    /// The parts, strongest first.
    pub fn parts(&self) -> impl Iterator<Item = NodeRef<'t>> {
        self.parts.iter().map(|(part, _)| *part)
    }

    fn get(&self, key: &str) -> Option<NodeRef<'t>> {
        self.parts().find_map(|part| part.get(key).filter(|value| !value.is_null()))
    }
}

/// The method of a path item's key.
fn method(key: &str) -> Option<Method> {
    match key {
        "get" => Some(Method::Get),
        "put" => Some(Method::Put),
        "post" => Some(Method::Post),
        "delete" => Some(Method::Delete),
        "options" => Some(Method::Options),
        "head" => Some(Method::Head),
        "patch" => Some(Method::Patch),
        _ => None,
    }
}
