//! One HTTP/1.1 connection to an endpoint: hyper's sender and its driver, polled by whoever holds them.
//!
//! There is no task per connection: the exchange drives it, so that a request costs no wake-up between tasks, and
//! dropping the exchange drops the socket, which is how a request is cancelled.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use gw_artifact::bounds::ceilings::BUFFER;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use hyper::rt::Write;

use super::gate::Gate;
use crate::exchange::RequestBody;
use crate::stream::Stream;

/// One connection. Dropping it closes the socket.
#[derive(Debug)]
pub(crate) struct UpstreamConnection {
    sender: SendRequest<RequestBody>,
    driver: Connection<Stream, RequestBody>,
    edition: u64,
    gate: Arc<Gate>,
    waker: Waker,
    held: bool,
    ended: bool,
}

/// Why there is no response.
pub(crate) enum SendFault {
    /// The connection had ended before anything was sent; here is the request again, and what ended it.
    Unsent(Box<Request<RequestBody>>, hyper::Error),
    /// It broke off.
    Broken(hyper::Error),
}

impl UpstreamConnection {
    /// Prepares HTTP/1.1 on a connection that stands, made under this edition of the upstream's files. The buffer bounds the
    /// response's head, and what is read ahead of a slow caller.
    pub(crate) async fn open(stream: Stream, edition: u64) -> Result<Self, hyper::Error> {
        let (sender, driver) = Builder::new().max_buf_size(BUFFER).writev(true).handshake(stream).await?;
        let gate = Arc::new(Gate::default());
        let waker = Waker::from(Arc::clone(&gate));
        Ok(Self { sender, driver, edition, gate, waker, held: false, ended: false })
    }

    /// Lays the connection down: nobody is woken any more, until somebody drives it again.
    pub(crate) fn lay_down(&mut self) {
        self.gate.held_by(None);
        self.held = false;
    }

    /// Whether another request can be sent: nothing is under way and the endpoint did not close.
    pub(crate) fn is_reusable(&self) -> bool {
        !self.ended && self.sender.is_ready()
    }

    /// Whether the connection, which lay in the pool, can be used: nothing happened meanwhile, and it was made under the
    /// edition of the upstream's files that holds.
    pub(crate) fn stands(&self, edition: u64) -> bool {
        self.edition == edition && !self.gate.stirred()
    }

    /// Ends the connection in order: with TLS the endpoint is told that this is the end (RFC 8446 §6.1).
    pub(crate) fn close(self) {
        let mut stream = self.driver.into_parts().io;
        // What an endpoint does not take at once is not waited for.
        let _ = Pin::new(&mut stream).poll_shutdown(&mut Context::from_waker(Waker::noop()));
    }

    /// Begins to send a request; the result comes when [`drive`](Self::drive) is called until it is there.
    pub(crate) fn send(
        &mut self,
        request: Request<RequestBody>,
    ) -> impl Future<Output = Result<Response<Incoming>, SendFault>> + use<> {
        let sending = self.sender.try_send_request(request);
        async {
            sending.await.map_err(|mut fault| match fault.take_message() {
                Some(request) => SendFault::Unsent(Box::new(request), fault.into_error()),
                None => SendFault::Broken(fault.into_error()),
            })
        }
    }

    /// Moves bytes both ways, then asks `question`, again as long as there is movement without an answer. The task
    /// that drives first holds the connection from then on.
    ///
    /// `question` is polled without a waker: what it waits for can only happen in here.
    pub(crate) fn drive<T>(
        &mut self,
        holder: &Context<'_>,
        mut question: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        let mut quiet = Context::from_waker(Waker::noop());
        if !self.held {
            self.gate.held_by(Some(holder.waker().clone()));
            self.held = true;
        }
        for _ in 0..MOST_ROUNDS {
            self.gate.mute();
            self.poll_driver();
            let answer = question(&mut quiet);
            let stirred = self.gate.unmute();
            if answer.is_ready() || !stirred || self.ended {
                return answer;
            }
        }
        // Still moving: let other tasks have their turn, then come back.
        self.waker.wake_by_ref();
        Poll::Pending
    }

    fn poll_driver(&mut self) {
        if !self.ended {
            let mut context = Context::from_waker(&self.waker);
            self.ended = Pin::new(&mut self.driver).poll(&mut context).is_ready();
        }
    }
}

const MOST_ROUNDS: usize = 8;
