//! TLS as clients meet it: which certificate they are shown, whose certificates are good, and what happens when files
//! change.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gw_runtime::bindings::{CertificateFiles, ClientCertFiles};
use gw_tests::authority::{Authority, Issued, Wish, client, particular_client};
use gw_tests::upstream::Upstream;
use gw_tests::wire::{Answer, Caller, PATIENCE};
use gw_tests::{Gateway, Node, Project};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, HandshakeKind, ProtocolVersion, SignatureScheme};

/// A gateway of the conformance project with four doors.
struct Doors {
    gateway: Gateway,
    _service: Upstream,
}

impl Doors {
    fn open(
        tls: &[CertificateFiles],
        clients: &ClientCertFiles,
        handshake: Option<Duration>,
    ) -> io::Result<Self> {
        let project = Project::open("tests/conformance/secured");
        let service = Upstream::with_doors(1)?;
        let listeners = ["public", "staff", "vault"];
        let all = |name| tls.iter().map(move |files| (name, files.clone()));
        let node = Node {
            upstreams: &[("main", service.doors()[0])],
            tls: &listeners.into_iter().flat_map(all).collect::<Vec<_>>(),
            client_certs: &[("staff", clients.clone()), ("vault", clients.clone())],
            handshake,
            ..Node::default()
        };
        Ok(Self { gateway: Gateway::start(&project.bytes, node)?, _service: service })
    }

    fn ask(&self, listener: &str, config: &Arc<ClientConfig>) -> io::Result<(Caller, Answer)> {
        let mut caller = Caller::connect_tls(self.gateway.listener(listener), config, name("shop.example"))?;
        caller.send(b"GET /open HTTP/1.1\r\nhost: shop.example\r\n\r\n");
        let answer = caller.answer("GET")?.ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok((caller, answer))
    }

    fn status(&self, listener: &str, shown: Option<&Issued>) -> Option<u16> {
        self.ask(listener, &Arc::new(client(shown))).ok().map(|(_, answer)| answer.status)
    }

    fn metrics(&self) -> String {
        let mut caller = Caller::connect(self.gateway.admin()).expect("admin listens");
        caller.send(b"GET /metrics HTTP/1.1\r\nhost: admin\r\n\r\n");
        caller.answer("GET").expect("it answers").expect("with something").text()
    }
}

fn name(text: &str) -> ServerName<'static> {
    ServerName::try_from(text.to_owned()).expect("it is a name")
}

fn shop(authority: &Authority, folder: &Path) -> CertificateFiles {
    authority.issue(Wish { names: &["shop.example"], ..Wish::default() }).write(folder, "shop")
}

/// Waits for what the gateway does by itself within a second or so.
fn until(mut holds: impl FnMut() -> bool) {
    let from = Instant::now();
    while !holds() {
        assert!(from.elapsed() < PATIENCE, "it never happens");
        std::thread::yield_now();
    }
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("it is PEM")
}

/// The certificate that a client is shown who asks for a name.
fn shown(doors: &Doors, listener: &str, config: ClientConfig, asked: &str) -> CertificateDer<'static> {
    let address = doors.gateway.listener(listener);
    let asked = asked.parse::<std::net::IpAddr>().map_or_else(|_| name(asked), ServerName::from);
    let caller = Caller::connect_tls(address, &Arc::new(config), asked).expect("the handshake succeeds");
    let shown = caller.tls().and_then(|connection| connection.peer_certificates()?.first());
    shown.expect("a server shows one").clone().into_owned()
}

