//! The end of an exchange: what the caller receives, and what is told about it afterwards.

use gw_artifact::model::{Reason, Step};

use crate::answer::Answer;
use crate::context::{Context, HeadWriter};
use crate::fault::Fault;
use crate::head::ResponseHead;
use crate::outbound::Outbound;
use crate::steps::transform;
use crate::world::{EndpointId, Now};

/// What the caller receives, until it has received it. Holds the permit until then.
///
/// [`Relay::finish`] takes it by value and makes the facts of the log line: it can run once only, and a driver
/// calls it in every ending, also when the caller goes away.
#[derive(Debug)]
#[must_use = "every exchange is finished once"]
pub struct Relay<P> {
    permit: Option<P>,
    /// One bit per header line of the upstream's response that is not relayed.
    dropped: u128,
    reply: Reply,
    endpoint: Option<EndpointId>,
    fault: Option<Fault>,
}

/// What the caller receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// gw's own answer; the upstream's, if there is one, is thrown away.
    Answer(Answer),
    /// The upstream's answer: [`Relay::head`] for a head, and the body as it comes. When its body breaks off, there
    /// is nothing left to say: the connection is cut, so that it never looks complete.
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
    /// The status of the head that was sent to the caller, if one was.
    pub status: Option<u16>,
    /// The step that answered or cut; none when the upstream's answer was relayed in full.
    pub step: Option<Step>,
    /// Why gw said no, or cut.
    pub reason: Option<Reason>,
    /// What went wrong on the way, finer than the reason.
    pub fault: Option<Fault>,
    /// Attempts at an endpoint.
    pub attempts: u8,
    /// The last endpoint that was tried.
    pub endpoint: Option<EndpointId>,
}

impl<P> Relay<P> {
    /// gw answers a request that was never sent.
    pub fn answered(answer: Answer) -> Self {
        Self { permit: None, dropped: 0, reply: Reply::Answer(answer), endpoint: None, fault: None }
    }

    /// The caller went away while its request was with the upstream; finish it with [`How::ClientGone`].
    pub fn abandoned(outbound: Outbound<P>) -> Self {
        Self::of(outbound, Reply::Nothing, 0, None)
    }

    pub(crate) fn explained(outbound: Outbound<P>, answer: Answer, fault: Fault) -> Self {
        Self::of(outbound, Reply::Answer(answer), 0, Some(fault))
    }

    pub(crate) fn relayed(outbound: Outbound<P>, status: u16, dropped: u128) -> Self {
        Self::of(outbound, Reply::Upstream { status }, dropped, None)
    }

    fn of(outbound: Outbound<P>, reply: Reply, dropped: u128, fault: Option<Fault>) -> Self {
        let endpoint = Some(outbound.endpoint());
        Self { permit: Some(outbound.into_permit()), dropped, reply, endpoint, fault }
    }

    /// What the caller receives.
    pub fn reply(&self) -> Reply {
        self.reply
    }

    /// Writes the head of the upstream's response as the caller receives it: the one place that knows the edits.
    /// `response` is the head that was decided upon. Framing is the driver's, but for `content-length`, which
    /// stays. For an [`Answer`] ask the answer.
    pub fn head(
        &self,
        context: Context<'_>,
        response: &ResponseHead<'_>,
        scratch: &mut Vec<u8>,
        writer: &mut impl HeadWriter,
    ) {
        transform::write_response(self.dropped, context, response, scratch, writer);
    }

    /// The end: gives the permit back and says what there is to tell.
    pub fn finish(self, ending: Ending) -> Finished {
        let status = self.status();
        drop(self.permit);
        let answer = match self.reply {
            Reply::Answer(answer) => Some(answer),
            Reply::Upstream { .. } | Reply::Nothing => None,
        };
        let cut = match ending.how {
            How::Cut(fault) => Some(fault),
            How::Complete | How::ClientGone => None,
        };
        Finished {
            ending,
            status,
            step: answer.map(|answer| answer.step()).or(cut.map(|_| Step::Error)),
            reason: answer.and_then(|answer| answer.reason()).or(cut.map(Fault::reason)),
            fault: self.fault.or(cut),
            attempts: u8::from(self.endpoint.is_some()),
            endpoint: self.endpoint,
        }
    }

    fn status(&self) -> Option<u16> {
        match self.reply {
            Reply::Answer(answer) => Some(answer.status()),
            Reply::Upstream { status } => Some(status),
            Reply::Nothing => None,
        }
    }
}
