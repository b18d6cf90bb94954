//! One gateway on free ports, and raw sockets on both sides of it. Nothing sleeps: who waits, waits for bytes.

use std::fmt::Debug;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroUsize;
use std::time::Duration;

use gw_artifact::model::{
    Access, AccessId, Api, ApiId, Balance, Bytes, Capacity, Forward, HostEdit, Listener, ListenerCeilings,
    Method, Millis, Operation, OperationId, PathEdit, PathItem, Site, SourceMap, Tables, Timeouts,
    TrustedProxies, Upstream, UpstreamId,
};
use gw_artifact::path_trie::{PathTrie, Template};
use gw_artifact::{Artifact, Loaded, Provenance, decode, encode};
use gw_runtime::bindings::{AdminAddress, Bindings, LogSink};
use gw_runtime::options::{ArtifactSource, BindingsSource, Setting, Waits};
use gw_runtime::{Running, ServeFault, ServeOptions, Signals, serve};
use serde_json::Value;
use tempfile::TempDir;

/// How long bytes are waited for before the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a test may want otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    pub(crate) timeouts: Timeouts,
    pub(crate) body_max: u64,
    pub(crate) threads: usize,
    pub(crate) connections: u32,
    pub(crate) waits: Waits,
    pub(crate) ceilings: ListenerCeilings,
}

impl Default for Setup {
    fn default() -> Self {
        let connections = Capacity::DEFAULT.connections;
        Self {
            timeouts: Timeouts::DEFAULT,
            body_max: 1 << 20,
            threads: 1,
            connections,
            waits: Waits::default(),
            ceilings: ListenerCeilings::default(),
        }
    }
}

impl Setup {
    pub(crate) fn total(mut self, millis: u32) -> Self {
        self.timeouts.total = Millis(millis);
        self
    }

    pub(crate) fn response_head(mut self, millis: u32) -> Self {
        self.timeouts.response_head = Millis(millis);
        self
    }

    pub(crate) fn request_body(mut self, millis: u32) -> Self {
        self.timeouts.request_body = Millis(millis);
        self
    }

    pub(crate) fn idle(mut self, millis: u32) -> Self {
        self.timeouts.idle = Millis(millis);
        self
    }

    /// How long a head, and how long the next request is waited for.
    pub(crate) fn waits(mut self, head: u64, idle: u64) -> Self {
        self.waits.head = Duration::from_millis(head);
        self.waits.idle = Duration::from_millis(idle);
        self
    }

    pub(crate) fn body_max(mut self, bytes: u64) -> Self {
        self.body_max = bytes;
        self
    }
}

const METHODS: [Method; 4] = [Method::Get, Method::Post, Method::Put, Method::Delete];

/// One API, `/things/{id}`, with four public operations that go to the upstream `things`.
pub(crate) fn tables(setup: Setup) -> Tables {
    let template = Template::parse("/things/{id}").unwrap();
    let operation = |method: Method| Operation {
        api: ApiId(0),
        name: format!("{method} thing"),
        method,
        template: "/things/{id}".to_owned(),
        parameters: vec!["id".to_owned()],
        access_list: None,
        access: AccessId(0),
        forward: Forward { upstream: UpstreamId(0), path: PathEdit::Unchanged, host: HostEdit::Endpoint },
        timeouts: setup.timeouts,
        body_max: Bytes(setup.body_max),
    };
    let mut methods: Vec<_> = METHODS.into_iter().zip((0..).map(OperationId)).collect();
    methods.sort();
    Tables {
        project: "test".to_owned(),
        apis: vec![Api { name: "things".to_owned(), version: String::new(), owner: String::new() }],
        listeners: vec![Listener { ceilings: setup.ceilings, ..Listener::plain("public") }],
        sites: vec![Site { hosts: vec![], paths: PathTrie::build(&[(template, 0)]).unwrap() }],
        path_items: vec![PathItem { methods, allow: "GET, HEAD, POST, PUT, DELETE, OPTIONS".to_owned() }],
        operations: METHODS.into_iter().map(operation).collect(),
        access_lists: vec![],
        trusted_proxies: TrustedProxies::none(),
        access: vec![Access::Public],
        schemes: vec![],
        verifiers: vec![],
        conditions: vec![],
        key_sets: vec![],
        capacity: Capacity { connections: setup.connections, memory: None },
        upstreams: vec![Upstream {
            name: "things".to_owned(),
            endpoints: vec![],
            balance: Balance::LeastRequest,
            max_requests: 1000,
            tls: None,
        }],
    }
}

