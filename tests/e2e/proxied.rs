//! The PROXY protocol as strangers try it: who is no proxy, what is no header, and what nobody asked for.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

use std::{
    fmt::Write as _,
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    process::Command,
    sync::Arc,
    time::Duration,
};

use gw_tests::{
    Gateway, Node, Process, Project,
    authority::{Authority, Wish, client},
    binary,
    proxy_header::{block, version_1, version_2},
    upstream::Upstream,
    wire::{Caller, PATIENCE},
};
use rustls::pki_types::ServerName;

const REQUEST: &[u8] = b"GET /open HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// A gateway of the conformance project, and its access log.
struct Proxied {
    gateway: Gateway,
    folder: tempfile::TempDir,
    _service: Upstream,
}

impl Proxied {
    fn open() -> Self {
        let project = Project::open("tests/conformance/proxied");
        let service = Upstream::with_doors(1).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let files = Authority::new("a").issue(Wish::default()).write(folder.path(), "server");
        let node = Node {
            upstreams: &[("main", service.doors()[0])],
            log: Some(&folder.path().join("log")),
            tls: &[("secured", files)],
            unix: &[("beside", &folder.path().join("beside.sock"))],
            handshake: Some(Duration::from_millis(300)),
            ..Node::default()
        };
        let gateway = Gateway::start(&project.bytes, node).unwrap();
        Self { gateway, folder, _service: service }
    }

    /// Everything that comes back for these bytes, and whether there was an end to it.
    fn told(&self, listener: &str, bytes: &[u8]) -> String {
        let mut socket = TcpStream::connect(self.gateway.listener(listener)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.write_all(bytes).unwrap_or(());
        let mut told = Vec::new();
        match socket.read_to_end(&mut told) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "it never ends"),
        }
        String::from_utf8_lossy(&told).into_owned()
    }

    fn status(&self, listener: &str, bytes: &[u8]) -> u16 {
        let mut caller = Caller::connect(self.gateway.listener(listener)).unwrap();
        caller.send(bytes);
        caller.answer("GET").unwrap().expect("there is an answer").status
    }

    fn refused(&self, reason: &str) -> String {
        let mut caller = Caller::connect(self.gateway.admin()).unwrap();
        caller.send(b"GET /metrics HTTP/1.1\r\nhost: admin\r\n\r\n");
        let metrics = caller.answer("GET").unwrap().unwrap().text();
        let line = format!("gw_proxy_protocol_refused_total{{reason=\"{reason}\"}} ");
        let count = metrics.lines().find_map(|found| found.strip_prefix(&line));
        count.unwrap_or_else(|| panic!("{line} is not counted:\n{metrics}")).to_owned()
    }

    /// The addresses that the access log tells of, in its order.
    fn clients(self) -> Vec<String> {
        self.gateway.stop();
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap();
        let client = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["source.ip"].as_str().unwrap_or_default().to_owned()
        };
        log.lines().map(client).collect()
    }
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

#[test]
fn nobody_but_a_proxy_is_let_in_whatever_it_sends() {
    let proxied = Proxied::open();
    let header = version_1(address("192.0.2.1:1"));
    for bytes in [&[&header[..], REQUEST].concat()[..], REQUEST, b"", &header] {
        assert_eq!(proxied.told("elsewhere", bytes), "");
    }
    assert_eq!(proxied.refused("stranger"), "4");
    assert!(proxied.clients().is_empty());
}

#[test]
fn what_is_no_header_is_closed_without_a_word() {
    let proxied = Proxied::open();
    let long = [&b"PROXY UNKNOWN "[..], &[b'x'; 4096]].concat();
    let malformed: &[&[u8]] = &[
        REQUEST,
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n",
        b"PROXY TCP4 192.0.2.1%eth0 192.0.2.2 1 2\r\n",
        b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n",
        b"proxy UNKNOWN\r\n",
        &long,
        &block(0x31, 0x11, &[0; 12]),
        &block(0x21, 0x11, &[0; 11]),
        &block(0x21, 0x13, &[0; 12]),
        &block(0x20, 0x00, &vec![0; 0xffff]),
    ];
    for bytes in malformed {
        assert_eq!(proxied.told("balanced", &[bytes, REQUEST].concat()), "", "{bytes:?}");
        assert_eq!(proxied.told("secured", &[bytes, REQUEST].concat()), "", "{bytes:?}");
    }
    assert_eq!(proxied.refused("malformed"), (2 * malformed.len()).to_string());
    // Half of one: the time for it is short here.
    for bytes in [
        &b""[..],
        b"P",
        b"PROXY TCP4 192.0.2.1 ",
        b"\r\n\r\n\0\r\nQUIT\n",
        &block(0x21, 0x11, &[0; 12])[..27],
    ] {
        assert_eq!(proxied.told("balanced", bytes), "", "{bytes:?}");
    }
    assert_eq!(proxied.refused("late"), "5");
    let mut leaving = Caller::connect(proxied.gateway.listener("balanced")).unwrap();
    leaving.send(b"PROXY TCP4 ");
    leaving.finish();
    assert!(leaving.is_closed().unwrap());
    assert_eq!(proxied.refused("incomplete"), "1");
    assert!(proxied.clients().is_empty());
}

