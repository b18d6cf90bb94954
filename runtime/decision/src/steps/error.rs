//! Step 9, error: what the caller hears when the upstream answers nonsense, late, or not at all.
//!
//! | Fault | Answer |
//! |---|---|
//! | no connection, or not within `connect` | 502 `upstream-connect` |
//! | closed before the answer was whole | 502 `upstream-reset` |
//! | not HTTP; a status outside 200–599; more header lines than are read | 502 `upstream-protocol` |
//! | no response head within `response-head`, no end within `total` | 504 `upstream-timeout` |
//! | the request's body did not end within `request-body` | 408 `request-timeout` |
//! | the request's body became longer than `body-max` | 413 `body-too-large` |
//! | the request's body broke its framing | 400 `malformed-request` |
//!
//! All of this holds until a response head was relayed; after that the connection is cut, so that a broken answer
//! never looks complete ([`How::Cut`](crate::How::Cut)).

use crate::answer::Answer;
use crate::fault::Fault;
use crate::head::ResponseHead;
use crate::outbound::Outbound;
use crate::pipeline::UpstreamAnswer;
use crate::relay::Relay;
use crate::trace::Record;
use crate::world::World;

/// An upstream's answer that is worth relaying, or what was wrong with it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Heard<'h> {
    Response(ResponseHead<'h>),
    Fault(Fault),
}

pub(crate) fn judge(answer: UpstreamAnswer<'_>) -> Heard<'_> {
    match answer {
        UpstreamAnswer::Fault(fault) => Heard::Fault(fault),
        UpstreamAnswer::Head(head) if is_sound(&head) => Heard::Response(head),
        UpstreamAnswer::Head(_) => Heard::Fault(Fault::Protocol),
    }
}

/// The caller hears the fault's reason; the permit stays held until it has.
pub(crate) fn explain<W: World>(outbound: Outbound<W::Permit>, fault: Fault, world: &W) -> Relay<W::Permit> {
    world.denied(fault.reason());
    Relay::explained(outbound, Answer::denial(fault.reason()), fault)
}

fn is_sound(head: &ResponseHead<'_>) -> bool {
    (200..600).contains(&head.status) && head.lines.len() <= MAX_LINES
}

/// One bit each in the set of lines that are not relayed.
const MAX_LINES: usize = u128::BITS as usize;
