//! To whom each key belongs that nothing enforces yet.

use std::collections::{BTreeSet, HashMap};

use gw_syntax::Pointer;

use super::resolved::{Api, ApiIndex, OperationIndex, Unenforced};
use crate::parse::Parsed;
use crate::parse::openapi::walk::Place;
use crate::parse::parsed::NotYetEnforced;

/// Which API and operation an object belongs to.
#[derive(Debug, Default)]
pub(super) struct Owners {
    by_place: HashMap<Place, (ApiIndex, Option<OperationIndex>)>,
}

impl Owners {
    /// Remembers the owner of an object; the first one stays.
    pub(super) fn add(&mut self, place: Place, api: ApiIndex, operation: Option<OperationIndex>) {
        self.by_place.entry(place).or_insert((api, operation));
    }

    /// Every occurrence with its owner, in source order.
    pub(super) fn attribute(&self, parsed: &Parsed<'_>, apis: &[Api]) -> Vec<Unenforced> {
        let mut found: Vec<&NotYetEnforced<'_>> = parsed.unenforced.iter().collect();
        found.sort_by_key(|found| found.node.span());
        let mut told = BTreeSet::new();
        let rows = found.into_iter().map(|found| Unenforced {
            key: found.name.clone(),
            span: found.node.span(),
            // Working out a path costs time; a finding shows the first.
            pointer: if told.insert(&found.name) { found.node.pointer() } else { Pointer::root() },
            operation: self.owner(found).and_then(|(_, operation)| operation),
            api: self.owner(found).map(|(api, _)| api).or_else(|| of_file(found, apis)),
        });
        rows.collect()
    }

    fn owner(&self, found: &NotYetEnforced<'_>) -> Option<(ApiIndex, Option<OperationIndex>)> {
        self.by_place.get(&found.holder?).copied()
    }
}

fn of_file(found: &NotYetEnforced<'_>, apis: &[Api]) -> Option<ApiIndex> {
    let source = found.holder?.source;
    apis.iter().position(|api| api.document == source)
}
