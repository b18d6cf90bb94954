//! A view of one node: what it is, where it stands, what it holds.

use std::fmt;
use std::ops::Range;

use super::{Kind, NodeId, Shape, TextPlace, Tree, number};
use crate::pointer::Pointer;
use crate::span::Span;

/// One node of a tree, to be passed around by value. Aliases are followed before a view is made: a view
/// is always of the node that carries the anchor, with that node's id and span.
#[derive(Clone, Copy)]
pub struct NodeRef<'a> {
    tree: &'a Tree,
    id: NodeId,
}

impl<'a> NodeRef<'a> {
    /// INVARIANT: `id` is not an alias.
    pub(super) fn new(tree: &'a Tree, id: NodeId) -> Self {
        NodeRef { tree, id }
    }

    /// Its name in the tree; [`Tree::node`] turns it back into a view.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The id behind its subtree: what it holds has ids from its own up to this one.
    pub fn end(self) -> NodeId {
        self.tree.after(self.id)
    }

    /// The tree it belongs to.
    pub fn tree(self) -> &'a Tree {
        self.tree
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.tree.raw(self.id).shape {
            Shape::Known(kind) => kind,
            Shape::Alias => Kind::Null,
        }
    }

    /// Its bytes: a scalar with its quotes, a container with its brackets or from its first key to the end
    /// of its last value; empty where YAML leaves a null out.
    pub fn span(self) -> Span {
        self.tree.span(self.id)
    }

    /// Its bytes as they are written, with quotes, brackets and all.
    pub fn source_text(self) -> &'a str {
        let node = self.tree.raw(self.id);
        &self.tree.texts.origin(node.origin).text[node.start as usize..node.end as usize]
    }

    /// The place of a part of its [`NodeRef::scalar_text`], given in bytes. Where the text does not stand in the
    /// file as it is (escapes, folded lines), the place of the whole node.
    pub fn span_of(self, part: Range<usize>) -> Span {
        let node = self.tree.raw(self.id);
        let quote = match node.place {
            TextPlace::Whole if !self.kind().is_container() => 0,
            TextPlace::Inside => 1,
            TextPlace::Whole | TextPlace::Side => return self.span(),
        };
        let last = node.end - quote;
        let offset =
            |bytes: usize| u32::try_from(bytes).map_or(last, |bytes| last.min(node.start + quote + bytes));
        Span::new(self.span().source, offset(part.start), offset(part.end))
    }

    /// The place of what it replaced in an edit; see [`Tree::beneath`].
    pub fn beneath(self) -> Option<Span> {
        self.tree.beneath(self.id)
    }

    /// The text of a string; `None` for everything else, plain `3.0` and `true` included.
    pub fn as_str(self) -> Option<&'a str> {
        (self.kind() == Kind::String).then(|| self.tree.scalar_text(self.id))
    }

    /// The text of any scalar, without quotes and escapes: `200` as a key, `3.0` as a version, empty for a
    /// null that is left out. `None` for containers.
    pub fn scalar_text(self) -> Option<&'a str> {
        (!self.kind().is_container()).then(|| self.tree.scalar_text(self.id))
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.tree.scalar_text(self.id).starts_with(['t', 'T']))
    }

    /// The value of an integer that fits.
    pub fn as_i64(self) -> Option<i64> {
        i64::try_from(self.integer()?).ok()
    }

    /// The value of an integer that fits.
    pub fn as_u64(self) -> Option<u64> {
        u64::try_from(self.integer()?).ok()
    }

    /// The value of an integer or float as the nearest 64-bit float; infinite when it is too large.
    pub fn as_f64(self) -> Option<f64> {
        match self.kind() {
            Kind::Integer => self.integer().map(|value| value as f64).or_else(|| self.float()),
            Kind::Float => self.float(),
            _ => None,
        }
    }

    /// Whether it is null, written or left out.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// How many items or entries it has; 0 for scalars.
    pub fn len(self) -> usize {
        if self.kind().is_container() { self.tree.raw(self.id).count as usize } else { 0 }
    }

    /// Whether it has no items and no entries; true for scalars.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of a sequence in order; none for everything else.
    pub fn items(self) -> Items<'a> {
        Items { children: self.children(Kind::Sequence), left: self.count_if(Kind::Sequence) }
    }

    /// The entries of a mapping in the order of the text, as views of key and value; none for everything
    /// else. Of keys that stand twice (GW0107) all are given.
    pub fn entries(self) -> Entries<'a> {
        Entries { children: self.children(Kind::Mapping), left: self.count_if(Kind::Mapping) }
    }

    /// The value at a key of a mapping (the first, where it stands twice); `None` for everything else.
    ///
    /// Keys are compared by [`NodeRef::scalar_text`]. O(log entries).
    pub fn get(self, key: &str) -> Option<NodeRef<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Like [`NodeRef::get`], with the view of the key.
    pub fn entry(self, key: &str) -> Option<(NodeRef<'a>, NodeRef<'a>)> {
        if self.kind() != Kind::Mapping {
            return None;
        }
        let tree = self.tree;
        let Some(sorted) = tree.lookup.of(self.id, tree.raw(self.id).count) else {
            return self.entries().find(|(name, _)| name.scalar_text() == Some(key));
        };
        let index = sorted.partition_point(|name| tree.scalar_text(*name) < key);
        let name = *sorted.get(index)?;
        (tree.scalar_text(name) == key).then(|| (tree.node(name), tree.node(tree.after(name))))
    }

    /// The item of a sequence at `index`, counted from 0. O(index).
    pub fn item(self, index: usize) -> Option<NodeRef<'a>> {
        self.items().nth(index)
    }

    /// The node at the end of a path that starts here. An index is digits without a leading zero
    /// (RFC 6901 §4).
    pub fn at_pointer(self, pointer: &Pointer) -> Option<NodeRef<'a>> {
        pointer.tokens().try_fold(self, |node, token| match node.kind() {
            Kind::Mapping => node.get(&token),
            Kind::Sequence => node.item(array_index(&token)?),
            _ => None,
        })
    }

    /// The path to it by the place where it is written; see [`Tree::pointer_of`].
    pub fn pointer(self) -> Pointer {
        self.tree.pointer_of(self.id)
    }

    fn children(self, kind: Kind) -> Children<'a> {
        let first = NodeId(self.id.0 + 1);
        let end = if self.kind() == kind { self.tree.after(self.id) } else { first };
        Children { tree: self.tree, next: first, end }
    }

    fn count_if(self, kind: Kind) -> usize {
        if self.kind() == kind { self.len() } else { 0 }
    }

    fn integer(self) -> Option<i128> {
        if self.kind() != Kind::Integer {
            return None;
        }
        number::integer(self.tree.scalar_text(self.id))
    }

    fn float(self) -> Option<f64> {
        number::float(self.tree.scalar_text(self.id))
    }
}

