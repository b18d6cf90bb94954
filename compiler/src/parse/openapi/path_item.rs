//! A path item, with what its `$ref` adds to it.

use gw_artifact::model::{Method, MethodToken};
use gw_syntax::{NodeRef, Pointer};

use super::version::Version;

/// The path item of one template: the node under `paths` and, weaker, what its `$ref` leads to.
///
/// OpenAPI leaves open what keys beside a `$ref` mean (3.1 section 4.8.9); here they are merged, and a key
/// that stands on both sides is taken from beside the `$ref`.
#[derive(Clone, Debug)]
pub struct PathItem<'t> {
    parts: Vec<(NodeRef<'t>, Pointer)>,
    version: Version,
}

/// One method of a path item.
#[derive(Clone, Debug)]
pub struct MethodEntry<'t> {
    /// The method.
    pub method: Method,
    /// Its key.
    pub key: NodeRef<'t>,
    /// The operation.
    pub node: NodeRef<'t>,
    /// Where the operation stands in its own file.
    pub pointer: Pointer,
}

impl<'t> PathItem<'t> {
    /// The view over the node under `paths` of a document of this version and the nodes that its `$ref`s lead to, one
    /// after the other, each with its path through its own file.
    pub fn new(parts: Vec<(NodeRef<'t>, Pointer)>, version: Version) -> Self {
        PathItem { parts, version }
    }

    /// Declared operations, in source order. A method that stands in several parts is given for each, the
    /// strongest part first.
    pub fn operations(&self) -> impl Iterator<Item = MethodEntry<'t>> {
        self.parts.iter().flat_map(|(part, parent)| {
            let version = self.version.of_target(*part);
            let fixed = part.entries().filter_map(move |(key, node)| {
                let name = key.scalar_text()?;
                entry(method(name, version)?, (key, node), || parent.child(name))
            });
            let others = part.get(ADDITIONAL).filter(|_| version >= Version::V3_2);
            let others = others.into_iter().flat_map(NodeRef::entries).filter_map(|(key, node)| {
                let name = key.scalar_text()?;
                let method = MethodToken::new(name).map(Method::Other)?;
                entry(method, (key, node), || parent.child(ADDITIONAL).child(name))
            });
            fixed.chain(others)
        })
    }

    /// The key of an operation whose method is never published: `TRACE` answers with what was sent, which may hold
    /// credentials (RFC 9110 section 9.3.8).
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

fn entry<'t>(
    method: Method,
    (key, node): (NodeRef<'t>, NodeRef<'t>),
    pointer: impl FnOnce() -> Pointer,
) -> Option<MethodEntry<'t>> {
    (!node.is_null()).then(|| MethodEntry { method, key, node, pointer: pointer() })
}

/// Where a path item has operations whose method has no key of its own (OpenAPI 3.2 section 4.9).
pub const ADDITIONAL: &str = "additionalOperations";

/// The keys of a path item that are published methods, in a version.
pub fn methods(version: Version) -> &'static [&'static str] {
    const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "query"];
    if version >= Version::V3_2 { &METHODS } else { &METHODS[..7] }
}

/// The method of a path item's key.
fn method(key: &str, version: Version) -> Option<Method> {
    let known = methods(version).contains(&key);
    known.then(|| Method::from_wire(&key.to_ascii_uppercase())).flatten()
}
