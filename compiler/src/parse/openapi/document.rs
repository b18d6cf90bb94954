//! The root of a document.

use gw_syntax::NodeRef;

use super::version::Version;

/// A document whose version is known.
#[derive(Clone, Copy, Debug)]
pub struct Document<'t> {
    root: NodeRef<'t>,
    version: Version,
}

impl<'t> Document<'t> {
    /// The view over a root.
    pub fn new(root: NodeRef<'t>, version: Version) -> Self {
        Document { root, version }
    }

    /// The root itself.
    pub fn root(self) -> NodeRef<'t> {
        self.root
    }

    /// Its version.
    pub fn version(self) -> Version {
        self.version
    }

    /// The entries of `paths` that are path items: template and node, in source order.
    pub fn paths(self) -> impl Iterator<Item = (NodeRef<'t>, NodeRef<'t>)> {
        let entries = self.root.get("paths").into_iter().flat_map(NodeRef::entries);
        entries.filter(|(template, _)| template.scalar_text().is_some_and(|text| !text.starts_with("x-")))
    }

    /// `servers`.
    pub fn servers(self) -> Option<NodeRef<'t>> {
        self.root.get("servers").filter(|servers| !servers.is_null())
    }

    /// `security`, the default of all operations.
    pub fn security(self) -> Option<NodeRef<'t>> {
        self.root.get("security").filter(|security| !security.is_null())
    }

    /// The entries of `components.securitySchemes`: name and node, in source order.
    pub fn security_schemes(self) -> impl Iterator<Item = (NodeRef<'t>, NodeRef<'t>)> {
        let schemes = self.root.get("components").and_then(|components| components.get("securitySchemes"));
        schemes.into_iter().flat_map(NodeRef::entries)
    }
}
