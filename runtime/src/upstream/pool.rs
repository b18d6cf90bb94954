//! Kept connections of one thread: per endpoint a stack, so that the one used last, which is warm, goes first.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use gw_artifact::bounds::ceilings::KEPT;

use super::connection::UpstreamConnection;

/// How long a connection is kept without use, in milliseconds.
const IDLE_MILLIS: u64 = 30_000;

/// The kept connections of one thread, by endpoint.
#[derive(Debug)]
pub(crate) struct Pool {
    endpoints: Box<[RefCell<VecDeque<Idle>>]>,
    idle: Cell<usize>,
}

#[derive(Debug)]
struct Idle {
    connection: Box<UpstreamConnection>,
    /// When it was laid down, in the wheel's milliseconds.
    since: u64,
}

impl Pool {
    /// An empty pool for so many endpoints.
    pub(crate) fn new(endpoints: usize) -> Self {
        Self { endpoints: (0..endpoints).map(|_| RefCell::default()).collect(), idle: Cell::new(0) }
    }

    /// The kept connection of that endpoint that was used last and still stands; `edition` is that of the files that hold
    /// for the endpoint. An endpoint is one of one upstream, so nothing else of its TLS can differ.
    pub(crate) fn take(&self, endpoint: usize, edition: u64) -> Option<Box<UpstreamConnection>> {
        let mut kept = self.endpoints[endpoint].borrow_mut();
        while let Some(Idle { connection, .. }) = kept.pop_back() {
            self.idle.set(self.idle.get() - 1);
            if connection.stands(edition) {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps a connection, if it can serve another request and there is room.
    pub(crate) fn keep(&self, endpoint: usize, mut connection: Box<UpstreamConnection>, now: u64) {
        let mut kept = self.endpoints[endpoint].borrow_mut();
        if connection.is_reusable() && (kept.len() as u64) < KEPT {
            connection.lay_down();
            kept.push_back(Idle { connection, since: now });
            self.idle.set(self.idle.get() + 1);
        }
    }

    /// Closes what ended, was kept too long, or is of an edition that does not hold any more. O(kept connections).
    pub(crate) fn purge(&self, now: u64, edition_of: impl Fn(usize) -> u64) {
        for (endpoint, kept) in self.endpoints.iter().enumerate() {
            let mut kept = kept.borrow_mut();
            let edition = edition_of(endpoint);
            let stands = |idle: &Idle| idle.connection.stands(edition) && idle.since + IDLE_MILLIS > now;
            for _ in 0..kept.len() {
                match kept.pop_front() {
                    Some(idle) if stands(&idle) => kept.push_back(idle),
                    Some(idle) => idle.connection.close(),
                    None => break,
                }
            }
        }
        self.idle.set(self.endpoints.iter().map(|kept| kept.borrow().len()).sum());
    }

    /// Closes all that are kept: somebody needs their descriptors more.
    pub(crate) fn let_go(&self) {
        self.endpoints.iter().for_each(|kept| kept.borrow_mut().clear());
        self.idle.set(0);
    }

    /// How many connections are kept.
    pub(crate) fn idle(&self) -> usize {
        self.idle.get()
    }
}
