//! One exchange under way. Dropping it finishes it, exactly once: the permit goes back and the log line is written.
//!
//! That holds also while a panic unwinds: then gw's last words about it are left with the conversation, which sends them
//! if the caller has heard nothing yet.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use gw_artifact::model::Reason;
use gw_decision::{Answer, Ending, How, Outbound, Relay, Reply, refuse_unread};
use gw_engines::{Permit, RoomPass};
use http::Method;

use super::Facts;
use crate::conversation::Conversation;
use crate::listener::Refusal;
use crate::live_world::LiveWorld;
use crate::telemetry;

/// See the module.
#[derive(Debug)]
pub(crate) struct Flight {
    conversation: Rc<Conversation>,
    facts: Box<Facts>,
    stage: Stage,
    /// The room in the gateway; given back with the flight.
    pass: Option<RoomPass>,
    how: Option<How>,
    response_bytes: u64,
}

#[derive(Debug)]
enum Stage {
    Deciding,
    Upstream(Outbound<Permit>),
    Caller(Relay<Permit>),
    Over,
}

impl Flight {
    /// A request has come, and is to be decided.
    pub(crate) fn begin(conversation: &Rc<Conversation>, facts: Box<Facts>) -> Self {
        conversation.worker.metrics.begun();
        let conversation = Rc::clone(conversation);
        Self { conversation, facts, stage: Stage::Deciding, pass: None, how: None, response_bytes: 0 }
    }

    /// It may be sent.
    pub(crate) fn sends(&mut self, outbound: Outbound<Permit>, pass: Option<RoomPass>) {
        (self.stage, self.pass) = (Stage::Upstream(outbound), pass);
    }

    /// gw answers it by itself.
    pub(crate) fn answers(&mut self, answer: Answer, pass: Option<RoomPass>) {
        (self.stage, self.pass) = (Stage::Caller(Relay::answered(answer)), pass);
    }

    pub(crate) fn conversation(&self) -> &Rc<Conversation> {
        &self.conversation
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(crate) fn facts_mut(&mut self) -> &mut Facts {
        &mut self.facts
    }

    /// The upstream answered or will not: `judge` says what the caller receives.
    pub(crate) fn judged(&mut self, judge: impl FnOnce(&mut Facts, Outbound<Permit>) -> Relay<Permit>) {
        self.stage = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Upstream(outbound) => Stage::Caller(judge(&mut self.facts, outbound)),
            other => other,
        };
    }

    /// What the caller receives, once that is decided.
    pub(crate) fn relay(&self) -> Option<&Relay<Permit>> {
        match &self.stage {
            Stage::Caller(relay) => Some(relay),
            Stage::Deciding | Stage::Upstream(_) | Stage::Over => None,
        }
    }

    /// So many more bytes of the response's body were handed to the caller.
    pub(crate) fn relayed(&mut self, bytes: usize) {
        self.response_bytes += bytes as u64;
    }

    /// How it ends, if it is not the caller who leaves.
    pub(crate) fn ends(&mut self, how: How) {
        self.how.get_or_insert(how);
    }

    fn ending(&self) -> Ending {
        let cut = self.conversation.cut_by().map(How::Cut);
        Ending {
            how: self.how.or(cut).unwrap_or(How::ClientGone),
            at: self.conversation.worker.clock.now(),
            request_bytes: self.conversation.upload.received(),
            response_bytes: self.response_bytes,
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // A second panic that left this drop would end the process. What made it was said by the hook.
            drop(catch_unwind(AssertUnwindSafe(|| {
                self.break_off();
                self.finish();
            })));
        } else {
            self.finish();
        }
    }
}

impl Flight {
    fn finish(&mut self) {
        let ending = self.ending();
        let relay = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Upstream(outbound) => Relay::abandoned(outbound),
            Stage::Caller(relay) => relay,
            Stage::Deciding | Stage::Over => return,
        };
        let worker = &self.conversation.worker;
        let finished = relay.finish(ending);
        self.facts.with_context(&worker.gateway.artifact, |context| {
            telemetry::finished(worker, context, &finished);
        });
        worker.keep_lines(std::mem::take(&mut self.facts.received.lines));
        self.conversation.finish();
    }

    /// Code of ours fails that holds the flight, so no head was handed over: whatever was decided, the answer is 500.
    fn break_off(&mut self) {
        if matches!(self.stage, Stage::Over) {
            return;
        }
        let worker = &self.conversation.worker;
        let answer = refuse_unread(&mut self.facts.exchange, Reason::Internal, &LiveWorld::new(worker));
        // A permit that was held goes back here.
        self.stage = Stage::Caller(Relay::answered(answer));
        let mut refusal = Refusal::new(&worker.gateway.artifact, &self.facts.exchange, answer);
        if self.facts.received.method == Method::HEAD {
            refusal.without_body();
        }
        self.response_bytes = refusal.body_bytes();
        self.how = Some(How::Complete);
        self.conversation.say_at_last(refusal);
    }
}

/// What the relay says, for those who hold a flight whose answer is decided.
pub(crate) fn reply(flight: &Flight) -> Reply {
    flight.relay().map_or(Reply::Nothing, Relay::reply)
}