#[test]
fn a_client_is_shown_the_certificate_for_its_name_and_its_signatures() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("a");
    let issue = |names: &[&str], rsa| authority.issue(Wish { names, rsa, ..Wish::default() });
    let rsa = issue(&["shop.example"], true);
    let (ecdsa, wild) = (issue(&["shop.example"], false), issue(&["*.wild.example"], false));
    let files = [("rsa", &rsa), ("ecdsa", &ecdsa), ("wild", &wild)]
        .map(|(name, issued)| issued.write(folder.path(), name));
    let doors = Doors::open(&files, &authority.write_client_certs(folder.path(), None), None).unwrap();
    let asks = |asked| shown(&doors, "public", client(None), asked);
    assert_eq!(asks("shop.example"), der(&ecdsa.cert));
    assert_eq!(asks("SHOP.example"), der(&ecdsa.cert));
    assert_eq!(asks("a.wild.example"), der(&wild.cert));
    // Two labels are not one, and an address is no name: both get the first pair's.
    assert_eq!(asks("a.b.wild.example"), der(&ecdsa.cert));
    assert_eq!(asks("127.0.0.1"), der(&ecdsa.cert));
    let rsa_alone = Some(vec![SignatureScheme::RSA_PSS_SHA256, SignatureScheme::RSA_PKCS1_SHA256]);
    let config = particular_client(None, rustls::DEFAULT_VERSIONS, rsa_alone);
    assert_eq!(shown(&doors, "public", config, "shop.example"), der(&rsa.cert));
}

#[test]
fn versions_are_those_that_the_artifact_allows() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("a");
    let files = [shop(&authority, folder.path())];
    let doors = Doors::open(&files, &authority.write_client_certs(folder.path(), None), None).unwrap();
    let version = |listener, versions: &[&'static rustls::SupportedProtocolVersion]| {
        let config = particular_client(None, versions, None);
        let caller =
            Caller::connect_tls(doors.gateway.listener(listener), &Arc::new(config), name("shop.example"));
        caller.ok()?.tls()?.protocol_version()
    };
    let (old, new) = ([&rustls::version::TLS12], [&rustls::version::TLS13]);
    assert_eq!(version("public", &old), Some(ProtocolVersion::TLSv1_2));
    assert_eq!(version("public", &new), Some(ProtocolVersion::TLSv1_3));
    assert_eq!(version("staff", &old), None);
    assert_eq!(version("staff", &new), Some(ProtocolVersion::TLSv1_3));
}

#[test]
fn only_certificates_that_verify_are_let_in() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, stranger) = (Authority::new("ours"), Authority::new("theirs"));
    let good = authority.issue(Wish { subject: "good", serial: 7, ..Wish::default() });
    let revoked = authority.issue(Wish { subject: "revoked", serial: 8, ..Wish::default() });
    let expired = authority.issue(Wish { subject: "expired", serial: 9, expired: true, ..Wish::default() });
    let foreign = stranger.issue(Wish { subject: "foreign", serial: 7, ..Wish::default() });
    let crl = authority.revoke(&[revoked.serial], false);
    let files = [shop(&authority, folder.path())];
    let clients = authority.write_client_certs(folder.path(), Some(&crl));
    let doors = Doors::open(&files, &clients, None).unwrap();
    for (shown, required, optional) in [
        (Some(&good), Some(200), Some(200)),
        (None, None, Some(200)),
        (Some(&revoked), None, None),
        (Some(&expired), None, None),
        (Some(&foreign), None, None),
    ] {
        let who = shown.map(|issued| issued.serial);
        assert_eq!(doors.status("vault", shown), required, "required: {who:?}");
        assert_eq!(doors.status("staff", shown), optional, "optional: {who:?}");
    }
    assert_eq!(doors.status("public", Some(&foreign)), Some(200), "nobody asks there");
    // A list that has run out lets nobody in.
    authority.write_client_certs(folder.path(), Some(&authority.revoke(&[], true)));
    until(|| doors.status("vault", Some(&good)).is_none());
    authority.write_client_certs(folder.path(), Some(&crl));
    until(|| doors.status("vault", Some(&good)) == Some(200));
}

#[test]
fn a_session_is_resumed_only_where_it_began_and_only_while_its_certificate_holds() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("ours");
    let good = authority.issue(Wish { subject: "good", serial: 7, ..Wish::default() });
    let none = authority.revoke(&[], false);
    let files = [shop(&authority, folder.path())];
    let clients = authority.write_client_certs(folder.path(), Some(&none));
    let doors = Doors::open(&files, &clients, None).unwrap();
    // The ticket comes behind the handshake: a whole answer makes sure that it was read.
    let kind = |listener: &str, config: &Arc<ClientConfig>| {
        doors.ask(listener, config).ok().and_then(|(caller, _)| caller.tls()?.handshake_kind())
    };
    let config = Arc::new(client(Some(&good)));
    assert_eq!(kind("staff", &config), Some(HandshakeKind::Full));
    assert_eq!(kind("staff", &config), Some(HandshakeKind::Resumed));
    // The same name at another listener: the ticket is not its own, and the certificate is asked for again.
    assert_eq!(kind("vault", &config), Some(HandshakeKind::Full));
    assert_eq!(kind("vault", &config), Some(HandshakeKind::Resumed));
    authority.write_client_certs(folder.path(), Some(&authority.revoke(&[good.serial], false)));
    until(|| doors.status("vault", Some(&good)).is_none());
    assert_eq!(kind("vault", &config), None, "its ticket is of no use any more");
}

