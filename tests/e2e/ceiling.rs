//! A gateway at all its ceilings stays below the bound that its artifact carries, and the bound is of that order.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::Command,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use gw_artifact::{decode, model::Node};
use gw_tests::authority::{Authority, Wish, server};
use gw_tests::{Process, binary, wire::PATIENCE};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use socket2::{Domain, SockRef, Socket, Type};

const CONNECTIONS: usize = 200;
const THREADS: u32 = 2;
/// Longer than every buffer between a caller and an endpoint, so that it gets stuck.
const BODY: usize = 64 << 20;
/// As long as nothing moves any more.
const STILL: Duration = Duration::from_millis(1_500);

const PROJECT: &str = "gw: 1
name: full
max-connections: 200
apis: [{name: full, spec: openapi.yaml}]
upstreams: {service: SERVICE}
defaults: {upstream: service, body-max: 1GiB, timeout: {connect: 1h, total: 1h, idle: 1h, response-head: 1h, request-body: 1h},
  auth: {public: true, reason: a measurement}}
";
const DOCUMENT: &str = "openapi: 3.1.0
info: {title: full, version: '1'}
paths: {/full: {post: {responses: {'200': {description: much}}}}}
";

/// Header lines of this many bytes.
fn lines(bytes: usize) -> String {
    let value = "v".repeat(bytes / 80 - 14);
    let lines: Vec<String> = (0..80).map(|number| format!("x-line-{number:02}: {value}\r\n")).collect();
    lines.concat()
}

/// Little room for what arrives, so that it is the gateway that holds what does not move; but room to send much at once,
/// so that its own buffers grow.
fn shrink(socket: &SockRef<'_>) {
    socket.set_recv_buffer_size(4096).expect("a buffer can be small");
    socket.set_send_buffer_size(128 << 10).expect("a buffer can be small");
}

/// Answers every request with a long head and a body without end, and reads no body; with TLS if it is said.
fn endpoint(tls: Option<ServerConfig>) -> SocketAddr {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("there is a socket");
    shrink(&SockRef::from(&listener));
    listener.bind(&"127.0.0.1:0".parse::<SocketAddr>().expect("an address").into()).expect("a port is free");
    listener.listen(1024).expect("it listens");
    let listener = TcpListener::from(listener);
    let address = listener.local_addr().expect("it has an address");
    let head = format!("HTTP/1.1 200 OK\r\n{}content-length: {BODY}\r\n\r\n", lines(60_000));
    let tls = tls.map(Arc::new);
    thread::spawn(move || {
        let mut answered = Vec::new();
        for stream in listener.incoming().map_while(Result::ok) {
            answered.push(stream.try_clone().expect("a socket has twins"));
            let (head, tls) = (head.clone(), tls.clone());
            thread::spawn(move || match tls {
                Some(tls) => {
                    let connection = ServerConnection::new(tls).expect("the terms are sound");
                    answer(StreamOwned::new(connection, stream), &head);
                }
                None => answer(stream, &head),
            });
        }
    });
    address
}

fn answer(mut stream: impl Read + Write, head: &str) {
    let mut read = Vec::new();
    let mut piece = [0; 1024];
    while !read.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(1..) => read.extend_from_slice(&piece),
            Ok(0) | Err(_) => return,
        }
    }
    // It stops where the gateway takes no more, until the test ends.
    let body = vec![b'b'; 1 << 16];
    let _ = stream.write_all(head.as_bytes());
    while stream.write_all(&body).is_ok() {}
}

/// Sends a long head and as much of a body as is taken, until nothing moves any more.
fn fill(streams: &mut [TcpStream]) {
    let body = vec![b'a'; 1 << 16];
    let mut moved = Instant::now();
    while moved.elapsed() < STILL {
        for stream in &mut *streams {
            match stream.write(&body) {
                Ok(sent) if sent > 0 => moved = Instant::now(),
                Ok(_) => {}
                Err(fault) => assert_eq!(fault.kind(), ErrorKind::WouldBlock, "{fault}"),
            }
        }
        thread::yield_now();
    }
}

