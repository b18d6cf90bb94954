//! One request's whole way through a simulated gateway, in the order in which the runtime goes it:
//! decide → send → decide → relay → finish.

use gw_artifact::model::{Operation, Timeouts};
use gw_decision::{
    Answer, BodyPlan, Context, Ending, Exchange, Fault, Framing, Head, HeadWriter, How, Line, LogLine,
    Outbound, Relay, Reply, ResponseHead, Start, UpstreamAnswer, Verdict, Version, World, decide_request,
    decide_response,
};
use gw_engines::Permit;

use crate::connection::exchange;
use crate::exchanged::{Exchanged, Received, Sent};
use crate::request::{Request, SentHead};
use crate::sim::{Sim, SimWorld, at_once};
use crate::suite::{Act, Course, Response};

/// One exchange under way.
pub(crate) struct Walk<'x> {
    sim: &'x Sim<'x>,
    world: SimWorld<'x>,
    request: &'x Request,
    framing: Framing,
    head: &'x Head<'x>,
    exchange: Exchange,
    started: u64,
    sent: Option<Sent>,
    received: Option<Received>,
    request_bytes: u64,
}

impl<'x> Walk<'x> {
    pub(crate) fn begin(sim: &'x Sim<'x>, request: &'x Request, sent: &SentHead, head: &'x Head<'x>) -> Self {
        Self {
            sim,
            world: SimWorld::new(sim),
            request,
            framing: sent.framing,
            head,
            exchange: exchange(request, sent.host(), sim.artifact),
            started: sim.now(),
            sent: None,
            received: None,
            request_bytes: 0,
        }
    }

    pub(crate) fn go(mut self) -> Exchanged {
        let decision = decide_request(self.sim.artifact, self.head, &mut self.exchange, &self.world);
        let (relay, how, endpoint) = match at_once(decision) {
            Verdict::Answer(answer) => {
                self.answer(answer);
                (Relay::answered(answer), How::Complete, String::new())
            }
            Verdict::Forward(outbound) => {
                let endpoint = outbound.permit().authority().to_owned();
                let (relay, how) = self.forward(outbound);
                (relay, how, endpoint)
            }
        };
        self.finish(relay, how, &endpoint)
    }

    fn forward(&mut self, outbound: Outbound<Permit>) -> (Relay<Permit>, How) {
        let operation = self.sim.artifact.operation(outbound.operation());
        let heard = self.send(&outbound, operation);
        let lines: Vec<_> = heard.iter().flat_map(lines_of).collect();
        let answer = match &heard {
            Ok(response) => UpstreamAnswer::Head(ResponseHead {
                status: response.status,
                version: Version::Http11,
                lines: &lines,
            }),
            Err(fault) => UpstreamAnswer::Fault(*fault),
        };
        let relay = decide_response(&mut self.exchange, outbound, answer, &self.world);
        let how = match (relay.reply(), &heard) {
            (Reply::Upstream { .. }, Ok(response)) => self.relay(&relay, response, operation.timeouts),
            (Reply::Answer(answer), _) => {
                self.answer(answer);
                How::Complete
            }
            (Reply::Upstream { .. } | Reply::Nothing, _) => How::ClientGone,
        };
        (relay, how)
    }

    /// Sends the request, and waits for the head of a response.
    fn send(&mut self, outbound: &Outbound<Permit>, operation: &Operation) -> Result<Response, Fault> {
        let timeouts = operation.timeouts;
        let answer = self.sim.next_answer(operation.forward.upstream);
        match answer.act {
            Act::RefuseConnection => return Err(Fault::Connect),
            Act::FailHandshake(fault) => return Err(fault),
            Act::HangConnection => {
                return Err(self.wait_out(timeouts.connect.as_nanos(), Fault::ConnectTimeout, timeouts));
            }
            Act::Respond(_) | Act::Reset | Act::Garbage => {}
        }
        self.send_request(outbound, operation)?;
        if answer.delay >= timeouts.response_head.as_nanos().min(self.left(timeouts)) {
            return Err(self.wait_out(
                timeouts.response_head.as_nanos(),
                Fault::ResponseHeadTimeout,
                timeouts,
            ));
        }
        self.sim.pass(answer.delay);
        match answer.act {
            Act::Respond(response) => Ok(response),
            Act::Reset => Err(Fault::Reset),
            Act::Garbage | Act::RefuseConnection | Act::HangConnection | Act::FailHandshake(_) => {
                Err(Fault::Protocol)
            }
        }
    }

