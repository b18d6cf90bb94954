//! One TCP socket as hyper sees it, on either side of the gateway.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What is shorter in all is sent as one piece: `send` costs the kernel less than `writev`, by more than the copy.
const PIECE_BYTES: usize = 2 * 1024;

/// See the module.
#[derive(Debug)]
pub(crate) struct Socket(TokioIo<TcpStream>);

impl Socket {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self(TokioIo::new(stream))
    }

    pub(crate) fn into_stream(self) -> TcpStream {
        self.0.into_inner()
    }

    /// Reads into a buffer of ours.
    pub(crate) fn poll_read_into(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(self.0.inner_mut()).poll_read(context, buffer)
    }

    fn poll_send(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(self.0.inner_mut()).poll_write(context, bytes)
    }
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl Write for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_send(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [piece] = pieces {
            return self.poll_send(context, piece);
        }
        if pieces.iter().map(|piece| piece.len()).sum::<usize>() > PIECE_BYTES {
            return Pin::new(&mut self.0).poll_write_vectored(context, pieces);
        }
        let mut whole = [0; PIECE_BYTES];
        let mut length = 0;
        for piece in pieces {
            whole[length..length + piece.len()].copy_from_slice(piece);
            length += piece.len();
        }
        self.poll_send(context, &whole[..length])
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A TCP socket holds nothing back.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
