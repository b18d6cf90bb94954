//! HTTP/1.1 on one connection: hyper reads and writes, this keeps the time and ends it cleanly.

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

use gw_artifact::bounds::ceilings::BUFFER;
use gw_artifact::model::{ListenerId, Reason};
use gw_decision::Fault;
use hyper::body::Incoming;
use hyper::rt::Write;
use hyper::server::conn::http1::{Builder, Connection};
use hyper::service::{HttpService, service_fn};

use super::greeting;
use super::io::CallerIo;
use crate::conversation::{Conversation, Phase};
use crate::exchange::{self, RelayBody};
use crate::stream::Stream;
use crate::transport::Transport;
use crate::worker::{Open, Worker};

/// After a refusal, how much of what the caller still sends is read and thrown away, and for how long.
const LINGER_BYTES: usize = 1024 * 1024;
const LINGER_MILLIS: u64 = 2_000;

/// How HTTP on a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Nothing more is to be said.
    Done,
    /// What came was no HTTP/1.
    Unreadable,
    /// A head did not arrive in time, or no other request did, or the gateway shuts down.
    Late,
    /// A response did not leave in time.
    Stuck,
    /// Code of ours failed.
    Panicked,
}

/// Serves one connection until it ends; `open` says so then.
pub(crate) async fn serve(
    worker: Rc<Worker>,
    mut open: Open,
    stream: Transport,
    peer: Option<SocketAddr>,
    listener: ListenerId,
) {
    let conversation = Conversation::new(worker, peer, listener);
    if let Some(stream) = greeting::greet(&conversation, &mut open, listener, stream).await {
        converse(&conversation, stream).await;
    }
    drop(open);
}

async fn converse(conversation: &Rc<Conversation>, stream: Stream) {
    let exchanges = Rc::clone(conversation);
    let service = service_fn(move |request| exchange::answer(&exchanges, request));
    let io = CallerIo::new(stream, Rc::clone(conversation));
    let mut http = builder().serve_connection(io, service);
    let end = std::future::poll_fn(|context| {
        // INVARIANT: of what a panic leaves behind, only the socket and the conversation are used again.
        let polled = catch_unwind(AssertUnwindSafe(|| poll(conversation, &mut http, context)));
        polled.unwrap_or(Poll::Ready(End::Panicked))
    })
    .await;
    if end == End::Panicked {
        // An exchange whose head has left is dropped with its connection, and says what it was cut by.
        conversation.worker.metrics.panicked();
        conversation.cut(Fault::Internal);
    }
    if end == End::Stuck {
        // The exchange is dropped with its connection, and says what it was cut by.
        return;
    }
    let parts = http.into_parts();
    let mut io = parts.io;
    match end {
        End::Late if !parts.read_buf.is_empty() => io.refuse(Reason::RequestTimeout),
        End::Unreadable => io.refuse(Reason::MalformedRequest),
        End::Panicked => conversation.last_words().into_iter().for_each(|words| io.say(words)),
        End::Late | End::Done | End::Stuck => {}
    }
    if conversation.is_left_unread() {
        linger(conversation, io).await;
    }
}

/// The buffer is above the decision core's own limit on heads, so that it is the core that answers 431.
fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.half_close(false).keep_alive(true).max_buf_size(BUFFER).writev(true);
    builder
}

fn poll<S>(
    conversation: &Conversation,
    http: &mut Connection<CallerIo, S>,
    context: &mut Context<'_>,
) -> Poll<End>
where
    S: HttpService<Incoming, ResBody = RelayBody>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    conversation.held_by(context.waker());
    if let Poll::Ready(ended) = Pin::new(http).poll(context) {
        let is_unreadable = ended.is_err_and(|fault| fault.is_parse());
        return Poll::Ready(if is_unreadable { End::Unreadable } else { End::Done });
    }
    match conversation.phase() {
        Phase::Idle if conversation.worker.is_closing() => Poll::Ready(End::Late),
        _ if !conversation.alarm.is_due() => Poll::Pending,
        Phase::Idle | Phase::Head => Poll::Ready(End::Late),
        // Whoever waits for the upstream has looked at the clock by now: it is the caller who does not take the
        // answer.
        Phase::Exchange | Phase::Draining => {
            conversation.cut(Fault::TotalTimeout);
            Poll::Ready(End::Stuck)
        }
    }
}

/// Sends what is left of a refusal, closes that direction, and reads what the caller still sends for a while: closing
/// at once would answer it with a reset, and the caller could lose the answer that it has not read yet
/// (RFC 9112 §9.6).
async fn linger(conversation: &Conversation, mut io: CallerIo) {
    conversation.alarm.set(LINGER_MILLIS);
    let mut lingering = pin!(async {
        if std::future::poll_fn(|context| Pin::new(&mut io).poll_shutdown(context)).await.is_err() {
            return;
        }
        let mut rest = LINGER_BYTES;
        while rest > 0 {
            match std::future::poll_fn(|context| io.poll_waste(context)).await {
                Ok(0) | Err(_) => return,
                Ok(read) => rest = rest.saturating_sub(read),
            }
        }
    });
    let done = std::future::poll_fn(|context| match lingering.as_mut().poll(context) {
        Poll::Pending if !conversation.alarm.is_due() => Poll::Pending,
        Poll::Ready(()) | Poll::Pending => Poll::Ready(()),
    });
    done.await;
}
