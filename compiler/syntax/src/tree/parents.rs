//! The container of each node, and the node's place in it: worked out when the first path is asked for.

use std::sync::OnceLock;

use super::{Kind, NodeId, Shape, Tree};
use crate::pointer::Pointer;

/// The way up from each node of a tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Parents {
    steps: OnceLock<Vec<Step>>,
}

/// One step up.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// The container; the root's is itself.
    parent: NodeId,
    /// In a sequence the index; in a mapping the id of the key, which for a key is its own.
    position: u32,
}

impl Parents {
    pub(super) fn pointer_of(&self, tree: &Tree, id: NodeId) -> Pointer {
        let steps = self.steps.get_or_init(|| steps(tree));
        let mut way = Vec::new();
        let mut node = id;
        while node != NodeId(0) {
            way.push(node);
            node = steps[node.0 as usize].parent;
        }
        let mut pointer = Pointer::root();
        for node in way.into_iter().rev() {
            let Step { parent, position } = steps[node.0 as usize];
            match tree.raw(parent).shape {
                Shape::Known(Kind::Mapping) => pointer.push(tree.scalar_text(NodeId(position))),
                _ => pointer.push_index(position as usize),
            }
        }
        pointer
    }
}

/// One pass over the table; the open containers are at most as many as a tree may be deep.
fn steps(tree: &Tree) -> Vec<Step> {
    let mut steps = Vec::with_capacity(tree.nodes.len());
    let mut open: Vec<Open> = Vec::new();
    for id in (0..tree.nodes.len() as u32).map(NodeId) {
        while open.last().is_some_and(|container| container.end <= id) {
            open.pop();
        }
        steps.push(match open.last_mut() {
            Some(container) => container.step_to(id),
            None => Step { parent: id, position: 0 },
        });
        if let Shape::Known(kind @ (Kind::Sequence | Kind::Mapping)) = tree.raw(id).shape {
            let mapping = kind == Kind::Mapping;
            open.push(Open { node: id, end: tree.after(id), mapping, children: 0, key: id });
        }
    }
    steps
}

/// A container whose subtree is being passed.
struct Open {
    node: NodeId,
    end: NodeId,
    mapping: bool,
    children: u32,
    /// The key that was met last.
    key: NodeId,
}

impl Open {
    fn step_to(&mut self, child: NodeId) -> Step {
        let position = self.children;
        self.children += 1;
        if !self.mapping {
            return Step { parent: self.node, position };
        }
        if position.is_multiple_of(2) {
            self.key = child;
        }
        Step { parent: self.node, position: self.key.0 }
    }
}
