//! The begin of a connection: the TLS handshake where the listener speaks TLS.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use gw_artifact::model::ListenerId;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::conversation::Conversation;
use crate::socket::Socket;
use crate::stream::Stream;
use crate::tls::{self, Door};

/// The first byte of every record that begins a handshake (RFC 8446 §5.1).
const HANDSHAKE: u8 = 0x16;

/// Makes a connection ready for HTTP; `None` when it ended before, or took too long.
///
/// Plain text that comes to a listener with TLS stays plain: the decision core sends it on to HTTPS, or refuses it.
pub(super) async fn greet(
    conversation: &Conversation,
    listener: ListenerId,
    stream: TcpStream,
) -> Option<Stream> {
    let worker = &conversation.worker;
    let Some(door) = worker.gateway.doors.at(listener) else {
        return Some(Stream::Plain(Socket::new(stream, &worker.turn)));
    };
    conversation.greeting();
    let greeted = RefCell::new(None);
    let mut greeting = pin!(async { *greeted.borrow_mut() = shake(conversation, door, stream).await });
    poll_fn(|context| {
        conversation.held_by(context.waker());
        match greeting.as_mut().poll(context) {
            Poll::Pending if conversation.alarm.is_due() || worker.is_closing() => Poll::Ready(()),
            polled => polled,
        }
    })
    .await;
    let greeted = greeted.take();
    if greeted.is_none() {
        worker.metrics.handshake_failed();
    }
    conversation.greeted();
    greeted
}

async fn shake(conversation: &Conversation, door: &Door, stream: TcpStream) -> Option<Stream> {
    let mut first = [0];
    if stream.peek(&mut first).await.ok()? == 0 {
        return None;
    }
    let socket = Socket::new(stream, &conversation.worker.turn);
    if first[0] != HANDSHAKE {
        return Some(Stream::Plain(socket));
    }
    let terms = door.terms();
    let stream = TlsAcceptor::from(terms.config.clone()).accept(socket).await.ok()?;
    let (_, connection) = stream.get_ref();
    if !terms.still_hold(connection) {
        return None;
    }
    conversation.worker.metrics.handshake_done();
    conversation.secured(tls::facts(connection));
    Some(Stream::tls(stream))
}
