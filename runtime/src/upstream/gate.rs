//! The waker of one upstream connection: it wakes whoever holds the connection, and nobody while it lies in the pool.
//!
//! An exchange polls its upstream connection inside its own task. Most of what would wake that task happens while it
//! runs anyway (hyper's halves of a connection wake each other), so the gate swallows wakes while it is
//! [muted](Gate::mute): otherwise every response would cost one poll of the whole task for nothing. A wake that was
//! swallowed is remembered, so that nothing is lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// See the module. One allocation per upstream connection, none per request.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    stirred: AtomicBool,
    muted: AtomicBool,
    holder: Mutex<Option<Waker>>,
}

impl Gate {
    /// From now on this task is woken; nobody, when the connection is laid down.
    pub(crate) fn held_by(&self, holder: Option<Waker>) {
        *self.holder.lock().unwrap_or_else(PoisonError::into_inner) = holder;
    }

    /// Swallows wakes, and forgets those there were: whoever mutes looks at the connection next.
    pub(crate) fn mute(&self) {
        self.muted.store(true, Ordering::Relaxed);
        self.stirred.store(false, Ordering::Relaxed);
    }

    /// Lets wakes through again, and tells whether one was swallowed. Sockets do not speak while a task runs, so
    /// it was the connection's own halves.
    pub(crate) fn unmute(&self) -> bool {
        self.muted.store(false, Ordering::Relaxed);
        self.stirred.swap(false, Ordering::Relaxed)
    }

    /// Whether the socket spoke since the gate was unmuted. On a connection that lies in the pool this means that
    /// it ended or that the endpoint spoke unasked: it is of no use any more.
    pub(crate) fn stirred(&self) -> bool {
        self.stirred.load(Ordering::Relaxed)
    }
}

impl Wake for Gate {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    // The holder, the connection and the I/O driver live on one thread, so relaxed order suffices between them.
    fn wake_by_ref(self: &Arc<Self>) {
        self.stirred.store(true, Ordering::Relaxed);
        if !self.muted.load(Ordering::Relaxed)
            && let Some(holder) = &*self.holder.lock().unwrap_or_else(PoisonError::into_inner)
        {
            holder.wake_by_ref();
        }
    }
}
