//! Step 7, discover: which endpoint of the upstream.
//!
//! | Refused with | When |
//! |---|---|
//! | 503 `no-endpoint` | every endpoint rests, or there is none |

use gw_artifact::model::{OperationId, Reason, Step};

use super::Facts;
use super::circuit_break::Permitted;
use crate::answer::Answer;
use crate::trace::{Finding, Record};
use crate::world::{EndpointId, World};

/// A request with its endpoint.
#[derive(Debug)]
pub(crate) struct Placed<'x, P> {
    facts: Facts<'x>,
    operation: OperationId,
    pub(crate) permit: P,
    pub(crate) endpoint: EndpointId,
}

impl<'x, P> Placed<'x, P> {
    pub(super) fn facts(&self) -> &Facts<'x> {
        &self.facts
    }

    pub(super) fn operation(&self) -> OperationId {
        self.operation
    }
}

pub(crate) fn place<'x, W: World>(
    permitted: Permitted<'x, W::Permit>,
    world: &W,
) -> Result<Placed<'x, W::Permit>, Answer> {
    let (facts, operation, mut permit) = permitted.into_parts();
    let Some(endpoint) = world.place(&mut permit) else {
        world.denied(Reason::NoEndpoint);
        return Err(Answer::denial(Reason::NoEndpoint));
    };
    world.passed(Step::Discover, Finding::Endpoint(endpoint));
    Ok(Placed { facts, operation, permit, endpoint })
}
