//! Which anchors are set, and what stands at them.

use std::collections::BTreeMap;

use super::events::AnchorId;
use crate::tree::{Closed, NodeId};

/// The anchors met so far.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    known: BTreeMap<AnchorId, Option<Closed>>,
    /// The containers with an anchor that are not closed yet, innermost last.
    open: Vec<(NodeId, AnchorId)>,
}

/// What an alias finds.
#[derive(Debug)]
pub(super) enum Target {
    /// A complete node.
    Node(Closed),
    /// The alias stands inside the node.
    Cyclic,
    /// Nothing.
    Unknown,
}

impl Anchors {
    /// A scalar carries the anchor.
    pub(super) fn set(&mut self, anchor: Option<AnchorId>, node: Closed) {
        if let Some(anchor) = anchor {
            self.known.insert(anchor, Some(node));
        }
    }

    /// A container carries the anchor and begins.
    pub(super) fn begin(&mut self, anchor: Option<AnchorId>, node: NodeId) {
        if let Some(anchor) = anchor {
            self.known.insert(anchor, None);
            self.open.push((node, anchor));
        }
    }

    /// A container, with an anchor or without, is complete.
    pub(super) fn complete(&mut self, node: Closed) {
        if let Some((_, anchor)) = self.open.pop_if(|(open, _)| *open == node.node) {
            self.known.insert(anchor, Some(node));
        }
    }

    pub(super) fn target(&self, anchor: AnchorId) -> Target {
        match self.known.get(&anchor) {
            Some(Some(node)) => Target::Node(*node),
            Some(None) => Target::Cyclic,
            None => Target::Unknown,
        }
    }
}
