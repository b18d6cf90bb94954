//! The texts that the nodes of a tree were written in: one file, or several after an edit.

use std::sync::Arc;

use super::{Node, NodeId, Shape, TextPlace};
use crate::source_map::SourceId;
use crate::span::Span;

/// The file of a tree, the other files that nodes of it come from, and the text that stands in none.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    /// The file that the tree is of: origin 0.
    pub(super) first: Origin,
    /// The origins from 1 on; none for a tree as it was read.
    pub(super) others: Vec<Origin>,
    /// The text of scalars that does not stand in a source as it is.
    pub(super) side: String,
}

/// A file that nodes come from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) source: SourceId,
    pub(super) text: Arc<String>,
}

impl Texts {
    pub(super) fn of(source: SourceId, text: Arc<String>) -> Self {
        Texts { first: Origin { source, text }, others: Vec::new(), side: String::new() }
    }

    pub(super) fn origin(&self, index: u16) -> &Origin {
        match index {
            0 => &self.first,
            other => &self.others[usize::from(other) - 1],
        }
    }

    pub(super) fn span(&self, node: &Node) -> Span {
        Span { source: self.origin(node.origin).source, start: node.start, end: node.end }
    }

    /// The text of a scalar, through an alias; empty for a container.
    pub(super) fn scalar<'t>(&'t self, nodes: &[Node], id: NodeId) -> &'t str {
        let mut node = &nodes[id.0 as usize];
        if node.shape == Shape::Alias {
            node = &nodes[node.link as usize];
        }
        match node.shape {
            Shape::Known(kind) if !kind.is_container() => self.text(node),
            Shape::Known(_) | Shape::Alias => "",
        }
    }

    /// The text of a node that is a scalar.
    pub(super) fn text(&self, node: &Node) -> &str {
        match node.place {
            TextPlace::Whole => &self.origin(node.origin).text[node.start as usize..node.end as usize],
            TextPlace::Inside => {
                &self.origin(node.origin).text[node.start as usize + 1..node.end as usize - 1]
            }
            TextPlace::Side => &self.side[node.link as usize..(node.link + node.count) as usize],
        }
    }
}
