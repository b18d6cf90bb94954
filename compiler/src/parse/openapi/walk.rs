//! Visits every object of a document that gw follows, without recursion, each once.

use gw_syntax::{Kind, NodeId, NodeRef, SourceId, Tree};

use super::grammar::{Object, Shape};
use super::version::Version;

/// Told about what a walk meets.
pub trait Visitor {
    /// An object in its place; not called for a `$ref`.
    fn object(&mut self, node: NodeRef<'_>, object: Object);
    /// A `$ref` in the place of an object: the object that holds it, and its value.
    fn reference(&mut self, holder: NodeRef<'_>, value: NodeRef<'_>, object: Object);
    /// A node that is not what its place needs; nothing at all where something is named, too.
    fn misshapen(&mut self, node: NodeRef<'_>, needed: Needed, object: Object, key: Option<&str>);
}

/// What a place needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// A mapping.
    Mapping,
    /// A list.
    List,
}

/// Which objects have been visited: a set of [`Object`]s for each node of each tree, in each version.
#[derive(Debug, Default)]
pub struct Visited {
    versions: [Vec<Vec<u64>>; Version::ALL.len()],
}

impl Visited {
    /// Remembers a node in a role; whether it is new.
    fn insert(&mut self, node: NodeRef<'_>, object: Object, version: Version) -> bool {
        let set = &mut self.versions[version as usize][node.tree().source().0 as usize];
        let seen = &mut set[node.id().0 as usize];
        let new = *seen & object.bit() == 0;
        *seen |= object.bit();
        new
    }

    fn make_room(&mut self, tree: &Tree, version: Version) {
        let sets = &mut self.versions[version as usize];
        let source = tree.source().0 as usize;
        if sets.len() <= source {
            sets.resize_with(source + 1, Vec::new);
        }
        if sets[source].is_empty() {
            sets[source] = vec![0; tree.node_count()];
        }
    }
}

/// A node of some file: what a `$ref` points from and to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub source: SourceId,
    /// The node in the file's tree.
    pub node: NodeId,
}

impl Place {
    /// The place of a node.
    pub fn of(node: NodeRef<'_>) -> Self {
        Place { source: node.tree().source(), node: node.id() }
    }
}

/// Walks from one node of one tree down to its leaves, by the rules of one version; `$ref`s are told, not followed.
///
/// Time and memory are linear in the nodes that are new to `visited`.
pub fn walk(
    start: NodeRef<'_>,
    object: Object,
    version: Version,
    visited: &mut Visited,
    visitor: &mut impl Visitor,
) {
    visited.make_room(start.tree(), version);
    let mut open = vec![(start, object)];
    while let Some((node, object)) = open.pop() {
        if visited.insert(node, object, version) {
            step(node, object, version, visitor, &mut open);
        }
    }
}

/// Looks at one object and queues what it holds.
fn step<'t>(
    node: NodeRef<'t>,
    object: Object,
    version: Version,
    visitor: &mut impl Visitor,
    open: &mut Vec<(NodeRef<'t>, Object)>,
) {
    match node.kind() {
        Kind::Mapping => {}
        Kind::Bool if object == Object::Schema && version >= Version::V3_1 => return,
        _ => return visitor.misshapen(node, Needed::Mapping, object, None),
    }
    let reference = if object.may_be_reference() { node.get("$ref") } else { None };
    match reference.filter(|value| value.as_str().is_some()) {
        Some(value) => visitor.reference(node, value, object),
        None => visitor.object(node, object),
    }
    for (key, value) in node.entries() {
        let Some(name) = key.scalar_text() else { continue };
        if let Some(shape) = object.shape_at(name, version) {
            queue(value, shape, (object, name), visitor, open);
        }
    }
}

fn queue<'t>(
    value: NodeRef<'t>,
    shape: Shape,
    (holder, key): (Object, &str),
    visitor: &mut impl Visitor,
    open: &mut Vec<(NodeRef<'t>, Object)>,
) {
    match (shape, value.kind()) {
        (Shape::List(object) | Shape::OneOrList(object), Kind::Sequence) => {
            open.extend(value.items().map(|item| (item, object)));
        }
        (Shape::Map(object), Kind::Mapping) => {
            open.extend(value.entries().map(|(_, value)| (value, object)));
        }
        // Before 3.1 it is the one place where a schema may be `true` or `false`.
        (Shape::One(Object::Schema), Kind::Bool) if key == "additionalProperties" => {}
        // What is null, and what holds no object, is looked at with the keys of the holder.
        (
            Shape::Any
            | Shape::Text
            | Shape::Flag
            | Shape::Count
            | Shape::Number
            | Shape::Choice(_)
            | Shape::Values(_)
            | Shape::Words(_)
            | Shape::Texts
            | Shape::Mapping
            | Shape::Types,
            _,
        )
        | (Shape::One(_) | Shape::OneOrList(_) | Shape::List(_) | Shape::Map(_), Kind::Null) => {}
        (Shape::One(object) | Shape::OneOrList(object), _) => open.push((value, object)),
        (Shape::List(_), _) => visitor.misshapen(value, Needed::List, holder, Some(key)),
        (Shape::Map(_), _) => visitor.misshapen(value, Needed::Mapping, holder, Some(key)),
    }
}
