//! The caller's socket as hyper sees it: tells the conversation what passes, and puts hyper's bare refusals in words.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context as TaskContext, Poll, ready};

use gw_artifact::model::Reason;
use gw_decision::{Context, Ending, Exchange, How, Relay, World, refuse_unread};
use gw_engines::Permit;
use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::ReadBuf;

use super::refusal::{Refusal, UNREAD, reason_of};
use crate::conversation::{Conversation, Phase};
use crate::live_world::LiveWorld;
use crate::stream::Stream;
use crate::telemetry;

/// See the module.
#[derive(Debug)]
pub(crate) struct CallerIo {
    stream: Stream,
    conversation: Rc<Conversation>,
    refusal: Option<Refusal>,
}

impl CallerIo {
    pub(crate) fn new(stream: Stream, conversation: Rc<Conversation>) -> Self {
        Self { stream, conversation, refusal: None }
    }

    /// Reads what comes, and throws it away; how much it was.
    pub(crate) fn poll_waste(&mut self, context: &mut TaskContext<'_>) -> Poll<io::Result<usize>> {
        let mut bytes = self.conversation.worker.heads.borrow_mut();
        let mut read = ReadBuf::new(&mut bytes);
        ready!(self.stream.poll_read_into(context, &mut read))?;
        Poll::Ready(Ok(read.filled().len()))
    }

    /// Answers what could not be read as a request, unless that was done already.
    pub(crate) fn refuse(&mut self, reason: Reason) {
        if self.refusal.is_some() {
            return;
        }
        let worker = &self.conversation.worker;
        let world = LiveWorld::new(worker);
        let mut exchange = Exchange::new(self.conversation.arrival()).over(self.conversation.tls());
        worker.metrics.begun();
        let answer = refuse_unread(&mut exchange, reason, &world);
        let refusal = Refusal::new(&worker.gateway.artifact, &exchange, answer);
        let response_bytes = refusal.body_bytes();
        let ending = Ending { how: How::Complete, at: world.now(), request_bytes: 0, response_bytes };
        let context = Context { artifact: &worker.gateway.artifact, head: &UNREAD, exchange: &exchange };
        telemetry::finished(worker, context, &Relay::<Permit>::answered(answer).finish(ending));
        self.conversation.leave_unread();
        self.refusal = Some(refusal);
    }

    /// Sends these as the last words on the connection.
    pub(crate) fn say(&mut self, last_words: Refusal) {
        self.refusal = Some(last_words);
    }

    /// hyper answers a head that it cannot read with a bare status line, when no exchange is under way: these bytes
    /// are swallowed, and a problem document leaves in their place.
    fn swallow(&mut self, bytes: &[IoSlice<'_>]) -> Option<usize> {
        let in_exchange = matches!(self.conversation.phase(), Phase::Exchange | Phase::Draining);
        if in_exchange && self.refusal.is_none() {
            return None;
        }
        self.refuse(bytes.first().map_or(Reason::MalformedRequest, |line| reason_of(line)));
        Some(bytes.iter().map(|slice| slice.len()).sum())
    }

    /// Heads are short and come by way of a buffer of the thread, so that they can be looked at; bodies do not.
    fn poll_head(
        &mut self,
        context: &mut TaskContext<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = self.conversation.worker.heads.borrow_mut();
        let room = buffer.remaining().min(bytes.len());
        let mut read = ReadBuf::new(&mut bytes[..room]);
        ready!(self.stream.poll_read_into(context, &mut read))?;
        if !read.filled().is_empty() {
            self.conversation.heard(read.filled());
            buffer.put_slice(read.filled());
        }
        Poll::Ready(Ok(()))
    }

    fn poll_refusal(&mut self, context: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        while let Some(refusal) = &mut self.refusal {
            let rest = refusal.rest();
            if rest.is_empty() {
                break;
            }
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            refusal.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

impl Read for CallerIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut TaskContext<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let io = &mut *self;
        match io.conversation.phase() {
            Phase::Idle | Phase::Head => io.poll_head(context, buffer),
            Phase::Exchange | Phase::Draining => Pin::new(&mut io.stream).poll_read(context, buffer),
        }
    }
}

impl Write for CallerIo {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut TaskContext<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.swallow(&[IoSlice::new(bytes)]) {
            Some(swallowed) => Poll::Ready(Ok(swallowed)),
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut TaskContext<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.swallow(bytes) {
            Some(swallowed) => Poll::Ready(Ok(swallowed)),
            None => Pin::new(&mut self.stream).poll_write_vectored(context, bytes),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// hyper flushes only when it has handed over everything that it had.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_refusal(context))?;
        self.conversation.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_refusal(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
