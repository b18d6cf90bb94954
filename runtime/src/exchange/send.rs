//! One attempt at an endpoint: a connection, the request, the head of the response; each within its time.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use gw_decision::Fault;
use http::{Request, Response};
use hyper::body::Incoming;

use super::{Deadlines, Flight, RequestBody};
use crate::conversation::Conversation;
use crate::upstream::{SendFault, UpstreamConnection, connect};

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
    if let Some(connection) = worker.pool.take(endpoint) {
        worker.metrics.reused();
        match roundtrip(flight.conversation(), connection, &mut deadlines, request).await {
            Ok((response, connection)) => return Ok(Sent { response, connection, endpoint, deadlines }),
            Err(Failed::Unsent(unsent)) => request = *unsent,
            Err(Failed::Fault(fault)) => return Err(fault),
        }
    }
    // Connecting is rare, so its state does not weigh on every exchange.
    let connection = Box::pin(open(flight, endpoint, &deadlines)).await?;
    match roundtrip(flight.conversation(), connection, &mut deadlines, request).await {
        Ok((response, connection)) => Ok(Sent { response, connection, endpoint, deadlines }),
        Err(Failed::Unsent(_)) => Err(Fault::Reset),
        Err(Failed::Fault(fault)) => Err(fault),
    }
}

enum Failed {
    Unsent(Box<Request<RequestBody>>),
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
            Poll::Ready(Err(SendFault::Unsent(request))) => Poll::Ready(Err(Failed::Unsent(request))),
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
    let mut connecting = pin!(connect(&worker.addresses[endpoint], worker.wheel.now()));
    let (at, fault) = deadlines.connecting(worker.wheel.now());
    conversation.alarm.set_at(at);
    let stream = std::future::poll_fn(|context| match Pin::as_mut(&mut connecting).poll(context) {
        Poll::Ready(connected) => Poll::Ready(connected.map_err(|_| Fault::Connect)),
        Poll::Pending if at <= worker.wheel.now() => Poll::Ready(Err(fault)),
        Poll::Pending => Poll::Pending,
    });
    let stream = stream.await?;
    flight.facts_mut().exchange.connected_after(worker.clock.now().monotonic - begun);
    worker.metrics.connected();
    UpstreamConnection::open(stream, &worker.turn).await.map(Box::new).map_err(|_| Fault::Connect)
}

/// What broke, in the decision core's words.
pub(crate) fn explain(fault: &hyper::Error) -> Fault {
    if fault.is_parse() || is_unexpected(fault) { Fault::Protocol } else { Fault::Reset }
}

/// A body that breaks its own framing; an end that came too soon is a reset.
fn is_unexpected(fault: &hyper::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(fault);
    while let Some(found) = cause {
        if let Some(io) = found.downcast_ref::<std::io::Error>() {
            return matches!(io.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput);
        }
        cause = found.source();
    }
    false
}
