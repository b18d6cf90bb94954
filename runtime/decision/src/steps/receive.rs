//! Step 1, receive: the message keeps HTTP's own rules, and its target, host and path have one meaning.
//!
//! | Refused with | When | Source |
//! |---|---|---|
//! | 503 `overloaded` | the gateway has as many exchanges in hand as it may have | |
//! | 414 `target-too-long` | the target has more than [`MAX_TARGET_BYTES`] | RFC 9110 §4.1 |
//! | 431 `head-too-large` | more than [`MAX_LINES`] lines or [`MAX_HEAD_BYTES`] of them, or `Connection` with more than [`MAX_CONNECTION_NAMES`] | RFC 6585 §5 |
//! | 400 `malformed-request` | `Content-Length` beside `Transfer-Encoding`, twice, or not a number; a transfer coding other than `chunked` | RFC 9112 §6.1, §6.3 |
//! | 400 `malformed-request` | no `Host`, two, or one that is no host; a target whose authority differs from it; user information | RFC 9112 §3.2, RFC 9110 §4.2.4 |
//! | 400 `malformed-request` | `CONNECT`, `*` with another method than `OPTIONS`, a query with white space, controls, `#`, `"`, `<` or `>` | RFC 9112 §3.2, RFC 3986 §3.4 |
//! | 400 `malformed-request` | an absolute form whose scheme is not that of the connection | RFC 9110 §7.4 |
//! | 400 `malformed-request` | an expectation other than `100-continue`; more than one `Authorization` | RFC 9110 §10.1.1, §5.3 |
//! | 400 `malformed-request` | `OPTIONS` with two `Max-Forwards`, or one that is no number | RFC 9110 §7.6.2 |
//! | 400 `malformed-request` | what a trusted proxy says about the client is not to be understood ([`client`]) | |
//! | 508 `loop` | a `Via` entry bears this project's name | RFC 9110 §7.6.3 |
//! | 400 `path-not-canonical` | a rule of [`gw_artifact::canonical_path`] is broken | |
//!
//! The table says what is refused of the head that is handed over. In traffic, hyper has read the bytes first, and it
//! settles three of these cases by itself, each in one way: of `Content-Length` beside `Transfer-Encoding: chunked`
//! only the coding is left, and the connection ends with the answer; equal `Content-Length`s are read as one; a
//! fragment (`#x`) is cut off the target. What is forwarded is framed anew, so that no upstream sees the difference. A
//! `Content-Length` that no 64-bit number holds is hyper's 431.
//!
//! An HTTP/1.0 request may lack `Host`; then only an API that is published under any host can be meant.

use gw_artifact::Artifact;
pub use gw_artifact::bounds::{MAX_CONNECTION_NAMES, MAX_HEAD_BYTES, MAX_LINES, MAX_TARGET_BYTES};
use gw_artifact::canonical_path::canonicalize;
use gw_artifact::model::{Reason, Step};

use self::client::Client;
use super::Facts;
use crate::answer::Answer;
use crate::exchange::{PathPlace, Place, Span};
use crate::head::Head;
use crate::text::list_length;
use crate::trace::{Finding, Record};
use crate::world::World;

pub(crate) mod authority;
pub(crate) mod client;
pub(crate) mod framing;
pub(crate) mod max_forwards;
mod target;
mod via;

/// A message that keeps HTTP's rules.
#[derive(Debug)]
pub(crate) struct Received<'x> {
    facts: Facts<'x>,
}

impl<'x> Received<'x> {
    pub(super) fn into_facts(self) -> Facts<'x> {
        self.facts
    }
}

pub(crate) fn receive<'x, W: World>(facts: Facts<'x>, world: &W) -> Result<Received<'x>, Answer> {
    match read(facts.head, facts.exchange.client, facts.artifact, world.has_room()) {
        Ok(read) => {
            facts.exchange.client = read.client;
            facts.exchange.authority = read.authority;
            facts.exchange.path = read.path;
            facts.exchange.query = read.query;
            world.passed(Step::Receive, Finding::WellFormed);
            Ok(Received { facts })
        }
        Err(Refused { reason, read }) => {
            facts.exchange.client = read.client;
            facts.exchange.authority = read.authority;
            facts.exchange.query = read.query;
            world.denied(reason);
            Err(Answer::denial(reason))
        }
    }
}

/// What the head says about its sender and its target.
struct Read {
    client: Client,
    authority: Place,
    path: PathPlace,
    query: Option<Span>,
}

/// A refusal, with what was understood before it, for the log line.
struct Refused {
    reason: Reason,
    read: Read,
}

fn read(head: &Head<'_>, peer: Client, artifact: &Artifact, has_room: bool) -> Result<Read, Refused> {
    let mut read = Read { client: peer, authority: Place::Unknown, path: PathPlace::Unknown, query: None };
    match read_into(&mut read, head, artifact, has_room) {
        Ok(()) => Ok(read),
        Err(reason) => Err(Refused { reason, read }),
    }
}

fn read_into(read: &mut Read, head: &Head<'_>, artifact: &Artifact, has_room: bool) -> Result<(), Reason> {
    within_limits(head)?;
    if !has_room {
        return Err(Reason::Overloaded);
    }
    let target = target::split(head.method, head.target, read.client.scheme)?;
    read.client = client::read(head, read.client, &artifact.tables().trusted_proxies)?;
    read.query = target.query;
    read.authority = authority::place(head, target.authority)?;
    framing::check(head)?;
    singletons(head)?;
    max_forwards::left(head)?;
    if via::names(head, artifact.project()) {
        return Err(Reason::Loop);
    }
    if let Some(path) = target.path {
        read.path = canonical(head.target, path)?;
    }
    Ok(())
}

fn within_limits(head: &Head<'_>) -> Result<(), Reason> {
    if head.target.len() > MAX_TARGET_BYTES {
        return Err(Reason::TargetTooLong);
    }
    let bytes = head.bytes();
    let names = list_length(head.all("connection"));
    if head.lines.len() > MAX_LINES || bytes > MAX_HEAD_BYTES || names > MAX_CONNECTION_NAMES {
        return Err(Reason::HeadTooLarge);
    }
    Ok(())
}

/// Lines whose repetition two readers could understand differently, and expectations that nobody here can meet.
fn singletons(head: &Head<'_>) -> Result<(), Reason> {
    if head.all("authorization").nth(1).is_some() {
        return Err(Reason::MalformedRequest);
    }
    if head.all("expect").any(|value| !value.eq_ignore_ascii_case(b"100-continue")) {
        return Err(Reason::MalformedRequest);
    }
    Ok(())
}

fn canonical(target: &str, path: Span) -> Result<PathPlace, Reason> {
    // An absolute form without path means `/` (RFC 9112 §3.2.1).
    let raw = match target.get(path.range()) {
        None | Some("") => return Ok(PathPlace::Rewritten("/".to_owned())),
        Some(raw) => raw,
    };
    let canonical = canonicalize(raw).map_err(|_| Reason::PathNotCanonical)?;
    Ok(if canonical.is_borrowed() {
        PathPlace::Target(path)
    } else {
        PathPlace::Rewritten(canonical.as_str().to_owned())
    })
}

#[cfg(test)]
mod tests;
