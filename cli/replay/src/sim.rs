//! A gateway in virtual time: a hand clock, seeded random bits, scripted upstreams, and the one engine room.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use gw_artifact::model::{EndpointAddress, KeySetId, Upstream, UpstreamId};
use gw_artifact::{Artifact, Digest};
use gw_decision::{Attempt, BodyPlan, EndpointId, Event, Fault, KeyHolder, KeySet, Now, World};
use gw_engines::{EngineRoom, Permit, RoomPass};

use crate::suite::{Act, Course, Response, ScriptedAnswer};

/// What a simulated gateway is made with.
#[derive(Clone, Debug, Default)]
pub struct SimOptions {
    /// The endpoints of each upstream, in the order of their ids. Unless said, those that the artifact declares, and
    /// for an upstream without any `NAME.test`.
    pub endpoints: Option<Vec<Vec<EndpointAddress>>>,
    /// Exchanges that may be in hand at once.
    pub max_exchanges: Option<u32>,
    /// Where the random bits begin.
    pub seed: u64,
    /// The sets of API keys by name; one that is not said has no key.
    pub keys: Vec<(String, KeySet)>,
}

/// One simulated gateway. Its clock stands still unless it is moved.
#[derive(Debug)]
pub struct Sim<'a> {
    pub(crate) artifact: &'a Artifact,
    pub(crate) room: Arc<EngineRoom>,
    clock: Cell<u64>,
    random: Cell<u64>,
    scripts: RefCell<Vec<ScriptState>>,
    others: Vec<Permit>,
    /// In the order of the artifact's sets.
    keys: Vec<KeySet>,
}

/// An upstream's answers, and how far they have come.
#[derive(Debug, Default)]
struct ScriptState {
    answers: Vec<ScriptedAnswer>,
    at: usize,
    given: u32,
}

/// The world of one simulated exchange: it answers at once, and remembers what the steps said.
#[derive(Debug)]
pub struct SimWorld<'s> {
    sim: &'s Sim<'s>,
    pass: RefCell<Option<RoomPass>>,
    events: RefCell<Vec<Event>>,
}

impl<'a> Sim<'a> {
    /// A gateway in which nothing has happened yet.
    pub fn new(artifact: &'a Artifact, options: &SimOptions) -> Self {
        let endpoints = options.endpoints.clone().filter(|lists| lists.len() == artifact.upstreams().len());
        let endpoints = endpoints.unwrap_or_else(|| declared_endpoints(artifact));
        let max_exchanges = options.max_exchanges.unwrap_or(EngineRoom::DEFAULT_MAX_EXCHANGES);
        let room = EngineRoom::new(artifact, endpoints, max_exchanges)
            .expect("there is one list for each upstream of the same artifact");
        let scripts = artifact.upstreams().iter().map(|_| ScriptState::default()).collect();
        Self {
            artifact,
            room,
            clock: Cell::new(0),
            random: Cell::new(options.seed),
            scripts: RefCell::new(scripts),
            others: Vec::new(),
            keys: artifact.tables().key_sets.iter().map(|name| keys_of(name, &options.keys)).collect(),
        }
    }

    /// Says what an upstream answers from now on.
    pub fn script(&mut self, upstream: UpstreamId, answers: Vec<ScriptedAnswer>) {
        if let Some(script) = self.scripts.get_mut().get_mut(upstream.index()) {
            *script = ScriptState { answers, at: 0, given: 0 };
        }
    }

    /// Puts so many other requests in flight at an upstream, for good; fewer when it may not have as many.
    pub fn occupy(&mut self, upstream: UpstreamId, count: u32) {
        let room = &self.room;
        self.others.extend((0..count).map_while(|_| room.permit(upstream)));
    }

    /// Nanoseconds since the gateway began.
    pub fn now(&self) -> u64 {
        self.clock.get()
    }

    /// Lets time pass.
    pub fn pass(&self, nanos: u64) {
        self.clock.set(self.clock.get().saturating_add(nanos));
    }

    /// Lets time pass until a moment, unless it is over.
    pub fn pass_until(&self, nanos: u64) {
        self.clock.set(self.clock.get().max(nanos));
    }

    /// What the upstream does with its next request.
    pub(crate) fn next_answer(&self, upstream: UpstreamId) -> ScriptedAnswer {
        self.scripts
            .borrow_mut()
            .get_mut(upstream.index())
            .and_then(ScriptState::next)
            .unwrap_or_else(unscripted)
    }
}