    fn send_request(&mut self, outbound: &Outbound<Permit>, operation: &Operation) -> Result<(), Fault> {
        let body = &self.request.body;
        let length = body.bytes.len() as u64;
        let mut written = Written::default();
        let context = Context { artifact: self.sim.artifact, head: self.head, exchange: &self.exchange };
        let endpoint = outbound.permit().authority();
        outbound.head(context, endpoint, &mut Vec::new(), &mut written);
        let mut sent = Sent {
            upstream: self.sim.artifact.upstream_of(operation).name.clone(),
            endpoint: endpoint.to_owned(),
            method: written.method,
            target: written.target,
            lines: written.lines,
            body: Vec::new(),
            complete: false,
        };
        let outcome = match (self.exchange.body_plan(), self.framing) {
            (BodyPlan::Stream { max }, _) if length > max.0 => Err(Fault::BodyTooLarge),
            (BodyPlan::Stream { .. }, Framing::Length(announced)) if announced > length => {
                Err(Fault::BodyTimeout)
            }
            (BodyPlan::Stream { .. }, _) if body.stalls => Err(Fault::BodyTimeout),
            (BodyPlan::None | BodyPlan::Stream { .. }, _) => Ok(()),
        };
        if outcome != Err(Fault::BodyTooLarge) && self.exchange.body_plan() != BodyPlan::None {
            sent.body.clone_from(&body.bytes);
        }
        sent.complete = outcome.is_ok();
        self.request_bytes = sent.body.len() as u64;
        self.sent = Some(sent);
        match outcome {
            Err(Fault::BodyTimeout) => {
                let timeouts = operation.timeouts;
                Err(self.wait_out(timeouts.request_body.as_nanos(), Fault::BodyTimeout, timeouts))
            }
            outcome => outcome,
        }
    }

    fn relay(&mut self, relay: &Relay<Permit>, response: &Response, timeouts: Timeouts) -> How {
        let lines: Vec<_> = lines_of(response).collect();
        let head = ResponseHead { status: response.status, version: Version::Http11, lines: &lines };
        let mut written = Written::default();
        let context = Context { artifact: self.sim.artifact, head: self.head, exchange: &self.exchange };
        relay.head(context, &head, &mut Vec::new(), &mut written);
        let bodiless = self.request.method == "HEAD" || matches!(response.status, 204 | 304);
        let (arrived, how) = match response.course {
            _ if bodiless => (0, How::Complete),
            Course::Whole => (response.body.len(), How::Complete),
            Course::CutAfter(bytes) => (bytes as usize, How::Cut(Fault::Reset)),
            Course::StallAfter(bytes) => {
                let fault = self.wait_out(timeouts.idle.as_nanos(), Fault::IdleTimeout, timeouts);
                (bytes as usize, How::Cut(fault))
            }
        };
        let whole =
            arrived >= response.body.len() && response.lines.iter().any(|(name, _)| name == "content-length");
        let body = response.body[..arrived.min(response.body.len())].to_vec();
        self.received = Some(Received { status: written.status, lines: written.lines, body });
        if whole { How::Complete } else { how }
    }

    fn answer(&mut self, answer: Answer) {
        let context = Context { artifact: self.sim.artifact, head: self.head, exchange: &self.exchange };
        let mut written = Written::default();
        let mut body = Vec::new();
        answer.head(context, &mut written);
        answer.body(context, &mut body);
        if answer.status() != 204 {
            written.line("content-length", body.len().to_string().as_bytes());
        }
        if self.request.method == "HEAD" {
            body.clear();
        }
        self.received = Some(Received { status: written.status, lines: written.lines, body });
    }

    fn finish(self, relay: Relay<Permit>, how: How, endpoint: &str) -> Exchanged {
        let response_bytes = self.received.as_ref().map_or(0, |received| received.body.len() as u64);
        let ending = Ending { how, at: self.world.now(), request_bytes: self.request_bytes, response_bytes };
        let finished = relay.finish(ending);
        let mut log_line = Vec::new();
        let context = Context { artifact: self.sim.artifact, head: self.head, exchange: &self.exchange };
        LogLine { context, finished: &finished, artifact_digest: "", policy_digest: "", endpoint }
            .write(&mut log_line);
        Exchanged {
            received: self.received,
            complete: how == How::Complete,
            step: finished.step,
            reason: finished.reason,
            fault: finished.fault,
            sent: self.sent,
            log_line: String::from_utf8_lossy(log_line.trim_ascii_end()).into_owned(),
            events: self.world.events(),
        }
    }

    /// What is left of the operation's `total`.
    fn left(&self, timeouts: Timeouts) -> u64 {
        timeouts.total.as_nanos().saturating_sub(self.sim.now() - self.started)
    }

    /// Waits until a phase's deadline, or until that of the whole exchange, which then is the fault.
    fn wait_out(&self, phase: u64, fault: Fault, timeouts: Timeouts) -> Fault {
        let left = self.left(timeouts);
        self.sim.pass(phase.min(left));
        if left < phase { Fault::TotalTimeout } else { fault }
    }
}

fn lines_of(response: &Response) -> impl Iterator<Item = Line<'_>> {
    response.lines.iter().map(|(name, value)| Line { name, value: value.as_bytes() })
}

/// A head as it was written.
#[derive(Default)]
struct Written {
    method: String,
    target: String,
    status: u16,
    lines: Vec<(String, String)>,
}

impl HeadWriter for Written {
    fn start(&mut self, start: Start<'_>) {
        match start {
            Start::Request { method, target } => {
                (self.method, self.target) = (method.to_owned(), target.to_owned());
            }
            Start::Response { status } => self.status = status,
        }
    }

    fn line(&mut self, name: &str, value: &[u8]) {
        self.lines.push((name.to_owned(), String::from_utf8_lossy(value).into_owned()));
    }
}
