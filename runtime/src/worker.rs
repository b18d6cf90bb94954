//! What one thread of traffic has to itself: clock, wheel, pools, buffers, counters. Nothing in here is shared.

use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use gw_artifact::model::ListenerId;
use http::header::{CONNECTION, HeaderMap, HeaderValue};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::exchange::{Ink, Lines, Room};
use crate::gateway::Gateway;
use crate::keys::KeyView;
use crate::places::{Full, Place};
use crate::random::Random;
use crate::telemetry::{LogBuffer, ThreadMetrics};
use crate::turn::Turn;
use crate::upstream::{Address, Pool};
use crate::wheel::Wheel;

/// Lists of lines that are kept for the next exchange.
const MOST_SPARE: usize = 64;
/// How much of a head is read at once.
const HEAD_BYTES: usize = 8 * 1024;
/// How often a thread that has something to tidy tidies it.
const TIDY: Duration = Duration::from_millis(100);

/// One thread of traffic.
#[derive(Debug)]
pub(crate) struct Worker {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) wheel: Rc<Wheel>,
    pub(crate) turn: Rc<Turn>,
    pub(crate) pool: Pool,
    pub(crate) addresses: Box<[Address]>,
    pub(crate) keys: KeyView,
    pub(crate) metrics: Arc<ThreadMetrics>,
    pub(crate) log: LogBuffer,
    pub(crate) ink: RefCell<Ink>,
    pub(crate) scratch: RefCell<Vec<u8>>,
    pub(crate) room: RefCell<Room>,
    /// Where heads are read into, to be looked at.
    pub(crate) heads: RefCell<Box<[u8]>>,
    spare_lines: RefCell<Vec<Lines>>,
    leaving: Cell<bool>,
    closing: Cell<bool>,
    open: Cell<usize>,
    all_closed: Notify,
    untidy: Notify,
}

/// A caller's connection that is open.
#[derive(Debug)]
pub(crate) struct Open {
    worker: Rc<Worker>,
    place: Place,
}

impl Open {
    /// Counts it to its client, once the client's address is known; false when the client has as many as it may.
    pub(crate) fn admit(&mut self, client: IpAddr) -> bool {
        self.place.admit(client)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let worker = &self.worker;
        if std::thread::panicking() {
            worker.metrics.panicked();
        }
        worker.open.set(worker.open.get() - 1);
        worker.metrics.closed();
        if worker.open.get() == 0 {
            worker.all_closed.notify_waiters();
        }
    }
}

impl Worker {
    /// The thread's own state. `metrics` is where it counts, `log` where its lines go.
    pub(crate) fn new(gateway: Arc<Gateway>, metrics: Arc<ThreadMetrics>, log: LogBuffer) -> Rc<Self> {
        let addresses: Box<[Address]> = gateway.endpoints().map(Address::new).collect();
        Rc::new(Self {
            clock: Clock::new(gateway.born),
            random: Random::default(),
            wheel: Wheel::new(),
            turn: Rc::default(),
            pool: Pool::new(addresses.len()),
            addresses,
            keys: gateway.keys.view(),
            metrics,
            log,
            ink: RefCell::default(),
            scratch: RefCell::default(),
            room: RefCell::default(),
            heads: RefCell::new(vec![0; HEAD_BYTES].into()),
            spare_lines: RefCell::default(),
            leaving: Cell::new(false),
            closing: Cell::new(false),
            open: Cell::new(0),
            all_closed: Notify::new(),
            untidy: Notify::new(),
            gateway,
        })
    }

    /// An empty list of lines, used before if there is one.
    pub(crate) fn spare_lines(&self) -> Lines {
        self.spare_lines.borrow_mut().pop().unwrap_or_default()
    }

    /// Keeps a list of lines for the next exchange; what is in it goes.
    pub(crate) fn keep_lines(&self, mut lines: Lines) {
        let mut spare = self.spare_lines.borrow_mut();
        if spare.len() < MOST_SPARE {
            lines.clear();
            spare.push(lines);
        }
    }

    /// When the gateway shuts down, a connection ends with its next response.
    pub(crate) fn say_goodbye(&self, response: &mut HeaderMap) {
        if self.leaving.get() {
            response.insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }

    /// From now on connections end with their next response.
    pub(crate) fn leave(&self) {
        self.leaving.set(true);
    }

    /// From now on idle connections are closed, and those that are idle now.
    pub(crate) fn close(&self) {
        self.closing.set(true);
        self.wheel.wake_all();
    }

    /// Whether idle connections are closed.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.get()
    }

    /// Opens a connection that was accepted; it is open as long as what is returned lives.
    ///
    /// # Errors
    /// What is full.
    pub(crate) fn open(self: &Rc<Self>, listener: ListenerId) -> Result<Open, Full> {
        let place = self.gateway.places.take(listener)?;
        self.open.set(self.open.get() + 1);
        self.metrics.opened();
        Ok(Open { worker: Rc::clone(self), place })
    }

    /// The system has no socket left: what is kept for later is let go, and the first time it is said.
    pub(crate) fn out_of_sockets(&self, fault: &std::io::Error) {
        self.pool.let_go();
        if self.gateway.shortages.begins(self.clock.now().monotonic) {
            crate::complain(&format!(
                "no socket for another connection: {fault}; callers wait, requests that need one are answered 503, until \
                 others are closed"
            ));
        }
    }

    /// Waits until no connection is open.
    pub(crate) async fn all_closed(&self) {
        let closed = self.all_closed.notified();
        if self.open.get() > 0 {
            closed.await;
        }
    }

    /// There are log lines or kept connections to look after.
    pub(crate) fn untidy(&self) {
        self.untidy.notify_one();
    }

    /// Sends the log lines on and closes what was kept too long, for as long as the thread lives. A thread without
    /// traffic sleeps.
    pub(crate) async fn tidy(self: Rc<Self>) {
        loop {
            if self.log.is_empty() && self.pool.idle() == 0 {
                self.untidy.notified().await;
            }
            tokio::time::sleep(TIDY).await;
            self.clock.settle();
            self.log.flush(&self.metrics);
            self.pool.purge(self.wheel.now(), |endpoint| self.gateway.dialers.edition(endpoint));
            self.metrics.idle(self.pool.idle());
        }
    }
}