pub(crate) fn loaded(tables: Tables) -> Loaded {
    let artifact = Artifact::new(tables).unwrap();
    let provenance = Provenance::new("0.1.0", []).unwrap();
    decode(&encode(&artifact, &SourceMap::default(), &provenance).unwrap().bytes).unwrap()
}

/// A gateway in front of an endpoint that the test plays itself.
pub(crate) struct Gateway {
    running: Option<Running>,
    endpoint: TcpListener,
    folder: TempDir,
}

impl Gateway {
    pub(crate) fn start() -> Self {
        Self::with(Setup::default())
    }

    pub(crate) fn with(setup: Setup) -> Self {
        Self::of(setup, tables(setup), Bindings::default())
    }

    /// Of tables and bindings of one's own; where several listeners are bound, the bindings say where.
    pub(crate) fn of(setup: Setup, tables: Tables, bindings: Bindings) -> Self {
        let endpoint = TcpListener::bind("127.0.0.1:0").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut options = options(setup, endpoint.local_addr().unwrap());
        options.artifact = ArtifactSource::Loaded(Box::new(loaded(tables)));
        options.listen = options.listen.filter(|_| bindings.listen.is_empty());
        let log = LogSink::File(folder.path().join("access.log"));
        options.bindings = BindingsSource::Read(Bindings { logs: Some(vec![log]), ..bindings });
        Self { running: Some(serve(options, Signals::Ignored).unwrap()), endpoint, folder }
    }

    fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    /// A new caller.
    pub(crate) fn caller(&self) -> Peer {
        Peer::connect(self.running().address().unwrap())
    }

    /// A new caller from another address of this machine.
    pub(crate) fn caller_from(&self, address: [u8; 4]) -> Peer {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((address, 0)).into()).unwrap();
        socket.connect(&self.running().address().unwrap().into()).unwrap();
        Peer::new(socket.into())
    }

    /// A new caller at the listener of this name.
    pub(crate) fn caller_at(&self, listener: &str) -> Peer {
        let found = self.running().listeners().iter().find(|found| found.name == listener);
        Peer::connect(found.unwrap().address.tcp().unwrap())
    }

    /// A new caller that has already asked.
    pub(crate) fn ask(&self, request: &str) -> Peer {
        let mut caller = self.caller();
        caller.send(request);
        caller
    }

    /// The next connection to the endpoint.
    pub(crate) fn endpoint(&self) -> Peer {
        Peer::new(self.endpoint.accept().unwrap().0)
    }

    /// Whether nobody has connected to the endpoint since the last connection that was taken.
    pub(crate) fn endpoint_is_untouched(&self) -> bool {
        self.endpoint.set_nonblocking(true).unwrap();
        let nobody = matches!(self.endpoint.accept(), Err(fault) if fault.kind() == ErrorKind::WouldBlock);
        self.endpoint.set_nonblocking(false).unwrap();
        nobody
    }

    pub(crate) fn endpoint_address(&self) -> SocketAddr {
        self.endpoint.local_addr().unwrap()
    }

    /// A new connection to admin.
    pub(crate) fn admin(&self) -> Peer {
        match self.running().admin() {
            AdminAddress::Tcp(address) => Peer::connect(*address),
            AdminAddress::Unix(_) => unreachable!("the harness binds TCP"),
        }
    }

    /// One of admin's texts.
    pub(crate) fn asked(&self, path: &str) -> String {
        let mut admin = self.admin();
        admin.send(format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"));
        admin.answer().body_text()
    }

    pub(crate) fn stop(&self) {
        self.running().stop();
    }

    /// Waits until everything has ended.
    pub(crate) fn wait(&mut self) {
        self.outcome().unwrap();
    }

    /// The same, and whether anything failed.
    pub(crate) fn outcome(&mut self) -> Result<(), ServeFault> {
        self.running.take().unwrap().wait()
    }

    /// Ends it all and reads the log.
    pub(crate) fn log(mut self) -> Vec<Value> {
        self.stop();
        self.stop();
        self.wait();
        let text = std::fs::read_to_string(self.folder.path().join("access.log")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.stop();
            running.stop();
        }
    }
}

