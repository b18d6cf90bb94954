//! The response's body on its way to the caller. It carries the exchange: when hyper drops it, the exchange is over.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use gw_decision::{Fault, How};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::{Deadlines, Flight, send};
use crate::conversation::UploadFault;
use crate::tripwire::trip;
use crate::upstream::UpstreamConnection;

/// What the caller receives after the head.
#[derive(Debug)]
pub(crate) struct RelayBody {
    source: Source,
    flight: Flight,
}

#[derive(Debug)]
enum Source {
    /// Nothing more.
    Over,
    /// gw's own words.
    Own(Bytes),
    /// The upstream's, as they come.
    Upstream(Upstream),
    /// They broke off; hyper has yet to be told.
    Broken(Fault),
}

#[derive(Debug)]
struct Upstream {
    incoming: Incoming,
    connection: Box<UpstreamConnection>,
    endpoint: usize,
    deadlines: Deadlines,
}

/// The response breaks off; hyper cuts the connection, so that it never looks complete.
#[derive(Debug, thiserror::Error)]
#[error("the response broke off: {}", .0.as_str())]
pub(crate) struct Cut(Fault);

impl RelayBody {
    /// gw's own answer; empty after a `HEAD`.
    pub(crate) fn own(flight: Flight, words: Bytes) -> Self {
        let source = if words.is_empty() { Source::Over } else { Source::Own(words) };
        Self { source, flight }
    }

    /// The upstream's answer.
    pub(crate) fn upstream(
        flight: Flight,
        incoming: Incoming,
        connection: Box<UpstreamConnection>,
        endpoint: usize,
        deadlines: Deadlines,
    ) -> Self {
        Self { source: Source::Upstream(Upstream { incoming, connection, endpoint, deadlines }), flight }
    }

    fn poll_upstream(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Cut>>> {
        let Source::Upstream(upstream) = &mut self.source else { return Poll::Ready(None) };
        trip("body", self.flight.facts().target());
        let alarm = &self.flight.conversation().alarm;
        let incoming = &mut upstream.incoming;
        match upstream.connection.drive(context, |quiet| poll_data(incoming, quiet)) {
            Poll::Ready(Some(Ok(data))) => {
                alarm.set_at(upstream.deadlines.total().0);
                self.flight.relayed(data.len());
                Poll::Ready(Some(Ok(data)))
            }
            Poll::Ready(None) => {
                self.conclude();
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(fault))) => {
                let fault = upload_fault(&self.flight).unwrap_or_else(|| send::explain(&fault));
                self.cut(fault, context)
            }
            Poll::Pending => {
                let now = alarm.now();
                let (at, fault) = upstream.deadlines.awaiting_body(now);
                if alarm.is_due() {
                    let fault = if upstream.deadlines.total().0 <= now { Fault::TotalTimeout } else { fault };
                    return self.cut(fault, context);
                }
                alarm.set_at(at);
                Poll::Pending
            }
        }
    }

    /// hyper forgets what it has not sent yet when it hears of a break. So it gets one turn to send it first: the
    /// caller receives what there was, and sees that it is not all.
    fn cut<T>(&mut self, fault: Fault, context: &mut Context<'_>) -> Poll<T> {
        self.source = Source::Broken(fault);
        self.flight.ends(How::Cut(fault));
        context.waker().wake_by_ref();
        Poll::Pending
    }

    /// The caller has it all: the connection goes back to the pool.
    fn conclude(&mut self) {
        self.flight.ends(How::Complete);
        if let Source::Upstream(upstream) = std::mem::replace(&mut self.source, Source::Over) {
            let worker = &self.flight.conversation().worker;
            worker.pool.keep(upstream.endpoint, upstream.connection, worker.wheel.now());
        }
    }
}

impl Body for RelayBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let body = self.get_mut();
        match &mut body.source {
            Source::Over => Poll::Ready(None),
            Source::Broken(fault) => Poll::Ready(Some(Err(Cut(*fault)))),
            Source::Own(words) => {
                let words = std::mem::take(words);
                body.source = Source::Over;
                body.flight.relayed(words.len());
                Poll::Ready(Some(Ok(Frame::data(words))))
            }
            Source::Upstream(_) => {
                Poll::Ready(ready!(body.poll_upstream(context)).map(|data| data.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Over => true,
            Source::Own(_) | Source::Broken(_) => false,
            Source::Upstream(upstream) => upstream.incoming.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Over => SizeHint::with_exact(0),
            Source::Own(words) => SizeHint::with_exact(words.len() as u64),
            Source::Broken(_) => SizeHint::default(),
            Source::Upstream(upstream) => upstream.incoming.size_hint(),
        }
    }
}

impl Drop for RelayBody {
    fn drop(&mut self) {
        if self.is_end_stream() {
            self.conclude();
        }
    }
}

/// The next piece of the body. Trailers are not relayed: a recipient may drop them (RFC 9110 §6.5.1).
fn poll_data(incoming: &mut Incoming, quiet: &mut Context<'_>) -> Poll<Option<Result<Bytes, hyper::Error>>> {
    loop {
        match ready!(Pin::new(&mut *incoming).poll_frame(quiet)) {
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Poll::Ready(Some(Ok(data)));
                }
            }
            Some(Err(fault)) => return Poll::Ready(Some(Err(fault))),
            None => return Poll::Ready(None),
        }
    }
}

fn upload_fault(flight: &Flight) -> Option<Fault> {
    match flight.conversation().upload.fault() {
        Some(UploadFault::Fault(fault)) => Some(fault),
        Some(UploadFault::ClientGone) | None => None,
    }
}
