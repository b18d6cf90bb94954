//! Finding keys: sorted key lists for the mappings that are too long to scan.

use super::texts::Texts;
use super::{Node, NodeId, after};

/// Mappings of at least this many entries get a sorted list of their keys.
pub(super) const SORTED_FROM: u32 = 12;

/// The sorted key lists of a tree. Sorting by text, not by a hash, needs no seed and cannot be attacked.
#[derive(Clone, Debug, Default)]
pub(super) struct Lookup {
    /// Where each list starts, sorted by mapping once the tree is complete.
    lists: Vec<List>,
    /// The lists one after the other: ids of keys, by text and, for equal texts, by id.
    keys: Vec<NodeId>,
}

#[derive(Clone, Copy, Debug)]
struct List {
    mapping: NodeId,
    first: u32,
}

impl Lookup {
    /// Adds the list of one mapping whose keys are given in the order of the text.
    pub(super) fn add<'t>(
        &mut self,
        mapping: NodeId,
        keys: impl Iterator<Item = NodeId>,
        text_of: impl Fn(NodeId) -> &'t str,
    ) -> &[NodeId] {
        let first = self.keys.len();
        self.keys.extend(keys);
        self.keys[first..].sort_unstable_by(|a, b| text_of(*a).cmp(text_of(*b)).then(a.cmp(b)));
        self.lists.push(List { mapping, first: first as u32 });
        &self.keys[first..]
    }

    /// Makes look-ups possible; called once, when every list is there.
    pub(super) fn complete(&mut self) {
        self.lists.sort_unstable_by_key(|list| list.mapping);
        self.lists.shrink_to_fit();
        self.keys.shrink_to_fit();
    }

    /// The sorted keys of a mapping of `count` entries, if it has such a list.
    pub(super) fn of(&self, mapping: NodeId, count: u32) -> Option<&[NodeId]> {
        if count < SORTED_FROM {
            return None;
        }
        let index = self.lists.binary_search_by_key(&mapping, |list| list.mapping).ok()?;
        let first = self.lists[index].first as usize;
        self.keys.get(first..first + count as usize)
    }
}

/// The ids of the keys of a mapping whose children start at `first` and end before `end`.
pub(super) fn keys(nodes: &[Node], first: NodeId, end: NodeId) -> impl Iterator<Item = NodeId> {
    let mut next = first;
    std::iter::from_fn(move || {
        let key = next;
        if key >= end {
            return None;
        }
        next = after(nodes, after(nodes, key));
        Some(key)
    })
}

/// Calls `found` with every key that equals an earlier one of its mapping, and that first one.
pub(super) fn duplicates_of_few(
    nodes: &[Node],
    texts: &Texts,
    keys: impl Iterator<Item = NodeId>,
    mut found: impl FnMut(NodeId, NodeId),
) {
    let mut seen = [(NodeId(0), ""); SORTED_FROM as usize];
    for (count, key) in keys.enumerate() {
        let name = texts.scalar(nodes, key);
        if let Some((first, _)) = seen[..count].iter().find(|(_, earlier)| *earlier == name) {
            found(*first, key);
        }
        seen[count] = (key, name);
    }
}
