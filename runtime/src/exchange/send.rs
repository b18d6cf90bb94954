//! One attempt at an endpoint: a connection, the request, the head of the response; each within its time.

use std::io::{self, ErrorKind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use gw_decision::Fault;
use http::{Request, Response};
use hyper::body::Incoming;

use super::{Deadlines, Flight, RequestBody};
use crate::conversation::Conversation;
use crate::shortage::is_shortage;
use crate::socket::Socket;
use crate::stream::Stream;
use crate::tls::blame;
use crate::tripwire::trip;
use crate::upstream::{SendFault, UpstreamConnection, connect, secure};
use crate::worker::Worker;

/// An upstream's answer, and the connection that the rest of it comes on.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) response: Response<Incoming>,
    pub(crate) connection: Box<UpstreamConnection>,
    pub(crate) endpoint: usize,
    pub(crate) deadlines: Deadlines,
}

/// Sends a request. One that a kept connection returns unsent goes out once more, on a connection of its own: nothing
/// of it has left, so this is safe for every method.
pub(crate) async fn send(
    flight: &mut Flight,
    endpoint: usize,
    mut deadlines: Deadlines,
    mut request: Request<RequestBody>,
) -> Result<Sent, Fault> {
    let worker = std::rc::Rc::clone(&flight.conversation().worker);
    trip("send", flight.facts().target());
    if let Some(connection) = worker.pool.take(endpoint, worker.gateway.dialers.edition(endpoint)) {
        worker.metrics.reused();
        match roundtrip(flight.conversation(), connection, &mut deadlines, request).await {
            Ok((response, connection)) => return Ok(Sent { response, connection, endpoint, deadlines }),
            Err(Failed::Unsent(unsent, _)) => request = *unsent,
            Err(Failed::Fault(fault)) => return Err(fault),
        }
    }
    // Connecting is rare, so its state does not weigh on every exchange.
    let connection = Box::pin(open(flight, endpoint, &deadlines)).await?;
    match roundtrip(flight.conversation(), connection, &mut deadlines, request).await {
        Ok((response, connection)) => Ok(Sent { response, connection, endpoint, deadlines }),
        Err(Failed::Unsent(_, fault) | Failed::Fault(fault)) => Err(fault),
    }
}

enum Failed {
    /// Here is the request again, and what ended the connection.
    Unsent(Box<Request<RequestBody>>, Fault),
    Fault(Fault),
}

async fn roundtrip(
    conversation: &Conversation,
    mut connection: Box<UpstreamConnection>,
    deadlines: &mut Deadlines,
    request: Request<RequestBody>,
) -> Result<(Response<Incoming>, Box<UpstreamConnection>), Failed> {
    let mut response = pin!(connection.send(request));
    let alarm = &conversation.alarm;
    let answered = std::future::poll_fn(|context: &mut Context<'_>| {
        match connection.drive(context, |quiet| response.as_mut().poll(quiet)) {
            Poll::Ready(Ok(response)) => Poll::Ready(Ok(response)),
            Poll::Ready(Err(SendFault::Unsent(request, fault))) => {
                Poll::Ready(Err(Failed::Unsent(request, explain(&fault))))
            }
            Poll::Ready(Err(SendFault::Broken(fault))) => Poll::Ready(Err(Failed::Fault(explain(&fault)))),
            Poll::Pending => {
                let now = alarm.now();
                let (at, fault) = deadlines.awaiting_head(now, conversation.upload.ended());
                if at <= now {
                    return Poll::Ready(Err(Failed::Fault(fault)));
                }
                alarm.set_at(at);
                Poll::Pending
            }
        }
    });
    let response = answered.await?;
    alarm.set_at(deadlines.total().0);
    Ok((response, connection))
}

async fn open(
    flight: &mut Flight,
    endpoint: usize,
    deadlines: &Deadlines,
) -> Result<Box<UpstreamConnection>, Fault> {
    let conversation = std::rc::Rc::clone(flight.conversation());
    let worker = &conversation.worker;
    let begun = worker.clock.now().monotonic;
    let mut dialing = pin!(dial(worker, endpoint));
    let (at, fault) = deadlines.connecting(worker.wheel.now());
    conversation.alarm.set_at(at);
    let dialed = std::future::poll_fn(|context| match Pin::as_mut(&mut dialing).poll(context) {
        Poll::Ready(dialed) => Poll::Ready(dialed),
        Poll::Pending if at <= worker.wheel.now() => Poll::Ready(Err(fault)),
        Poll::Pending => Poll::Pending,
    });
    let (stream, edition) = dialed.await?;
    flight.facts_mut().exchange.connected_after(worker.clock.now().monotonic - begun);
    UpstreamConnection::open(stream, edition).await.map(Box::new).map_err(|_| Fault::Connect)
}

/// A connection that stands, with TLS where the upstream is reached over it, and the edition of the files that it was made
/// under.
async fn dial(worker: &Worker, endpoint: usize) -> Result<(Stream, u64), Fault> {
    let connected = connect(&worker.addresses[endpoint], worker.wheel.now()).await;
    let socket = connected.map_err(|fault| unconnected(worker, &fault))?;
    let socket = Socket::new(socket, &worker.turn);
    worker.metrics.connected();
    let Some(dial) = worker.gateway.dialers.dial(endpoint) else { return Ok((Stream::Plain(socket), 0)) };
    let handshake = Handshake::begin(worker);
    let stream = secure(&dial, socket).await?;
    handshake.done();
    Ok((stream, dial.edition))
}

/// A handshake under way; when it is dropped before it is done, also because of its deadline, it has failed.
struct Handshake<'w> {
    worker: &'w Worker,
    is_done: bool,
}

impl<'w> Handshake<'w> {
    fn begin(worker: &'w Worker) -> Self {
        Self { worker, is_done: false }
    }

    fn done(mut self) {
        self.is_done = true;
    }
}

impl Drop for Handshake<'_> {
    fn drop(&mut self) {
        if self.is_done { self.worker.metrics.secured() } else { self.worker.metrics.unsecured() }
    }
}

/// Why no connection stands. That the gateway is out of sockets says nothing about the endpoint, which does not rest for it.
fn unconnected(worker: &Worker, fault: &io::Error) -> Fault {
    if !is_shortage(fault) {
        return Fault::Connect;
    }
    worker.out_of_sockets(fault);
    Fault::NoSocket
}

/// What broke, in the decision core's words. A body that breaks its own framing is no HTTP; an end that came too soon is a
/// reset, and so is TLS that breaks: a stream that ended without its farewell never looks whole (RFC 8446 §6.1).
pub(crate) fn explain(fault: &hyper::Error) -> Fault {
    match beneath(fault) {
        Some(io) if blame::is_refusal(io) => Fault::TlsRefused,
        Some(io) if blame::is_of_tls(io) => Fault::Reset,
        Some(io) if matches!(io.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput) => Fault::Protocol,
        _ if fault.is_parse() => Fault::Protocol,
        _ => Fault::Reset,
    }
}

/// What the socket said, or the reader of a body.
fn beneath(fault: &hyper::Error) -> Option<&io::Error> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(fault);
    while let Some(found) = cause {
        if let Some(io) = found.downcast_ref::<io::Error>() {
            return Some(io);
        }
        cause = found.source();
    }
    None
}