impl ScriptState {
    /// The answer whose turn it is; the last one stays.
    fn next(&mut self) -> Option<ScriptedAnswer> {
        let last = self.answers.len().checked_sub(1)?;
        if self.given >= self.answers[self.at].times && self.at < last {
            (self.at, self.given) = (self.at + 1, 0);
        }
        self.given = self.given.saturating_add(1);
        Some(self.answers[self.at].clone())
    }
}

impl<'s> SimWorld<'s> {
    /// The world of the next exchange.
    pub fn new(sim: &'s Sim<'s>) -> Self {
        Self { sim, pass: RefCell::default(), events: RefCell::default() }
    }

    /// What the steps said, in call order.
    pub fn events(&self) -> Vec<Event> {
        self.events.borrow().clone()
    }
}

impl World for SimWorld<'_> {
    type Permit = Permit;

    fn now(&self) -> Now {
        let monotonic = self.sim.now();
        Now { monotonic, unix: BEGINNING + monotonic }
    }

    /// SplitMix64: every seed gives its own sequence, and each value comes once.
    fn random(&self) -> u64 {
        let state = self.sim.random.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.sim.random.set(state);
        let bits = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn has_room(&self) -> bool {
        let pass = self.sim.room.enter();
        let has_room = pass.is_some();
        *self.pass.borrow_mut() = pass;
        has_room
    }

    fn key(&self, set: KeySetId, digest: &Digest) -> Option<Arc<KeyHolder>> {
        self.sim.keys.get(set.index())?.find(digest)
    }

    async fn body(&self, plan: BodyPlan) -> Result<(), Fault> {
        match plan {
            BodyPlan::None | BodyPlan::Stream { .. } => Ok(()),
        }
    }

    fn permit(&self, upstream: UpstreamId) -> Option<Permit> {
        self.sim.room.permit(upstream)
    }

    fn place(&self, permit: &mut Permit) -> Option<EndpointId> {
        permit.place(self.now().monotonic, self.random()).map(EndpointId)
    }

    fn attempted(&self, permit: &Permit, attempt: Attempt) {
        if let Attempt::Failed(fault) = attempt
            && fault.is_of_connection()
        {
            permit.connect_failed(self.now().monotonic);
        }
    }

    fn record(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }
}

/// The value of a future that never waits: a simulated world answers at once.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("`SimWorld` never waits"),
    }
}

fn keys_of(name: &str, all: &[(String, KeySet)]) -> KeySet {
    all.iter().find(|(its, _)| its == name).map(|(_, set)| set.clone()).unwrap_or_default()
}

fn declared_endpoints(artifact: &Artifact) -> Vec<Vec<EndpointAddress>> {
    let made_up = |upstream: &Upstream| {
        let scheme = upstream.scheme();
        EndpointAddress { scheme, host: format!("{}.test", upstream.name), port: scheme.default_port() }
    };
    let of = |upstream: &Upstream| match upstream.endpoints.as_slice() {
        [] => vec![made_up(upstream)],
        declared => declared.to_vec(),
    };
    artifact.upstreams().iter().map(of).collect()
}

fn unscripted() -> ScriptedAnswer {
    let lines = vec![("content-length".to_owned(), "0".to_owned())];
    let response = Response { status: 200, lines, body: Vec::new(), course: Course::Whole };
    ScriptedAnswer { act: Act::Respond(response), delay: 0, times: 1 }
}

/// 2026-01-01T00:00:00Z: when every simulated gateway begins, in nanoseconds since 1970.
const BEGINNING: u64 = 1_767_225_600_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, times: u32) -> ScriptedAnswer {
        let response = Response { status, lines: Vec::new(), body: Vec::new(), course: Course::Whole };
        ScriptedAnswer { act: Act::Respond(response), delay: 0, times }
    }

    #[test]
    fn a_script_goes_on_and_its_last_answer_stays() {
        let mut script = ScriptState { answers: vec![answer(503, 2), answer(200, 1)], at: 0, given: 0 };
        let status = |answer: ScriptedAnswer| match answer.act {
            Act::Respond(response) => response.status,
            other => panic!("{other:?}"),
        };
        let statuses: Vec<_> = (0..5).filter_map(|_| script.next()).map(status).collect();
        assert_eq!(statuses, [503, 503, 200, 200, 200]);
        assert!(ScriptState::default().next().is_none());
    }
}
