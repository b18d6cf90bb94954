//! The order of the steps. Reads like the textbook's page; only this file awaits.

use gw_artifact::Artifact;
use gw_artifact::model::Reason;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::fault::Fault;
use crate::head::{Head, ResponseHead};
use crate::outbound::Outbound;
use crate::relay::Relay;
use crate::steps::{
    Facts, access, authorize, cache, circuit_break, discover, error, rate_limit, receive, route, transform,
    validate,
};
use crate::trace::Record;
use crate::world::World;

/// What becomes of a request.
#[derive(Debug)]
#[must_use = "somebody waits for it"]
pub enum Verdict<P> {
    /// It may be sent.
    Forward(Outbound<P>),
    /// gw answers by itself; a [`Relay`] made from the answer finishes the exchange.
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

/// Decides one request and notes in `exchange` what was found. Its only await is [`World::body`].
///
/// Cost on the usual path (a canonical path, a known operation): no heap allocation, a few passes over the header
/// lines, O(path) in the trie.
pub async fn decide_request<W: World>(
    artifact: &Artifact,
    head: &Head<'_>,
    exchange: &mut Exchange,
    world: &W,
) -> Verdict<W::Permit> {
    exchange.begin(world);
    let verdict = through_the_steps(Facts::new(artifact, head, exchange), world).await;
    exchange.note_decided(world.now());
    verdict.map_or_else(Verdict::Answer, Verdict::Forward)
}

async fn through_the_steps<W: World>(facts: Facts<'_>, world: &W) -> Result<Outbound<W::Permit>, Answer> {
    let received = receive::receive(facts, world)?;
    let matched = validate::find_operation(received, world);
    let admitted = access::admit(matched, world)?;
    let published = route::published(admitted, world)?;
    let authorized = authorize::authorize(published, world)?;
    let metered = rate_limit::meter(authorized, world);
    let plan = validate::plan_body(&metered, world)?;
    let body = world.body(plan).await;
    let checked = validate::check(metered, plan, body, world)?;
    let checked = cache::look_up(checked, world);
    let routed = route::route(checked, world);
    let permitted = circuit_break::admit(routed, world)?;
    let placed = discover::place(permitted, world)?;
    Ok(transform::edit_request(placed, world))
}

/// Decides what the caller receives, now that the upstream answered or will not.
pub fn decide_response<W: World>(
    exchange: &mut Exchange,
    outbound: Outbound<W::Permit>,
    answer: UpstreamAnswer<'_>,
    world: &W,
) -> Relay<W::Permit> {
    exchange.note_responded(world.now());
    let heard = error::judge(answer);
    circuit_break::outcome(outbound.permit(), &heard, world);
    match heard {
        error::Heard::Response(response) => transform::edit_response(outbound, response, world),
        error::Heard::Fault(fault) => error::explain(outbound, fault, world),
    }
}

/// Refuses bytes that could not be read as a request's head: nothing is known but where they came from.
pub fn refuse_unread<W: World>(exchange: &mut Exchange, reason: Reason, world: &W) -> Answer {
    exchange.begin(world);
    exchange.note_decided(world.now());
    world.denied(reason);
    Answer::denial(reason)
}

#[cfg(test)]
mod tests;
