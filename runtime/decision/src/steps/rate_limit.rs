//! Step 5, rate_limit: how often may this caller call.
//!
//! This version enforces no limit, and the compiler refuses a project that declares one (`x-gw-rate-limit`,
//! `x-gw-quota`, `x-gw-concurrency`): every request passes, and the step says that nothing is declared.

use gw_artifact::model::{OperationId, Step};

use super::Facts;
use super::authorize::Authorized;
use crate::trace::{Finding, Record};
use crate::world::World;

/// A request that is counted.
#[derive(Debug)]
pub(crate) struct Metered<'x> {
    facts: Facts<'x>,
    operation: OperationId,
}

impl<'x> Metered<'x> {
    pub(super) fn facts(&self) -> &Facts<'x> {
        &self.facts
    }

    pub(super) fn operation(&self) -> OperationId {
        self.operation
    }

    pub(super) fn into_parts(self) -> (Facts<'x>, OperationId) {
        (self.facts, self.operation)
    }
}

pub(crate) fn meter<'x, W: World>(authorized: Authorized<'x>, world: &W) -> Metered<'x> {
    world.passed(Step::RateLimit, Finding::NotDeclared);
    let (facts, operation) = authorized.into_parts();
    Metered { facts, operation }
}
