//! What the gateway cannot go on without: threads, and tasks of threads. A panic costs one connection everywhere else; here
//! it would leave a gateway that accepts and does not answer, or that no signal reaches. So it stops, finishing what still
//! can be, and ends with an exit code that says so.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::shutdown::Stop;

/// The gateway's own end: told by a thread that fails, heard by all.
#[derive(Clone, Debug)]
pub(crate) struct Fate {
    stop: Stop,
    failed: Arc<AtomicBool>,
}

/// Held by a thread for as long as it lives.
#[derive(Debug)]
pub(crate) struct Thread(Fate);

impl Fate {
    pub(crate) fn new(stop: Stop) -> Self {
        Self { stop, failed: Arc::default() }
    }

    /// The gateway cannot go on.
    pub(crate) fn seal(&self) {
        self.failed.store(true, Ordering::Relaxed);
        self.stop.begin();
    }

    /// What a thread holds, so that its panic is the gateway's end.
    pub(crate) fn thread(&self) -> Thread {
        Thread(self.clone())
    }

    /// Whether a thread failed.
    pub(crate) fn is_sealed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.seal();
        }
    }
}

/// The tasks of one thread without which it is of no use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vital(Rc<Notify>);

impl Vital {
    /// The same task; its panic is heard by [`failed`](Self::failed).
    pub(crate) fn task<F: Future>(&self, task: F) -> impl Future<Output = F::Output> + use<F> {
        let held = Held(Self::clone(self));
        async move {
            let _held = held;
            task.await
        }
    }

    /// Waits until one of them panics.
    pub(crate) async fn failed(&self) {
        self.0.notified().await;
    }
}

struct Held(Vital);

impl Drop for Held {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.0.notify_one();
        }
    }
}

/// What a thread says that ends because a task of it panicked, which has said why.
pub(crate) fn ended() -> std::io::Error {
    std::io::Error::other("a part of it failed that it cannot go on without")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shutdown;

    #[test]
    fn a_thread_that_panics_stops_the_gateway_and_one_that_ends_does_not() {
        let (stop, stopping) = shutdown::channel();
        let fate = Fate::new(stop);
        let held = fate.thread();
        std::thread::spawn(move || drop(held)).join().unwrap();
        assert!(!fate.is_sealed() && !stopping.is_told());
        let held = fate.thread();
        let thread = std::thread::spawn(move || {
            let _held = held;
            panic!("tripped: a thread");
        });
        assert!(thread.join().is_err());
        assert!(fate.is_sealed() && stopping.is_told());
    }

    #[tokio::test(flavor = "local")]
    async fn a_vital_task_that_panics_is_heard_of() {
        let vital = Vital::default();
        tokio::task::spawn_local(vital.task(async {}));
        tokio::task::spawn_local(vital.task(async { panic!("tripped: a task") }));
        vital.failed().await;
    }
}