impl fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut view = f.debug_struct("NodeRef");
        view.field("id", &self.id.0).field("kind", &self.kind());
        match self.scalar_text() {
            Some(text) => view.field("text", &text).finish(),
            None => view.field("len", &self.len()).finish(),
        }
    }
}

/// The items of a sequence.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    children: Children<'a>,
    left: usize,
}

/// The entries of a mapping.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    children: Children<'a>,
    left: usize,
}

#[derive(Clone, Debug)]
struct Children<'a> {
    tree: &'a Tree,
    next: NodeId,
    end: NodeId,
}

impl<'a> Iterator for Children<'a> {
    type Item = NodeRef<'a>;

    fn next(&mut self) -> Option<NodeRef<'a>> {
        if self.next >= self.end {
            return None;
        }
        let child = self.next;
        self.next = self.tree.after(child);
        Some(self.tree.node(child))
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = NodeRef<'a>;

    fn next(&mut self) -> Option<NodeRef<'a>> {
        self.left = self.left.saturating_sub(1);
        self.children.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (NodeRef<'a>, NodeRef<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.saturating_sub(1);
        Some((self.children.next()?, self.children.next()?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Items<'_> {}
impl ExactSizeIterator for Entries<'_> {}

fn array_index(token: &str) -> Option<usize> {
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = token == "0" || !token.starts_with('0');
    if digits && canonical { token.parse().ok() } else { None }
}
