//! Visits every object of a document that gw follows, without recursion, each once.

use gw_syntax::{Kind, NodeId, NodeRef, SourceId, Tree};

use super::dialect::Dialect;
use super::grammar::{Object, Shape};
use super::version::Version;

/// Told about what a walk meets.
pub trait Visitor {
    /// An object in its place, and the dialect of schemas there; not called for a `$ref`.
    fn object(&mut self, node: NodeRef<'_>, object: Object, dialect: Dialect);
    /// A `$ref` in the place of an object: the object that holds it, its value, and the dialect of schemas there.
    fn reference(&mut self, holder: NodeRef<'_>, value: NodeRef<'_>, object: Object, dialect: Dialect);
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
    /// Whether a node was visited in a role.
    pub fn contains(&self, node: NodeRef<'_>, object: Object, version: Version) -> bool {
        let set = self.versions[version as usize].get(node.tree().source().0 as usize);
        set.and_then(|set| set.get(node.id().0 as usize)).is_some_and(|seen| seen & object.bit() != 0)
    }

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
    let dialect = Dialect::of_file(start.tree().root(), version);
    let mut open = vec![Open { node: start, object, dialect }];
    while let Some(next) = open.pop() {
        if visited.insert(next.node, next.object, version) {
            step(next, version, visitor, &mut open);
        }
    }
}

/// An object that is not visited yet, and the dialect of schemas around it.
#[derive(Clone, Copy)]
struct Open<'t> {
    node: NodeRef<'t>,
    object: Object,
    dialect: Dialect,
}

/// Looks at one object and queues what it holds.
fn step<'t>(
    Open { node, object, mut dialect }: Open<'t>,
    version: Version,
    visitor: &mut impl Visitor,
    open: &mut Vec<Open<'t>>,
) {
    if object == Object::Schema {
        dialect = dialect.of_schema(node, version);
    }
    match node.kind() {
        Kind::Mapping => {}
        Kind::Bool if object == Object::Schema && version >= Version::V3_1 => return,
        _ if object == Object::Schema && dialect == Dialect::Foreign => return,
        _ => return visitor.misshapen(node, Needed::Mapping, object, None),
    }
    let reference = if object.may_be_reference() { node.get("$ref") } else { None };
    match reference.filter(|value| value.as_str().is_some()) {
        Some(value) => {
            visitor.reference(node, value, object, dialect);
            if !object.holds_beside_reference(version) {
                return;
            }
        }
        None => visitor.object(node, object, dialect),
    }
    for (key, value) in node.entries() {
        let Some(name) = key.scalar_text() else { continue };
        if let Some(shape) = object.shape_at(name, version) {
            queue(value, shape, (object, name, dialect), visitor, open);
        }
    }
}

fn queue<'t>(
    value: NodeRef<'t>,
    shape: Shape,
    (holder, key, dialect): (Object, &str, Dialect),
    visitor: &mut impl Visitor,
    open: &mut Vec<Open<'t>>,
) {
    let row = |node, object| Open { node, object, dialect };
    match (shape, value.kind()) {
        (Shape::List(object) | Shape::OneOrList(object), Kind::Sequence) => {
            open.extend(value.items().map(|item| row(item, object)));
        }
        (Shape::Map(object), Kind::Mapping) => {
            open.extend(value.entries().map(|(_, value)| row(value, object)));
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
        (Shape::One(object) | Shape::OneOrList(object), _) => open.push(row(value, object)),
        // Which form a key of somebody's own dialect has is not known here.
        _ if holder == Object::Schema && dialect == Dialect::Foreign => {}
        (Shape::List(_), _) => visitor.misshapen(value, Needed::List, holder, Some(key)),
        (Shape::Map(_), _) => visitor.misshapen(value, Needed::Mapping, holder, Some(key)),
    }
}
