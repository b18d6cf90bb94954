//! TLS to services as a gateway meets them: whom it believes, what it shows, and what happens when files change.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use gw_runtime::bindings::UpstreamTlsFiles;
use gw_tests::authority::{Authority, Issued, Wish, server};
use gw_tests::server::Shaken;
use gw_tests::upstream::{Play, Upstream, babbling};
use gw_tests::wire::{Answer, Caller, End, PATIENCE};
use gw_tests::{Gateway, Node, Project};
use rustls::version::{TLS12, TLS13};
use rustls::{ProtocolVersion, ServerConfig, SupportedProtocolVersion};
use serde_json::Value;
use tempfile::TempDir;

const BOTH: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// A gateway of the conformance project before the services that a test brings.
struct Front {
    gateway: Gateway,
    folder: TempDir,
}

impl Front {
    /// `authority` is the one whose certificates are believed, at every upstream; `own` is what is shown.
    fn before(
        services: &[(&str, SocketAddr)],
        authority: &Authority,
        own: &Issued,
        folder: TempDir,
    ) -> io::Result<Self> {
        let project = Project::open("tests/conformance/behind");
        let log = folder.path().join("access.log");
        let ca = Some(authority.write(folder.path(), "services.pem"));
        let of = |name: &'static str| {
            let ca = ca.clone().filter(|_| name != "legacy");
            let own = (name == "vault").then(|| own.write(folder.path(), "gateway"));
            (name, UpstreamTlsFiles { ca, own })
        };
        let files = ["main", "vault", "implied", "legacy"].map(of);
        let node = Node { upstreams: services, upstream_tls: &files, log: Some(&log), ..Node::default() };
        Ok(Self { gateway: Gateway::start(&project.bytes, node)?, folder })
    }

    fn ask(&self, path: &str) -> Answer {
        let mut caller = Caller::connect(self.gateway.address()).expect("the gateway listens");
        caller.send(
            format!("GET {path} HTTP/1.1\r\nhost: shop.example\r\nconnection: close\r\n\r\n").as_bytes(),
        );
        caller.answer("GET").expect("it answers").expect("with something")
    }

    /// What the problem document of an answer says.
    fn reason(answer: &Answer) -> String {
        let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        problem["type"].as_str().unwrap_or_default().replace("urn:gw:problem:", "")
    }

    /// `gw.fault` of each line of the log, once the gateway has ended.
    fn faults(self) -> Vec<String> {
        self.gateway.stop();
        let log = fs::read_to_string(self.folder.path().join("access.log")).expect("there is a log");
        let fault = |line: &str| {
            let line: Value = serde_json::from_str(line).expect("a line is JSON");
            line["gw.fault"].as_str().unwrap_or("none").to_owned()
        };
        log.lines().map(fault).collect()
    }

    fn metrics(&self) -> String {
        let mut caller = Caller::connect(self.gateway.admin()).expect("admin listens");
        caller.send(b"GET /metrics HTTP/1.1\r\nhost: admin\r\n\r\n");
        caller.answer("GET").expect("it answers").expect("with something").text()
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("there is room for a folder")
}

/// A certificate for what the upstreams are asked for.
fn named(authority: &Authority, serial: u64) -> Issued {
    authority.issue(Wish { names: &["main.internal", "127.0.0.1"], serial, ..Wish::default() })
}

/// Waits for what the gateway does by itself within a second or so.
fn until(mut holds: impl FnMut() -> bool) {
    let from = Instant::now();
    while !holds() {
        assert!(from.elapsed() < PATIENCE, "it never happens");
        std::thread::yield_now();
    }
}

fn shaken(service: &Upstream) -> Vec<Shaken> {
    service.take_received().into_iter().filter_map(|received| received.shaken).collect()
}

