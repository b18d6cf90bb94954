//! The state of one artifact's upstreams and of the gateway itself, shared by all threads.

use std::sync::Arc;

use gw_artifact::Artifact;
use gw_artifact::model::{EndpointAddress, UpstreamId};

/// All of it. Shared as `Arc`.
#[derive(Debug)]
pub struct EngineRoom;

/// One request in flight at one upstream; dropping it ends that, at the endpoint too.
#[derive(Debug)]
pub struct Permit;

/// Room for one exchange in the gateway; dropping it gives the room back.
#[derive(Debug)]
pub struct RoomPass;

/// The endpoints do not fit the artifact: there is not one list per upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongEndpoints;

impl EngineRoom {
    /// Exchanges in hand at once, unless said otherwise; one more is refused with 503 `overloaded`.
    pub const DEFAULT_MAX_EXCHANGES: u32 = 50_000;

    /// The room of an artifact with the endpoints that the bindings give, one list per upstream in id order.
    pub fn new(
        artifact: &Artifact,
        endpoints: Vec<Vec<EndpointAddress>>,
        max_exchanges: u32,
    ) -> Result<Arc<Self>, WrongEndpoints>;

    /// Room for one more exchange, if there is.
    pub fn enter(self: &Arc<Self>) -> Option<RoomPass>;

    /// One more request in flight at an upstream, if it may have one (`limits.requests`).
    pub fn permit(self: &Arc<Self>, upstream: UpstreamId) -> Option<Permit>;

    /// The endpoint's address, `None` when there is none of that number.
    pub fn address(&self, upstream: UpstreamId, endpoint: u32) -> Option<&EndpointAddress>;

    /// The endpoint's authority `host:port`, ready-made; empty when there is none of that number.
    pub fn authority(&self, upstream: UpstreamId, endpoint: u32) -> &str;
}

impl Permit {
    /// Chooses an endpoint that does not rest at `now` (monotonic nanoseconds); `random` is 64 random bits.
    /// Replaces the one chosen before.
    pub fn place(&mut self, now: u64, random: u64) -> Option<u32>;

    /// The chosen endpoint could not be reached at `now`: it rests 5 s.
    pub fn connect_failed(&self, now: u64);

    /// The upstream.
    pub fn upstream(&self) -> UpstreamId;

    /// The endpoint, once one is chosen.
    pub fn endpoint(&self) -> Option<u32>;

    /// The chosen endpoint's authority `host:port`; empty before one is chosen.
    pub fn authority(&self) -> &str;
}
