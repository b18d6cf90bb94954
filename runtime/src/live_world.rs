//! The world of real traffic: this thread's clock and random bits, and the engine room that all threads share.

use std::cell::Cell;
use std::sync::Arc;

use gw_artifact::Digest;
use gw_artifact::model::{KeySetId, UpstreamId};
use gw_decision::{Attempt, BodyPlan, EndpointId, Fault, KeyHolder, Now, World};
use gw_engines::{Permit, RoomPass};

use crate::worker::Worker;

/// The world of one exchange. Every question is answered at once: a body that streams is not awaited.
pub(crate) struct LiveWorld<'w> {
    worker: &'w Worker,
    pass: Cell<Option<RoomPass>>,
    asked: Cell<u64>,
}

impl<'w> LiveWorld<'w> {
    pub(crate) fn new(worker: &'w Worker) -> Self {
        Self { worker, pass: Cell::new(None), asked: Cell::new(0) }
    }

    /// What time it was when that was asked last (monotonic nanoseconds).
    pub(crate) fn asked(&self) -> u64 {
        self.asked.get()
    }

    /// The room that the exchange was given; to be kept until it ends.
    pub(crate) fn into_pass(self) -> Option<RoomPass> {
        self.pass.into_inner()
    }
}

impl World for LiveWorld<'_> {
    type Permit = Permit;

    fn now(&self) -> Now {
        let now = self.worker.clock.now();
        self.asked.set(now.monotonic);
        now
    }

    fn random(&self) -> u64 {
        self.worker.random.next()
    }

    fn has_room(&self) -> bool {
        let pass = self.worker.gateway.room.enter();
        let has_room = pass.is_some();
        self.pass.set(pass);
        has_room
    }

    fn key(&self, set: KeySetId, digest: &Digest) -> Option<Arc<KeyHolder>> {
        self.worker.keys.find(&self.worker.gateway.keys, set, digest)
    }

    async fn body(&self, plan: BodyPlan) -> Result<(), Fault> {
        match plan {
            BodyPlan::None | BodyPlan::Stream { .. } => Ok(()),
        }
    }

    fn permit(&self, upstream: UpstreamId) -> Option<Permit> {
        self.worker.gateway.room.permit(upstream)
    }

    /// The decision began a moment ago: its own time serves.
    fn place(&self, permit: &mut Permit) -> Option<EndpointId> {
        permit.place(self.asked(), self.random()).map(EndpointId)
    }

    fn attempted(&self, permit: &Permit, attempt: Attempt) {
        if let Attempt::Failed(fault) = attempt
            && fault.is_of_connection()
        {
            permit.connect_failed(self.now().monotonic);
        }
    }
}