/// What comes of one request to a service that speaks TLS like this: its status, the reason that a stranger is told, and the
/// fault that the log tells.
fn comes_of(path: &str, upstream: &str, authority: &Authority, tls: ServerConfig) -> (u16, String, String) {
    let service = Upstream::with_tls(1, tls).expect("a port is free");
    let own = authority.issue(Wish { subject: "gateway", ..Wish::default() });
    let front = Front::before(&everywhere(upstream, service.address()), authority, &own, folder());
    let front = front.expect("it starts");
    let answer = front.ask(path);
    (answer.status, Front::reason(&answer), front.faults().join(" "))
}

/// The other upstreams are never asked, and may be anywhere.
fn everywhere(upstream: &str, address: SocketAddr) -> Vec<(&'static str, SocketAddr)> {
    let all = ["main", "vault", "implied", "legacy", "plain"];
    all.into_iter()
        .map(|name| (name, if name == upstream { address } else { ([127, 0, 0, 1], 9).into() }))
        .collect()
}

#[test]
fn whoever_proves_to_be_the_service_is_sent_requests_and_nobody_else() {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let names: &[&str] = &["main.internal"];
    let expired = ours.issue(Wish { names, expired: true, ..Wish::default() });
    let other = ours.issue(Wish { names: &["other.internal", "127.0.0.1"], ..Wish::default() });
    let below = ours.issue(Wish { names: &["*.internal"], ..Wish::default() });
    let rsa = ours.issue(Wish { names, rsa: true, ..Wish::default() });
    let by_address = ours.issue(Wish { names: &["127.0.0.1"], ..Wish::default() });
    let by_name_alone = ours.issue(Wish { names, ..Wish::default() });
    for (path, upstream, shown, fault) in [
        ("/main", "main", &named(&ours, 1), None),
        // A wildcard for all names below a top-level domain is for none of them.
        ("/main", "main", &below, Some("tls-wrong-name")),
        ("/main", "main", &rsa, None),
        ("/main", "main", &named(&theirs, 1), Some("tls-unknown-issuer")),
        ("/main", "main", &Authority::alone(names), Some("tls-unknown-issuer")),
        ("/main", "main", &expired, Some("tls-expired")),
        ("/main", "main", &other, Some("tls-wrong-name")),
        // The address is not what it is asked for.
        ("/main", "main", &by_address, Some("tls-wrong-name")),
        ("/implied", "implied", &by_address, None),
        ("/implied", "implied", &by_name_alone, Some("tls-wrong-name")),
        ("/legacy", "legacy", &expired, None),
        ("/legacy", "legacy", &Authority::alone(&["whoever.example"]), None),
    ] {
        let told = comes_of(path, upstream, &ours, server(shown, None, BOTH));
        let expected = match fault {
            None => (200, String::new(), "none".to_owned()),
            Some(fault) => (502, "upstream-tls".to_owned(), fault.to_owned()),
        };
        assert_eq!(told, expected, "{path} {}", shown.cert);
    }
}

#[test]
fn a_self_signed_certificate_can_be_its_own_authority() {
    let alone = Authority::alone(&["main.internal"]);
    let folder = folder();
    let ca = folder.path().join("alone.pem");
    fs::write(&ca, &alone.cert).unwrap();
    let service = Upstream::with_tls(1, server(&alone, None, BOTH)).unwrap();
    let project = Project::open("tests/conformance/behind");
    let others = Authority::new("others");
    let of = |name: &'static str| {
        let believed = if name == "main" { ca.clone() } else { others.write(folder.path(), "others.pem") };
        let own = (name == "vault").then(|| others.issue(Wish::default()).write(folder.path(), "gateway"));
        (name, UpstreamTlsFiles { ca: Some(believed).filter(|_| name != "legacy"), own })
    };
    let files = ["main", "vault", "implied", "legacy"].map(of);
    let upstreams = everywhere("main", service.address());
    let node = Node { upstreams: &upstreams, upstream_tls: &files, ..Node::default() };
    let front = Front { gateway: Gateway::start(&project.bytes, node).unwrap(), folder };
    assert_eq!(front.ask("/main").status, 200);
}

