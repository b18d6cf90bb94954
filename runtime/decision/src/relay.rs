//! The end of an exchange: what the caller receives, and what is told about it afterwards.

use gw_artifact::model::{OperationId, Reason, Step};

use crate::answer::Answer;
use crate::context::{Context, HeadWriter};
use crate::fault::Fault;
use crate::head::ResponseHead;
use crate::outbound::Outbound;
use crate::world::{EndpointId, Now};

/// What the caller receives, until it has received it. Holds the permit until then.
///
/// [`Relay::finish`] takes it by value and makes the facts of the log line: it can run once only, and a driver
/// calls it in every ending, also when the caller goes away.
#[derive(Debug)]
#[must_use = "every exchange is finished once"]
pub struct Relay<P> {
    permit: Option<P>,
    reply: Reply,
    sent: Option<Sent>,
    fault: Option<Fault>,
}

/// What the caller receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// gw's own answer; the upstream's, if there is one, is thrown away.
    Answer(Answer),
    /// The upstream's answer, with [`Relay::head`] for a head and the body as it comes. When its body breaks off,
    /// nothing else can be said any more: the connection is cut, so that it never looks complete.
    Upstream {
        /// The status code.
        status: u16,
    },
    /// Nothing: the caller went away before there was an answer.
    Nothing,
}

/// How an exchange ended, as the driver saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// How.
    pub how: How,
    /// When.
    pub at: Now,
    /// Bytes of the request's body that were read from the caller.
    pub request_bytes: u64,
    /// Bytes of the response's body that were handed to the caller.
    pub response_bytes: u64,
}

/// How an exchange ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The caller received all of it.
    Complete,
    /// The response's head was relayed, then this happened, and the connection was cut.
    Cut(Fault),
    /// The caller went away.
    ClientGone,
}

/// What the log line says about the end: plain data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub ending: Ending,
    /// The status that the caller received, if it received one.
    pub status: Option<u16>,
    /// The step that decided the end: that of the reason, or `log` when nothing was refused.
    pub step: Step,
    /// Why gw said no, or cut.
    pub reason: Option<Reason>,
    /// What went wrong on the way, finer than the reason.
    pub fault: Option<Fault>,
    /// Attempts at an endpoint.
    pub attempts: u8,
    /// The last endpoint that was tried.
    pub endpoint: Option<EndpointId>,
}
