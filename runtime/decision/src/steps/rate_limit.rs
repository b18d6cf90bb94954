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
    pub(super) facts: Facts<'x>,
    pub(super) operation: OperationId,
}

pub(crate) fn meter<'x, W: World>(authorized: Authorized<'x>, world: &W) -> Metered<'x> {
    world.passed(Step::RateLimit, Finding::NotDeclared);
    Metered { facts: authorized.facts, operation: authorized.operation }
}
