//! Segments that mix text and variables, by the text at their ends: two that contradict each other there match
//! nothing in common, and are not looked at.

use std::collections::BTreeMap;
use std::ops::Bound;

use gw_artifact::path_trie::Partial;

use super::budget::{Budget, Spent};

/// Nodes of the tree of segments, by what their segment ends with (backwards) and what it begins with.
#[derive(Default)]
pub(super) struct Ends {
    by_suffix: BTreeMap<Vec<u8>, BTreeMap<Vec<u8>, usize>>,
}

impl Ends {
    /// The node for segments with the same ends as this one; `fresh` where there is none yet.
    pub(super) fn node(&mut self, partial: &Partial, fresh: usize) -> usize {
        let (prefix, suffix) = ends(partial);
        *self.by_suffix.entry(suffix).or_default().entry(prefix).or_insert(fresh)
    }

    /// Every node.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        self.by_suffix.values().flat_map(|by_prefix| by_prefix.values().copied())
    }

    /// The nodes whose ends the text has.
    pub(super) fn of_literal(&self, text: &str, budget: &mut Budget) -> Result<Vec<usize>, Spent> {
        let backwards: Vec<u8> = text.bytes().rev().collect();
        let mut nodes = Vec::new();
        for by_prefix in beginnings(&self.by_suffix, &backwards, budget)? {
            nodes.extend(beginnings(by_prefix, text.as_bytes(), budget)?);
        }
        Ok(nodes)
    }

    /// The nodes whose ends the segment's own do not contradict.
    pub(super) fn of_partial(&self, partial: &Partial, budget: &mut Budget) -> Result<Vec<usize>, Spent> {
        let (prefix, suffix) = ends(partial);
        let mut nodes = Vec::new();
        for by_prefix in related(&self.by_suffix, &suffix, budget)? {
            nodes.extend(related(by_prefix, &prefix, budget)?);
        }
        Ok(nodes)
    }
}

/// What the segment begins with, and what it ends with, backwards.
fn ends(partial: &Partial) -> (Vec<u8>, Vec<u8>) {
    let end = |literal: Option<&String>| literal.map(|text| text.as_bytes().to_vec()).unwrap_or_default();
    let (prefix, mut suffix) = (end(partial.literals().first()), end(partial.literals().last()));
    suffix.reverse();
    (prefix, suffix)
}

/// Entries whose key is a beginning of `text`, or all of it.
fn beginnings<'m, V>(
    map: &'m BTreeMap<Vec<u8>, V>,
    text: &[u8],
    budget: &mut Budget,
) -> Result<Vec<&'m V>, Spent> {
    let longest = if map.is_empty() { 0 } else { text.len() };
    budget.spend(longest)?;
    Ok((0..=longest).filter_map(|length| map.get(&text[..length])).collect())
}

/// Entries of which either the key is a beginning of `text`, or `text` is one of the key.
fn related<'m, V>(
    map: &'m BTreeMap<Vec<u8>, V>,
    text: &[u8],
    budget: &mut Budget,
) -> Result<Vec<&'m V>, Spent> {
    let mut found = beginnings(map, text, budget)?;
    let longer = map.range::<[u8], _>((Bound::Excluded(text), Bound::Unbounded));
    found.extend(longer.take_while(|(key, _)| key.starts_with(text)).map(|(_, value)| value));
    budget.spend(found.len())?;
    Ok(found)
}
