//! What is known about one endpoint: how busy it is, and until when it rests.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use gw_artifact::model::EndpointAddress;

/// How long an endpoint rests after a connection to it failed, in nanoseconds.
pub const REST_NANOS: u64 = 5_000_000_000;

/// One endpoint. On cache lines of its own, because every thread writes it.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct EndpointState {
    in_flight: AtomicU32,
    /// Monotonic nanoseconds; it rests while `now` is less.
    rests_until: AtomicU64,
    pub(crate) address: EndpointAddress,
    pub(crate) authority: String,
}

impl EndpointState {
    pub(crate) fn new(address: EndpointAddress) -> Self {
        let authority = address.to_string();
        Self { in_flight: AtomicU32::new(0), rests_until: AtomicU64::new(0), address, authority }
    }

    pub(crate) fn is_awake(&self, now: u64) -> bool {
        now >= self.rests_until.load(Ordering::Acquire)
    }

    /// Rests from `now` on; a rest that ends later already stays.
    pub(crate) fn rest(&self, now: u64) {
        self.rests_until.fetch_max(now.saturating_add(REST_NANOS), Ordering::AcqRel);
    }

    pub(crate) fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Acquire)
    }

    pub(crate) fn begin(&self) {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn end(&self) {
        let before = self.in_flight.fetch_sub(1, Ordering::AcqRel);
        debug_assert!(before > 0, "what ends has begun");
    }
}
