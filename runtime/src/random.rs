//! Random bits that a stranger cannot predict, for request ids and for drawing endpoints.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

/// One thread's source: SipHash of a counter under a key from the operating system. A keyed pseudo-random function
/// does not tell its key or its next value to those who see its outputs, as a plain generator would.
#[derive(Debug, Default)]
pub(crate) struct Random {
    key: RandomState,
    counter: Cell<u64>,
}

impl Random {
    /// 64 bits.
    pub(crate) fn next(&self) -> u64 {
        let count = self.counter.get();
        self.counter.set(count.wrapping_add(1));
        self.key.hash_one(count)
    }
}
