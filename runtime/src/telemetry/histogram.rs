//! A histogram with one writer: durations of requests in OpenTelemetry's buckets.

use std::sync::atomic::{AtomicU64, Ordering};

/// The upper bounds that OpenTelemetry advises for HTTP durations, in nanoseconds.
pub(crate) const BOUNDS: [u64; 14] = [
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    75_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    750_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
    7_500_000_000,
    10_000_000_000,
];

/// Counts by bucket. One thread writes; any thread reads, and may see a request in one number before the other.
#[derive(Debug, Default)]
pub(crate) struct Histogram {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    sum_nanos: AtomicU64,
}

/// A histogram's counts at one moment, or the sum of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// By bucket; the last one is beyond all bounds.
    pub(crate) buckets: [u64; BOUNDS.len() + 1],
    pub(crate) sum_nanos: u64,
}

/// Adds to a number that only this thread writes: no locked instruction.
pub(crate) fn add(number: &AtomicU64, more: u64) {
    number.store(number.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
}

impl Histogram {
    /// Counts one duration.
    pub(crate) fn record(&self, nanos: u64) {
        let bucket = BOUNDS.iter().position(|bound| nanos <= *bound).unwrap_or(BOUNDS.len());
        add(&self.buckets[bucket], 1);
        add(&self.sum_nanos, nanos);
    }

    /// Adds what was counted to `counts`.
    pub(crate) fn add_to(&self, counts: &mut Counts) {
        for (sum, bucket) in counts.buckets.iter_mut().zip(&self.buckets) {
            *sum += bucket.load(Ordering::Relaxed);
        }
        counts.sum_nanos += self.sum_nanos.load(Ordering::Relaxed);
    }
}

impl Counts {
    /// How many durations were counted.
    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_falls_into_the_first_bucket_that_holds_it() {
        let histogram = Histogram::default();
        for nanos in [0, 5_000_000, 5_000_001, 10_000_000_001] {
            histogram.record(nanos);
        }
        let mut counts = Counts::default();
        histogram.add_to(&mut counts);
        assert_eq!((counts.buckets[0], counts.buckets[1], counts.buckets[BOUNDS.len()]), (2, 1, 1));
        assert_eq!((counts.count(), counts.sum_nanos), (4, 10_010_000_002));
    }
}
