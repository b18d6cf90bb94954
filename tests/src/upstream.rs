//! Services behind the gateway that do as they are told: one play per request, in their order, over all
//! connections; what they were sent is kept as bytes.

use std::{
    collections::VecDeque,
    io::{self, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use crate::wire::{End, Head, PATIENCE, read_body};

/// What the service does with one request.
#[derive(Clone, Debug)]
pub enum Play {
    /// Reads the request, sends these bytes and keeps the connection.
    Send(Vec<u8>),
    /// Reads the request, sends these bytes, which may be none, and closes.
    SendAndClose(Vec<u8>),
    /// Sends these bytes after the head, before the body was read, and closes.
    Interrupt(Vec<u8>),
    /// Reads the request and says nothing until the gateway gives up.
    Silence,
}

impl Play {
    /// An answer with this status and body.
    pub fn answer(status: u16, body: &str) -> Self {
        Self::Send(
            format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes(),
        )
    }
}

/// One request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Request line and header lines.
    pub head: Head,
    /// The body, without its framing.
    pub body: Vec<u8>,
    /// Whether the body was all there.
    pub end: End,
}

#[derive(Debug, Default)]
struct Script {
    plays: VecDeque<Play>,
    otherwise: Option<Play>,
    received: Vec<Received>,
}

/// A running service. It ends with the process.
#[derive(Clone, Debug)]
pub struct Upstream {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
}

impl Upstream {
    /// Starts a service that answers 200 with an empty body to everything that it was told nothing about.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let script = Script { otherwise: Some(Play::answer(200, "")), ..Script::default() };
        let upstream = Self { address: listener.local_addr()?, script: Arc::new(Mutex::new(script)) };
        let shared = upstream.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                // A gateway that breaks off is what some tests are about.
                thread::spawn(move || shared.serve(&stream).unwrap_or(()));
            }
        });
        Ok(upstream)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it does with the next requests, after those that it was told about before.
    pub fn will(&self, plays: impl IntoIterator<Item = Play>) {
        self.with(|script| script.plays.extend(plays));
    }

    /// What it does with requests that it was told nothing about.
    pub fn otherwise(&self, play: Play) {
        self.with(|script| script.otherwise = Some(play));
    }

    /// What arrived since the last time somebody asked.
    pub fn take_received(&self) -> Vec<Received> {
        self.with(|script| std::mem::take(&mut script.received))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Script) -> T) -> T {
        act(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let (mut reader, mut writer) = (BufReader::new(stream), stream);
        while let Some(head) = Head::read(&mut reader)? {
            let play = self.with(|script| script.plays.pop_front().or_else(|| script.otherwise.clone()));
            if let Some(Play::Interrupt(bytes)) = &play {
                self.with(|script| {
                    script.received.push(Received { head, body: Vec::new(), end: End::Cut });
                });
                writer.write_all(bytes)?;
                return stream.shutdown(Shutdown::Both);
            }
            if head.line("expect").is_some() {
                writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            }
            let mut received = Received { head, body: Vec::new(), end: End::Whole };
            received.end = read_body(&received.head, &mut reader, &mut received.body)?;
            self.with(|script| script.received.push(received));
            match play {
                Some(Play::Send(bytes)) => writer.write_all(&bytes)?,
                Some(Play::SendAndClose(bytes) | Play::Interrupt(bytes)) => {
                    writer.write_all(&bytes)?;
                    return stream.shutdown(Shutdown::Both);
                }
                Some(Play::Silence) | None => {
                    reader.read_to_end(&mut Vec::new())?;
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// An address where a connection is refused, for as long as this lives.
#[derive(Debug)]
pub struct Refusing(socket2::Socket);

impl Refusing {
    /// Takes a free port and does not listen on it.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn new() -> io::Result<Self> {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None)?;
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
        Ok(Self(socket))
    }

    /// The address.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()?.as_socket().ok_or_else(|| io::ErrorKind::AddrNotAvailable.into())
    }
}
