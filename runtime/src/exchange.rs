//! The driver of one request: read head → decide → enact → decide → relay. There is no policy in here.
//!
//! hyper hands over a head and takes a response; the body of that response carries the rest of the exchange, because
//! hyper polls it after this future has ended. In every ending, also when the caller goes away, the exchange is
//! finished by the drop of its [`Flight`].

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use gw_artifact::model::Reason;
use gw_decision::{
    Answer, BodyPlan, Context as Known, Exchange, Fault, Framing, Outbound, Reply, ResponseHead,
    UpstreamAnswer, Verdict, decide_request, decide_response, refuse_unread,
};
use gw_engines::Permit;
use http::header::{CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, Uri};
use http_body::Body;
use hyper::body::Incoming;

mod deadlines;
mod facts;
mod flight;
mod head_writer;
mod relay_body;
mod request_body;
mod send;

use deadlines::Deadlines;
pub(crate) use facts::{Facts, Lines};
use facts::{Received, version, with_lines};
use flight::{Flight, reply};
use head_writer::{Editing, Refused};
pub(crate) use head_writer::{Ink, Room};
pub(crate) use relay_body::RelayBody;
pub(crate) use request_body::RequestBody;
use send::Sent;

use crate::conversation::{Conversation, UploadFault};
use crate::listener::Doubt;
use crate::live_world::LiveWorld;
use crate::tripwire::trip;
use crate::worker::Worker;

/// Nothing can be answered: the caller is gone. hyper closes the connection.
#[derive(Debug, thiserror::Error)]
#[error("the caller is gone")]
pub(crate) struct Abandoned;

/// A request that was decided.
#[expect(
    clippy::large_enum_variant,
    reason = "the large one is the usual one; a box would cost it an allocation"
)]
enum Decided {
    /// To be sent.
    Send(Flight, Sending),
    /// To be answered by gw itself.
    Answer(Flight, Answer),
}

/// What is sent, where, and how long it may take.
struct Sending {
    request: Request<RequestBody>,
    endpoint: usize,
    deadlines: Deadlines,
}

/// Answers one request.
///
/// The decision is made here and now; the future that is returned is small, and waits for the upstream only.
pub(crate) fn answer(
    conversation: &Rc<Conversation>,
    request: Request<Incoming>,
) -> impl Future<Output = Result<Response<RelayBody>, Abandoned>> + use<> {
    let doubt = conversation.begin();
    let decided = decide(conversation, request, doubt);
    async move {
        match decided {
            Decided::Send(flight, sending) => forward(flight, sending).await,
            Decided::Answer(flight, answer) => own_answer(flight, answer),
        }
    }
}

fn decide(conversation: &Rc<Conversation>, request: Request<Incoming>, doubt: Doubt) -> Decided {
    let worker = &conversation.worker;
    let (request, body) = request.into_parts();
    let Parts { method, uri, version, mut headers, .. } = request;
    let framing = framing(&headers, &body);
    let mut lines = worker.spare_lines();
    lines.extend(headers.iter().map(|(name, value)| (name.clone(), value.clone())));
    let received = Received { method, uri, version, lines, framing, doubt };
    let exchange = Exchange::new(conversation.arrival()).over(conversation.tls());
    let mut flight = Flight::begin(conversation, Box::new(Facts { exchange, received }));
    let world = LiveWorld::new(worker);
    let artifact = &*worker.gateway.artifact;
    let verdict = flight.facts_mut().with_head(|uri, head, exchange| {
        trip("decide", head.target);
        match at_once(decide_request(artifact, head, exchange, &world)) {
            Verdict::Forward(outbound) => {
                let known = Known { artifact, head, exchange };
                match write_request(worker, &mut headers, uri, known, &outbound) {
                    Ok(written) => Ok((outbound, written)),
                    Err(Refused) => Err(refuse_unread(exchange, Reason::MalformedRequest, &world)),
                }
            }
            Verdict::Answer(answer) => Err(answer),
        }
    });
    match verdict {
        Ok((outbound, head)) => {
            let endpoint =
                worker.gateway.endpoint(artifact.operation(outbound.operation()), outbound.endpoint());
            let timeouts = artifact.operation(outbound.operation()).timeouts;
            let body = request_body(conversation, flight.facts().exchange.body_plan(), body);
            let mut request = head.map(|()| body);
            *request.headers_mut() = headers;
            let deadlines = Deadlines::new(timeouts, worker.wheel.now());
            flight.sends(outbound, world.into_pass());
            Decided::Send(flight, Sending { request, endpoint, deadlines })
        }
        Err(answer) => {
            if !body.is_end_stream() {
                conversation.leave_unread();
            }
            flight.answers(answer, world.into_pass());
            Decided::Answer(flight, answer)
        }
    }
}

/// The live world answers every question at once, so a decision is ready when it is first polled. It is made on the
/// stack: as a part of the exchange's future it would be copied around with all the header lines it looks at.
fn at_once<T>(decision: impl Future<Output = T>) -> T {
    match pin!(decision).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(decided) => decided,
        Poll::Pending => unreachable!("`LiveWorld` never waits"),
    }
}

fn framing(headers: &HeaderMap, body: &Incoming) -> Framing {
    match body.size_hint().exact() {
        None => Framing::Chunked,
        Some(0) if !headers.contains_key(CONTENT_LENGTH) => Framing::None,
        Some(bytes) => Framing::Length(bytes),
    }
}