#[test]
fn a_header_is_read_however_it_is_cut_and_nothing_behind_it_is_lost() {
    let proxied = Proxied::open();
    for header in [version_1(address("203.0.113.9:1")), version_2(address("[2001:db8::9]:1"))] {
        assert_eq!(proxied.status("balanced", &[&header, REQUEST].concat()), 200);
        let mut caller = Caller::connect(proxied.gateway.listener("balanced")).unwrap();
        for byte in [&header, REQUEST].concat() {
            caller.send(&[byte]);
        }
        // The connection goes on, and is the same client's.
        assert_eq!(caller.answer("GET").unwrap().unwrap().status, 200);
        caller.send(REQUEST);
        assert_eq!(caller.answer("GET").unwrap().unwrap().status, 200);
    }
    // The header and the first message of TLS in one piece.
    let caller = Caller::connect(proxied.gateway.listener("secured")).unwrap();
    let header = version_2(address("203.0.113.10:1"));
    let name = ServerName::try_from("localhost").unwrap();
    let mut caller = caller.secure(&header, &Arc::new(client(None)), name).unwrap();
    caller.send(REQUEST);
    assert_eq!(caller.answer("GET").unwrap().unwrap().status, 200);
    let (v4, v6, last) = ("203.0.113.9", "2001:db8::9", "203.0.113.10");
    assert_eq!(proxied.clients(), [v4, v4, v4, v6, v6, v6, last]);
}

#[test]
fn a_proxy_that_names_nobody_is_the_client_itself() {
    let proxied = Proxied::open();
    let local = block(0x20, 0x11, &[9; 12]);
    let unix = block(0x21, 0x31, &[0; 216]);
    for header in [&b"PROXY UNKNOWN\r\n"[..], b"PROXY UNKNOWN 203.0.113.9 x y z\r\n", &local, &unix] {
        assert_eq!(proxied.status("balanced", &[header, REQUEST].concat()), 200);
    }
    assert_eq!(proxied.clients(), ["127.0.0.1"; 4]);
}

#[test]
fn a_header_that_nobody_asked_for_is_no_request() {
    let proxied = Proxied::open();
    let from = address("203.0.113.9:1");
    for header in [version_1(from), version_2(from)] {
        // Where no proxy is heard, and a second one where the first was.
        assert_eq!(proxied.status("plain", &[&header, REQUEST].concat()), 400);
        assert_eq!(
            proxied.status("balanced", &[&version_1(address("192.0.2.9:1")), &header, REQUEST].concat()),
            400
        );
    }
    let twice = ["127.0.0.1", "192.0.2.9"];
    assert_eq!(proxied.clients(), [twice, twice].concat());
}

#[test]
fn it_is_told_who_was_turned_away() {
    let folder = tempfile::tempdir().unwrap();
    let artifact = folder.path().join("proxied.gwa");
    fs::write(&artifact, &Project::open("tests/conformance/proxied").bytes).unwrap();
    let files = Authority::new("a").issue(Wish::default()).write(folder.path(), "server");
    let mut bindings = String::from("admin = \"127.0.0.1:0\"\nlogs = []\n[listen]\n");
    let beside = format!("unix:{}/beside.sock", folder.path().display());
    let port = "127.0.0.1:0";
    for (name, address) in
        [("balanced", port), ("beside", &beside), ("elsewhere", port), ("plain", port), ("secured", port)]
    {
        writeln!(bindings, "{name} = \"{address}\"").unwrap();
    }
    let (cert, key) = (files.cert.display(), files.key.display());
    write!(bindings, "[tls]\nsecured = [{{ cert = \"{cert}\", key = \"{key}\" }}]\n").unwrap();
    let file = folder.path().join("bindings.toml");
    fs::write(&file, bindings).unwrap();
    let gateway =
        Process::start(Command::new(binary("gw-runtime")).arg(&artifact).arg("--bindings").arg(&file));
    let said: Vec<String> = (0..2).map(|_| gateway.says("listening on http://")).collect();
    let elsewhere = said[1].strip_suffix(" (elsewhere)").expect("listeners are told in their order");
    assert!(Caller::connect(elsewhere.parse().unwrap()).unwrap().is_closed().unwrap());
    let told = gateway.says("gw: listener elsewhere: closed a connection: ");
    assert_eq!(told, "127.0.0.1 is none of the proxies that `proxy-protocol` names");
}
