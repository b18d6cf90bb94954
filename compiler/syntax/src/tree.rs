//! One document as a flat table of nodes that know their byte ranges; the same for YAML and JSON.
//!
//! Nodes stand in the order of the text, a container before its children, so that a subtree is a run of
//! the table. A node takes 20 bytes; the text of a scalar is a range of the source, and only text with
//! escapes or folded lines is stored apart. After an [`Edit`] nodes can come from several files, and each
//! knows its own.

mod build;
mod edit;
mod lookup;
mod node;
pub(crate) mod number;
mod parents;
mod texts;

use std::fmt;

pub(crate) use build::{Builder, Closed, Duplicate, TooDeep};
pub use edit::{Edit, EditId, TooDeepAt};
pub use node::{Entries, Items, NodeRef};

use crate::pointer::Pointer;
use crate::source_map::SourceId;
use crate::span::Span;
use lookup::Lookup;
use parents::Parents;
use texts::Texts;

/// Names one node of one [`Tree`]; the root is 0, and ids grow with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// What a node is, by the YAML 1.2 core schema or by JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false` (YAML: also `True`, `TRUE`; never `yes` or `on`).
    Bool,
    /// A number without fraction and exponent (YAML: also `0x1f`, `0o17`).
    Integer,
    /// Any other number (YAML: also `.inf`, `.nan`).
    Float,
    /// Text.
    String,
    /// A list.
    Sequence,
    /// A mapping, in the order of its text.
    Mapping,
}

/// One document. It shares its text with the [`crate::SourceMap`] and outlives it.
#[derive(Clone)]
pub struct Tree {
    texts: Texts,
    nodes: Vec<Node>,
    lookup: Lookup,
    parents: Parents,
    /// What nodes of an edited tree stand over, by node.
    beneath: Vec<(NodeId, Span)>,
}

/// The stored form of a node.
#[derive(Clone, Copy, Debug)]
struct Node {
    start: u32,
    end: u32,
    /// Container: the id after its subtree. Alias: its target. Scalar with text apart: where it starts.
    link: u32,
    /// Container: how many items or entries. Scalar with text apart: how many bytes.
    count: u32,
    /// Which of the tree's [`Texts`] the range is of.
    origin: u16,
    shape: Shape,
    place: TextPlace,
}

const _: () = assert!(size_of::<Node>() <= 20);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Known(Kind),
    Alias,
}

/// Where the text of a scalar stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextPlace {
    /// It is the node's range.
    Whole,
    /// It is the node's range without the first and the last byte, its quotes.
    Inside,
    /// It is stored beside the nodes.
    Side,
}

impl Tree {
    /// The node of the whole document.
    pub fn root(&self) -> NodeRef<'_> {
        self.node(NodeId(0))
    }

    /// The node with this id; an id of an alias gives the node it stands for.
    ///
    /// # Panics
    /// When the id is not one of this tree.
    pub fn node(&self, id: NodeId) -> NodeRef<'_> {
        let node = &self.nodes[id.0 as usize];
        let target = if node.shape == Shape::Alias { NodeId(node.link) } else { id };
        NodeRef::new(self, target)
    }

    /// The file it is of. After an edit, nodes can come from others too: [`NodeRef::span`] says.
    pub fn source(&self) -> SourceId {
        self.texts.first.source
    }

    /// The text of that file; a node's own text is [`NodeRef::source_text`].
    pub fn text(&self) -> &str {
        &self.texts.first.text
    }

    /// Every file that nodes come from, the tree's own first.
    pub fn origins(&self) -> impl Iterator<Item = SourceId> {
        std::iter::once(&self.texts.first).chain(&self.texts.others).map(|origin| origin.source)
    }

    /// The place of what this node replaced in an edit; `None` for a node that replaced nothing.
    pub fn beneath(&self, id: NodeId) -> Option<Span> {
        let index = self.beneath.binary_search_by_key(&id, |(node, _)| *node).ok()?;
        Some(self.beneath[index].1)
    }

    /// How many nodes are stored: scalars, keys and containers, an alias counting as one.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// The path to a node by the place where it is written (a node with an anchor has only that one).
    ///
    /// A key has the path of its value. O(depth); the first call passes over the whole tree once.
    pub fn pointer_of(&self, id: NodeId) -> Pointer {
        self.parents.pointer_of(self, id)
    }

    fn raw(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The id that follows the subtree of `id`.
    fn after(&self, id: NodeId) -> NodeId {
        after(&self.nodes, id)
    }

    fn span(&self, id: NodeId) -> Span {
        self.texts.span(self.raw(id))
    }

    /// The text of a scalar, through an alias; empty for a container.
    fn scalar_text(&self, id: NodeId) -> &str {
        self.texts.scalar(&self.nodes, id)
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("source", &self.source())
            .field("nodes", &self.nodes.len())
            .finish_non_exhaustive()
    }
}

impl Kind {
    /// The word for it, with its article: `a mapping`.
    pub fn described(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Integer => "an integer",
            Kind::Float => "a number",
            Kind::String => "a string",
            Kind::Sequence => "a list",
            Kind::Mapping => "a mapping",
        }
    }

    /// Whether it holds other nodes.
    pub fn is_container(self) -> bool {
        matches!(self, Kind::Sequence | Kind::Mapping)
    }
}

fn after(nodes: &[Node], id: NodeId) -> NodeId {
    let node = &nodes[id.0 as usize];
    match node.shape {
        Shape::Known(kind) if kind.is_container() => NodeId(node.link),
        _ => NodeId(id.0 + 1),
    }
}

#[cfg(test)]
mod tests;
