//! What is sent at the end of a turn of the thread's loop.
//!
//! When many connections have something to say at once, the thread answers them one after the other. A short message
//! that left at once would wake its receiver, which would sleep again before the next message: each wake-up of another
//! processor costs more than sending. So short messages wait until everybody who was ready has had their turn, and
//! leave together. On an idle thread that is at once.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Poll, Waker};

use crate::socket::Outgoing;

/// The messages of one turn of one thread.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    waiting: RefCell<Vec<Rc<Outgoing>>>,
    sender: RefCell<Option<Waker>>,
}

impl Turn {
    /// Has what waits in `outgoing` sent at the end of this turn.
    pub(crate) fn add(&self, outgoing: Rc<Outgoing>) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.is_empty()
            && let Some(sender) = &*self.sender.borrow()
        {
            // The scheduler runs tasks in the order in which they were woken: this one behind all that are ready.
            sender.wake_by_ref();
        }
        waiting.push(outgoing);
    }

    /// Sends, for as long as the thread lives.
    pub(crate) async fn send(self: Rc<Self>) {
        std::future::poll_fn(|context| {
            self.sender.replace(Some(context.waker().clone()));
            self.send_all();
            Poll::<()>::Pending
        })
        .await;
    }

    /// Sends what waits.
    pub(crate) fn send_all(&self) {
        let mut waiting = self.waiting.take();
        for outgoing in waiting.drain(..) {
            outgoing.send();
        }
        // Its room is used again; sending adds nothing.
        self.waiting.replace(waiting);
    }
}
