//! Accepting connections on one thread, until the gateway stops.

use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use gw_artifact::model::ListenerId;

use super::entrance::OpenEntrance;
use super::http;
use crate::shortage::is_shortage;
use crate::shutdown::Stopping;
use crate::transport::Transport;
use crate::tripwire::trip;
use crate::worker::{Open, Worker};

/// How long accepting pauses when the process has no room, or no descriptor, for another connection.
const PAUSE: Duration = Duration::from_millis(20);

/// Accepts until told to stop; then what the kernel has already accepted is still taken, so that nobody who was let
/// in is turned away.
pub(crate) async fn accept(
    worker: Rc<Worker>,
    entrance: OpenEntrance,
    listener: ListenerId,
    mut stop: Stopping,
) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.wait() => break,
            accepted = entrance.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => begin(&worker, stream, peer, listener).await,
            Err(fault) => pause_after(&worker, &fault).await,
        }
    }
    drain(&worker, entrance, listener).await;
}

/// Begins to serve a connection, as soon as there is room for it: until then nothing is read from it, and those behind
/// it wait in the kernel.
async fn begin(worker: &Rc<Worker>, stream: Transport, peer: Option<SocketAddr>, listener: ListenerId) {
    trip("accept", &worker.gateway.artifact.listeners()[listener.index()].name);
    let open = match worker.open(listener) {
        Ok(open) => open,
        Err(full) => {
            worker.gateway.places.waits(listener, full);
            place(worker, listener).await
        }
    };
    // Without it small answers wait for acknowledgements; with it nothing is lost, so a refusal is no reason to stop.
    drop(stream.send_at_once());
    tokio::task::spawn_local(http::serve(Rc::clone(worker), open, stream, peer, listener));
}

/// The next place that is free.
async fn place(worker: &Rc<Worker>, listener: ListenerId) -> Open {
    loop {
        tokio::time::sleep(PAUSE).await;
        if let Ok(open) = worker.open(listener) {
            return open;
        }
    }
}

/// A caller that left before it was accepted is nothing; a process without descriptors waits for some. What else there may
/// be is waited for as well, so that nothing that goes on failing takes a processor.
async fn pause_after(worker: &Worker, fault: &io::Error) {
    let is_callers = matches!(
        fault.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    );
    if is_callers {
        return;
    }
    if is_shortage(fault) {
        worker.out_of_sockets(fault);
    }
    tokio::time::sleep(PAUSE).await;
}

/// A listener that cannot be closed in order is closed all the same.
async fn drain(worker: &Rc<Worker>, entrance: OpenEntrance, listener: ListenerId) {
    let Ok(rest) = entrance.close() else { return };
    while let Ok((stream, peer)) = rest.take() {
        begin(worker, stream, peer, listener).await;
    }
}