#[test]
fn names_are_asked_for_and_addresses_are_not() {
    let authority = Authority::new("ours");
    let own = authority.issue(Wish { subject: "gateway", ..Wish::default() });
    let asked = |path: &str, upstream: &str| {
        let service = Upstream::with_tls(1, server(&named(&authority, 1), Some(&authority), BOTH));
        let service = match upstream {
            "vault" => service,
            _ => Upstream::with_tls(1, server(&named(&authority, 1), None, BOTH)),
        };
        let service = service.unwrap();
        let front =
            Front::before(&everywhere(upstream, service.address()), &authority, &own, folder()).unwrap();
        assert_eq!(front.ask(path).status, 200, "{path}");
        shaken(&service).remove(0)
    };
    let newest = Some(ProtocolVersion::TLSv1_3);
    let told = |asked: Option<&str>, shown| Shaken {
        asked: asked.map(str::to_owned),
        version: newest,
        shown,
        resumed: false,
    };
    assert_eq!(asked("/main", "main"), told(Some("main.internal"), false));
    assert_eq!(asked("/implied", "implied"), told(None, false));
    assert_eq!(asked("/vault", "vault"), told(None, true));
}

#[test]
fn versions_are_those_that_the_artifact_allows() {
    let authority = Authority::new("ours");
    let shown = named(&authority, 1);
    let old = || server(&shown, None, &[&TLS12]);
    assert_eq!(comes_of("/main", "main", &authority, old()).0, 200);
    let refused = (502, "upstream-tls".to_owned(), "tls-refused".to_owned());
    assert_eq!(comes_of("/vault", "vault", &authority, old()), refused);
}

#[test]
fn a_service_that_asks_for_a_certificate_gets_the_one_of_the_bindings() {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let shown = named(&ours, 1);
    let refused = (502, "upstream-tls".to_owned(), "tls-refused".to_owned());
    for version in [&TLS12, &TLS13] {
        // The gateway has none for this one.
        assert_eq!(comes_of("/main", "main", &ours, server(&shown, Some(&ours), &[version])), refused);
    }
    let asks = |clients| server(&shown, Some(clients), &[&TLS13]);
    assert_eq!(comes_of("/vault", "vault", &ours, asks(&ours)).0, 200);
    assert_eq!(comes_of("/vault", "vault", &ours, asks(&theirs)), refused);
    assert_eq!(comes_of("/vault", "vault", &ours, server(&shown, None, &[&TLS13])).0, 200, "nobody asks");
}

#[test]
fn plain_text_and_tls_do_not_meet() {
    let authority = Authority::new("ours");
    let own = authority.issue(Wish::default());
    let front = Front::before(&everywhere("main", babbling().unwrap()), &authority, &own, folder()).unwrap();
    let answer = front.ask("/main");
    assert_eq!((answer.status, Front::reason(&answer)), (502, "upstream-tls".to_owned()));
    assert!(front.metrics().contains("gw_upstream_tls_handshakes_failed_total 1"), "{}", front.metrics());
    assert_eq!(front.faults(), ["tls-broken"]);
    let service = Upstream::with_tls(1, server(&named(&authority, 1), None, BOTH)).unwrap();
    let front = Front::before(&everywhere("plain", service.address()), &authority, &own, folder()).unwrap();
    assert_eq!(front.ask("/plain").status, 502);
    assert_eq!(service.take_received(), []);
}

#[test]
fn an_answer_whose_end_is_the_connections_is_whole_only_with_a_farewell() {
    let authority = Authority::new("ours");
    let service = Upstream::with_tls(1, server(&named(&authority, 1), None, BOTH)).unwrap();
    let own = authority.issue(Wish::default());
    let front = Front::before(&everywhere("main", service.address()), &authority, &own, folder()).unwrap();
    let text = b"HTTP/1.1 200 OK\r\n\r\nhalf a word".to_vec();
    service.will([Play::SendAndClose(text.clone()), Play::SendAndCut(text)]);
    let whole = front.ask("/main");
    assert_eq!((whole.status, whole.end, whole.text().as_str()), (200, End::Whole, "half a word"));
    let cut = front.ask("/main");
    assert_eq!((cut.status, cut.end), (200, End::Cut));
    assert_eq!(front.faults(), ["none", "reset"]);
}

