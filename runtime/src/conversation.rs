//! One connection with a caller: its phase, its one deadline, and what its two halves must tell each other.
//!
//! hyper owns the socket and the exchange owns the request; both share this, on one thread, without locks.

use std::cell::{Cell, OnceCell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use gw_artifact::model::ListenerId;
use gw_decision::{Arrival, Fault, Tls, UrlScheme};

use crate::listener::{Doubt, HeadScan, Refusal};
use crate::wheel::Alarm;
use crate::worker::Worker;

/// How long the end of a response may take to leave once it is whole, in milliseconds.
const DRAIN_MILLIS: u64 = 10_000;

/// What a connection is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nothing of a request has come; at the connection's begin as much as between two requests.
    Idle,
    /// A part of a head has come.
    Head,
    /// A request is being answered.
    Exchange,
    /// The answer is decided in full; its last bytes are leaving.
    Draining,
}

/// See the module. One allocation per connection.
#[derive(Debug)]
pub(crate) struct Conversation {
    pub(crate) worker: Rc<Worker>,
    peer: Cell<Option<SocketAddr>>,
    listener: ListenerId,
    pub(crate) alarm: Alarm,
    pub(crate) upload: Upload,
    scan: RefCell<HeadScan>,
    heads: Cell<u64>,
    phase: Cell<Phase>,
    unread: Cell<bool>,
    cut: Cell<Option<Fault>>,
    /// What is said before the connection is closed, because code of ours failed.
    last_words: RefCell<Option<Box<Refusal>>>,
    /// What the handshake told, once there was one.
    tls: OnceCell<Arc<Tls>>,
}

/// How far the request's body has come.
#[derive(Debug, Default)]
pub(crate) struct Upload {
    received: Cell<u64>,
    ended: Cell<bool>,
    fault: Cell<Option<UploadFault>>,
}

/// Why the request's body did not come whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UploadFault {
    /// The decision core has a name for it.
    Fault(Fault),
    /// The caller closed the connection.
    ClientGone,
}

impl Conversation {
    pub(crate) fn new(worker: Rc<Worker>, peer: Option<SocketAddr>, listener: ListenerId) -> Rc<Self> {
        let alarm = worker.wheel.alarm();
        alarm.set(millis(worker.gateway.ceilings.waits.head));
        Rc::new(Self {
            worker,
            peer: Cell::new(peer),
            listener,
            alarm,
            upload: Upload::default(),
            scan: RefCell::default(),
            heads: Cell::new(0),
            phase: Cell::new(Phase::Idle),
            unread: Cell::new(false),
            cut: Cell::new(None),
            last_words: RefCell::default(),
            tls: OnceCell::new(),
        })
    }

    /// The other end of the connection, or for whom it said that it connects; `None` where that has no address.
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.peer.get()
    }

    /// The other end is a proxy that is believed, and connects for somebody else.
    pub(crate) fn is_for(&self, client: SocketAddr) {
        self.peer.set(Some(client));
    }

    /// What comes before the first request has a deadline of its own, all of it together.
    pub(crate) fn greeting(&self) {
        self.alarm.set(millis(self.worker.gateway.ceilings.waits.handshake));
    }

    /// The first request is waited for.
    pub(crate) fn greeted(&self) {
        self.alarm.set(millis(self.worker.gateway.ceilings.waits.head));
    }

    /// The handshake is done.
    pub(crate) fn secured(&self, tls: Arc<Tls>) {
        // There is one handshake per connection.
        drop(self.tls.set(tls));
    }

    /// What the handshake told, for an exchange.
    pub(crate) fn tls(&self) -> Option<Arc<Tls>> {
        self.tls.get().cloned()
    }

    /// The task that is woken when the deadline has passed.
    pub(crate) fn held_by(&self, waker: &Waker) {
        self.alarm.wakes(waker);
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase.get()
    }

    /// These bytes came from the caller, who is not being answered: the begin of a head, or more of it.
    pub(crate) fn heard(&self, bytes: &[u8]) {
        let mut scan = self.scan.borrow_mut();
        if self.phase.get() == Phase::Idle {
            self.phase.set(Phase::Head);
            scan.begin(self.heads.get());
            self.alarm.set(millis(self.worker.gateway.ceilings.waits.head));
        }
        scan.look(bytes);
    }

    /// A head is whole, and the exchange begins; it keeps the deadline from here on. Tells what is odd about the
    /// head.
    pub(crate) fn begin(&self) -> Doubt {
        let heads = self.heads.replace(self.heads.get() + 1);
        self.phase.set(Phase::Exchange);
        self.upload.begin();
        self.scan.borrow().doubt(heads)
    }

    /// gw's own answer leaves, and the upstream's deadlines hold no longer.
    pub(crate) fn answering(&self) {
        self.alarm.set(DRAIN_MILLIS);
    }

    /// The exchange is finished.
    pub(crate) fn finish(&self) {
        self.phase.set(Phase::Draining);
        self.alarm.set(DRAIN_MILLIS);
    }

    /// Everything that was to be sent was sent.
    pub(crate) fn flushed(&self) {
        if self.phase.get() == Phase::Draining {
            self.phase.set(Phase::Idle);
            self.alarm.set(millis(self.worker.gateway.ceilings.waits.idle));
        }
    }

    /// Where requests on this connection come from.
    pub(crate) fn arrival(&self) -> Arrival {
        let scheme = if self.tls.get().is_some() { UrlScheme::Https } else { UrlScheme::Http };
        Arrival { client: self.peer.get(), scheme, listener: self.listener }
    }

    /// The caller may still be sending what nobody reads: closing at once would reset the connection, and the
    /// answer would be lost with it.
    pub(crate) fn leave_unread(&self) {
        self.unread.set(true);
    }

    /// Whether the caller may still be sending what nobody reads.
    pub(crate) fn is_left_unread(&self) -> bool {
        self.unread.get()
    }

    /// The connection is cut in the middle of a response, because of this.
    pub(crate) fn cut(&self, fault: Fault) {
        self.cut.set(Some(fault));
    }

    /// Code of ours failed before the caller heard anything: this is what it hears.
    pub(crate) fn say_at_last(&self, words: Refusal) {
        self.last_words.replace(Some(Box::new(words)));
        self.leave_unread();
    }

    /// What is to be said before the connection is closed.
    pub(crate) fn last_words(&self) -> Option<Refusal> {
        self.last_words.take().map(|words| *words)
    }

    /// Why the connection was cut, if it was.
    pub(crate) fn cut_by(&self) -> Option<Fault> {
        self.cut.get()
    }
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}

impl Upload {
    fn begin(&self) {
        self.received.set(0);
        self.ended.set(false);
        self.fault.set(None);
    }

    /// More of the body came; returns how much it is in all.
    pub(crate) fn add(&self, bytes: usize) -> u64 {
        let received = self.received.get() + bytes as u64;
        self.received.set(received);
        received
    }

    /// Bytes of the body that were read.
    pub(crate) fn received(&self) -> u64 {
        self.received.get()
    }

    /// The body is whole.
    pub(crate) fn end(&self) {
        self.ended.set(true);
    }

    /// Whether the body is whole.
    pub(crate) fn ended(&self) -> bool {
        self.ended.get()
    }

    /// The body will not come whole.
    pub(crate) fn fail(&self, fault: UploadFault) {
        self.fault.set(Some(fault));
    }

    /// Why the body will not come whole.
    pub(crate) fn fault(&self) -> Option<UploadFault> {
        self.fault.get()
    }
}
