//! What a step found, for dry-run: ids, names and addresses only, so that recording costs nothing when nobody listens.

use std::net::IpAddr;

use gw_artifact::model::{OperationId, PathItemId, Reason, Step, UpstreamId};

use crate::world::{EndpointId, World};

/// One step's word on one request, in call order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which step speaks.
    pub step: Step,
    /// What it found.
    pub verdict: StepVerdict,
}

/// What a step found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepVerdict {
    /// The request goes on, because of this.
    Passed(Finding),
    /// The request is denied.
    Denied(Reason),
    /// gw answers by itself, and it is no denial (a synthesized `OPTIONS`).
    Answered,
}

/// Why a request goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The message keeps HTTP's rules and its path is canonical.
    WellFormed,
    /// The path item that the canonical path names.
    PathItem(PathItemId),
    /// The operation that path and method name.
    Operation(OperationId),
    /// Nothing of the kind is declared for this operation.
    NotDeclared,
    /// The access list lets this client in; one without an address, where no address is judged.
    LetIn(Option<IpAddr>),
    /// Anyone may call.
    Public,
    /// The credentials of this alternative (by position) are there; the upstream verifies.
    CredentialPresent(u16),
    /// The credentials of this alternative (by position) are good.
    Verified(u16),
    /// The body keeps its limits so far.
    BodyPlanned,
    /// The upstream of the operation.
    Upstream(UpstreamId),
    /// The upstream has room for one more.
    Permitted,
    /// The endpoint that was chosen.
    Endpoint(EndpointId),
    /// The edits are decided.
    Edited,
    /// The upstream's answer is relayed.
    Relayed,
}

/// How steps speak.
pub(crate) trait Record: World {
    #[inline]
    fn passed(&self, step: Step, finding: Finding) {
        self.record(Event { step, verdict: StepVerdict::Passed(finding) });
    }

    #[inline]
    fn denied(&self, reason: Reason) {
        self.record(Event { step: reason.step(), verdict: StepVerdict::Denied(reason) });
    }
}

impl<W: World> Record for W {}
