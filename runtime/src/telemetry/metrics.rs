//! The counters. Each thread counts for itself, without locks; the control thread adds up when it is asked.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use gw_artifact::bounds::ceilings;
use gw_artifact::model::{OperationId, Reason};
use gw_decision::{Exchange, Finished};

use super::histogram::{Counts, Histogram, add};

/// Distinct statuses of one operation that are counted apart; what comes after is counted together.
const MOST_STATUSES: usize = ceilings::STATUSES as usize - 1;

/// Every thread's counters.
#[derive(Debug)]
pub(crate) struct Metrics {
    threads: Vec<Arc<ThreadMetrics>>,
}

/// One thread's counters: that thread writes, any thread reads.
#[derive(Debug)]
pub(crate) struct ThreadMetrics {
    /// By operation; the last one is for requests that name none.
    operations: Box<[ByStatus]>,
    upstreams: Box<[Histogram]>,
    denials: Box<[AtomicU64]>,
    begun: AtomicU64,
    ended: AtomicU64,
    handshakes: AtomicU64,
    failed_handshakes: AtomicU64,
    introduced: AtomicU64,
    opened: AtomicU64,
    closed: AtomicU64,
    connected: AtomicU64,
    secured: AtomicU64,
    unsecured: AtomicU64,
    reused: AtomicU64,
    idle: AtomicU64,
    dropped_lines: AtomicU64,
    panics: AtomicU64,
}

/// One operation's durations by status: made when a status is first seen, and never more than a few.
#[derive(Debug, Default)]
struct ByStatus {
    seen: [OnceLock<Box<(u16, Histogram)>>; MOST_STATUSES],
    rest: OnceLock<Box<Histogram>>,
}

/// The numbers that are no histogram, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) active: u64,
    pub(crate) connections: u64,
    pub(crate) accepted: u64,
    pub(crate) handshakes: u64,
    pub(crate) failed_handshakes: u64,
    pub(crate) introduced: u64,
    pub(crate) connected: u64,
    pub(crate) secured: u64,
    pub(crate) unsecured: u64,
    pub(crate) reused: u64,
    pub(crate) idle: u64,
    pub(crate) dropped_lines: u64,
    pub(crate) panics: u64,
}

impl Metrics {
    /// Counters for so many threads.
    pub(crate) fn new(threads: usize, operations: usize, upstreams: usize) -> Self {
        let thread = |_| Arc::new(ThreadMetrics::new(operations, upstreams));
        Self { threads: (0..threads).map(thread).collect() }
    }

    /// The counters of each thread.
    pub(crate) fn threads(&self) -> &[Arc<ThreadMetrics>] {
        &self.threads
    }

    /// One operation's durations by status, in the order of statuses; `None` stands for all other statuses. The
    /// number after the last operation means requests that name none.
    pub(crate) fn operation(&self, operation: usize) -> Vec<(Option<u16>, Counts)> {
        let mut found: std::collections::BTreeMap<Option<u16>, Counts> = std::collections::BTreeMap::new();
        for by_status in self.threads.iter().filter_map(|thread| thread.operations.get(operation)) {
            for (status, histogram) in by_status.seen.iter().filter_map(|seen| seen.get()).map(|seen| &**seen)
            {
                histogram.add_to(found.entry(Some(*status)).or_default());
            }
            if let Some(rest) = by_status.rest.get() {
                rest.add_to(found.entry(None).or_default());
            }
        }
        found.into_iter().collect()
    }

    /// One upstream's durations, up to the head of its response.
    pub(crate) fn upstream(&self, upstream: usize) -> Counts {
        let mut counts = Counts::default();
        for histogram in self.threads.iter().filter_map(|thread| thread.upstreams.get(upstream)) {
            histogram.add_to(&mut counts);
        }
        counts
    }

    /// How often each reason was given.
    pub(crate) fn denials(&self) -> impl Iterator<Item = (Reason, u64)> {
        let given = |at: usize| {
            self.threads.iter().map(move |thread| thread.denials[at].load(Ordering::Relaxed)).sum()
        };
        Reason::ALL.iter().enumerate().map(move |(at, reason)| (*reason, given(at)))
    }

    /// The other numbers.
    pub(crate) fn totals(&self) -> Totals {
        let sum = |number: fn(&ThreadMetrics) -> &AtomicU64| -> u64 {
            self.threads.iter().map(|thread| number(thread).load(Ordering::Relaxed)).sum()
        };
        Totals {
            active: sum(|thread| &thread.begun).saturating_sub(sum(|thread| &thread.ended)),
            connections: sum(|thread| &thread.opened).saturating_sub(sum(|thread| &thread.closed)),
            accepted: sum(|thread| &thread.opened),
            handshakes: sum(|thread| &thread.handshakes),
            failed_handshakes: sum(|thread| &thread.failed_handshakes),
            introduced: sum(|thread| &thread.introduced),
            connected: sum(|thread| &thread.connected),
            secured: sum(|thread| &thread.secured),
            unsecured: sum(|thread| &thread.unsecured),
            reused: sum(|thread| &thread.reused),
            idle: sum(|thread| &thread.idle),
            dropped_lines: sum(|thread| &thread.dropped_lines),
            panics: sum(|thread| &thread.panics),
        }
    }
}

