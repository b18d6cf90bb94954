//! One site's operations as path items: equal templates are one item, and each method has one answer.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use gw_syntax::{Diagnostic, Sink};

use super::{PathItem, Published, Said, operation_of};
use crate::check::Context;
use crate::check::codes::{OPERATION_TWICE, PATHS_MERGED};
use crate::check::wording::pointer_of_path;
use crate::resolve::resolved::Operation;

/// Path items in the order of their shapes. With `None`, what comes first wins and nothing is said.
pub(super) fn of_site(
    context: &Context<'_>,
    published: &[Published],
    members: &[usize],
    mut findings: Option<(&mut Said, &mut Sink)>,
) -> Vec<PathItem> {
    let mut items: BTreeMap<String, PathItem> = BTreeMap::new();
    for &member in members {
        let row = &published[member];
        let operation = operation_of(context, row);
        let item = items
            .entry(row.template.shape())
            .or_insert_with(|| PathItem { template: row.template.clone(), methods: BTreeMap::new() });
        let others = item.methods.values().map(|&other| operation_of(context, &published[other]));
        let stranger =
            others.filter(|other| other.path_span != operation.path_span).min_by_key(|other| other.path_span);
        match item.methods.entry(operation.method) {
            Entry::Vacant(free) => {
                free.insert(member);
                if let (Some(first), Some((said, sink))) = (stranger, &mut findings)
                    && said.insert((PATHS_MERGED.code, first.path_span, operation.path_span))
                {
                    sink.push(merged(first, operation, row));
                }
            }
            Entry::Occupied(taken) => {
                let first = operation_of(context, &published[*taken.get()]);
                if let Some((said, sink)) = &mut findings
                    && said.insert((OPERATION_TWICE.code, first.span, operation.span))
                {
                    sink.push(twice(first, operation, row));
                }
            }
        }
    }
    items.into_values().collect()
}

fn twice(first: &Operation, second: &Operation, row: &Published) -> Diagnostic {
    let message = format!("`{} {}` is published twice", second.method, row.template);
    Diagnostic::new(&OPERATION_TWICE, message)
        .at(second.span)
        .with_pointer(second.pointer.clone())
        .with_label(first.span, "here first")
        .about(format!("{} {}", second.method, row.template.shape()))
        .with_help("remove one of them, or publish them under different hosts or base paths")
}

fn merged(first: &Operation, second: &Operation, row: &Published) -> Diagnostic {
    let message = format!("`{}` and `{}` are one path: their methods are merged", first.path, second.path);
    Diagnostic::new(&PATHS_MERGED, message)
        .at(second.path_span)
        .with_pointer(pointer_of_path(second))
        .with_label(first.path_span, "the same path")
        .about(row.template.shape())
        .with_help("write them as one path item, with the same names of variables")
}
