//! Step 10, circuit_break: may the upstream have one more request in flight, and what its answers teach.
//!
//! | Refused with | When |
//! |---|---|
//! | 503 `capacity` | the upstream has `limits.requests` in flight |
//!
//! Breakers are not enforced by this version, and the compiler refuses a project that declares one.

use gw_artifact::model::{OperationId, Reason, Step};

use super::Facts;
use super::error::Heard;
use super::route::Routed;
use crate::answer::Answer;
use crate::trace::{Finding, Record};
use crate::world::{Attempt, World};

/// A request that its upstream may have in flight.
#[derive(Debug)]
pub(crate) struct Permitted<'x, P> {
    facts: Facts<'x>,
    operation: OperationId,
    permit: P,
}

impl<'x, P> Permitted<'x, P> {
    pub(super) fn into_parts(self) -> (Facts<'x>, OperationId, P) {
        (self.facts, self.operation, self.permit)
    }
}

pub(crate) fn admit<'x, W: World>(routed: Routed<'x>, world: &W) -> Result<Permitted<'x, W::Permit>, Answer> {
    let Some(permit) = world.permit(routed.upstream()) else {
        world.denied(Reason::Capacity);
        return Err(Answer::denial(Reason::Capacity));
    };
    world.passed(Step::CircuitBreak, Finding::Permitted);
    let (facts, operation) = routed.into_parts();
    Ok(Permitted { facts, operation, permit })
}

/// Tells the engines how the attempt went: an endpoint that cannot be reached rests.
pub(crate) fn outcome<W: World>(permit: &W::Permit, heard: &Heard<'_>, world: &W) {
    let attempt = match heard {
        Heard::Response(_) => Attempt::Answered,
        Heard::Fault(fault) => Attempt::Failed(*fault),
    };
    world.attempted(permit, attempt);
}
