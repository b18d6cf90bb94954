//! The only door to the outside: what a decision may ask, and nothing else.

use std::sync::Arc;

use gw_artifact::Digest;
use gw_artifact::model::{Bytes, KeySetId, UpstreamId};

use crate::fault::Fault;
use crate::key_set::KeyHolder;
use crate::trace::Event;

/// One reading of the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Nanoseconds since a point that never moves while the process lives; durations are made of these.
    pub monotonic: u64,
    /// Nanoseconds since 1970-01-01T00:00:00Z; only the log line reads them.
    pub unix: u64,
}

/// One endpoint of an upstream: the position in the list that the engine room was built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(pub u32);

/// How the request's body travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyPlan {
    /// There is none.
    None,
    /// Forwarded as it comes; one byte more than `max` is [`Fault::BodyTooLarge`].
    Stream {
        /// The longest body of the operation.
        max: Bytes,
    },
}

/// How one attempt at an endpoint went, as far as the engines learn from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The head of a response came.
    Answered,
    /// It failed.
    Failed(Fault),
}

/// What one exchange may ask. Each exchange has its own value, so that a world knows whose body is meant.
///
/// Everything is answered at once except [`World::body`]; nothing here blocks.
pub trait World {
    /// The right to have one request in flight at one upstream. Held by [`Outbound`](crate::Outbound), then by
    /// [`Relay`](crate::Relay); dropping it gives the right back.
    type Permit;

    /// What time it is.
    fn now(&self) -> Now;

    /// 64 random bits, from a source that a stranger cannot predict.
    fn random(&self) -> u64;

    /// Whether the process has room for this exchange; then the world holds the room until the exchange ends.
    fn has_room(&self) -> bool;

    /// Who holds the API key with this digest, as far as the set knows now. A world without keys knows nobody.
    fn key(&self, set: KeySetId, digest: &Digest) -> Option<Arc<KeyHolder>> {
        let _ = (set, digest);
        None
    }

    /// Says how the body is to travel, before anything is sent upstream: the driver may now send `100 Continue`.
    ///
    /// # Errors
    /// What went wrong on the downstream side while the body was awaited; a stream is never awaited here.
    fn body(&self, plan: BodyPlan) -> impl Future<Output = Result<(), Fault>>;

    /// One more request in flight at this upstream, if it may have one.
    fn permit(&self, upstream: UpstreamId) -> Option<Self::Permit>;

    /// An endpoint of the permit's upstream that does not rest. Called again for a retry, it replaces the last.
    fn place(&self, permit: &mut Self::Permit) -> Option<EndpointId>;

    /// How the attempt at the placed endpoint went.
    fn attempted(&self, permit: &Self::Permit, attempt: Attempt);

    /// A step's verdict, for those who look over its shoulder. Nobody does in traffic: the default is empty, and
    /// making an [`Event`] costs nothing, so that both compile away.
    #[inline]
    fn record(&self, event: Event) {
        let _ = event;
    }
}
