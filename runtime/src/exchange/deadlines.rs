//! The deadlines of one exchange's phases, as times of the wheel.

use gw_artifact::model::{Millis, Timeouts};
use gw_decision::Fault;

use crate::wheel::TICK_MILLIS;

/// When each phase of one exchange has taken too long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    timeouts: Timeouts,
    total: u64,
    upload: u64,
    response_head: Option<u64>,
}

/// A time of the wheel, and what has happened when it comes.
pub(crate) type Deadline = (u64, Fault);

impl Deadlines {
    /// The head of the request is read, now.
    pub(crate) fn new(timeouts: Timeouts, now: u64) -> Self {
        let (total, upload) = (after(timeouts.total, now), after(timeouts.request_body, now));
        Self { timeouts, total, upload, response_head: None }
    }

    /// A connection is attempted.
    pub(crate) fn connecting(&self, now: u64) -> Deadline {
        self.or_total((after(self.timeouts.connect, now), Fault::ConnectTimeout))
    }

    /// The head of the response is awaited; its time runs from when the request had left.
    pub(crate) fn awaiting_head(&mut self, now: u64, uploaded: bool) -> Deadline {
        if !uploaded {
            return self.or_total((self.upload, Fault::BodyTimeout));
        }
        let at = *self.response_head.get_or_insert_with(|| after(self.timeouts.response_head, now));
        self.or_total((at, Fault::ResponseHeadTimeout))
    }

    /// The next piece of the response's body is awaited.
    pub(crate) fn awaiting_body(&self, now: u64) -> Deadline {
        self.or_total((after(self.timeouts.idle, now), Fault::IdleTimeout))
    }

    /// The caller takes its time.
    pub(crate) fn total(&self) -> Deadline {
        (self.total, Fault::TotalTimeout)
    }

    fn or_total(&self, phase: Deadline) -> Deadline {
        if self.total <= phase.0 { self.total() } else { phase }
    }
}

/// The wheel's time may be one tick old, so one tick is added: a deadline is never early.
fn after(length: Millis, now: u64) -> u64 {
    now + u64::from(length.0) + TICK_MILLIS
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUTS: Timeouts = Timeouts {
        connect: Millis(100),
        request_body: Millis(300),
        response_head: Millis(200),
        total: Millis(1_000),
        idle: Millis(400),
    };

    #[test]
    fn each_phase_has_its_own_deadline_and_total_ends_them_all() {
        let mut deadlines = Deadlines::new(TIMEOUTS, 0);
        assert_eq!(deadlines.connecting(10), (110 + TICK_MILLIS, Fault::ConnectTimeout));
        assert_eq!(deadlines.awaiting_head(50, false), (300 + TICK_MILLIS, Fault::BodyTimeout));
        assert_eq!(deadlines.awaiting_head(60, true), (260 + TICK_MILLIS, Fault::ResponseHeadTimeout));
        assert_eq!(deadlines.awaiting_head(90, true), (260 + TICK_MILLIS, Fault::ResponseHeadTimeout));
        assert_eq!(deadlines.awaiting_body(500), (900 + TICK_MILLIS, Fault::IdleTimeout));
        assert_eq!(deadlines.awaiting_body(700), (1_000 + TICK_MILLIS, Fault::TotalTimeout));
        assert_eq!(deadlines.connecting(950), (1_000 + TICK_MILLIS, Fault::TotalTimeout));
    }
}
