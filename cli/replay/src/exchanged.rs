//! What became of one request: what the caller received, what an upstream received, and why.

use gw_artifact::model::{Reason, Step};
use gw_decision::{Event, Fault};

use crate::request::Request;
use crate::sim::Sim;
use crate::walk::Walk;

/// What became of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchanged {
    /// What the caller received; nothing when it got no head.
    pub received: Option<Received>,
    /// Whether the caller received all of it.
    pub complete: bool,
    /// The step that answered or cut, if it was not the upstream.
    pub step: Option<Step>,
    /// Why gw said no.
    pub reason: Option<Reason>,
    /// What went wrong on the way.
    pub fault: Option<Fault>,
    /// What an upstream received, if one did.
    pub sent: Option<Sent>,
    /// The line of the access log, without its line feed. The digests in it are empty.
    pub log_line: String,
    /// What the steps said, in call order.
    pub events: Vec<Event>,
}

/// A response as the caller received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The status.
    pub status: u16,
    /// The header lines, in order, names in lower case. `date`, and the framing of a body without known length, are
    /// the engine's and not among them.
    pub lines: Vec<(String, String)>,
    /// As much of the body as arrived.
    pub body: Vec<u8>,
}

/// A request as an upstream received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The upstream's name.
    pub upstream: String,
    /// The endpoint's `host:port`.
    pub endpoint: String,
    /// The method.
    pub method: String,
    /// The target.
    pub target: String,
    /// The header lines, in order, names in lower case.
    pub lines: Vec<(String, String)>,
    /// As much of the body as was sent, without its framing.
    pub body: Vec<u8>,
    /// Whether the body was sent to its end.
    pub complete: bool,
}

impl Exchanged {
    /// Sends a request through a simulated gateway. Time passes as far as the request itself makes it.
    pub fn of(sim: &Sim<'_>, request: &Request) -> Self {
        let sent_head = request.head(sim.artifact);
        sent_head.with(|head| Walk::begin(sim, request, &sent_head, head).go())
    }
}

impl Sent {
    /// The head's bytes, as they stand on the wire.
    pub fn head_bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.lines {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes
    }
}
