//! The order of the steps. Reads like the textbook's page; only this file awaits.

use gw_artifact::Artifact;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::fault::Fault;
use crate::head::{Head, ResponseHead};
use crate::outbound::Outbound;
use crate::relay::Relay;
use crate::world::World;

/// What becomes of a request.
#[derive(Debug)]
#[must_use = "somebody waits for it"]
pub enum Verdict<P> {
    /// It may be sent.
    Forward(Outbound<P>),
    /// gw answers by itself; [`Relay::from`] an answer finishes the exchange.
    Answer(Answer),
}

/// What came back from the upstream.
#[derive(Clone, Copy, Debug)]
pub enum UpstreamAnswer<'h> {
    /// The head of a final response; its body follows.
    Head(ResponseHead<'h>),
    /// There will be none.
    Fault(Fault),
}

/// Decides one request. Fills `exchange`; its only await is [`World::body`].
///
/// Cost on the usual path (canonical path, known operation): no heap allocation, one pass over the lines per
/// question, O(path) in the trie.
pub async fn decide_request<W: World>(
    artifact: &Artifact,
    head: &Head<'_>,
    exchange: &mut Exchange,
    world: &W,
) -> Verdict<W::Permit>;

/// Decides what the caller receives, now that the upstream answered or did not.
pub fn decide_response<W: World>(
    exchange: &mut Exchange,
    outbound: Outbound<W::Permit>,
    answer: UpstreamAnswer<'_>,
    world: &W,
) -> Relay<W::Permit>;
