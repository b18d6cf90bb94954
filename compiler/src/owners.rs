//! Which team a finding is for: the one that owns the API that it is about.
//!
//! What belongs to two teams, or to one that is not named, has no owner.

use gw_syntax::{Diagnostic, NodeRef, Span};

use crate::load::SourceSet;
use crate::reach::{Reach, covers, entries};
use crate::resolve::resolved::{Operation, Resolved};

/// The owners of places.
#[derive(Debug)]
pub(crate) struct Owners<'r> {
    reach: &'r Reach,
    /// Beside the APIs; empty where none is named.
    names: Vec<String>,
    /// The entries of `apis` that name one.
    entries: Vec<(Span, String)>,
}

impl<'r> Owners<'r> {
    /// Those of a project.
    pub(crate) fn of(resolved: &Resolved, reach: &'r Reach, set: &SourceSet<'_>) -> Self {
        let named = |entry: NodeRef<'_>| Some((entry.span(), entry.get("owner")?.as_str()?.to_owned()));
        let mut entries: Vec<(Span, String)> = entries(set).filter_map(named).collect();
        entries.retain(|(_, owner)| !owner.is_empty());
        Owners { reach, names: resolved.apis.iter().map(|api| api.owner.clone()).collect(), entries }
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

    fn of_place(&self, place: Span) -> Option<&str> {
        let entry = self.entries.iter().find(|(entry, _)| covers(*entry, place)).map(|(_, owner)| &**owner);
        entry.or_else(|| only(self.reach.apis_of(place).map(|api| self.names[api].as_str())))
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
