//! HTTP/1.1 as bytes on a socket: what a stranger sends, and what came back. Nothing of the gateway's own
//! reading is used here, so that the two can disagree.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    os::unix::net::UnixStream,
    path::Path,
    sync::Arc,
    time::Duration,
};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

/// How long a test waits for bytes before it says that the gateway hangs.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The head of one message, as it stood on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The first line, without its end.
    pub first: String,
    /// Header lines in their order: the name in lower case, the value without surrounding space.
    pub lines: Vec<(String, String)>,
}

impl Head {
    /// Reads up to the empty line; none when the connection ended before the first byte.
    ///
    /// # Errors
    /// When the connection breaks, or what comes is no head.
    pub fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(first) = read_line(from)? else { return Ok(None) };
        let mut lines = Vec::new();
        loop {
            let line = read_line(from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
            if line.is_empty() {
                return Ok(Some(Self { first, lines }));
            }
            let (name, value) = line.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
            lines.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }

    /// The value of the first line of this name, which is in lower case.
    pub fn line(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|(its, _)| its == name).map(|(_, value)| value.as_str())
    }

    /// The values of all lines of this name, in their order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(move |(its, _)| its == name).map(|(_, value)| value.as_str())
    }
}

/// How much of a body came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All of it, by the message's own framing.
    Whole,
    /// The connection ended where its end was the framing.
    Closed,
    /// The connection ended before the framing said so.
    Cut,
}

/// Reads the body that belongs to a head into `to`.
///
/// # Errors
/// When `to` cannot take it, or nothing came for [`PATIENCE`].
pub fn read_body(head: &Head, from: &mut impl BufRead, to: &mut impl Write) -> io::Result<End> {
    if head.line("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return read_chunks(from, to);
    }
    let Some(length) = head.line("content-length").and_then(|digits| digits.parse::<u64>().ok()) else {
        return if head.first.starts_with("HTTP/") {
            copy(from, u64::MAX, to).map(|_| End::Closed)
        } else {
            Ok(End::Whole)
        };
    };
    Ok(if copy(from, length, to)? == length { End::Whole } else { End::Cut })
}

/// Copies at most `bytes`; a connection that breaks is the end.
fn copy(from: &mut impl BufRead, bytes: u64, to: &mut impl Write) -> io::Result<u64> {
    match io::copy(&mut from.take(bytes), to) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(0),
        copied => copied,
    }
}

fn read_chunks(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<End> {
    loop {
        let Ok(Some(line)) = read_line(from) else { return Ok(End::Cut) };
        let size = line.split(';').next().and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
        let size = size.ok_or(io::ErrorKind::InvalidData)?;
        if copy(from, size, to)? < size {
            return Ok(End::Cut);
        }
        let Ok(Some(mut line)) = read_line(from) else { return Ok(End::Cut) };
        if size == 0 {
            while !line.is_empty() {
                let Ok(Some(next)) = read_line(from) else { return Ok(End::Cut) };
                line = next;
            }
            return Ok(End::Whole);
        }
    }
}

/// One line without its end; none at the end of the connection.
fn read_line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    if !line.ends_with(b"\n") {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let line = line.strip_suffix(b"\r\n").or_else(|| line.strip_suffix(b"\n")).unwrap_or(&line);
    Ok(Some(String::from_utf8_lossy(line).into_owned()))
}

/// One answer, as the caller got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The status line and the header lines.
    pub head: Head,
    /// What came of the body.
    pub body: Vec<u8>,
    /// Whether it was all.
    pub end: End,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A caller's connection to the gateway.
#[derive(Debug)]
pub struct Caller {
    stream: BufReader<Wire>,
}

/// What a caller's bytes go through.
#[derive(Debug)]
enum Wire {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Wire {
    fn socket(&self) -> &Socket {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => &stream.sock,
        }
    }
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Socket {
    fn finish(&self) -> io::Result<()> {
        match self {
            Self::Tcp(socket) => socket.shutdown(Shutdown::Write),
            Self::Unix(socket) => socket.shutdown(Shutdown::Write),
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.read(buffer),
            Self::Unix(socket) => socket.read(buffer),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.write(bytes),
            Self::Unix(socket) => socket.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Tcp(socket) => socket.flush(),
            Self::Unix(socket) => socket.flush(),
        }
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream) => match stream.read(buffer) {
                // A server that closes without a farewell has closed.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
                read => read,
            },
        }
    }
}

