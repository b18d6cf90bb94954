//! All the state of one artifact at work: the gateway's own room, and one [`UpstreamState`] per upstream.

use std::sync::Arc;

use gw_artifact::Artifact;
use gw_artifact::model::{EndpointAddress, UpstreamId};

use crate::counter::Counter;
use crate::upstream_state::{Permit, UpstreamState};

/// What all threads share, as one `Arc`.
#[derive(Debug)]
pub struct EngineRoom {
    exchanges: Counter,
    upstreams: Box<[Arc<UpstreamState>]>,
}

/// Room for one exchange in the gateway; dropping it gives the room back.
#[derive(Debug)]
#[must_use = "dropping a pass gives the room back"]
pub struct RoomPass(Arc<EngineRoom>);

/// There is not one list of endpoints per upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongEndpoints {
    /// Upstreams of the artifact.
    pub upstreams: usize,
    /// Lists that were given.
    pub lists: usize,
}

impl EngineRoom {
    /// Exchanges in hand at once unless said otherwise; one more is refused with 503 `overloaded`.
    pub const DEFAULT_MAX_EXCHANGES: u32 = 50_000;

    /// The room of an artifact, with the endpoints that really hold (declared or bound): one list per upstream,
    /// in the order of their ids.
    ///
    /// # Errors
    /// When there are more or fewer lists than upstreams.
    pub fn new(
        artifact: &Artifact,
        endpoints: Vec<Vec<EndpointAddress>>,
        max_exchanges: u32,
    ) -> Result<Arc<Self>, WrongEndpoints> {
        let upstreams = artifact.upstreams();
        if upstreams.len() != endpoints.len() {
            return Err(WrongEndpoints { upstreams: upstreams.len(), lists: endpoints.len() });
        }
        let state = |(upstream, endpoints): (&gw_artifact::model::Upstream, _)| {
            Arc::new(UpstreamState::new(upstream.balance, upstream.max_requests, endpoints))
        };
        let upstreams = upstreams.iter().zip(endpoints).map(state).collect();
        Ok(Arc::new(Self { exchanges: Counter::new(max_exchanges), upstreams }))
    }

    /// Room for one more exchange, if there is.
    pub fn enter(self: &Arc<Self>) -> Option<RoomPass> {
        self.exchanges.take().then(|| RoomPass(Arc::clone(self)))
    }

    /// Exchanges in hand.
    pub fn in_hand(&self) -> u32 {
        self.exchanges.taken()
    }

    /// One more request in flight at an upstream, if it may have one; none when the id is of another artifact.
    pub fn permit(&self, upstream: UpstreamId) -> Option<Permit> {
        self.upstream(upstream)?.permit()
    }

    /// One upstream's state.
    pub fn upstream(&self, upstream: UpstreamId) -> Option<&Arc<UpstreamState>> {
        self.upstreams.get(upstream.index())
    }
}

impl Drop for RoomPass {
    fn drop(&mut self) {
        self.0.exchanges.give_back();
    }
}

impl std::fmt::Display for WrongEndpoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the artifact has {} upstreams, and {} lists of endpoints came", self.upstreams, self.lists)
    }
}

impl std::error::Error for WrongEndpoints {}