#[test]
fn a_pair_that_does_not_belong_together_changes_nothing_and_the_right_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("a");
    let issue = |serial| authority.issue(Wish { names: &["shop.example"], serial, ..Wish::default() });
    let (first, second) = (issue(1), issue(2));
    let files = first.write(folder.path(), "shop");
    let doors =
        Doors::open(std::slice::from_ref(&files), &authority.write_client_certs(folder.path(), None), None)
            .unwrap();
    let current = || shown(&doors, "public", client(None), "shop.example");
    assert!(
        doors.metrics().contains("gw_tls_certificate_not_after_seconds{listener=\"public\""),
        "{}",
        doors.metrics()
    );
    // The certificate alone, as some tools write it first.
    fs::write(&files.cert, &second.cert).unwrap();
    assert_eq!(current(), der(&first.cert));
    fs::write(&files.key, &second.key).unwrap();
    until(|| current() == der(&second.cert));
}

#[test]
fn what_is_no_handshake_is_cut_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("a");
    let files = [shop(&authority, folder.path())];
    let clients = authority.write_client_certs(folder.path(), None);
    let doors = Doors::open(&files, &clients, Some(Duration::from_millis(200))).unwrap();
    let ends = |bytes: &[u8]| {
        let mut socket = TcpStream::connect(doors.gateway.listener("vault")).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        // An alert may come; what matters is that the end does.
        let ended = socket.read_to_end(&mut answer).is_ok_and(|_| !answer.starts_with(b"HTTP"));
        ended || answer.is_empty()
    };
    for bytes in [
        &b""[..],
        b"\x16",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"\x16\x03\x01\xff\xffgarbage",
        b"\x16\x16\x16\x16\x16\x16",
    ] {
        assert!(ends(bytes), "{bytes:?}");
    }
    assert!(doors.metrics().contains("gw_tls_handshakes_failed_total 5"), "{}", doors.metrics());
}

#[test]
fn tls_to_a_plain_port_is_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("a");
    let files = [shop(&authority, folder.path())];
    let doors = Doors::open(&files, &authority.write_client_certs(folder.path(), None), None).unwrap();
    let to: SocketAddr = doors.gateway.listener("front");
    assert!(Caller::connect_tls(to, &Arc::new(client(None)), name("shop.example")).is_err());
}

#[test]
fn files_that_cannot_be_used_are_told_all_at_once_before_anything_listens() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("a");
    let (one, other) = (authority.issue(Wish::default()), authority.issue(Wish::default()));
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let cert = write("one.crt", &one.cert);
    let pairs = [
        CertificateFiles { cert: cert.clone(), key: write("other.key", &other.key) },
        CertificateFiles { cert: cert.clone(), key: write("encrypted.key", encrypted) },
        CertificateFiles { cert: cert.clone(), key: write("empty.key", "") },
        CertificateFiles { cert: write("empty.crt", ""), key: write("one.key", &one.key) },
        CertificateFiles { cert: write("torn.crt", &one.cert[..60]), key: folder.path().join("one.key") },
        CertificateFiles { cert: folder.path().join("missing.crt"), key: folder.path().join("one.key") },
    ];
    let clients = ClientCertFiles { ca: write("ca.pem", ""), crl: None };
    let fault = Doors::open(&pairs, &clients, None).err().expect("nothing of it can be used").to_string();
    for words in [
        "is not the key of the certificate in",
        "holds an encrypted key",
        "empty.key` holds no private key",
        "empty.crt` holds no certificate",
        "torn.crt` ",
        "missing.crt` cannot be read",
        "ca.pem` holds no certificate",
    ] {
        assert!(fault.contains(words), "{words}: {fault}");
    }
}