impl Write for Wire {
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

impl Caller {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub fn connect(to: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(to)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::new(Wire::Plain(Socket::Tcp(stream))) })
    }

    /// Connects to a Unix socket.
    ///
    /// # Errors
    /// When nobody listens there.
    pub fn connect_unix(to: &Path) -> io::Result<Self> {
        let stream = UnixStream::connect(to)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::new(Wire::Plain(Socket::Unix(stream))) })
    }

    /// Connects with TLS, asking for a name, or for none where it is an address.
    ///
    /// # Errors
    /// When nobody listens there, or the handshake fails.
    pub fn connect_tls(
        to: SocketAddr,
        config: &Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> io::Result<Self> {
        Self::connect(to)?.secure(&[], config, name)
    }

    /// Goes on with TLS, whose first message leaves in one piece with what comes before it.
    ///
    /// # Errors
    /// When the handshake fails, or there was one before.
    pub fn secure(
        self,
        before: &[u8],
        config: &Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> io::Result<Self> {
        let Wire::Plain(mut socket) = self.stream.into_inner() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut connection = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
        let mut first = before.to_vec();
        connection.write_tls(&mut first)?;
        socket.write_all(&first)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut socket)?;
        }
        let stream = Wire::Tls(Box::new(StreamOwned::new(connection, socket)));
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// What the handshake agreed on; `None` over plain text.
    pub fn tls(&self) -> Option<&ClientConnection> {
        match self.stream.get_ref() {
            Wire::Plain(_) => None,
            Wire::Tls(stream) => Some(&stream.conn),
        }
    }

    /// Sends bytes as they are. A gateway that has already answered and closed may not take them all, which is
    /// no fault: the answer tells.
    pub fn send(&mut self, bytes: &[u8]) {
        if let Err(error) = self.stream.get_mut().write_all(bytes) {
            let closed = matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset);
            assert!(closed, "the gateway does not read: {error}");
        }
    }

    /// Says that nothing more will be sent.
    pub fn finish(&mut self) {
        self.stream.get_ref().socket().finish().unwrap_or(());
    }

    /// The next answer; none when the gateway closed the connection instead. Answers to `HEAD` have no body,
    /// and interim answers (1xx) are answers of their own.
    ///
    /// # Errors
    /// When nothing came for [`PATIENCE`], or what came is no answer.
    pub fn answer(&mut self, method: &str) -> io::Result<Option<Answer>> {
        let head = match Head::read(&mut self.stream) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
            head => head?,
        };
        let Some(head) = head else { return Ok(None) };
        let status = head.first.split(' ').nth(1).and_then(|digits| digits.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no status line: {}", head.first)))?;
        let mut answer = Answer { status, head, body: Vec::new(), end: End::Whole };
        let bodiless = method == "HEAD" || status == 204 || status == 304 || status < 200;
        if !bodiless {
            answer.end = read_body(&answer.head, &mut self.stream, &mut answer.body)?;
        }
        Ok(Some(answer))
    }

    /// Whether the gateway closes the connection without another byte.
    ///
    /// # Errors
    /// When it neither closes nor sends for [`PATIENCE`].
    pub fn is_closed(&mut self) -> io::Result<bool> {
        let mut byte = [0];
        match self.stream.read(&mut byte) {
            Ok(count) => Ok(count == 0),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(true),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut bytes: &[u8]) -> (Head, Vec<u8>, End) {
        let head = Head::read(&mut bytes).unwrap().unwrap();
        let mut body = Vec::new();
        let end = read_body(&head, &mut bytes, &mut body).unwrap();
        (head, body, end)
    }

    #[test]
    fn a_body_that_breaks_off_is_cut() {
        for cut in [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n",
        ] {
            assert_eq!(read(cut.as_bytes()).2, End::Cut, "{cut}");
        }
    }

    #[test]
    fn a_body_ends_where_its_framing_says() {
        for (message, end) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!", End::Whole),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nx: y\r\n\r\n!",
                End::Whole,
            ),
            ("HTTP/1.1 200 OK\r\n\r\nhi", End::Closed),
        ] {
            let (_, body, how) = read(message.as_bytes());
            assert_eq!((body.as_slice(), how), (b"hi".as_slice(), end), "{message}");
        }
    }
}
