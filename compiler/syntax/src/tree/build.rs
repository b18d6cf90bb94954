//! Filling a tree from a stream of scalars, openings and closings, in the order of the text.

use std::sync::Arc;

use super::lookup::{self, Lookup, SORTED_FROM};
use super::parents::Parents;
use super::texts::Texts;
use super::{Kind, Node, NodeId, Shape, TextPlace, Tree};
use crate::pointer::Pointer;
use crate::reader::MAX_DEPTH;
use crate::source_map::SourceId;

/// Takes what a reader finds and makes the table of nodes.
#[derive(Debug)]
pub(crate) struct Builder {
    texts: Texts,
    nodes: Vec<Node>,
    lookup: Lookup,
    frames: Vec<Frame>,
    duplicates: Vec<Duplicate>,
    /// How many nodes a walk meets that follows every alias.
    expanded: u64,
}

/// A container that is not closed yet.
#[derive(Debug)]
struct Frame {
    node: NodeId,
    mapping: bool,
    /// How many children it has so far, keys counted too.
    children: u32,
    /// The key that was added last; of no meaning in a sequence.
    last_key: NodeId,
    /// How many levels its deepest child has below it, aliases followed.
    height: usize,
    /// Where its last child ends.
    last_end: u32,
    expanded_before: u64,
}

/// What is known of a node once it is complete, aliases followed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed {
    pub(crate) node: NodeId,
    pub(crate) expanded: u64,
    /// 0 for a scalar, 1 for a container of scalars, and so on.
    pub(crate) height: usize,
}

/// A key that equals an earlier key of its mapping.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Duplicate {
    pub(crate) mapping: NodeId,
    pub(crate) first: NodeId,
    pub(crate) second: NodeId,
}

/// The container would be nested deeper than [`MAX_DEPTH`].
#[derive(Debug)]
pub(crate) struct TooDeep;

impl Builder {
    pub(crate) fn new(source: SourceId, text: Arc<String>) -> Self {
        // Real documents have a node per 18 to 40 bytes.
        let nodes = Vec::with_capacity(text.len() / 24 + 1);
        Self::over(Texts::of(source, text), nodes)
    }

    /// A builder of nodes from several texts.
    pub(super) fn over(texts: Texts, nodes: Vec<Node>) -> Self {
        Builder {
            texts,
            nodes,
            lookup: Lookup::default(),
            frames: Vec::new(),
            duplicates: Vec::new(),
            expanded: 0,
        }
    }

