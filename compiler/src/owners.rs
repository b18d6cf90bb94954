//! Which team a finding is for: the one that owns the API that it is about.
//!
//! An API is its entry in `gw.yaml`, its document and overlays, and every file that references lead to from there. What
//! belongs to two teams, or to one that is not named, has no owner.

use std::collections::{BTreeMap, BTreeSet};

use gw_syntax::{Diagnostic, NodeRef, SourceId, Span, Tree};

use crate::load::SourceSet;
use crate::parse::Parsed;
use crate::resolve::resolved::{Operation, Resolved};

/// The owners of places.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    files: BTreeMap<SourceId, String>,
    /// The entries of `apis`.
    entries: Vec<(Span, String)>,
}

impl Owners {
    /// Those of a project.
    pub(crate) fn of(resolved: &Resolved, parsed: &Parsed<'_>, set: &SourceSet<'_>) -> Self {
        let mut leads: BTreeMap<SourceId, BTreeSet<SourceId>> = BTreeMap::new();
        for reference in &parsed.references {
            if let Some(target) = reference.target {
                leads.entry(reference.holder.source).or_default().insert(target.source);
            }
        }
        let mut owners: BTreeMap<SourceId, BTreeSet<&str>> = BTreeMap::new();
        let mut add = |start: SourceId, owner| {
            for file in reached(start, &leads) {
                owners.entry(file).or_default().insert(owner);
            }
        };
        for api in &resolved.apis {
            let origins = set.tree(api.document).into_iter().flat_map(Tree::origins);
            origins.for_each(|file| add(file, api.owner.as_str()));
        }
        let mut entries = Vec::new();
        let root = set.entry().and_then(|source| set.tree(source)).map(Tree::root);
        for entry in root.and_then(|root| root.get("apis")).into_iter().flat_map(NodeRef::items) {
            let owner = entry.get("owner").and_then(NodeRef::as_str).unwrap_or_default();
            entries.push((entry.span(), owner.to_owned()));
        }
        entries.retain(|(_, owner)| !owner.is_empty());
        let files = owners.into_iter().filter_map(|(file, owners)| Some((file, only(owners)?.to_owned())));
        Owners { files: files.collect(), entries }
    }

    /// Gives each finding without an owner that of its place; where its place has none, that of all other places that
    /// it shows and that have one.
    pub(crate) fn attribute(&self, findings: &mut [Diagnostic]) {
        for finding in findings.iter_mut().filter(|finding| finding.owner.is_none()) {
            let of_labels = || only(finding.labels.iter().filter_map(|label| self.of_place(label.span)));
            let owner = finding.span.and_then(|span| self.of_place(span)).or_else(of_labels);
            finding.owner = owner.map(str::to_owned);
        }
    }

    fn of_place(&self, span: Span) -> Option<&str> {
        let holds = |(entry, _): &&(Span, String)| {
            entry.source == span.source && (entry.start..entry.end).contains(&span.start)
        };
        let entry = self.entries.iter().find(holds).map(|(_, owner)| owner);
        entry.or_else(|| self.files.get(&span.source)).map(String::as_str)
    }
}

/// The owner of all of these operations, if it is one.
pub(crate) fn owner_of<'r>(resolved: &'r Resolved, operations: &[&Operation]) -> Option<&'r str> {
    only(operations.iter().map(|operation| resolved.apis[operation.api].owner.as_str()))
}

/// The one name, if there is one and no other.
fn only<'o>(owners: impl IntoIterator<Item = &'o str>) -> Option<&'o str> {
    let mut owners = owners.into_iter();
    let first = owners.next().filter(|owner| !owner.is_empty())?;
    owners.all(|owner| owner == first).then_some(first)
}

/// A file, and every file that its references lead to.
fn reached(start: SourceId, leads: &BTreeMap<SourceId, BTreeSet<SourceId>>) -> BTreeSet<SourceId> {
    let mut reached = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(file) = open.pop() {
        let next = leads.get(&file).into_iter().flatten();
        open.extend(next.filter(|file| reached.insert(**file)).copied());
    }
    reached
}
