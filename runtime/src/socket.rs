//! One socket as hyper sees it, on either side of the gateway.
//!
//! What is long is sent as hyper hands it over. What is short is copied and leaves with the thread's [`Turn`]; hyper is
//! told that it left, and hears of a fault with its next word.

use std::cell::{Cell, RefCell};
use std::io::{self, IoSlice};
use std::net::Shutdown;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::ahead::Ahead;
use crate::transport::{ReadHalf, Transport, WriteHalf};
use crate::turn::Turn;

/// What waits for the end of a turn at most, per socket. Beyond it the copy would cost more than it saves.
const SHORT_BYTES: usize = 2 * 1024;

/// See the module.
#[derive(Debug)]
pub(crate) struct Socket {
    incoming: TokioIo<ReadHalf>,
    ahead: Ahead,
    outgoing: Rc<Outgoing>,
    turn: Rc<Turn>,
}

/// What one socket has still to send.
#[derive(Debug)]
pub(crate) struct Outgoing {
    half: WriteHalf,
    bytes: RefCell<Vec<u8>>,
    is_queued: Cell<bool>,
    is_blocked: Cell<bool>,
    fault: RefCell<Option<io::Error>>,
    waiter: RefCell<Option<Waker>>,
}

impl Socket {
    pub(crate) fn new(stream: impl Into<Transport>, turn: &Rc<Turn>) -> Self {
        let (incoming, half) = stream.into().into_split();
        let outgoing = Outgoing {
            half,
            bytes: RefCell::default(),
            is_queued: Cell::new(false),
            is_blocked: Cell::new(false),
            fault: RefCell::default(),
            waiter: RefCell::default(),
        };
        let ahead = Ahead::default();
        Self { incoming: TokioIo::new(incoming), ahead, outgoing: Rc::new(outgoing), turn: Rc::clone(turn) }
    }

    /// What has been read ahead, and nobody has taken.
    pub(crate) fn ahead(&self) -> &[u8] {
        self.ahead.rest()
    }

    /// So much of it is done with.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.ahead.skip(bytes);
    }

    /// Reads more ahead, at most what fits into `room`; how much it was.
    pub(crate) fn poll_ahead(
        &mut self,
        context: &mut Context<'_>,
        room: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut read = ReadBuf::new(room);
        ready!(Pin::new(self.incoming.inner_mut()).poll_read(context, &mut read))?;
        self.ahead.add(read.filled());
        Poll::Ready(Ok(read.filled().len()))
    }

    /// Reads into a buffer of ours.
    pub(crate) fn poll_read_into(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.ahead.is_empty() {
            let bytes = self.ahead.rest();
            let length = bytes.len().min(buffer.remaining());
            buffer.put_slice(&bytes[..length]);
            self.ahead.skip(length);
            return Poll::Ready(Ok(()));
        }
        Pin::new(self.incoming.inner_mut()).poll_read(context, buffer)
    }
}

impl Outgoing {
    /// Takes what is short, unless something waits that it would make long.
    fn take(&self, pieces: &[IoSlice<'_>]) -> Option<usize> {
        let length = pieces.iter().map(|piece| piece.len()).sum::<usize>();
        let mut bytes = self.bytes.borrow_mut();
        if bytes.len() + length > SHORT_BYTES {
            return None;
        }
        for piece in pieces {
            bytes.extend_from_slice(piece);
        }
        Some(length)
    }

    /// Sends what waits. What the socket does not take is sent when it does.
    pub(crate) fn send(self: Rc<Self>) {
        self.is_queued.set(false);
        if !self.is_blocked.get() && !self.try_send() {
            self.is_blocked.set(true);
            tokio::task::spawn_local(self.send_later());
        }
    }

    async fn send_later(self: Rc<Self>) {
        while !self.try_send() {
            if let Err(fault) = self.half.writable().await {
                self.fail(fault);
            }
        }
        self.is_blocked.set(false);
        if let Some(waiter) = self.waiter.take() {
            waiter.wake();
        }
    }

    /// Whether nothing waits any more.
    fn try_send(&self) -> bool {
        let mut bytes = self.bytes.borrow_mut();
        while !bytes.is_empty() {
            match self.half.try_write(&bytes) {
                Ok(sent) => drop(bytes.drain(..sent)),
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => return false,
                Err(fault) => {
                    self.fault.replace(Some(fault));
                    bytes.clear();
                }
            }
        }
        true
    }

    fn fail(&self, fault: io::Error) {
        self.fault.replace(Some(fault));
        self.bytes.borrow_mut().clear();
    }

    /// Waits until nothing waits to be sent.
    fn poll_sent(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let is_sent = !self.is_blocked.get() && self.try_send();
        if let Some(fault) = self.fault.take() {
            return Poll::Ready(Err(fault));
        }
        if is_sent {
            return Poll::Ready(Ok(()));
        }
        if self.is_blocked.get() {
            self.waiter.replace(Some(context.waker().clone()));
            return Poll::Pending;
        }
        // Nobody else waits for the socket, so this task does.
        match self.half.poll_write_ready(context) {
            Poll::Ready(Ok(())) => self.poll_sent(context),
            other => other,
        }
    }

    /// Sends what is long at once.
    fn poll_write(&self, context: &mut Context<'_>, pieces: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        ready!(self.poll_sent(context))?;
        loop {
            ready!(self.half.poll_write_ready(context))?;
            match self.half.try_write_vectored(pieces) {
                Err(fault) if fault.kind() == io::ErrorKind::WouldBlock => {}
                outcome => return Poll::Ready(outcome),
            }
        }
    }
}

impl Drop for Socket {
    /// Nobody waits for a caller that does not take what is left; without this the task that does would wait on.
    fn drop(&mut self) {
        if self.outgoing.is_blocked.get() {
            // A socket that is closed already is what is wanted.
            drop(self.outgoing.half.socket().shutdown(Shutdown::Both));
        }
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.ahead.is_empty() {
            let bytes = self.ahead.rest();
            let length = bytes.len().min(buffer.remaining());
            buffer.put_slice(&bytes[..length]);
            self.ahead.skip(length);
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.incoming).poll_read(context, buffer)
    }
}

/// For TLS, whose library reads and writes by tokio's names.
impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll_read_into(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Write::poll_write(self, context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Write::poll_write_vectored(self, context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Write::poll_flush(self, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Write::poll_shutdown(self, context)
    }
}

impl Write for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Write::poll_write_vectored(self, context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Some(taken) = self.outgoing.take(pieces) else {
            return self.outgoing.poll_write(context, pieces);
        };
        if !self.outgoing.is_queued.replace(true) {
            self.turn.add(Rc::clone(&self.outgoing));
        }
        Poll::Ready(Ok(taken))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// What waits for the end of the turn counts as sent.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.outgoing.fault.take().map_or(Poll::Ready(Ok(())), |fault| Poll::Ready(Err(fault)))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.outgoing.poll_sent(context))?;
        Poll::Ready(self.outgoing.half.socket().shutdown(Shutdown::Write))
    }
}
