//! Which APIs a place belongs to: an API is its entry in `gw.yaml`, its document and overlays, and every file that
//! references lead to from there.

use std::collections::{BTreeMap, BTreeSet};

use gw_syntax::{NodeRef, SourceId, Span, Tree};

use crate::load::SourceSet;
use crate::parse::Parsed;
use crate::resolve::resolved::{ApiIndex, Resolved};

/// The APIs of places.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    files: BTreeMap<SourceId, BTreeSet<ApiIndex>>,
    /// The entries of `apis` whose document could be read.
    entries: Vec<(Span, ApiIndex)>,
    /// The document of each file that brought something into one, and of the document itself.
    homes: BTreeMap<SourceId, SourceId>,
}

impl Reach {
    /// Those of a project.
    pub(crate) fn of(resolved: &Resolved, parsed: &Parsed<'_>, set: &SourceSet<'_>) -> Self {
        let mut leads: BTreeMap<SourceId, BTreeSet<SourceId>> = BTreeMap::new();
        for reference in &parsed.references {
            if let Some(target) = reference.target {
                leads.entry(reference.holder.source).or_default().insert(target.source);
            }
        }
        let mut reach = Reach::default();
        for (index, api) in resolved.apis.iter().enumerate() {
            for origin in set.tree(api.document).into_iter().flat_map(Tree::origins) {
                reach.homes.entry(origin).or_insert(api.document);
                for file in reached(origin, &leads) {
                    reach.files.entry(file).or_default().insert(index);
                }
            }
        }
        for entry in entries(set) {
            let is_here = |name: Span| covers(entry.span(), name);
            let api = resolved.apis.iter().position(|api| api.span.is_some_and(is_here));
            reach.entries.extend(api.map(|api| (entry.span(), api)));
        }
        reach
    }

    /// The APIs to which a place belongs; none for what belongs to the project alone.
    pub(crate) fn apis_of(&self, place: Span) -> impl Iterator<Item = ApiIndex> {
        let entry = self.entries.iter().find(|(entry, _)| covers(*entry, place)).map(|(_, api)| *api);
        let of_file = self.files.get(&place.source).filter(|_| entry.is_none());
        entry.into_iter().chain(of_file.into_iter().flatten().copied())
    }

    /// The document that has what a file says, where it is that document or an overlay of it; else the file.
    pub(crate) fn home_of(&self, file: SourceId) -> SourceId {
        self.homes.get(&file).copied().unwrap_or(file)
    }
}

/// The entries of `apis`, also of documents that could not be read.
pub(crate) fn entries<'t>(set: &'t SourceSet<'_>) -> impl Iterator<Item = NodeRef<'t>> {
    let root = set.entry().and_then(|source| set.tree(source)).map(Tree::root);
    root.and_then(|root| root.get("apis")).into_iter().flat_map(NodeRef::items)
}

/// Whether a place begins within a range.
pub(crate) fn covers(range: Span, place: Span) -> bool {
    range.source == place.source && (range.start..range.end).contains(&place.start)
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
