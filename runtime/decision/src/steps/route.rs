//! Step 6, route: what is published, and which upstream it is sent to.
//!
//! The step speaks twice. After access it answers whatever names no operation, so that an unknown caller is told
//! before a credential is asked for; and once a request is checked it names the upstream.
//!
//! | Refused with | When |
//! |---|---|
//! | 421 `authority-unknown` | no site is published under the host (RFC 9110 §15.5.20) |
//! | 404 `operation-unknown` | no template matches the path |
//! | 400 `path-not-canonical` | the path names one path item, and another once its escaped delimiters are decoded |
//! | 405 `method-unknown` | the path item lacks the method; `Allow` names those it has |
//!
//! An `OPTIONS` that the document does not declare, or with `Max-Forwards: 0`, is answered with 204 and `Allow`;
//! `OPTIONS *` with 204.

use gw_artifact::model::{OperationId, Step, UpstreamId};

use super::Facts;
use super::access::Admitted;
use super::validate::{Checked, Found};
use crate::answer::Answer;
use crate::trace::{Event, Finding, Record, StepVerdict};
use crate::world::World;

/// A request for an operation that is published.
#[derive(Debug)]
pub(crate) struct Published<'x> {
    facts: Facts<'x>,
    operation: OperationId,
}

impl<'x> Published<'x> {
    pub(super) fn into_parts(self) -> (Facts<'x>, OperationId) {
        (self.facts, self.operation)
    }
}

/// A request with its upstream.
#[derive(Debug)]
pub(crate) struct Routed<'x> {
    facts: Facts<'x>,
    operation: OperationId,
    upstream: UpstreamId,
}

impl<'x> Routed<'x> {
    pub(super) fn upstream(&self) -> UpstreamId {
        self.upstream
    }

    pub(super) fn into_parts(self) -> (Facts<'x>, OperationId) {
        (self.facts, self.operation)
    }
}

pub(crate) fn published<'x, W: World>(admitted: Admitted<'x>, world: &W) -> Result<Published<'x>, Answer> {
    let (facts, found) = admitted.into_parts();
    match found {
        Found::Operation(operation) => Ok(Published { facts, operation }),
        Found::Answer(answer) => {
            let verdict = answer.reason().map_or(StepVerdict::Answered, StepVerdict::Denied);
            world.record(Event { step: answer.step(), verdict });
            Err(answer)
        }
    }
}

pub(crate) fn route<'x, W: World>(checked: Checked<'x>, world: &W) -> Routed<'x> {
    let (facts, operation) = checked.into_parts();
    let upstream = facts.artifact.operation(operation).forward.upstream;
    world.passed(Step::Route, Finding::Upstream(upstream));
    Routed { facts, operation, upstream }
}
