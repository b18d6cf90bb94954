//! Words about what may happen a thousand times a second, said once a minute at most.

use std::sync::atomic::{AtomicU64, Ordering};

/// How long the same is not said again, in nanoseconds.
const PAUSE: u64 = 60_000_000_000;

/// What was said last, for all threads together.
#[derive(Debug, Default)]
pub(crate) struct Seldom {
    /// When it may be said again, in the process's monotonic nanoseconds.
    next: AtomicU64,
}

impl Seldom {
    /// Whether it is said now; then it is not for a while.
    pub(crate) fn says(&self, now: u64) -> bool {
        let next = self.next.load(Ordering::Relaxed);
        let later = now.saturating_add(PAUSE);
        now >= next && self.next.compare_exchange(next, later, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_twice_within_a_minute() {
        let word = Seldom::default();
        let said: Vec<bool> = [0, 1, PAUSE - 1, PAUSE, PAUSE + 1, 3 * PAUSE].map(|now| word.says(now)).into();
        assert_eq!(said, [true, false, false, true, false, true]);
    }
}
