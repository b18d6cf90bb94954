//! To whom each key belongs that nothing enforces yet.

use std::collections::HashMap;

use super::resolved::{Api, ApiIndex, OperationIndex, Unenforced};
use crate::parse::Parsed;
use crate::parse::openapi::walk::Place;

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
        let mut rows: Vec<Unenforced> = parsed
            .unenforced
            .iter()
            .map(|found| {
                let owner = found.holder.and_then(|holder| self.by_place.get(&holder));
                let of_file = || {
                    let source = found.holder?.source;
                    apis.iter().position(|api| api.document == source)
                };
                Unenforced {
                    key: found.name.clone(),
                    span: found.node.span(),
                    pointer: found.node.pointer(),
                    operation: owner.and_then(|(_, operation)| *operation),
                    api: owner.map(|(api, _)| *api).or_else(of_file),
                }
            })
            .collect();
        rows.sort_by_key(|row| row.span);
        rows
    }
}
