//! A service's end of a connection, with or without TLS.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::Arc,
};

use rustls::{HandshakeKind, ProtocolVersion, ServerConfig, ServerConnection, StreamOwned};

use crate::wire::PATIENCE;

/// See the module.
#[derive(Debug)]
pub(crate) enum Server {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

/// What a handshake told the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shaken {
    /// The name that the gateway asked for.
    pub asked: Option<String>,
    /// The version.
    pub version: Option<ProtocolVersion>,
    /// Whether the gateway showed a certificate.
    pub shown: bool,
    /// Whether a session went on that was begun before.
    pub resumed: bool,
}

impl Server {
    /// Takes a connection on; the handshake is done with the first byte.
    pub(crate) fn accept(stream: TcpStream, tls: Option<&Arc<ServerConfig>>) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let Some(config) = tls else { return Ok(Self::Plain(stream)) };
        let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
        Ok(Self::Tls(Box::new(StreamOwned::new(connection, stream))))
    }

    pub(crate) fn door(&self) -> io::Result<SocketAddr> {
        self.socket().local_addr()
    }

    pub(crate) fn shaken(&self) -> Option<Shaken> {
        let Self::Tls(stream) = self else { return None };
        let connection = &stream.conn;
        Some(Shaken {
            asked: connection.server_name().map(str::to_owned),
            version: connection.protocol_version(),
            shown: connection.peer_certificates().is_some(),
            resumed: connection.handshake_kind() == Some(HandshakeKind::Resumed),
        })
    }

    /// Closes as servers do: with TLS, saying that this is the end.
    pub(crate) fn close(&mut self) -> io::Result<()> {
        if let Self::Tls(stream) = self {
            stream.conn.send_close_notify();
            stream.flush()?;
        }
        self.cut()
    }

    /// Closes without a word.
    pub(crate) fn cut(&mut self) -> io::Result<()> {
        self.socket().shutdown(Shutdown::Both)
    }

    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => &stream.sock,
        }
    }
}

impl Read for Server {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Server {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
