//! Step 2, validate: which operation is meant, its path parameters, and how its body travels.
//!
//! An escaped delimiter is legal and stays (`a%40b.example` in a variable). But where `/users/@me` and `/users/{id}`
//! are both published, a server that decodes before it routes takes `/users/%40me` for the first and this gateway for
//! the second; such a path is ambiguous, and refused.
//!
//! Path first, then method: a path that is published answers every other method with 405, also where another
//! template would match. `HEAD` is `GET`'s operation where the document declares none; `OPTIONS` is answered by gw
//! where the document declares none, and where `Max-Forwards` is 0. `TRACE` is never served. Path parameters are strings; their schemas, and those of query, header, cookie and body, are not enforced
//! by this version, and the compiler says so.
//!
//! | Refused with | When |
//! |---|---|
//! | 400 `path-not-canonical` | the path holds an escaped delimiter (`%40`, `%3A`, `%28` …) and, with it decoded, names another path item |
//! | 413 `body-too-large` | `Content-Length` is above the operation's `body-max`; or the stream turns out to be |

use std::io::Write;
use std::net::Ipv6Addr;

use gw_artifact::Artifact;
use gw_artifact::canonical_path::twin;
use gw_artifact::model::{Method, OperationId, PathItemId, Reason, Step};
use gw_artifact::path_trie::Captures;

use super::Facts;
use super::rate_limit::Metered;
use super::receive::Received;
use super::receive::authority::{MAX_HOST_BYTES, host};
use super::receive::max_forwards;
use crate::answer::Answer;
use crate::fault::Fault;
use crate::head::{Framing, Head};
use crate::trace::{Finding, Record};
use crate::world::{BodyPlan, World};

/// A request with its operation, or with the answer for those that name none.
#[derive(Debug)]
pub(crate) struct Matched<'x> {
    facts: Facts<'x>,
    found: Found,
}

/// What host, path and method name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Operation(OperationId),
    Answer(Answer),
}

/// A request whose body keeps its limits as far as they can be known before it is sent.
#[derive(Debug)]
pub(crate) struct Checked<'x> {
    facts: Facts<'x>,
    operation: OperationId,
}

impl<'x> Checked<'x> {
    pub(super) fn into_parts(self) -> (Facts<'x>, OperationId) {
        (self.facts, self.operation)
    }
}

pub(crate) fn find_operation<'x, W: World>(received: Received<'x>, world: &W) -> Matched<'x> {
    let mut facts = received.into_facts();
    let found = match path_item(&mut facts) {
        Err(reason) => Found::Answer(Answer::denial(reason)),
        // `OPTIONS *` asks about the gateway itself (RFC 9110 §9.3.7).
        Ok(None) => Found::Answer(Answer::options(None)),
        Ok(Some((item, captures))) => {
            facts.exchange.path_item = Some(item);
            facts.exchange.captures = captures;
            world.passed(Step::Validate, Finding::PathItem(item));
            operation(facts.artifact, item, facts.head)
        }
    };
    if let Found::Operation(operation) = found {
        facts.exchange.operation = Some(operation);
        world.passed(Step::Validate, Finding::Operation(operation));
    }
    Matched { facts, found }
}

impl<'x> Matched<'x> {
    pub(super) fn into_parts(self) -> (Facts<'x>, Found) {
        (self.facts, self.found)
    }
}

fn path_item(facts: &mut Facts<'_>) -> Result<Option<(PathItemId, Captures)>, Reason> {
    let mut buffer = [0; MAX_HOST_BYTES];
    let host = folded(host(facts.exchange.authority(facts.head)), &mut buffer);
    let id = facts.artifact.site_of(host).ok_or(Reason::AuthorityUnknown)?;
    facts.exchange.site = Some(id);
    let site = facts.artifact.site(id);
    let Some(path) = facts.exchange.path(facts.head) else { return Ok(None) };
    let mut captures = Captures::new();
    let item = site.paths.find(path, &mut captures).ok_or(Reason::OperationUnknown)?;
    if twin(path).is_some_and(|twin| site.paths.find(&twin, &mut Captures::new()) != Some(item)) {
        return Err(Reason::PathNotCanonical);
    }
    Ok(Some((PathItemId(item), captures)))
}

/// The host in its one spelling: lower case, and an IPv6 address as RFC 5952 writes it. As it is, or copied into
/// `folded`; no host is longer than that.
fn folded<'t>(host: &'t str, folded: &'t mut [u8; MAX_HOST_BYTES]) -> &'t str {
    let length = if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        address.parse::<Ipv6Addr>().ok().and_then(|address| {
            let mut rest = folded.as_mut_slice();
            write!(rest, "[{address}]").ok()?;
            let left = rest.len();
            Some(MAX_HOST_BYTES - left)
        })
    } else if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        folded.get_mut(..host.len()).map(|folded| {
            folded.copy_from_slice(host.as_bytes());
            folded.make_ascii_lowercase();
            folded.len()
        })
    } else {
        None
    };
    length.and_then(|length| std::str::from_utf8(&folded[..length]).ok()).unwrap_or(host)
}

fn operation(artifact: &Artifact, item: PathItemId, head: &Head<'_>) -> Found {
    if max_forwards::left(head) == Ok(Some(0)) {
        return Found::Answer(Answer::options(Some(item)));
    }
    let method = head.method;
    let declared = artifact.path_item(item);
    let found = Method::from_wire(method).and_then(|method| {
        let stands_in = if method == Method::Head { Method::Get } else { method };
        declared.declared(method).or_else(|| declared.declared(stands_in))
    });
    match found {
        Some(operation) => Found::Operation(operation),
        None if method == Method::Options.as_str() => Found::Answer(Answer::options(Some(item))),
        None => Found::Answer(Answer::method_unknown(item)),
    }
}

/// How the body is to travel. A length above the limit is refused before anything is read.
pub(crate) fn plan_body<W: World>(metered: &Metered<'_>, world: &W) -> Result<BodyPlan, Answer> {
    let facts = metered.facts();
    let max = facts.artifact.operation(metered.operation()).body_max;
    match facts.head.body {
        Framing::None | Framing::Length(0) => Ok(BodyPlan::None),
        Framing::Length(length) if length > max.0 => {
            world.denied(Reason::BodyTooLarge);
            Err(Answer::denial(Reason::BodyTooLarge))
        }
        Framing::Length(_) | Framing::Chunked => Ok(BodyPlan::Stream { max }),
    }
}

/// What the world says about the body that was planned.
pub(crate) fn check<'x, W: World>(
    metered: Metered<'x>,
    plan: BodyPlan,
    body: Result<(), Fault>,
    world: &W,
) -> Result<Checked<'x>, Answer> {
    if let Err(fault) = body {
        world.denied(fault.reason());
        return Err(Answer::denial(fault.reason()));
    }
    let (facts, operation) = metered.into_parts();
    facts.exchange.body = plan;
    world.passed(Step::Validate, Finding::BodyPlanned);
    Ok(Checked { facts, operation })
}

#[cfg(test)]
mod tests;
