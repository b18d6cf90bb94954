//! A number of things in hand that never passes its limit.

use std::sync::atomic::{AtomicU32, Ordering};

/// Counts up to a limit. On a cache line of its own, because every thread writes it.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Counter {
    taken: AtomicU32,
    limit: u32,
}

impl Counter {
    pub(crate) const fn new(limit: u32) -> Self {
        Self { taken: AtomicU32::new(0), limit }
    }

    /// Takes one; whether there was one to take. Exact: a refused caller never makes another one be refused.
    pub(crate) fn take(&self) -> bool {
        let one_more = |taken: u32| (taken < self.limit).then(|| taken + 1);
        self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).is_ok()
    }

    /// Gives one back that was taken.
    pub(crate) fn give_back(&self) {
        let before = self.taken.fetch_sub(1, Ordering::AcqRel);
        debug_assert!(before > 0, "what is given back was taken");
    }

    pub(crate) fn taken(&self) -> u32 {
        self.taken.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn never_passes_its_limit_under_threads() {
        let counter = Counter::new(3);
        let highest = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        if counter.take() {
                            highest.fetch_max(counter.taken(), Ordering::AcqRel);
                            counter.give_back();
                        }
                    }
                });
            }
        });
        assert!((1..=3).contains(&highest.load(Ordering::Acquire)));
        assert_eq!(counter.taken(), 0, "everything came back");
    }

    #[test]
    fn a_limit_of_nothing_gives_nothing() {
        assert!(!Counter::new(0).take());
    }
}
