//! The begin of a connection: for whom it comes, where proxies say so, whether that client may have one more, and the TLS
//! handshake where the listener speaks TLS.

use std::future::poll_fn;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::task::Poll;

use gw_artifact::model::{ListenerId, ProxyProtocol};
use tokio_rustls::TlsAcceptor;

use super::introduction::{self, Refused};
use crate::conversation::Conversation;
use crate::socket::Socket;
use crate::stream::Stream;
use crate::tls::{self, Door};
use crate::transport::Transport;
use crate::worker::{Open, Worker};

/// The first byte of every record that begins a handshake (RFC 8446 §5.1).
const HANDSHAKE: u8 = 0x16;

/// Makes a connection ready for HTTP; `None` when it ended before, took too long, or comes from nobody who may connect.
///
/// A client that has as many connections as it may hears nothing: a word would cost more than it helps, and TLS more than
/// that. Plain text that comes to a listener with TLS stays plain: the decision core sends it on to HTTPS, or refuses it.
pub(super) async fn greet(
    conversation: &Conversation,
    open: &mut Open,
    listener: ListenerId,
    stream: Transport,
) -> Option<Stream> {
    let worker = &conversation.worker;
    let gateway = &worker.gateway;
    let mut socket = Socket::new(stream, &worker.turn);
    let proxies = gateway.artifact.listeners()[listener.index()].proxy_protocol.as_ref();
    let door = gateway.doors.at(listener);
    if proxies.is_some() || door.is_some() {
        conversation.greeting();
    }
    let client = match proxies {
        Some(proxies) => introduced(conversation, proxies, listener, &mut socket).await?,
        None => conversation.peer(),
    };
    if client.is_some_and(|client| !admitted(worker, open, client.ip(), listener)) {
        return None;
    }
    let Some(door) = door else {
        if proxies.is_some() {
            conversation.greeted();
        }
        return Some(Stream::Plain(socket));
    };
    let greeted = in_time(conversation, shake(conversation, door, socket)).await.flatten();
    if greeted.is_none() {
        worker.metrics.handshake_failed();
    }
    conversation.greeted();
    greeted
}

/// For whom a proxy says that it connects: `Some(None)` where it names nobody. `None` when the connection is not let in.
async fn introduced(
    conversation: &Conversation,
    proxies: &ProxyProtocol,
    listener: ListenerId,
    socket: &mut Socket,
) -> Option<Option<SocketAddr>> {
    let worker = &conversation.worker;
    let heard = in_time(conversation, introduction::hear(conversation, proxies, socket)).await;
    match heard.unwrap_or(Err(Refused::Late)) {
        Ok(client) => {
            worker.metrics.introduced();
            Some(client)
        }
        Err(refused) => {
            worker.gateway.turned_away.note(refused, listener, conversation.peer());
            None
        }
    }
}

/// Counts the connection to its client, and says now and then that one has too many.
fn admitted(worker: &Worker, open: &mut Open, client: IpAddr, listener: ListenerId) -> bool {
    let is_admitted = open.admit(client);
    if !is_admitted {
        let now = worker.clock.now().monotonic;
        worker.gateway.places.word(listener, client, now).iter().for_each(|word| crate::complain(word));
    }
    is_admitted
}

/// What comes of it, unless the connection's deadline passes before, or the gateway stops.
async fn in_time<T>(conversation: &Conversation, step: impl Future<Output = T>) -> Option<T> {
    let mut step = pin!(step);
    poll_fn(|context| {
        conversation.held_by(context.waker());
        match step.as_mut().poll(context) {
            Poll::Pending if conversation.alarm.is_due() || conversation.worker.is_closing() => {
                Poll::Ready(None)
            }
            polled => polled.map(Some),
        }
    })
    .await
}

async fn shake(conversation: &Conversation, door: &Door, mut socket: Socket) -> Option<Stream> {
    let worker = &conversation.worker;
    if socket.ahead().is_empty() {
        poll_fn(|context| socket.poll_ahead(context, &mut worker.heads.borrow_mut())).await.ok()?;
    }
    if *socket.ahead().first()? != HANDSHAKE {
        return Some(Stream::Plain(socket));
    }
    let terms = door.terms();
    let stream = TlsAcceptor::from(terms.config.clone()).accept(socket).await.ok()?;
    let (_, connection) = stream.get_ref();
    if !terms.still_hold(connection) {
        return None;
    }
    worker.metrics.handshake_done();
    conversation.secured(tls::facts(connection));
    Some(Stream::tls(stream))
}
