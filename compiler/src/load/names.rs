//! What documents and schemas call themselves: `$self`, `$id` and `$anchor` (OpenAPI 3.2 section 4.1, JSON Schema
//! 2020-12 section 8.2).

use std::collections::{BTreeMap, BTreeSet};

use gw_syntax::{NodeId, NodeRef, Tree};

use super::locator;
use super::remote::is_url;
use crate::parse::openapi::dialect::Dialect;
use crate::parse::openapi::grammar::Object;
use crate::parse::openapi::version::Version;
use crate::parse::openapi::walk::{Needed, Visited, Visitor, walk};

/// The names of one file.
#[derive(Debug)]
pub(super) struct Names {
    /// The file itself, then every schema with an `$id`, in the order of the text.
    resources: Vec<Resource>,
    /// What resources call themselves.
    uris: BTreeSet<String>,
    /// Schemas by the resource that they stand in and their name there; the first, where one stands twice.
    anchors: BTreeMap<(usize, String), NodeId>,
    /// Schemas with a `$dynamicAnchor`, by its name.
    dynamic: BTreeMap<String, Vec<NodeId>>,
    /// Nodes of names that stand in one place twice.
    twice: Vec<NodeId>,
}

/// A document, or a schema that is one by its `$id`.
#[derive(Debug)]
struct Resource {
    /// What it calls itself, else where it lies: a URI, or a path through the project.
    uri: String,
    root: NodeId,
    /// The id behind what it holds.
    end: NodeId,
    /// The resource around it; the file's own is itself.
    parent: usize,
}

impl Names {
    /// Collects the names of a file; `location` is its path or URL.
    pub(super) fn of(tree: &Tree, location: &str) -> Self {
        let root = tree.root();
        let mut found = Found::default();
        let version = Version::declared(root);
        let object = if version.is_some() { Object::Document } else { Object::Schema };
        let version = version.unwrap_or(Version::V3_2);
        if version >= Version::V3_1 {
            walk(root, object, version, &mut Visited::default(), &mut found);
        }
        found.schemas.sort_unstable();
        let own = root.get("$self").and_then(NodeRef::as_str).filter(|_| version >= Version::V3_2);
        let uri = own.and_then(|own| resolved(location, own)).unwrap_or_else(|| location.to_owned());
        let mut names = Names {
            uris: BTreeSet::from([uri.clone()]),
            resources: vec![Resource { uri, root: root.id(), end: root.end(), parent: 0 }],
            anchors: BTreeMap::new(),
            dynamic: BTreeMap::new(),
            twice: Vec::new(),
        };
        // Outer schemas come first, so that the base of an inner one is known.
        for schema in found.schemas {
            names.add(tree.node(schema));
        }
        names
    }

    fn add(&mut self, schema: NodeRef<'_>) {
        let text = |key: &str| schema.get(key).and_then(|node| Some((node.id(), node.as_str()?)));
        let mut resource = self.resource_of(schema.id());
        if let Some((node, id)) = text("$id") {
            let uri = resolved(&self.resources[resource].uri, id.trim_end_matches('#'));
            match uri.map(|uri| (self.uris.contains(&uri), uri)) {
                Some((false, uri)) => {
                    self.uris.insert(uri.clone());
                    let parent = resource;
                    resource = self.resources.len();
                    self.resources.push(Resource { uri, root: schema.id(), end: schema.end(), parent });
                }
                // A file whose root says by `$id` what it is called anyway.
                Some((true, _)) if self.resources[resource].root == schema.id() => {}
                Some((true, _)) => self.twice.push(node),
                None => {}
            }
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            let Some((node, name)) = text(key) else { continue };
            let first = *self.anchors.entry((resource, name.to_owned())).or_insert(schema.id());
            if first != schema.id() {
                self.twice.push(node);
            }
            if key == "$dynamicAnchor" {
                self.dynamic.entry(name.to_owned()).or_default().push(schema.id());
            }
        }
    }

    /// The innermost resource that holds a node. Resources stand in the order of the text, and an inner one lies
    /// within its parent: O(log n + depth).
    fn resource_of(&self, node: NodeId) -> usize {
        let before = self.resources.partition_point(|resource| resource.root <= node);
        let mut resource = before.saturating_sub(1);
        while resource != 0 && self.resources[resource].end <= node {
            resource = self.resources[resource].parent;
        }
        resource
    }

    /// What relative references of a node are relative to.
    pub(super) fn base_of(&self, node: NodeRef<'_>) -> &str {
        &self.resources[self.resource_of(node.id())].uri
    }

    /// The root of the resource that holds a node.
    pub(super) fn root_of(&self, node: NodeRef<'_>) -> NodeId {
        self.resources[self.resource_of(node.id())].root
    }

    /// What the file and its schemas call themselves, and the roots of these.
    pub(super) fn resources(&self) -> impl Iterator<Item = (&str, NodeId)> {
        self.resources.iter().map(|resource| (resource.uri.as_str(), resource.root))
    }

    /// The schema with this name in the resource with this root.
    pub(super) fn anchor(&self, root: NodeId, name: &str) -> Option<NodeId> {
        let resource = self.resources.partition_point(|resource| resource.root < root);
        self.anchors.get(&(resource, name.to_owned())).copied()
    }

    /// How many schemas take part in the dynamic scope of this name.
    pub(super) fn dynamic_anchors(&self, name: &str) -> usize {
        self.dynamic.get(name).map_or(0, Vec::len)
    }

    /// Names that stand in one place twice.
    pub(super) fn twice(&self) -> &[NodeId] {
        &self.twice
    }
}

/// A URI reference against its base; both may be paths through the project (RFC 3986 section 5.2).
pub(super) fn resolved(base: &str, reference: &str) -> Option<String> {
    if reference.is_empty() {
        return Some(base.to_owned());
    }
    if has_scheme(reference) && !is_url(reference) {
        return Some(reference.to_owned());
    }
    locator::join(base, reference).ok()
}

fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

/// The schemas of a file that have a name.
#[derive(Default)]
struct Found {
    schemas: Vec<NodeId>,
}

impl Found {
    fn schema(&mut self, node: NodeRef<'_>, object: Object) {
        let is_named = ["$id", "$anchor", "$dynamicAnchor"].into_iter().any(|key| node.get(key).is_some());
        if object == Object::Schema && is_named {
            self.schemas.push(node.id());
        }
    }
}

impl Visitor for Found {
    fn object(&mut self, node: NodeRef<'_>, object: Object, _: Dialect) {
        self.schema(node, object);
    }

    fn reference(&mut self, holder: NodeRef<'_>, _: NodeRef<'_>, object: Object, _: Dialect) {
        self.schema(holder, object);
    }

    fn misshapen(&mut self, _: NodeRef<'_>, _: Needed, _: Object, _: Option<&str>) {}
}
