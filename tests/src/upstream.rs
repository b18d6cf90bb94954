//! Services behind the gateway that do as they are told: one play per request, in their order, over all
//! connections; what they were sent is kept as bytes.

use std::{
    collections::VecDeque,
    io::{self, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
};

use rustls::ServerConfig;

use crate::server::{Server, Shaken};
use crate::wire::{End, Head, PATIENCE, read_body};

/// What the service does with one request.
#[derive(Clone, Debug)]
pub enum Play {
    /// Reads the request, sends these bytes and keeps the connection.
    Send(Vec<u8>),
    /// Reads the request, sends these bytes, which may be none, and closes; with TLS it says that this is the end.
    SendAndClose(Vec<u8>),
    /// The same, without a word about the end.
    SendAndCut(Vec<u8>),
    /// Reads the request, sends these bytes, which may be none, and then nothing until the gateway gives up.
    Stall(Vec<u8>),
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
    /// Where it arrived.
    pub door: SocketAddr,
    /// What the handshake told; `None` over plain text.
    pub shaken: Option<Shaken>,
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
    doors: Vec<SocketAddr>,
    tls: Arc<Mutex<Option<Arc<ServerConfig>>>>,
    script: Arc<(Mutex<Script>, Condvar)>,
}

impl Upstream {
    /// Starts a service with one address that answers 200 with an empty body to everything that it was told nothing
    /// about.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn start() -> io::Result<Self> {
        Self::with_doors(1)
    }

    /// The same with several addresses, which share one script.
    ///
    /// # Errors
    /// When there are no free ports.
    pub fn with_doors(count: usize) -> io::Result<Self> {
        Self::behind(count, None)
    }

    /// The same, which speaks TLS.
    ///
    /// # Errors
    /// When there are no free ports.
    pub fn with_tls(count: usize, tls: ServerConfig) -> io::Result<Self> {
        Self::behind(count, Some(tls))
    }

    fn behind(count: usize, tls: Option<ServerConfig>) -> io::Result<Self> {
        let listeners: Vec<_> =
            (0..count).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<Result<_, _>>()?;
        let doors = listeners.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?;
        let script = Script { otherwise: Some(Play::answer(200, "")), ..Script::default() };
        let tls = Arc::new(Mutex::new(tls.map(Arc::new)));
        let upstream = Self { doors, tls, script: Arc::new((Mutex::new(script), Condvar::new())) };
        for listener in listeners {
            let shared = upstream.clone();
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let shared = shared.clone();
                    // A gateway that breaks off is what some tests are about.
                    thread::spawn(move || shared.serve(stream).unwrap_or(()));
                }
            });
        }
        Ok(upstream)
    }

    /// Where it listens first.
    pub fn address(&self) -> SocketAddr {
        self.doors[0]
    }

    /// Everywhere it listens.
    pub fn doors(&self) -> &[SocketAddr] {
        &self.doors
    }

    /// What new connections speak TLS with from now on.
    pub fn speak(&self, tls: ServerConfig) {
        *self.tls.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(tls));
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

    /// Waits until this many requests have arrived that nobody has asked for.
    pub fn wait_for(&self, count: usize) {
        let (script, arrived) = &*self.script;
        let script = script.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = arrived.wait_timeout_while(script, PATIENCE, |script| script.received.len() < count);
        assert!(waited.is_ok_and(|(_, timeout)| !timeout.timed_out()), "{count} requests do not arrive");
    }

    fn with<T>(&self, act: impl FnOnce(&mut Script) -> T) -> T {
        act(&mut self.script.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let tls = self.tls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut reader = BufReader::new(Server::accept(stream, tls.as_ref())?);
        while let Some(head) = Head::read(&mut reader)? {
            let play = self.with(|script| script.plays.pop_front().or_else(|| script.otherwise.clone()));
            if head.line("expect").is_some() {
                reader.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            }
            let (door, shaken) = (reader.get_ref().door()?, reader.get_ref().shaken());
            let mut received = Received { door, shaken, head, body: Vec::new(), end: End::Whole };
            received.end = read_body(&received.head, &mut reader, &mut received.body)?;
            self.with(|script| script.received.push(received));
            self.script.1.notify_all();
            match play {
                Some(Play::Send(bytes)) => reader.get_mut().write_all(&bytes)?,
                Some(Play::SendAndClose(bytes)) => {
                    reader.get_mut().write_all(&bytes)?;
                    return reader.get_mut().close();
                }
                Some(Play::SendAndCut(bytes)) => {
                    reader.get_mut().write_all(&bytes)?;
                    return reader.get_mut().cut();
                }
                Some(Play::Stall(bytes)) => {
                    reader.get_mut().write_all(&bytes)?;
                    reader.read_to_end(&mut Vec::new())?;
                    return Ok(());
                }
                None => return Ok(()),
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

/// An address where whoever connects is told something that is no TLS, before a word of its own. It ends with the process.
///
/// # Errors
/// When there is no free port.
pub fn babbling() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // Whoever does not want to hear it hangs up, which is what some tests are about.
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap_or(());
        }
    });
    Ok(address)
}

/// An address where a connection hangs, for as long as this lives: the system's queue of connections is full.
#[derive(Debug)]
pub struct Hanging {
    address: SocketAddr,
    _queue: Vec<socket2::Socket>,
}

impl Hanging {
    /// Takes a free port, listens with the shortest queue and fills it.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn new() -> io::Result<Self> {
        let new = || socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None);
        let listener = new()?;
        listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())?;
        listener.listen(0)?;
        let address = listener.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        let mut queue = vec![listener];
        for _ in 0..4 {
            let caller = new()?;
            caller.set_nonblocking(true)?;
            // It is under way, or hangs already: both are what is wanted.
            caller.connect(&address.into()).unwrap_or(());
            queue.push(caller);
        }
        Ok(Self { address, _queue: queue })
    }

    /// The address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