#[test]
fn a_handshake_that_hangs_has_the_time_of_a_connection() {
    let authority = Authority::new("ours");
    // Its queue takes the connection, and nobody ever speaks.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let own = authority.issue(Wish::default());
    let to = silent.local_addr().unwrap();
    let front = Front::before(&everywhere("main", to), &authority, &own, folder()).unwrap();
    let answer = front.ask("/brief");
    assert_eq!((answer.status, Front::reason(&answer)), (502, "upstream-connect".to_owned()));
    assert_eq!(front.faults(), ["connect-timeout"]);
}

#[test]
fn sessions_are_resumed_and_connections_used_again() {
    let authority = Authority::new("ours");
    let service = Upstream::with_tls(1, server(&named(&authority, 1), None, &[&TLS13])).unwrap();
    let own = authority.issue(Wish::default());
    let front = Front::before(&everywhere("main", service.address()), &authority, &own, folder()).unwrap();
    let reused = || front.metrics().contains("gw_upstream_connections_reused_total 1");
    front.ask("/main");
    front.ask("/main");
    assert!(reused(), "{}", front.metrics());
    service.will([Play::SendAndClose(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec())]);
    front.ask("/main");
    front.ask("/main");
    let resumed: Vec<bool> = shaken(&service).iter().map(|shaken| shaken.resumed).collect();
    assert_eq!(resumed, [false, false, false, true]);
}

#[test]
fn files_that_change_hold_for_new_connections_and_kept_ones_are_not_used_again() {
    let (old, new) = (Authority::new("old"), Authority::new("new"));
    let service = Upstream::with_tls(1, server(&named(&old, 1), None, BOTH)).unwrap();
    let own = old.issue(Wish { subject: "gateway", names: &["gw.internal"], ..Wish::default() });
    let front = Front::before(&everywhere("main", service.address()), &old, &own, folder()).unwrap();
    let path = front.folder.path().join("services.pem");
    assert_eq!(front.ask("/main").status, 200);
    // The kept connection is of a service that would not be believed any more.
    replace(&path, &new.pem());
    until(|| front.ask("/main").status == 502);
    service.speak(server(&named(&new, 2), None, BOTH));
    until(|| front.ask("/main").status == 200);
    // What does not read changes nothing.
    replace(&path, "no authority");
    front.metrics();
    assert_eq!(front.ask("/main").status, 200);
    let told = front.metrics();
    assert!(told.contains("gw_tls_certificate_not_after_seconds{upstream=\"vault\""), "{told}");
}

#[test]
fn a_key_that_is_not_its_certificates_changes_nothing_and_the_right_one_does() {
    let authority = Authority::new("ours");
    let service = Upstream::with_tls(1, server(&named(&authority, 1), Some(&authority), &[&TLS13])).unwrap();
    let strangers = Authority::new("strangers");
    let own = authority.issue(Wish { subject: "gateway", ..Wish::default() });
    let front = Front::before(&everywhere("vault", service.address()), &authority, &own, folder()).unwrap();
    assert_eq!(front.ask("/vault").status, 200);
    // A certificate that the service would refuse, without its key: the old pair is shown as before.
    let wrong = strangers.issue(Wish { subject: "gateway", ..Wish::default() });
    replace(&front.folder.path().join("gateway.crt"), &wrong.cert);
    service.will([Play::SendAndClose(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec())]);
    assert_eq!(front.ask("/vault").status, 200);
    assert_eq!(front.ask("/vault").status, 200);
    // With its key it holds, and the service says no.
    replace(&front.folder.path().join("gateway.key"), &wrong.key);
    until(|| front.ask("/vault").status == 502);
}

/// Replaces a file whole.
fn replace(path: &Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).expect("the folder takes files");
    fs::rename(&new, path).expect("a file can be replaced");
}