impl ThreadMetrics {
    pub(crate) fn new(operations: usize, upstreams: usize) -> Self {
        Self {
            operations: (0..=operations).map(|_| ByStatus::default()).collect(),
            upstreams: (0..upstreams).map(|_| Histogram::default()).collect(),
            denials: Reason::ALL.iter().map(|_| AtomicU64::new(0)).collect(),
            begun: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            handshakes: AtomicU64::new(0),
            failed_handshakes: AtomicU64::new(0),
            introduced: AtomicU64::new(0),
            opened: AtomicU64::new(0),
            closed: AtomicU64::new(0),
            connected: AtomicU64::new(0),
            secured: AtomicU64::new(0),
            unsecured: AtomicU64::new(0),
            reused: AtomicU64::new(0),
            idle: AtomicU64::new(0),
            dropped_lines: AtomicU64::new(0),
            panics: AtomicU64::new(0),
        }
    }

    /// A request began.
    pub(crate) fn begun(&self) {
        add(&self.begun, 1);
    }

    /// A request ended.
    pub(crate) fn finished(&self, exchange: &Exchange, finished: &Finished) {
        add(&self.ended, 1);
        let nanos = finished.ending.at.monotonic.saturating_sub(exchange.received().monotonic);
        let operation = exchange.operation_id().map_or(self.operations.len() - 1, OperationId::index);
        self.operations[operation].record(finished.status.unwrap_or(NO_STATUS), nanos);
        if let Some(reason) = finished.reason {
            add(&self.denials[reason as usize], 1);
        }
    }

    /// An upstream's head came after so long.
    pub(crate) fn answered(&self, upstream: usize, nanos: u64) {
        self.upstreams[upstream].record(nanos);
    }

    /// A caller's connection was accepted.
    pub(crate) fn opened(&self) {
        add(&self.opened, 1);
    }

    /// A TLS handshake was done.
    pub(crate) fn handshake_done(&self) {
        add(&self.handshakes, 1);
    }

    /// A TLS handshake was not done: refused, broken off, or not in time.
    pub(crate) fn handshake_failed(&self) {
        add(&self.failed_handshakes, 1);
    }

    /// A proxy said for whom it connects.
    pub(crate) fn introduced(&self) {
        add(&self.introduced, 1);
    }

    /// A caller's connection is closed.
    pub(crate) fn closed(&self) {
        add(&self.closed, 1);
    }

    /// A connection to an endpoint was made.
    pub(crate) fn connected(&self) {
        add(&self.connected, 1);
    }

    /// TLS with an endpoint came about.
    pub(crate) fn secured(&self) {
        add(&self.secured, 1);
    }

    /// TLS with an endpoint did not come about: not trusted, refused, broken off, or not in time.
    pub(crate) fn unsecured(&self) {
        add(&self.unsecured, 1);
    }

    /// A kept connection was used.
    pub(crate) fn reused(&self) {
        add(&self.reused, 1);
    }

    /// So many connections to endpoints are kept.
    pub(crate) fn idle(&self, kept: usize) {
        self.idle.store(kept as u64, Ordering::Relaxed);
    }

    /// So many log lines were dropped.
    pub(crate) fn dropped(&self, lines: u64) {
        add(&self.dropped_lines, lines);
    }

    /// Code of ours failed, and ended one connection.
    pub(crate) fn panicked(&self) {
        add(&self.panics, 1);
    }

    /// How many log lines were dropped.
    #[cfg(test)]
    pub(crate) fn dropped_lines(&self) -> u64 {
        self.dropped_lines.load(Ordering::Relaxed)
    }
}

/// Counted where the caller left before there was a status (nginx's name for it).
const NO_STATUS: u16 = 499;

impl ByStatus {
    fn record(&self, status: u16, nanos: u64) {
        for seen in &self.seen {
            let (counted, histogram) = &**seen.get_or_init(|| Box::new((status, Histogram::default())));
            if *counted == status {
                return histogram.record(nanos);
            }
        }
        self.rest.get_or_init(Box::default).record(nanos);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_counted_apart_up_to_a_bound() {
        let metrics = Metrics::new(1, 1, 0);
        for status in 200..220 {
            metrics.threads[0].operations[0].record(status, 1);
            metrics.threads[0].operations[0].record(status, 2);
        }
        let found = metrics.operation(0);
        assert_eq!(found.len(), MOST_STATUSES + 1);
        assert_eq!((found[0].0, found[0].1.count()), (None, 2 * (20 - MOST_STATUSES as u64)));
        assert_eq!((found[1].0, found[1].1.count(), found[1].1.sum_nanos), (Some(200), 2, 3));
    }

    #[test]
    fn every_reason_has_its_counter() {
        assert!(Reason::ALL.iter().enumerate().all(|(at, reason)| *reason as usize == at));
    }
}
