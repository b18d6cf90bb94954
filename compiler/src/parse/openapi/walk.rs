//! Visits every object of a document that gw follows, without recursion, each once.

use gw_syntax::{Kind, NodeId, NodeRef, SourceId, Tree};

use super::grammar::{Field, Object};

/// Told about what a walk meets.
pub trait Visitor {
    /// An object in its place; not called for a `$ref`.
    fn object(&mut self, node: NodeRef<'_>, object: Object);
    /// A `$ref` in the place of an object: the object that holds it, and its value.
    fn reference(&mut self, holder: NodeRef<'_>, value: NodeRef<'_>, object: Object);
    /// A node that is not what its place needs.
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

/// Which objects have been visited: a set of [`Object`]s for each node of each tree.
#[derive(Debug, Default)]
pub struct Visited {
    sets: Vec<Vec<u32>>,
}

impl Visited {
    /// Remembers a node in a role; whether it is new.
    fn insert(&mut self, node: NodeRef<'_>, object: Object) -> bool {
        let set = &mut self.sets[node.tree().source().0 as usize];
        let seen = &mut set[node.id().0 as usize];
        let new = *seen & object.bit() == 0;
        *seen |= object.bit();
        new
    }

    fn make_room(&mut self, tree: &Tree) {
        let source = tree.source().0 as usize;
        if self.sets.len() <= source {
            self.sets.resize_with(source + 1, Vec::new);
        }
        if self.sets[source].is_empty() {
            self.sets[source] = vec![0; tree.node_count()];
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

/// Walks from one node of one tree down to its leaves; `$ref`s are told, not followed.
///
/// Time and memory are linear in the nodes that are new to `visited`.
pub fn walk(start: NodeRef<'_>, object: Object, visited: &mut Visited, visitor: &mut impl Visitor) {
    visited.make_room(start.tree());
    let mut open = vec![(start, object)];
    while let Some((node, object)) = open.pop() {
        if !visited.insert(node, object) {
            continue;
        }
        step(node, object, visitor, &mut open);
    }
}

/// Looks at one object and queues what it holds.
fn step<'t>(
    node: NodeRef<'t>,
    object: Object,
    visitor: &mut impl Visitor,
    open: &mut Vec<(NodeRef<'t>, Object)>,
) {
    match node.kind() {
        Kind::Mapping => {}
        // A schema may be `true` or `false`; nothing at all is nothing wrong.
        Kind::Bool if object == Object::Schema => return,
        Kind::Null => return,
        _ => return visitor.misshapen(node, Needed::Mapping, object, None),
    }
    let reference = if object.may_be_reference() { node.get("$ref") } else { None };
    match reference.filter(|value| value.as_str().is_some()) {
        Some(value) => visitor.reference(node, value, object),
        None => visitor.object(node, object),
    }
    for (key, value) in node.entries() {
        let Some(name) = key.scalar_text() else { continue };
        if let Some(field) = object.field(name) {
            queue(value, field, (object, name), visitor, open);
        }
    }
}

fn queue<'t>(
    value: NodeRef<'t>,
    field: Field,
    (holder, key): (Object, &str),
    visitor: &mut impl Visitor,
    open: &mut Vec<(NodeRef<'t>, Object)>,
) {
    match (field, value.kind()) {
        (_, Kind::Null) => {}
        (Field::List(object) | Field::OneOrList(object), Kind::Sequence) => {
            open.extend(value.items().map(|item| (item, object)));
        }
        (Field::One(object) | Field::OneOrList(object), _) => open.push((value, object)),
        (Field::List(_), _) => visitor.misshapen(value, Needed::List, holder, Some(key)),
        (Field::Map(object), Kind::Mapping) => {
            open.extend(value.entries().map(|(_, value)| (value, object)));
        }
        (Field::Extensible(object), Kind::Mapping) => {
            open.push((value, Object::Plain));
            let names = value.entries().filter(|(name, _)| !is_extension(*name));
            open.extend(names.map(|(_, value)| (value, object)));
        }
        (Field::Map(_) | Field::Extensible(_), _) => {
            visitor.misshapen(value, Needed::Mapping, holder, Some(key));
        }
    }
}

fn is_extension(key: NodeRef<'_>) -> bool {
    key.scalar_text().is_some_and(|name| name.starts_with("x-"))
}