/// Makes the head that is sent out of the one that came; `headers` are its lines.
fn write_request(
    worker: &Worker,
    headers: &mut HeaderMap,
    uri: &Uri,
    known: Known<'_>,
    outbound: &Outbound<Permit>,
) -> Result<Request<()>, Refused> {
    let (mut ink, mut room) = (worker.ink.borrow_mut(), worker.room.borrow_mut());
    let mut editing = Editing::new(&mut ink, &mut room, Some(uri));
    outbound.head(known, outbound.permit().authority(), &mut worker.scratch.borrow_mut(), &mut editing);
    let mut request = Request::new(());
    *request.method_mut() = std::mem::take(&mut editing.method);
    *request.uri_mut() = std::mem::take(&mut editing.uri);
    editing.apply(headers)?;
    Ok(request)
}

fn request_body(conversation: &Rc<Conversation>, plan: BodyPlan, incoming: Incoming) -> RequestBody {
    match plan {
        BodyPlan::Stream { max } if !incoming.is_end_stream() => {
            RequestBody::stream(incoming, max.0, conversation)
        }
        BodyPlan::None | BodyPlan::Stream { .. } => {
            conversation.upload.end();
            RequestBody::Empty
        }
    }
}

async fn forward(mut flight: Flight, sending: Sending) -> Result<Response<RelayBody>, Abandoned> {
    let Sending { request, endpoint, deadlines } = sending;
    let outcome = send::send(&mut flight, endpoint, deadlines, request).await;
    let fault = match (outcome, flight.conversation().upload.fault()) {
        (Ok(sent), _) => return relay(flight, sent),
        (Err(_), Some(UploadFault::ClientGone)) => return Err(Abandoned),
        (Err(_), Some(UploadFault::Fault(fault))) | (Err(fault), None) => fault,
    };
    explain(flight, fault)
}

/// There is no answer of the upstream: gw's own goes out in its place.
fn explain(mut flight: Flight, fault: Fault) -> Result<Response<RelayBody>, Abandoned> {
    if !flight.conversation().upload.ended() {
        flight.conversation().leave_unread();
    }
    judge(&mut flight, UpstreamAnswer::Fault(fault));
    match reply(&flight) {
        Reply::Answer(answer) => own_answer(flight, answer),
        Reply::Upstream { .. } | Reply::Nothing => Err(Abandoned),
    }
}

fn judge(flight: &mut Flight, answer: UpstreamAnswer<'_>) {
    let conversation = Rc::clone(flight.conversation());
    let world = LiveWorld::new(&conversation.worker);
    flight.judged(|facts, outbound| {
        let upstream = conversation.worker.gateway.artifact.operation(outbound.operation()).forward.upstream;
        let relay = decide_response(&mut facts.exchange, outbound, answer, &world);
        let nanos = world.asked().saturating_sub(facts.exchange.received().monotonic);
        conversation.worker.metrics.answered(upstream.index(), nanos);
        relay
    });
}

fn relay(mut flight: Flight, sent: Sent) -> Result<Response<RelayBody>, Abandoned> {
    let Sent { response, connection, endpoint, deadlines } = sent;
    if response.status().is_informational() {
        return explain(flight, Fault::Protocol);
    }
    let (mut head, incoming) = response.into_parts();
    let (status, version) = (head.status.as_u16(), version(head.version));
    let worker = Rc::clone(&flight.conversation().worker);
    let (mut ink, mut room) = (worker.ink.borrow_mut(), worker.room.borrow_mut());
    let mut editing = Editing::new(&mut ink, &mut room, None);
    trip("relay", flight.facts().target());
    with_lines(head.headers.len(), head.headers.iter(), |lines| {
        let response = ResponseHead { status, version, lines };
        judge(&mut flight, UpstreamAnswer::Head(response));
        write_response(&flight, &response, &mut worker.scratch.borrow_mut(), &mut editing);
    });
    match reply(&flight) {
        Reply::Upstream { .. } => {
            let mut relayed = Response::new(());
            *relayed.status_mut() = editing.status;
            editing.apply(&mut head.headers).map_err(|Refused| Abandoned)?;
            worker.say_goodbye(&mut head.headers);
            *relayed.headers_mut() = head.headers;
            Ok(relayed.map(|()| RelayBody::upstream(flight, incoming, connection, endpoint, deadlines)))
        }
        Reply::Answer(answer) => {
            drop((ink, room));
            own_answer(flight, answer)
        }
        Reply::Nothing => Err(Abandoned),
    }
}

fn write_response(
    flight: &Flight,
    response: &ResponseHead<'_>,
    scratch: &mut Vec<u8>,
    writer: &mut Editing<'_>,
) {
    let Some(relay) = flight.relay() else { return };
    let artifact = &flight.conversation().worker.gateway.artifact;
    flight.facts().with_context(artifact, |known| relay.head(known, response, scratch, writer));
}

fn own_answer(flight: Flight, answer: Answer) -> Result<Response<RelayBody>, Abandoned> {
    let worker = Rc::clone(&flight.conversation().worker);
    let (mut ink, mut room) = (worker.ink.borrow_mut(), worker.room.borrow_mut());
    let mut editing = Editing::new(&mut ink, &mut room, None);
    let mut words = Vec::new();
    flight.facts().with_context(&worker.gateway.artifact, |known| {
        answer.body(known, &mut words);
        answer.head(known, &mut editing);
    });
    let mut head = Response::new(());
    *head.status_mut() = editing.status;
    editing.apply(head.headers_mut()).map_err(|Refused| Abandoned)?;
    if answer.status() != 204 {
        head.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(words.len()));
    }
    if flight.conversation().is_left_unread() {
        head.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    worker.say_goodbye(head.headers_mut());
    if flight.facts().received.method == Method::HEAD {
        words.clear();
    }
    flight.conversation().answering();
    Ok(head.map(|()| RelayBody::own(flight, Bytes::from(words))))
}