pub(crate) fn options(setup: Setup, endpoint: SocketAddr) -> ServeOptions {
    let mut options = ServeOptions::new(ArtifactSource::Loaded(Box::new(loaded(tables(setup)))));
    options.listen = Some("127.0.0.1:0".parse().unwrap());
    options.admin = Some(AdminAddress::Tcp("127.0.0.1:0".parse().unwrap()));
    options.set = vec![Setting {
        upstream: "things".to_owned(),
        endpoint: format!("http://{endpoint}").parse().unwrap(),
    }];
    options.waits = setup.waits;
    options.threads = NonZeroUsize::new(setup.threads);
    options
}

/// One end of a connection, as bytes.
pub(crate) struct Peer {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

/// A message, as it stood on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) first: String,
    pub(crate) lines: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the body ended as its own framing said it would.
    pub(crate) whole: bool,
}

impl Peer {
    fn connect(address: SocketAddr) -> Self {
        Self::new(TcpStream::connect(address).unwrap())
    }

    fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let reader = BufReader::new(stream.try_clone().unwrap());
        Self { stream, reader }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).unwrap();
    }

    /// Sends as much as the other side takes; whether that was all.
    pub(crate) fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// The same connection, for another thread that only sends.
    pub(crate) fn twin(&self) -> Self {
        Self::new(self.stream.try_clone().unwrap())
    }

    /// Closes with a reset, as a process that dies does.
    pub(crate) fn reset(self) {
        socket2::SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).unwrap();
    }

    /// Exactly so many bytes.
    pub(crate) fn take(&mut self, bytes: usize) -> Vec<u8> {
        let mut taken = vec![0; bytes];
        self.reader.read_exact(&mut taken).unwrap();
        taken
    }

    /// One line without its end; none at the connection's end.
    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).unwrap();
        (read > 0).then(|| line.trim_end_matches("\r\n").to_owned())
    }

    /// A head, without what follows it; none at the connection's end.
    pub(crate) fn try_head(&mut self) -> Option<Message> {
        let first = self.line()?;
        let mut lines = Vec::new();
        while let Some(line) = self.line().filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").unwrap();
            lines.push((name.to_owned(), value.to_owned()));
        }
        Some(Message { first, lines, body: Vec::new(), whole: true })
    }

    pub(crate) fn head(&mut self) -> Message {
        self.try_head().expect("a head, not the connection's end")
    }

    /// A whole message, its body read by its own framing.
    pub(crate) fn message(&mut self) -> Message {
        let mut message = self.head();
        if message.line("transfer-encoding").is_some() {
            message.whole = self.chunks(&mut message.body);
        } else if let Some(length) = message.line("content-length") {
            let length: u64 = length.parse().unwrap();
            (&mut self.reader).take(length).read_to_end(&mut message.body).unwrap();
            message.whole = message.body.len() as u64 == length;
        }
        message
    }

    /// A whole response to something other than HEAD.
    pub(crate) fn answer(&mut self) -> Message {
        self.message()
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> bool {
        loop {
            let Some(size) = self.line().and_then(|line| usize::from_str_radix(&line, 16).ok()) else {
                return false;
            };
            let mut chunk = vec![0; size + 2];
            if self.reader.read_exact(&mut chunk).is_err() {
                return false;
            }
            if size == 0 {
                return true;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    }

    /// Waits for the connection's end; what comes before it is thrown away.
    pub(crate) fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        match self.reader.read_to_end(&mut rest) {
            Ok(_) => true,
            Err(fault) => fault.kind() == ErrorKind::ConnectionReset,
        }
    }
}

impl Message {
    /// The value of the first line of this name.
    pub(crate) fn line(&self, name: &str) -> Option<&str> {
        self.lines.iter().find(|(its, _)| its == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn status(&self) -> u16 {
        self.first.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn body_text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The end of the problem's `type`.
    pub(crate) fn reason(&self) -> String {
        assert_eq!(self.line("content-type"), Some("application/problem+json"), "{self:?}");
        let problem: Value = serde_json::from_slice(&self.body).unwrap();
        problem["type"].as_str().unwrap().strip_prefix("urn:gw:problem:").unwrap().to_owned()
    }
}

/// A request without a body.
pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n")
}

/// A response with a text.
pub(crate) fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// Asserts what one log line says; null stands for a field that is left out.
pub(crate) fn assert_logged(line: &Value, fields: &[(&str, Value)]) {
    for (field, value) in fields {
        assert_eq!(&line[*field], value, "{field} in {line:#}");
    }
}

/// A log with one line.
pub(crate) fn only<T: Debug>(mut list: Vec<T>) -> T {
    assert_eq!(list.len(), 1, "{list:?}");
    list.remove(0)
}
