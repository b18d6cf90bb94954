//! One exchange under way. Dropping it finishes it, exactly once: the permit goes back and the log line is written.

use std::rc::Rc;

use gw_decision::{Answer, Ending, How, Outbound, Relay, Reply};
use gw_engines::{Permit, RoomPass};

use super::Facts;
use crate::conversation::Conversation;
use crate::telemetry;

/// See the module.
#[derive(Debug)]
pub(crate) struct Flight {
    conversation: Rc<Conversation>,
    facts: Box<Facts>,
    stage: Stage,
    /// The room in the gateway; given back with the flight.
    _pass: Option<RoomPass>,
    how: Option<How>,
    response_bytes: u64,
}

#[derive(Debug)]
enum Stage {
    Upstream(Outbound<Permit>),
    Caller(Relay<Permit>),
    Over,
}

impl Flight {
    /// A request that may be sent.
    pub(crate) fn outbound(
        conversation: &Rc<Conversation>,
        facts: Box<Facts>,
        outbound: Outbound<Permit>,
        pass: Option<RoomPass>,
    ) -> Self {
        Self::new(conversation, facts, Stage::Upstream(outbound), pass)
    }

    /// A request that gw answers by itself.
    pub(crate) fn answered(
        conversation: &Rc<Conversation>,
        facts: Box<Facts>,
        answer: Answer,
        pass: Option<RoomPass>,
    ) -> Self {
        Self::new(conversation, facts, Stage::Caller(Relay::answered(answer)), pass)
    }

    fn new(conversation: &Rc<Conversation>, facts: Box<Facts>, stage: Stage, pass: Option<RoomPass>) -> Self {
        let conversation = Rc::clone(conversation);
        Self { conversation, facts, stage, _pass: pass, how: None, response_bytes: 0 }
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
            Stage::Upstream(_) | Stage::Over => None,
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
        let ending = self.ending();
        let relay = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Upstream(outbound) => Relay::abandoned(outbound),
            Stage::Caller(relay) => relay,
            Stage::Over => return,
        };
        let worker = &self.conversation.worker;
        let finished = relay.finish(ending);
        self.facts.with_context(&worker.gateway.artifact, |context| {
            telemetry::finished(worker, context, &finished);
        });
        worker.keep_lines(std::mem::take(&mut self.facts.received.lines));
        self.conversation.finish();
    }
}

/// What the relay says, for those who hold a flight whose answer is decided.
pub(crate) fn reply(flight: &Flight) -> Reply {
    flight.relay().map_or(Reply::Nothing, Relay::reply)
}
