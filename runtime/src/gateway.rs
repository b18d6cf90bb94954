//! What all threads share: the artifact, the engine room, the endpoints, and what is told about them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use gw_artifact::Artifact;
use gw_artifact::model::{EndpointAddress, ListenerId, Operation};
use gw_decision::EndpointId;
use gw_engines::EngineRoom;

use crate::bindings::ListenAddress;
use crate::keys::KeySets;
use crate::limits::Room;
use crate::options::Waits;
use crate::places::{Places, Tally};
use crate::shortage::Shortages;
use crate::telemetry::TurnedAway;
use crate::tls::{Dialers, Doors};

/// One gateway at work.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) artifact: Arc<Artifact>,
    pub(crate) room: Arc<EngineRoom>,
    pub(crate) digests: Digests,
    /// When the gateway began; the zero of everybody's monotonic time.
    pub(crate) born: Instant,
    pub(crate) ceilings: Ceilings,
    /// Places for callers' connections.
    pub(crate) places: Arc<Places>,
    /// The listeners' names and their addresses.
    pub(crate) listeners: Vec<(String, ListenAddress)>,
    /// TLS at the listeners that speak it.
    pub(crate) doors: Doors,
    /// The sets of API keys.
    pub(crate) keys: KeySets,
    /// TLS to the upstreams that are reached over it.
    pub(crate) dialers: Dialers,
    /// Connections that no trusted proxy made, where only they connect.
    pub(crate) turned_away: TurnedAway,
    endpoints: Vec<EndpointAddress>,
    /// For each upstream, where its endpoints begin.
    first: Vec<usize>,
    /// When sockets ran out.
    pub(crate) shortages: Shortages,
    ready: AtomicBool,
}

/// What the process allows itself and others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ceilings {
    /// Callers' connections that may be open at once, and what they can take.
    pub(crate) room: Room,
    /// How long whom is waited for.
    pub(crate) waits: Waits,
}

/// What was loaded, in hexadecimal digits.
#[derive(Clone, Debug)]
pub(crate) struct Digests {
    pub(crate) artifact: String,
    pub(crate) policy: String,
    pub(crate) bindings: String,
}

impl Gateway {
    pub(crate) fn new(
        artifact: Arc<Artifact>,
        digests: Digests,
        listeners: Vec<(String, ListenAddress)>,
        (doors, dialers, keys): (Doors, Dialers, KeySets),
        room: Arc<EngineRoom>,
        bound: &[Vec<EndpointAddress>],
        ceilings: Ceilings,
    ) -> Self {
        let first = bound.iter().scan(0, |next, list| Some(std::mem::replace(next, *next + list.len())));
        let places = Places::new(&artifact, ceilings.room.connections);
        Self {
            artifact,
            places,
            room,
            digests,
            listeners,
            doors,
            keys,
            dialers,
            turned_away: TurnedAway::default(),
            born: Instant::now(),
            ceilings,
            first: first.collect(),
            endpoints: bound.concat(),
            shortages: Shortages::default(),
            ready: AtomicBool::new(false),
        }
    }

    /// Every endpoint, upstream by upstream.
    pub(crate) fn endpoints(&self) -> impl Iterator<Item = &EndpointAddress> {
        self.endpoints.iter()
    }

    /// The number of an operation's endpoint among all endpoints.
    pub(crate) fn endpoint(&self, operation: &Operation, endpoint: EndpointId) -> usize {
        self.first[operation.forward.upstream.index()] + endpoint.0 as usize
    }

    /// The `host:port` of an operation's endpoint; empty when there is none of that number.
    pub(crate) fn authority(&self, operation: &Operation, endpoint: EndpointId) -> &str {
        self.room.upstream(operation.forward.upstream).map_or("", |upstream| upstream.authority(endpoint.0))
    }

    /// What the places of each listener have seen, with its name.
    pub(crate) fn tallies(&self) -> impl Iterator<Item = (&str, Tally)> {
        let listeners = self.artifact.listeners().iter().zip(0..);
        listeners.map(|(listener, id)| (listener.name.as_str(), self.places.tally(ListenerId(id))))
    }

    /// Whether some listener is for proxies alone.
    pub(crate) fn hears_proxies(&self) -> bool {
        self.artifact.listeners().iter().any(|listener| listener.proxy_protocol.is_some())
    }

    /// Whether new traffic is welcome.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    pub(crate) fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Relaxed);
    }
}
