//! Step 8, transform: how the request differs on its way to the upstream, and the response on its way back.
//!
//! Request:
//!
//! | Line | What happens | Source |
//! |---|---|---|
//! | method, query | unchanged | |
//! | path | the canonical path that was matched; its base replaced where `x-gw-upstream.path` says so | |
//! | `host` | the endpoint's authority, or the one that `x-gw-upstream.host` says | RFC 9112 §3.2 |
//! | hop-by-hop lines, and those that `Connection` names | dropped | RFC 9110 §7.6.1 |
//! | `expect` | dropped: the gateway itself asked for the body | RFC 9110 §10.1.1 |
//! | `max-forwards` of `OPTIONS` | one less | RFC 9110 §7.6.2 |
//! | `via` | kept, and one entry appended | RFC 9110 §7.6.3 |
//! | `forwarded`, `x-forwarded-*`, `x-real-ip` | dropped, and set from what the connection and trusted proxies tell | RFC 7239 |
//! | `x-request-id` | dropped, and set | |
//! | `x-http-method-override`, `x-original-url` and their like | dropped: some servers run another operation for them | |
//! | all of these, `content-length` too, with another byte for `-` | dropped: some servers read `x_real_ip` and `x.real.ip` as if they were the real ones | |
//! | the headers that `x-gw-auth.forward` names at any operation, in every spelling | dropped, and set from the verified caller where the operation says so | |
//! | `authorization` and headers with API keys | dropped where `x-gw-auth.credential` is `drop` | |
//! | `traceparent`, `tracestate` | kept while the one `traceparent` is well-formed | W3C Trace Context §3.2 |
//! | everything else | forwarded untouched, in order | |
//!
//! The names stand in [`is_dropped_header`](gw_artifact::model::is_dropped_header), so that no artifact can look for a
//! credential in a line that is dropped here.
//!
//! Response: hop-by-hop lines and those that `Connection` names are dropped, `via` is appended, `x-request-id` is
//! set; `server` and `date` stay. Over HTTPS `strict-transport-security` is set where the listener says so.

use gw_artifact::model::Step;

use super::discover::Placed;
use crate::head::ResponseHead;
use crate::outbound::Outbound;
use crate::relay::Relay;
use crate::trace::{Finding, Record};
use crate::world::World;

mod forwarded;
mod hop_by_hop;
pub(crate) mod hsts;
mod identity;
mod request;
mod response;
mod traceparent;

pub(crate) use request::write as write_request;
pub(crate) use response::write as write_response;
pub(crate) use traceparent::trace_id;

pub(crate) fn edit_request<W: World>(placed: Placed<'_, W::Permit>, world: &W) -> Outbound<W::Permit> {
    let operation = placed.operation();
    let dropped = request::dropped(placed.facts());
    world.passed(Step::Transform, Finding::Edited);
    Outbound::decided(placed, operation, dropped)
}

pub(crate) fn edit_response<W: World>(
    outbound: Outbound<W::Permit>,
    head: ResponseHead<'_>,
    world: &W,
) -> Relay<W::Permit> {
    let dropped = response::dropped(&head);
    world.passed(Step::Transform, Finding::Relayed);
    Relay::relayed(outbound, head.status, dropped)
}

#[cfg(test)]
mod tests;
