//! Places for callers' connections: so many in the process, at each listener, and for each client at a listener.
//!
//! Counted exactly, for all threads together. Whoever comes when the process or its listener is full waits in the kernel;
//! a client that has all of its own is refused at once, since its waiting would keep others from being accepted. That
//! costs two compare-and-swaps per connection, and a short lock where clients are counted.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use gw_artifact::Artifact;
use gw_artifact::model::{Listener, ListenerId};

mod addresses;

use addresses::{Addresses, Network};

use crate::seldom::Seldom;

/// All places of one gateway.
#[derive(Debug)]
pub(crate) struct Places {
    artifact: Arc<Artifact>,
    all: Ceiling,
    listeners: Box<[AtListener]>,
    addresses: Addresses,
}

/// Those of one listener.
#[derive(Debug)]
struct AtListener {
    open: Ceiling,
    /// By what was full.
    waited: [AtomicU64; Full::ALL.len()],
    refused: AtomicU64,
    word: Seldom,
}

/// What is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// The process has as many connections as it may.
    Gateway,
    /// The listener has.
    Listener,
}

impl Full {
    pub(crate) const ALL: [Self; 2] = [Self::Gateway, Self::Listener];

    /// The name in the metrics.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Gateway => "gateway-full",
            Self::Listener => "listener-full",
        }
    }
}

/// What one listener's places have seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Connections that are open.
    pub(crate) open: usize,
    /// Connections that waited for a place, by what was full.
    pub(crate) waited: [(Full, u64); Full::ALL.len()],
    /// Connections that were refused because their client had as many as it may.
    pub(crate) refused: u64,
}

/// One connection's place. Dropping it gives everything back.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    listener: ListenerId,
    counted: Option<Network>,
}

impl Places {
    /// Places for `most` connections in the process, and as many at each listener as the artifact says.
    pub(crate) fn new(artifact: &Arc<Artifact>, most: u32) -> Arc<Self> {
        let at = |listener: &Listener| AtListener {
            open: Ceiling::new(listener.ceilings.connections.unwrap_or(most)),
            waited: Default::default(),
            refused: AtomicU64::new(0),
            word: Seldom::default(),
        };
        Arc::new(Self {
            artifact: Arc::clone(artifact),
            all: Ceiling::new(most),
            listeners: artifact.listeners().iter().map(at).collect(),
            addresses: Addresses::default(),
        })
    }

    /// Takes a place at a listener.
    ///
    /// # Errors
    /// What is full.
    pub(crate) fn take(self: &Arc<Self>, listener: ListenerId) -> Result<Place, Full> {
        let at = &self.listeners[listener.index()];
        if !at.open.take() {
            return Err(Full::Listener);
        }
        if !self.all.take() {
            at.open.give_back();
            return Err(Full::Gateway);
        }
        Ok(Place { places: Arc::clone(self), listener, counted: None })
    }

    /// A connection waits for a place.
    pub(crate) fn waits(&self, listener: ListenerId, full: Full) {
        self.listeners[listener.index()].waited[full as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// What is to be said about a client that was refused, at `now` (monotonic nanoseconds), if anything.
    pub(crate) fn word(&self, listener: ListenerId, client: IpAddr, now: u64) -> Option<String> {
        let Listener { name, ceilings, .. } = &self.artifact.listeners()[listener.index()];
        let most = ceilings.per_address?;
        self.listeners[listener.index()].word.says(now).then(|| {
            format!(
                "listener `{name}`: {client} has {most} connections open, which is its \
                 `max-connections-per-address`; others of it are closed at once (said once a minute at most)"
            )
        })
    }

    /// Connections that are open.
    pub(crate) fn open(&self) -> usize {
        self.all.taken()
    }

    /// What a listener's places have seen.
    pub(crate) fn tally(&self, listener: ListenerId) -> Tally {
        let AtListener { open, waited, refused, .. } = &self.listeners[listener.index()];
        let waited = Full::ALL.map(|full| (full, waited[full as usize].load(Ordering::Relaxed)));
        Tally { open: open.taken(), waited, refused: refused.load(Ordering::Relaxed) }
    }
}

impl Place {
    /// Counts the connection to its client, once the client's address is known. False when the client has as many as it
    /// may: then the connection ends without a word. A trusted proxy stands for many clients, and is not counted.
    pub(crate) fn admit(&mut self, client: IpAddr) -> bool {
        let Places { artifact, listeners, addresses, .. } = &*self.places;
        let Some(most) = artifact.listeners()[self.listener.index()].ceilings.per_address else {
            return true;
        };
        if self.counted.is_some() || artifact.tables().trusted_proxies.addresses.contains(client) {
            return true;
        }
        let network = Network::of(client);
        if !addresses.take((self.listener, network), most) {
            listeners[self.listener.index()].refused.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        self.counted = Some(network);
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(network) = self.counted {
            self.places.addresses.give_back((self.listener, network));
        }
        self.places.all.give_back();
        self.places.listeners[self.listener.index()].open.give_back();
    }
}

/// A number that never passes its limit.
#[derive(Debug)]
struct Ceiling {
    taken: AtomicUsize,
    most: usize,
}

impl Ceiling {
    const fn new(most: u32) -> Self {
        Self { taken: AtomicUsize::new(0), most: most as usize }
    }

    fn take(&self) -> bool {
        let one_more = |taken: usize| (taken < self.most).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    fn give_back(&self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests;
