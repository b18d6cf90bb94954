//! One thread of traffic, from its first connection to its last.

use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use gw_artifact::model::ListenerId;
use tokio::runtime::{Builder, LocalOptions};
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::timeout;

use crate::gateway::Gateway;
use crate::listener::{self, Entrance};
use crate::shutdown::Stopping;
use crate::telemetry::{LogBuffer, ThreadMetrics};
use crate::vital::{self, Vital};
use crate::worker::Worker;

/// What one thread is given.
#[derive(Debug)]
pub(crate) struct Traffic {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) metrics: Arc<ThreadMetrics>,
    pub(crate) log: LogBuffer,
    pub(crate) doors: Vec<(ListenerId, Entrance)>,
    pub(crate) stopping: Stopping,
}

impl Traffic {
    /// Serves until told to stop, then until the last connection is closed or the grace is over.
    ///
    /// # Errors
    /// When the system refuses the thread its event queue, or a task fails that the thread is of no use without.
    pub(crate) fn run(self) -> io::Result<()> {
        let runtime =
            Builder::new_current_thread().enable_io().enable_time().build_local(LocalOptions::default())?;
        let Self { gateway, metrics, log, doors, stopping } = self;
        let worker = Worker::new(gateway, metrics, log);
        let served = runtime.block_on(serve(Rc::clone(&worker), doors, stopping));
        // What still runs is cut here; each exchange writes its line.
        drop(runtime);
        worker.log.flush(&worker.metrics);
        served
    }
}

/// Waits until everybody who was let in has been served; those for whom there was no room come in as others leave.
async fn drain(worker: &Worker, accepting: Vec<JoinHandle<()>>) {
    let waits = worker.gateway.ceilings.waits;
    let mut all = pin!(async {
        for accepting in accepting {
            // It only ends; whoever waits for vital tasks hears of a panic.
            drop(accepting.await);
        }
        worker.all_closed().await;
    });
    if timeout(waits.leave_idle, &mut all).await.is_err() {
        worker.close();
        // What runs longer is cut.
        drop(timeout(waits.leave, all).await);
    }
}

async fn serve(
    worker: Rc<Worker>,
    doors: Vec<(ListenerId, Entrance)>,
    mut stopping: Stopping,
) -> io::Result<()> {
    let vital = Vital::default();
    spawn_local(vital.task(Rc::clone(&worker.wheel).turn()));
    spawn_local(vital.task(Rc::clone(&worker.turn).send()));
    spawn_local(vital.task(Rc::clone(&worker).tidy()));
    let mut accepting: Vec<JoinHandle<()>> = Vec::new();
    for (listener, entrance) in doors {
        let accept = listener::accept(Rc::clone(&worker), entrance.open()?, listener, stopping.clone());
        accepting.push(spawn_local(vital.task(accept)));
    }
    tokio::select! {
        () = vital.failed() => return Err(vital::ended()),
        () = stopping.wait() => worker.leave(),
    }
    tokio::select! {
        () = vital.failed() => Err(vital::ended()),
        () = stopping.wait_at_once() => Ok(()),
        () = drain(&worker, accepting) => Ok(()),
    }
}
