//! What all threads share: the artifact, the engine room, the endpoints, and what is told about them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use gw_artifact::Artifact;
use gw_artifact::model::{EndpointAddress, Operation};
use gw_decision::EndpointId;
use gw_engines::EngineRoom;

use crate::keys::KeySets;
use crate::limits::Room;
use crate::options::Waits;
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
    /// The listeners' names and their addresses.
    pub(crate) listeners: Vec<(String, SocketAddr)>,
    /// TLS at the listeners that speak it.
    pub(crate) doors: Doors,
    /// The sets of API keys.
    pub(crate) keys: KeySets,
    /// TLS to the upstreams that are reached over it.
    pub(crate) dialers: Dialers,
    endpoints: Vec<EndpointAddress>,
    /// For each upstream, where its endpoints begin.
    first: Vec<usize>,
    connections: AtomicUsize,
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
        listeners: Vec<(String, SocketAddr)>,
        (doors, dialers, keys): (Doors, Dialers, KeySets),
        room: Arc<EngineRoom>,
        bound: &[Vec<EndpointAddress>],
        ceilings: Ceilings,
    ) -> Self {
        let first = bound.iter().scan(0, |next, list| Some(std::mem::replace(next, *next + list.len())));
        Self {
            artifact,
            room,
            digests,
            listeners,
            doors,
            keys,
            dialers,
            born: Instant::now(),
            ceilings,
            first: first.collect(),
            endpoints: bound.concat(),
            connections: AtomicUsize::new(0),
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

    /// Takes the place of one more connection, unless all are taken. One compare-and-swap.
    pub(crate) fn take_place(&self) -> bool {
        let most = self.ceilings.room.connections as usize;
        let one_more = |open: usize| (open < most).then_some(open + 1);
        self.connections.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    /// A caller's connection is closed, and its place is free.
    pub(crate) fn closed(&self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }

    /// Connections that are open.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Whether new traffic is welcome.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    pub(crate) fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Relaxed);
    }
}
