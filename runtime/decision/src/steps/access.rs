//! Step 3, access: may this address call at all. It stands before 404 and 405, so that a denied network learns
//! nothing about what is published.
//!
//! This version enforces no rule of this kind, and the compiler refuses a project that declares one
//! (`x-gw-access`): every address is admitted, and the step says that nothing is declared.

use gw_artifact::model::Step;

use super::Facts;
use super::validate::{Found, Matched};
use crate::trace::{Finding, Record};
use crate::world::World;

/// A request from an address that may call.
#[derive(Debug)]
pub(crate) struct Admitted<'x> {
    facts: Facts<'x>,
    found: Found,
}

pub(crate) fn admit<'x, W: World>(matched: Matched<'x>, world: &W) -> Admitted<'x> {
    let (facts, found) = matched.into_parts();
    world.passed(Step::Access, Finding::NotDeclared);
    Admitted { facts, found }
}

impl<'x> Admitted<'x> {
    pub(super) fn into_parts(self) -> (Facts<'x>, Found) {
        (self.facts, self.found)
    }
}