fn caller(address: SocketAddr, head: &str) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("there is a socket");
    shrink(&SockRef::from(&socket));
    socket.connect(&address.into()).expect("the gateway listens");
    let mut stream = TcpStream::from(socket);
    stream.write_all(head.as_bytes()).expect("a head is taken");
    stream.set_nonblocking(true).expect("a socket need not wait");
    stream
}

#[test]
fn a_gateway_at_its_ceilings_stays_below_its_bound() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let told = stays_below_its_bound(folder.path(), "{}", "http", endpoint(None), "");
    eprintln!("at its ceilings a gateway held {told}");
}

#[test]
fn a_gateway_whose_service_speaks_tls_stays_below_its_bound() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let authority = Authority::new("services");
    let ca = authority.write(folder.path(), "services.pem");
    let shown = authority.issue(Wish { names: &["127.0.0.1"], ..Wish::default() });
    let endpoint = endpoint(Some(server(&shown, None, rustls::DEFAULT_VERSIONS)));
    let files = format!("[upstream-tls]\nservice = {{ ca = {:?} }}\n", ca.display().to_string());
    let told = stays_below_its_bound(folder.path(), "{tls: {}}", "https", endpoint, &files);
    eprintln!("at its ceilings a gateway held {told}");
}

/// What a gateway held before a service, which the project and the bindings describe like this.
fn stays_below_its_bound(
    folder: &Path,
    service: &str,
    scheme: &str,
    endpoint: SocketAddr,
    files: &str,
) -> String {
    let file = |name: &str| folder.join(name);
    fs::write(file("gw.yaml"), PROJECT.replace("SERVICE", service)).expect("a file can be written");
    fs::write(file("openapi.yaml"), DOCUMENT).expect("a file can be written");
    let compiled =
        Command::new(binary("gw")).arg("compile").arg(folder).arg("-o").arg(file("full.gwa")).output();
    let compiled = compiled.expect("gw runs");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let bounds =
        decode(&fs::read(file("full.gwa")).expect("it was written")).expect("it is whole").manifest.bounds;
    let bound = bounds.total(Node { threads: THREADS, endpoints: 1 }).0;

    let bindings = format!(
        "listen = {{ public = \"127.0.0.1:0\" }}\nadmin = \"127.0.0.1:0\"\n\
         logs = [{{ kind = \"file\", path = {:?} }}]\n[upstreams]\nservice = [\"{scheme}://{endpoint}\"]\n{files}",
        file("access.log").display().to_string(),
    );
    fs::write(file("bindings.toml"), bindings).expect("a file can be written");
    let gateway = Process::start(
        Command::new(binary("gw-runtime"))
            .arg(file("full.gwa"))
            .arg("--bindings")
            .arg(file("bindings.toml"))
            .args(["--threads", &THREADS.to_string()]),
    );
    let address = gateway.says("listening on http://");
    let address: SocketAddr =
        address.split(' ').next().and_then(|address| address.parse().ok()).expect("an address is said");
    let room = gateway.says("room for ");
    assert!(room.starts_with(&format!("{CONNECTIONS} connections, at most")), "{room}");

    let head = format!(
        "POST /full?{} HTTP/1.1\r\nhost: full\r\n{}content-length: {BODY}\r\n\r\n",
        "q".repeat(7_000),
        lines(31_000)
    );
    let mut callers: Vec<TcpStream> = (0..CONNECTIONS).map(|_| caller(address, &head)).collect();
    fill(&mut callers);

    for caller in &mut callers {
        caller.set_nonblocking(false).expect("a socket can wait");
        caller.set_read_timeout(Some(PATIENCE)).expect("a socket can wait so long");
        let mut start = [0; 12];
        caller.read_exact(&mut start).expect("every request is being answered");
        assert_eq!(&start, b"HTTP/1.1 200");
    }
    let peak = gateway.peak_memory();
    let of_each = (peak / CONNECTIONS as u64) >> 10;
    let told = format!("{} MiB of {} MiB, {of_each} KiB for each connection", peak >> 20, bound >> 20);
    assert!(peak <= bound, "{told}");
    // Not everything that is counted can be full at once here (kept connections, scrapes, the log, pieces that hold the
    // whole buffers they came in); a bound that is far higher than this would be of no use.
    assert!(bound <= 20 * peak, "{told}");
    told
}
