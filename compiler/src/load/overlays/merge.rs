//! Merging a value into what stands in a document (Overlay 1.1.0 section 4.4.3): objects key by key, arrays one behind
//! the other, primitives instead of each other.

use std::collections::BTreeMap;

use gw_syntax::{EditId, Kind};

use super::apply::Table;
use crate::vocabulary::annotations::PREFIX;

/// Why an action is not done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refused {
    /// The queries look at too many nodes.
    Exploded,
    /// The document would become too large.
    Oversized,
    /// The root is to be removed.
    RemovesRoot,
    /// An overlay of version 1.0 updates a primitive.
    Primitive { target: EditId },
    /// An action updates nodes of different sorts.
    Mixed { first: EditId, other: EditId },
    /// A value of another sort stands there.
    Unlike { target: EditId, value: EditId },
    /// `copy` does not select one node.
    Source { count: usize },
}

/// Merges `value` into `target`. O(entries and items that are met), with a stack of its own.
pub(super) fn merge(table: &mut Table, target: EditId, value: EditId) -> Result<(), Refused> {
    let mut open = vec![(target, value)];
    while let Some((target, value)) = open.pop() {
        match (table.edit.kind(target), table.edit.kind(value)) {
            (Kind::Mapping, Kind::Mapping) => merge_entries(table, target, value, &mut open)?,
            (Kind::Sequence, Kind::Sequence) => {
                for item in table.edit.items(value).to_vec() {
                    let item = table.copy(item)?;
                    table.edit.push_item(target, item);
                }
            }
            (below, above) if below.is_container() || above.is_container() => {
                return Err(Refused::Unlike { target, value });
            }
            _ => table.edit.overwrite(target, value),
        }
    }
    Ok(())
}

fn merge_entries(
    table: &mut Table,
    target: EditId,
    value: EditId,
    open: &mut Vec<(EditId, EditId)>,
) -> Result<(), Refused> {
    table.budget.spend(1 + table.edit.len(target) + table.edit.len(value))?;
    let entries = table.edit.entries(target).iter().rev();
    let below: BTreeMap<&str, (EditId, EditId)> =
        entries.map(|(key, value)| (table.edit.text(*key), (*key, *value))).collect();
    let pairs: Vec<_> = table
        .edit
        .entries(value)
        .iter()
        .map(|(key, value)| ((*key, *value), below.get(table.edit.text(*key)).copied()))
        .collect();
    for ((key, value), below) in pairs {
        let Some((key_below, below)) = below else {
            let (key, value) = (table.copy(key)?, table.copy(value)?);
            table.edit.push_entry(target, key, value);
            continue;
        };
        // A policy, and a plain value, is said by whoever speaks last: findings about it point there.
        if !table.edit.kind(below).is_container() || table.edit.text(key).starts_with(PREFIX) {
            table.edit.overwrite(key_below, key);
        }
        open.push((below, value));
    }
    Ok(())
}
