//! Step 6, route: what is published, and which upstream it is sent to.
//!
//! The step speaks twice. After access it answers whatever names no operation, so that an unknown caller is told
//! before a credential is asked for; and once a request is checked it names the upstream.
//!
//! | Refused with | When |
//! |---|---|
//! | 421 `authority-unknown` | no site is published under the host (RFC 9110 §15.5.20) |
//! | 400 `malformed-request` | plain HTTP comes to a listener that speaks TLS, and is not sent on |
//! | 421 `sni-mismatch` | the listener asks for client certificates, and the handshake was made for another host: whoever was let in under one name is not asked again under another (RFC 9110 §7.4) |
//! | 404 `operation-unknown` | no template matches the path |
//! | 400 `path-not-canonical` | the path names one path item, and another once its escaped delimiters are decoded |
//! | 405 `method-unknown` | the path item lacks the method; `Allow` names those it has |
//!
//! Plain HTTP on a listener with `https-redirect` is answered with 308 to the same place in HTTPS, whatever it asks for
//! under a host that is served.
//!
//! An `OPTIONS` that the document does not declare, or with `Max-Forwards: 0`, is answered with 204 and `Allow`;
//! `OPTIONS *` with 204.

use gw_artifact::model::{ClientCertDemand, OperationId, Reason, Step, UpstreamId};

use super::Facts;
use super::access::Admitted;
use super::receive::authority::host;
use super::validate::{Checked, Found};
use crate::answer::Answer;
use crate::exchange::UrlScheme;
use crate::trace::{Event, Finding, Record, StepVerdict};
use crate::world::World;

/// A request for an operation that is published.
#[derive(Debug)]
pub(crate) struct Published<'x> {
    facts: Facts<'x>,
    operation: OperationId,
}

impl<'x> Published<'x> {
    pub(super) fn into_parts(self) -> (Facts<'x>, OperationId) {
        (self.facts, self.operation)
    }
}

/// A request with its upstream.
#[derive(Debug)]
pub(crate) struct Routed<'x> {
    facts: Facts<'x>,
    operation: OperationId,
    upstream: UpstreamId,
}

impl<'x> Routed<'x> {
    pub(super) fn upstream(&self) -> UpstreamId {
        self.upstream
    }

    pub(super) fn into_parts(self) -> (Facts<'x>, OperationId) {
        (self.facts, self.operation)
    }
}

pub(crate) fn published<'x, W: World>(admitted: Admitted<'x>, world: &W) -> Result<Published<'x>, Answer> {
    let (facts, found) = admitted.into_parts();
    match detour(&facts, found).map_or(found, Found::Answer) {
        Found::Operation(operation) => Ok(Published { facts, operation }),
        Found::Answer(answer) => {
            let verdict = answer.reason().map_or(StepVerdict::Answered, StepVerdict::Denied);
            world.record(Event { step: answer.step(), verdict });
            Err(answer)
        }
    }
}

/// The answer that stands before what was found: the connection is not one on which it may be answered.
fn detour(facts: &Facts<'_>, found: Found) -> Option<Answer> {
    let Facts { artifact, exchange, head } = facts;
    // What is not served here, or has no clear path, is told so as it came.
    exchange.site?;
    exchange.path(head)?;
    if matches!(found, Found::Answer(answer) if answer.reason() == Some(Reason::PathNotCanonical)) {
        return None;
    }
    let listener = artifact.listeners().get(exchange.arrival().listener.index())?;
    let arrived = exchange.arrival().scheme;
    // Where TLS is spoken, the connection itself must speak it, whatever a proxy says that is trusted.
    let scheme = if listener.tls.is_some() { arrived } else { exchange.scheme() };
    match (scheme, listener.https_redirect) {
        (UrlScheme::Http, Some(to)) => return Some(Answer::redirect(to)),
        (UrlScheme::Http, None) if listener.tls.is_some() => {
            return Some(Answer::denial(Reason::MalformedRequest));
        }
        (UrlScheme::Http | UrlScheme::Https, _) => {}
    }
    let asks = listener.tls.is_some_and(|tls| tls.client_cert != ClientCertDemand::None);
    let name = exchange.tls().and_then(|tls| tls.server_name.as_deref()).filter(|_| asks)?;
    let is_other = !host(exchange.authority(head)).eq_ignore_ascii_case(name);
    is_other.then(|| Answer::denial(Reason::SniMismatch))
}

pub(crate) fn route<'x, W: World>(checked: Checked<'x>, world: &W) -> Routed<'x> {
    let (facts, operation) = checked.into_parts();
    let upstream = facts.artifact.operation(operation).forward.upstream;
    world.passed(Step::Route, Finding::Upstream(upstream));
    Routed { facts, operation, upstream }
}

#[cfg(test)]
mod tests;