    /// Whether the next node is a key.
    pub(crate) fn at_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.mapping && frame.children.is_multiple_of(2))
    }

    /// The path to where the next value belongs; to the mapping itself when a key comes next.
    pub(crate) fn pointer(&self) -> Pointer {
        let mut pointer = Pointer::root();
        for (index, frame) in self.frames.iter().enumerate() {
            let innermost = index + 1 == self.frames.len();
            if !frame.mapping {
                pointer.push_index((frame.children - u32::from(!innermost)) as usize);
            } else if !innermost || !frame.children.is_multiple_of(2) {
                pointer.push(self.texts.scalar(&self.nodes, frame.last_key));
            }
        }
        pointer
    }

    /// The innermost open container: whether it is a mapping, and where it starts.
    pub(crate) fn innermost(&self) -> Option<(Kind, u32)> {
        let frame = self.frames.last()?;
        let kind = if frame.mapping { Kind::Mapping } else { Kind::Sequence };
        Some((kind, self.nodes[frame.node.0 as usize].start))
    }

    /// How many nodes a walk meets so far that follows every alias, beyond those that are stored.
    pub(crate) fn expanded_beyond_stored(&self) -> u64 {
        self.expanded - self.nodes.len() as u64
    }

    /// Adds a scalar whose text stands in the source.
    pub(crate) fn scalar(&mut self, kind: Kind, place: TextPlace, start: u32, end: u32) -> Closed {
        self.leaf(Node { start, end, link: 0, count: 0, origin: 0, shape: Shape::Known(kind), place }, 1, 0)
    }

    /// Adds a scalar whose text `write` appends to the side store.
    pub(crate) fn side_scalar<E>(
        &mut self,
        kind: Kind,
        start: u32,
        end: u32,
        write: impl FnOnce(&mut String) -> Result<(), E>,
    ) -> Result<Closed, E> {
        let link = self.texts.side.len();
        write(&mut self.texts.side)?;
        let count = (self.texts.side.len() - link) as u32;
        let (shape, place) = (Shape::Known(kind), TextPlace::Side);
        Ok(self.leaf(Node { start, end, link: link as u32, count, origin: 0, shape, place }, 1, 0))
    }

    /// Adds a node that stands for `target`, which must be complete.
    pub(crate) fn alias(&mut self, target: Closed, start: u32, end: u32) -> Result<(), TooDeep> {
        if self.frames.len() + target.height > MAX_DEPTH {
            return Err(TooDeep);
        }
        let link = target.node.0;
        let (shape, place) = (Shape::Alias, TextPlace::Whole);
        let node = Node { start, end, link, count: 0, origin: 0, shape, place };
        self.leaf(node, target.expanded, target.height);
        Ok(())
    }

    /// Opens a sequence or mapping.
    pub(crate) fn open(&mut self, kind: Kind, start: u32) -> Result<NodeId, TooDeep> {
        self.open_of(kind, start, 0)
    }

    /// Opens a sequence or mapping of one of the texts.
    pub(super) fn open_of(&mut self, kind: Kind, start: u32, origin: u16) -> Result<NodeId, TooDeep> {
        if self.frames.len() == MAX_DEPTH {
            return Err(TooDeep);
        }
        let node = NodeId(self.nodes.len() as u32);
        let expanded_before = self.expanded;
        let (shape, place) = (Shape::Known(kind), TextPlace::Whole);
        self.leaf(Node { start, end: start, link: 0, count: 0, origin, shape, place }, 1, 0);
        self.frames.push(Frame {
            node,
            mapping: kind == Kind::Mapping,
            children: 0,
            last_key: node,
            height: 0,
            last_end: start,
            expanded_before,
        });
        Ok(node)
    }

    /// Closes the innermost container; `end` is `None` where it ends with its last child.
    pub(crate) fn close(&mut self, end: Option<u32>) -> Option<Closed> {
        let frame = self.frames.pop()?;
        let subtree_end = NodeId(self.nodes.len() as u32);
        let end = end.unwrap_or(frame.last_end);
        let node = &mut self.nodes[frame.node.0 as usize];
        node.end = end;
        node.link = subtree_end.0;
        node.count = if frame.mapping { frame.children / 2 } else { frame.children };
        if frame.mapping {
            self.index_keys(frame.node, subtree_end);
        }
        let height = frame.height + 1;
        if let Some(parent) = self.frames.last_mut() {
            parent.height = parent.height.max(height);
            parent.last_end = end;
        }
        Some(Closed { node: frame.node, expanded: self.expanded - frame.expanded_before, height })
    }

    /// The finished tree and the duplicate keys in it, by mapping as they were closed.
    pub(crate) fn finish(mut self) -> (Tree, Vec<Duplicate>) {
        self.lookup.complete();
        self.nodes.shrink_to_fit();
        self.texts.side.shrink_to_fit();
        let Builder { texts, nodes, lookup, duplicates, .. } = self;
        (Tree { texts, nodes, lookup, parents: Parents::default(), beneath: Vec::new() }, duplicates)
    }

    /// Adds a scalar as it stands in an edit.
    pub(super) fn placed(&mut self, node: Node) -> NodeId {
        self.leaf(node, 1, 0).node
    }

    fn leaf(&mut self, node: Node, expanded: u64, height: usize) -> Closed {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(node);
        self.expanded = self.expanded.saturating_add(expanded);
        if let Some(frame) = self.frames.last_mut() {
            if frame.children.is_multiple_of(2) {
                frame.last_key = id;
            }
            frame.children += 1;
            frame.height = frame.height.max(height);
            frame.last_end = node.end;
        }
        Closed { node: id, expanded, height }
    }

    fn index_keys(&mut self, mapping: NodeId, end: NodeId) {
        let (nodes, texts) = (&self.nodes, &self.texts);
        let keys = lookup::keys(nodes, NodeId(mapping.0 + 1), end);
        let duplicates = &mut self.duplicates;
        let mut found = |first, second| duplicates.push(Duplicate { mapping, first, second });
        if nodes[mapping.0 as usize].count < SORTED_FROM {
            lookup::duplicates_of_few(nodes, texts, keys, found);
            return;
        }
        let text_of = |key| texts.scalar(nodes, key);
        let sorted = self.lookup.add(mapping, keys, text_of);
        let mut first = sorted[0];
        for key in &sorted[1..] {
            if text_of(*key) == text_of(first) {
                found(first, *key);
            } else {
                first = *key;
            }
        }
    }
}
