//! A socket on which callers come in, with whoever keeps it: what that is decides how it is closed.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use socket2::{SockFilter, SockRef};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use super::socket_file::SocketFile;
use crate::transport::Transport;

/// One thread's share of it, which is not listened at yet.
#[derive(Debug)]
pub(crate) enum Entrance {
    /// A socket of the thread's own; the kernel spreads connections over those of all threads.
    Tcp(std::net::TcpListener),
    /// One socket that all threads share, since there is no more than one for a file.
    Unix(std::os::unix::net::UnixListener, Arc<SocketFile>),
    /// A socket of the service manager, which all threads share.
    PassedTcp(std::net::TcpListener),
    /// The same.
    PassedUnix(std::os::unix::net::UnixListener),
}

/// The same at work on a thread.
#[derive(Debug)]
pub(crate) enum OpenEntrance {
    Tcp(TcpListener),
    Unix(UnixListener, Arc<SocketFile>),
    PassedTcp(TcpListener),
    PassedUnix(UnixListener),
}

/// A connection, and where it comes from if that has an address.
pub(crate) type Accepted = (Transport, Option<SocketAddr>);

/// Those whom the kernel let in before nobody was let in any more.
#[derive(Debug)]
pub(crate) enum Rest {
    Tcp(std::net::TcpListener),
    Unix(std::os::unix::net::UnixListener),
    /// Whoever waits is the service manager's, and comes to the next process.
    Kept,
}

impl Entrance {
    /// Puts it to work.
    ///
    /// # Errors
    /// When the thread has no event queue.
    pub(crate) fn open(self) -> io::Result<OpenEntrance> {
        Ok(match self {
            Self::Tcp(socket) => OpenEntrance::Tcp(TcpListener::from_std(socket)?),
            Self::Unix(socket, file) => OpenEntrance::Unix(UnixListener::from_std(socket)?, file),
            Self::PassedTcp(socket) => OpenEntrance::PassedTcp(TcpListener::from_std(socket)?),
            Self::PassedUnix(socket) => OpenEntrance::PassedUnix(UnixListener::from_std(socket)?),
        })
    }
}

impl OpenEntrance {
    /// The next caller.
    pub(crate) async fn accept(&self) -> io::Result<Accepted> {
        match self {
            Self::Tcp(socket) | Self::PassedTcp(socket) => {
                socket.accept().await.map(|(stream, peer)| (Transport::Tcp(stream), Some(peer)))
            }
            Self::Unix(socket, _) | Self::PassedUnix(socket) => {
                socket.accept().await.map(|(stream, _)| (Transport::Unix(stream), None))
            }
        }
    }

    /// Lets nobody in any more; whoever was let in is still to be taken.
    pub(crate) fn close(self) -> io::Result<Rest> {
        match self {
            Self::Tcp(socket) => {
                let socket = socket.into_std()?;
                let_nobody_in(&socket);
                Ok(Rest::Tcp(socket))
            }
            Self::Unix(socket, file) => {
                // Where there is no file, nobody can ask; another gateway may have the name from now on.
                file.remove();
                socket.into_std().map(Rest::Unix)
            }
            Self::PassedTcp(_) | Self::PassedUnix(_) => Ok(Rest::Kept),
        }
    }
}

impl Rest {
    /// The next one.
    ///
    /// # Errors
    /// `WouldBlock` when there is none any more.
    pub(crate) fn take(&self) -> io::Result<Accepted> {
        match self {
            Self::Tcp(socket) => {
                let (stream, peer) = socket.accept()?;
                stream.set_nonblocking(true)?;
                Ok((Transport::Tcp(TcpStream::from_std(stream)?), Some(peer)))
            }
            Self::Unix(socket) => {
                let (stream, _) = socket.accept()?;
                stream.set_nonblocking(true)?;
                Ok((Transport::Unix(UnixStream::from_std(stream)?), None))
            }
            Self::Kept => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

/// From now on the kernel drops whatever asks for a connection, as if it had not arrived: the caller's kernel asks again
/// a second later, when another gateway or a refusal answers. Without this a connection could come to stand between the
/// last look and the close, and be reset with its request in it. Where the kernel does not do it, that gap is small.
fn let_nobody_in(socket: &std::net::TcpListener) {
    const DROP_ALL: [SockFilter; 1] = [SockFilter::new(RETURN_CONSTANT, 0, 0, 0)];
    drop(SockRef::from(socket).attach_filter(&DROP_ALL));
}

/// `BPF_RET | BPF_K`: how many bytes of the packet are kept.
const RETURN_CONSTANT: u16 = 0x06;
