//! The process's clock: one reading of the monotonic clock gives both times.

use std::cell::Cell;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use gw_decision::Now;

/// One thread's view of the process's clock. The distance between the two clocks is read anew by
/// [`settle`](Clock::settle), so that a step of the wall clock reaches the log line soon.
#[derive(Debug)]
pub(crate) struct Clock {
    born: Instant,
    born_unix: Cell<u64>,
}

impl Clock {
    /// A clock whose monotonic time is counted from `born`, which all threads share.
    pub(crate) fn new(born: Instant) -> Self {
        let clock = Self { born, born_unix: Cell::new(0) };
        clock.settle();
        clock
    }

    /// What time it is. One call to the system's clock.
    pub(crate) fn now(&self) -> Now {
        let monotonic = nanos(self.born.elapsed().as_nanos());
        Now { monotonic, unix: self.born_unix.get() + monotonic }
    }

    /// Looks at the wall clock again.
    pub(crate) fn settle(&self) {
        let unix = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| nanos(since.as_nanos()));
        self.born_unix.set(unix.saturating_sub(nanos(self.born.elapsed().as_nanos())));
    }
}

fn nanos(nanos: u128) -> u64 {
    u64::try_from(nanos).unwrap_or(u64::MAX)
}
