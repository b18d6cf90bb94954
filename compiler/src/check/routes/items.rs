//! One site's operations as path items: equal templates are one item, and each method has one answer.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::Method;
use gw_syntax::{Diagnostic, Shows, Sink, Span};

use super::door::Door;
use super::{PathItem, Published, Said, operation_of};
use crate::check::Context;
use crate::check::codes::{OPERATION_TWICE, PATHS_MERGED};
use crate::check::witness::with_witness;
use crate::check::wording::pointer_of_path;

/// The path items of a site, and the rows that met there.
pub(super) struct Items {
    /// In the order of their shapes. Where rows meet in a method, the first one has it.
    pub(super) items: Vec<PathItem>,
    meetings: Vec<Meeting>,
}

/// Two rows with one template. What comes first is met.
struct Meeting {
    shape: String,
    first: usize,
    second: usize,
    is_same_method: bool,
}

impl Items {
    /// Pairs of rows that claim the same method.
    pub(super) fn claimed_twice(&self) -> impl Iterator<Item = (usize, usize)> {
        let twice = self.meetings.iter().filter(|meeting| meeting.is_same_method);
        twice.map(|meeting| (meeting.first, meeting.second))
    }
}

pub(super) fn of_site(context: &Context<'_>, published: &[Published], members: &[usize]) -> Items {
    let mut items: BTreeMap<String, PathItem> = BTreeMap::new();
    let mut meetings = Vec::new();
    let operation = |row: usize| operation_of(context, &published[row]);
    for &member in members {
        let (template, path_span) = (&published[member].template, operation(member).path_span);
        let shape = template.shape();
        let item = items
            .entry(shape.clone())
            .or_insert_with(|| PathItem { template: template.clone(), methods: BTreeMap::new() });
        let others = item.methods.values().copied().filter(|&other| operation(other).path_span != path_span);
        let stranger = others.min_by_key(|&other| operation(other).path_span);
        let met = match item.methods.entry(operation(member).method) {
            Entry::Vacant(free) => {
                free.insert(member);
                stranger.map(|first| (first, false))
            }
            Entry::Occupied(taken) => Some((*taken.get(), true)),
        };
        if let Some((first, is_same_method)) = met {
            meetings.push(Meeting { shape, first, second: member, is_same_method });
        }
    }
    Items { items: items.into_values().collect(), meetings }
}

/// Reports the rows that met; `door` is the one of these items.
pub(super) fn report(door: &Door<'_>, items: &Items, said: &mut Said, sink: &mut Sink) {
    let methods = methods_of(door, items);
    for meeting in &items.meetings {
        let [first, second] = [meeting.first, meeting.second].map(|row| door.operation(row));
        if meeting.is_same_method {
            if said.insert((OPERATION_TWICE.code, first.span, second.span)) {
                sink.push_with(&OPERATION_TWICE, || twice(door, meeting));
            }
        } else if said.insert((PATHS_MERGED.code, first.path_span, second.path_span)) {
            sink.push_with(&PATHS_MERGED, || merged(door, meeting, &methods));
        }
    }
}

/// What the paths that met others bring along: methods that are merged, and whether others are claimed twice.
type Brought = BTreeMap<(String, Span), (BTreeSet<Method>, bool)>;

fn methods_of(door: &Door<'_>, items: &Items) -> Brought {
    let mut brought = Brought::new();
    for meeting in &items.meetings {
        let second = door.operation(meeting.second);
        let (merged, is_claimed) = brought.entry((meeting.shape.clone(), second.path_span)).or_default();
        if meeting.is_same_method {
            *is_claimed = true;
        } else {
            merged.insert(second.method);
        }
    }
    brought
}

fn twice(door: &Door<'_>, meeting: &Meeting) -> Diagnostic {
    let [first, second] = [meeting.first, meeting.second].map(|row| door.operation(row));
    let template = &door.published[meeting.second].template;
    let message = format!("`{} {template}` is published already", second.method);
    let finding = Diagnostic::new(&OPERATION_TWICE, message)
        .at(second.span)
        .with_pointer(second.pointer.clone())
        .with_label(first.span, "here first")
        .about(format!("{} {}", second.method, meeting.shape))
        .with_help("remove this one, or publish it under another host or base path");
    witnessed(door, meeting, finding, Shows::Undecided { operation: door.declaration(meeting.first) })
}

fn merged(door: &Door<'_>, meeting: &Meeting, methods: &Brought) -> Diagnostic {
    let [first, second] = [meeting.first, meeting.second].map(|row| door.operation(row));
    // What is claimed twice cannot be merged, and is a finding of its own.
    let which = match methods.get(&(meeting.shape.clone(), second.path_span)) {
        Some((merged, true)) => {
            let merged: Vec<String> = merged.iter().map(|method| format!("`{method}`")).collect();
            format!(
                "{} of the second {} merged",
                merged.join(", "),
                if merged.len() == 1 { "is" } else { "are" }
            )
        }
        Some((_, false)) | None => "their methods are merged".to_owned(),
    };
    let message = format!("`{}` and `{}` are one path: {which}", first.path, second.path);
    let finding = Diagnostic::new(&PATHS_MERGED, message)
        .at(second.path_span)
        .with_pointer(pointer_of_path(second))
        .with_label(first.path_span, "the same path")
        .about(meeting.shape.as_str())
        .with_help("write them as one path item, with the same names of variables");
    let operation = door.declaration(meeting.second);
    witnessed(door, meeting, finding, Shows::Reaches { operation, rather_than: None })
}

fn witnessed(door: &Door<'_>, meeting: &Meeting, finding: Diagnostic, shows: Shows) -> Diagnostic {
    let method = door.operation(meeting.second).method;
    let item = door.items.binary_search_by(|item| item.template.shape().cmp(&meeting.shape)).ok();
    let path = item.and_then(|item| door.path_to(item));
    with_witness(finding, path.and_then(|path| door.witness(method, &path, shows)))
}
