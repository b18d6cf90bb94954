//! Accepting connections on one thread, until the gateway stops.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use gw_artifact::model::ListenerId;
use socket2::{SockFilter, SockRef};
use tokio::net::{TcpListener, TcpStream};

use super::http;
use crate::shortage::is_shortage;
use crate::shutdown::Stopping;
use crate::tripwire::trip;
use crate::worker::{Open, Worker};

/// How long accepting pauses when the process has no room, or no descriptor, for another connection.
const PAUSE: Duration = Duration::from_millis(20);

/// Accepts until told to stop; then what the kernel has already accepted is still taken, so that nobody who was let
/// in is turned away.
pub(crate) async fn accept(
    worker: Rc<Worker>,
    socket: TcpListener,
    listener: ListenerId,
    mut stop: Stopping,
) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.wait() => break,
            accepted = socket.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => begin(&worker, stream, peer, listener).await,
            Err(fault) => pause_after(&worker, &fault).await,
        }
    }
    drain(&worker, socket, listener).await;
}

/// Begins to serve a connection, as soon as there is room for it: until then nothing is read from it, and those behind
/// it wait in the kernel.
async fn begin(worker: &Rc<Worker>, stream: TcpStream, peer: std::net::SocketAddr, listener: ListenerId) {
    trip("accept", &worker.gateway.artifact.listeners()[listener.index()].name);
    let open = match worker.open(listener) {
        Ok(open) => open,
        Err(full) => {
            worker.gateway.places.waits(listener, full);
            place(worker, listener).await
        }
    };
    // Without it small answers wait for acknowledgements; with it nothing is lost, so a refusal is no reason to stop.
    drop(stream.set_nodelay(true));
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

async fn drain(worker: &Rc<Worker>, socket: TcpListener, listener: ListenerId) {
    let Ok(socket) = socket.into_std() else { return };
    let_nobody_in(&socket);
    while let Ok((stream, peer)) = socket.accept() {
        let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
        if let Ok(stream) = stream {
            begin(worker, stream, peer, listener).await;
        }
    }
}

/// From now on the kernel drops whatever asks for a connection, as if it had not arrived: the caller's kernel asks again
/// a second later, when another gateway or a refusal answers. Without this a connection could come to stand between the
/// last look and the close, and be reset with its request in it. Where the kernel does not do it, that gap is small.
fn let_nobody_in(socket: &std::net::TcpListener) {
    const DROP_ALL: [SockFilter; 1] = [SockFilter::new(RETURN_CONSTANT, 0, 0, 0)];
    drop(SockRef::from(socket).attach_filter(&DROP_ALL));
}

/// `BPF_RET | BPF_K`: how many bytes of the packet are kept.
const RETURN_CONSTANT: u16 = 0x06;
