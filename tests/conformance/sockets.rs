//! The world of sockets: a case played by a real gateway, raw callers and scripted services.

use std::{
    cell::Cell,
    fmt::Write,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use gw_artifact::{
    Artifact, Date, Digest,
    model::{self, EndpointAddress},
};
use gw_decision::{Fault, KeyHolder, Version};
use gw_replay::{Act, Case, CaseOutcome, Course, Request, Response, ScriptedAnswer, SuiteKeys};
use gw_runtime::bindings::{CertificateFiles, ClientCertFiles, ListenAddress, UpstreamTlsFiles};
use gw_runtime::keys::Key;
use gw_tests::{
    Gateway, Node, Project,
    authority::{Authority, Wish, client, server},
    proxy_header,
    upstream::{Hanging, Play, Received, Refusing, Upstream, babbling},
    wire::{Answer, Caller},
};
use rustls::ServerConfig;
use rustls::pki_types::ServerName;
use serde_json::Value;

/// What became of one request.
#[derive(Debug)]
pub(crate) struct Real {
    /// What the caller received.
    pub(crate) answer: Option<Answer>,
    /// What a service received, and its upstream's name.
    pub(crate) sent: Vec<(String, Received)>,
    /// The line of the access log.
    pub(crate) log: Value,
}

/// The services of a case, one per upstream of the artifact.
#[derive(Debug)]
pub(crate) struct Services {
    all: Vec<(String, Service)>,
    credentials: Credentials,
}

#[derive(Debug)]
enum Service {
    Scripted(Upstream),
    Refusing(Vec<(Refusing, SocketAddr)>),
    Hanging(Vec<Hanging>),
    /// They speak no TLS where they should.
    Babbling(Vec<SocketAddr>),
}

/// The `User-Agent` of requests that only take a place.
const OCCUPANT: &str = "occupant";

impl Services {
    /// Starts what the case says about each upstream, on as many addresses as the artifact declares.
    pub(crate) fn start(artifact: &Artifact, case: &Case) -> io::Result<Self> {
        let credentials = Credentials::new(artifact);
        let start = |upstream: &model::Upstream| {
            let script = case.scripts.iter().find(|script| script.upstream == upstream.name);
            let answers = script.map_or(&[][..], |script| &script.answers);
            let tls = credentials.server(upstream, answers.first().map(|answer| &answer.act));
            Ok((upstream.name.clone(), Service::start(upstream.endpoints.len().max(1), answers, tls)?))
        };
        let all = artifact.upstreams().iter().map(start).collect::<io::Result<_>>()?;
        Ok(Self { all, credentials })
    }

    /// Where the services are, by upstream.
    pub(crate) fn endpoints(&self) -> Vec<Vec<EndpointAddress>> {
        let endpoint = |address: SocketAddr| EndpointAddress::plain(address.ip().to_string(), address.port());
        self.all.iter().map(|(_, service)| service.addresses().into_iter().map(endpoint).collect()).collect()
    }

    /// The endpoints among which chance chooses.
    pub(crate) fn drawn(&self, artifact: &Artifact) -> Vec<String> {
        let drawn = artifact.upstreams().iter().zip(self.endpoints());
        let drawn = drawn.filter(|(upstream, _)| upstream.balance == model::Balance::LeastRequest);
        drawn.flat_map(|(_, endpoints)| endpoints).map(|endpoint| endpoint.to_string()).collect()
    }

    fn settings(&self) -> Vec<(&str, SocketAddr)> {
        let settings = self.all.iter().map(|(name, service)| (name, service.addresses()));
        settings.flat_map(|(name, all)| all.into_iter().map(|address| (name.as_str(), address))).collect()
    }

    fn scripted(&self, name: &str) -> Option<&Upstream> {
        self.all.iter().find_map(|(its, service)| match service {
            Service::Scripted(upstream) if its == name => Some(upstream),
            Service::Scripted(_) | Service::Refusing(_) | Service::Hanging(_) | Service::Babbling(_) => None,
        })
    }

    fn take_received(&self) -> Vec<(String, Received)> {
        let of = |(name, service): &(String, Service)| match service {
            Service::Scripted(upstream) => {
                upstream.take_received().into_iter().map(|received| (name.clone(), received)).collect()
            }
            Service::Refusing(_) | Service::Hanging(_) | Service::Babbling(_) => Vec::new(),
        };
        self.all.iter().flat_map(of).collect()
    }
}

impl Service {
    fn start(doors: usize, answers: &[ScriptedAnswer], tls: Option<ServerConfig>) -> io::Result<Self> {
        match answers.first().map(|answer| &answer.act) {
            Some(Act::RefuseConnection) => {
                let door = || Refusing::new().and_then(|door| Ok((door.address()?, door)));
                let doors = (0..doors).map(|_| door()).collect::<io::Result<Vec<_>>>()?;
                Ok(Self::Refusing(doors.into_iter().map(|(address, door)| (door, address)).collect()))
            }
            Some(Act::HangConnection) => {
                (0..doors).map(|_| Hanging::new()).collect::<io::Result<_>>().map(Self::Hanging)
            }
            Some(Act::FailHandshake(Fault::TlsBroken)) => {
                (0..doors).map(|_| babbling()).collect::<io::Result<_>>().map(Self::Babbling)
            }
            _ => {
                let upstream = match tls {
                    Some(tls) => Upstream::with_tls(doors, tls)?,
                    None => Upstream::with_doors(doors)?,
                };
                for answer in answers {
                    upstream.will((0..answer.times).map(|_| play(answer)));
                }
                if let Some(last) = answers.last() {
                    upstream.otherwise(play(last));
                }
                Ok(Self::Scripted(upstream))
            }
        }
    }

    fn addresses(&self) -> Vec<SocketAddr> {
        match self {
            Self::Scripted(upstream) => upstream.doors().to_vec(),
            Self::Refusing(doors) => doors.iter().map(|(_, address)| *address).collect(),
            Self::Hanging(doors) => doors.iter().map(Hanging::address).collect(),
            Self::Babbling(doors) => doors.clone(),
        }
    }
}

/// What a scripted service does, as bytes. A delay is longer than any deadline of these cases: time is real here.
fn play(answer: &ScriptedAnswer) -> Play {
    if answer.delay > 0 {
        return Play::Stall(Vec::new());
    }
    match &answer.act {
        Act::Respond(response) => respond(response),
        Act::Garbage => Play::SendAndClose(b"220 mail.example ESMTP\r\n\r\n".to_vec()),
        Act::Reset | Act::RefuseConnection | Act::HangConnection | Act::FailHandshake(_) => {
            Play::SendAndClose(Vec::new())
        }
    }
}

fn respond(response: &Response) -> Play {
    let mut head = format!("HTTP/1.1 {} X\r\n", response.status);
    write_lines(&mut head, &response.lines);
    let (arrives, play): (usize, fn(Vec<u8>) -> Play) = match response.course {
        Course::Whole => (response.body.len(), Play::Send),
        Course::CutAfter(bytes) => (bytes as usize, Play::SendAndClose),
        Course::StallAfter(bytes) => (bytes as usize, Play::Stall),
    };
    let body = &response.body[..arrives.min(response.body.len())];
    play([head.as_bytes(), body].concat())
}

/// Plays a case. `simulated` says which requests reach a service, so that one can wait for them.
pub(crate) fn play_case(
    project: &Project,
    case: &Case,
    services: &Services,
    simulated: &CaseOutcome,
) -> io::Result<Vec<Real>> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("access.log");
    let settings = services.settings();
    let keys = keys(case, folder.path())?;
    let handshakes = Handshakes::new(&project.artifact, folder.path());
    let files = socket_files(&project.artifact, case, folder.path());
    let unix: Vec<_> = files.iter().map(|(name, path)| (name.as_str(), path.as_path())).collect();
    let node = Node {
        upstreams: &settings,
        log: Some(&log),
        max_exchanges: case.room,
        tls: &handshakes.certificates(),
        client_certs: &handshakes.client_certs(),
        keys: &keys,
        upstream_tls: &services.credentials.files(&project.artifact, folder.path()),
        unix: &unix,
        handshake: None,
    };
    let gateway = Gateway::start(&project.bytes, node)?;
    let occupants = occupy(project, case, services, &gateway)?;
    let mut answered = Vec::new();
    let requests = case.steps.iter().flat_map(|step| (0..step.times).map(|_| &step.request));
    for (request, simulated) in requests.zip(&simulated.exchanges) {
        let mut caller = handshakes.connect(&gateway, &project.artifact, request)?;
        caller.send(&written(request, &project.artifact));
        let answer = caller.answer(&request.method)?;
        let whole = simulated.sent.as_ref().filter(|sent| sent.complete);
        if let Some(upstream) = whole.and_then(|sent| services.scripted(&sent.upstream)) {
            upstream.wait_for(1);
        }
        answered.push((answer, services.take_received()));
    }
    drop(occupants);
    gateway.stop();
    let log = std::fs::read_to_string(&log)?;
    let lines = log.lines().map(|line| serde_json::from_str(line).expect("a log line is JSON"));
    let lines = lines.filter(|line: &Value| line["user_agent.original"] != OCCUPANT);
    Ok(answered.into_iter().zip(lines).map(|((answer, sent), log)| Real { answer, sent, log }).collect())
}

/// Writes the files of the case's API keys.
fn keys<'c>(case: &'c Case, folder: &Path) -> io::Result<Vec<(&'c str, PathBuf)>> {
    let file = |set: &'c SuiteKeys| {
        let path = folder.join(format!("{}.keys", set.set));
        let line = |(hash, holder): &(Digest, KeyHolder)| {
            let expires = holder.expires.and_then(|end| Date::of_unix_seconds(end - 1));
            let (id, consumer, scopes) = (holder.id.clone(), holder.consumer.clone(), holder.scopes.clone());
            format!("{}\n", Key { id, consumer, hash: *hash, scopes, expires, created: None })
        };
        std::fs::write(&path, set.keys.iter().map(line).collect::<String>())?;
        Ok((set.set.as_str(), path))
    };
    case.keys.iter().map(file).collect()
}

/// What the services of a case prove themselves with, and what the gateway is given to believe them by.
#[derive(Debug)]
struct Credentials {
    authority: Authority,
    /// Every name and address that services are asked for.
    names: Vec<String>,
}

impl Credentials {
    fn new(artifact: &Artifact) -> Self {
        let tls = artifact.upstreams().iter().filter_map(|upstream| upstream.tls.as_ref());
        let names = tls.filter_map(|tls| tls.server_name.clone()).chain(["127.0.0.1".to_owned()]);
        Self { authority: Authority::new("services"), names: names.collect() }
    }

    /// What a service speaks TLS with, so that this comes of it; `None` where it speaks none.
    fn server(&self, upstream: &model::Upstream, act: Option<&Act>) -> Option<ServerConfig> {
        let tls = upstream.tls.as_ref()?;
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let good = Wish { names: &names, ..Wish::default() };
        let fault = match act {
            Some(Act::FailHandshake(fault)) => Some(*fault),
            _ => None,
        };
        let shown = match (fault, tls.verification) {
            (Some(Fault::TlsUnknownIssuer), _) => Authority::new("others").issue(good),
            (Some(Fault::TlsExpired), _) => self.authority.issue(Wish { expired: true, ..good }),
            (Some(Fault::TlsWrongName), _) => {
                self.authority.issue(Wish { names: &["other.internal", "127.0.0.2"], ..good })
            }
            (Some(Fault::TlsBadCertificate), _) => self.authority.issue(Wish { for_clients: true, ..good }),
            (_, model::Verification::None) => Authority::alone(&["whoever.example"]),
            (_, model::Verification::Full) => self.authority.issue(good),
        };
        let version = match tls.min {
            model::TlsVersion::V12 => &rustls::version::TLS12,
            model::TlsVersion::V13 => &rustls::version::TLS13,
        };
        let mut config = server(&shown, tls.client_cert.then_some(&self.authority), &[version]);
        if fault == Some(Fault::TlsRefused) {
            config.alpn_protocols = vec![b"h2".to_vec()];
        }
        Some(config)
    }

    /// What the bindings give.
    fn files<'a>(&self, artifact: &'a Artifact, folder: &Path) -> Vec<(&'a str, UpstreamTlsFiles)> {
        let of = |upstream: &'a model::Upstream| {
            let tls = upstream.tls.as_ref()?;
            let is_verified = tls.verification == model::Verification::Full;
            let ca = is_verified.then(|| self.authority.write(folder, "services.pem"));
            let own = tls.client_cert.then(|| self.authority.issue(Wish::default()).write(folder, "gateway"));
            Some((upstream.name.as_str(), UpstreamTlsFiles { ca, own }))
        };
        artifact.upstreams().iter().filter_map(of).collect()
    }
}

/// Which listeners are Unix sockets in this case: those that are for nobody else, and those to which somebody without an
/// address comes; then everybody must be without one, or be named by a proxy.
fn socket_files(artifact: &Artifact, case: &Case, folder: &Path) -> Vec<(String, PathBuf)> {
    let comes_without_address = |listener: &model::Listener| {
        let requests = case.steps.iter().map(|step| &step.request);
        requests.filter(|request| request.client.is_none()).any(|request| {
            request.connection.listener(artifact).is_some_and(|(_, its)| its.name == listener.name)
        })
    };
    let is_unix = |listener: &&model::Listener| {
        listener.proxy_protocol.as_ref().is_some_and(|proxies| proxies.from.is_empty())
            || comes_without_address(listener)
    };
    let files = artifact.listeners().iter().filter(is_unix);
    files.map(|listener| (listener.name.clone(), folder.join(format!("{}.sock", listener.name)))).collect()
}

/// The authority of a case whose listeners speak TLS, and what it gave.
struct Handshakes {
    authority: Authority,
    folder: PathBuf,
    server: Option<CertificateFiles>,
    /// The listeners that speak TLS, and whether they ask for certificates.
    listeners: Vec<(String, bool)>,
    /// How many proxies have said for whom they connect.
    introduced: Cell<usize>,
}

impl Handshakes {
    fn new(artifact: &Artifact, folder: &Path) -> Self {
        let authority = Authority::new("conformance");
        let listeners: Vec<(String, bool)> = artifact
            .listeners()
            .iter()
            .filter_map(|listener| {
                Some((listener.name.clone(), listener.tls?.client_cert != model::ClientCertDemand::None))
            })
            .collect();
        let server =
            (!listeners.is_empty()).then(|| authority.issue(Wish::default()).write(folder, "server"));
        Self { authority, folder: folder.to_owned(), server, listeners, introduced: Cell::new(0) }
    }

    fn certificates(&self) -> Vec<(&str, CertificateFiles)> {
        let server = |files: &CertificateFiles| {
            self.listeners.iter().map(|(name, _)| (name.as_str(), files.clone())).collect()
        };
        self.server.as_ref().map(server).unwrap_or_default()
    }

    fn client_certs(&self) -> Vec<(&str, ClientCertFiles)> {
        let asking = self.listeners.iter().filter(|(_, asks)| *asks);
        asking
            .map(|(name, _)| (name.as_str(), self.authority.write_client_certs(&self.folder, None)))
            .collect()
    }

    fn connect(&self, gateway: &Gateway, artifact: &Artifact, request: &Request) -> io::Result<Caller> {
        let connection = &request.connection;
        let (_, listener) = connection.listener(artifact).expect("the simulated world has said so by now");
        let address = gateway.place(&listener.name);
        let mut caller = match address {
            ListenAddress::Unix { path, .. } => Caller::connect_unix(path)?,
            ListenAddress::Tcp(address) => Caller::connect(*address)?,
            ListenAddress::Passed(name) => unreachable!("nobody passes {name}"),
        };
        let introduction = listener.proxy_protocol.as_ref().map(|_| self.introduction(request.client));
        let introduction = introduction.unwrap_or_default();
        if listener.tls.is_none() || connection.is_plain {
            caller.send(&introduction);
            return Ok(caller);
        }
        let shown = connection.certificate.as_ref().map(|certificate| {
            let subject =
                certificate.subject.strip_prefix("CN=").expect("a common name is all there is here");
            let names: Vec<&str> = certificate.names.iter().map(String::as_str).collect();
            self.authority.issue(Wish { subject, names: &names, ..Wish::default() })
        });
        let name = connection.name(request.head(artifact).host());
        let here = || ServerName::from(IpAddr::from(Ipv4Addr::LOCALHOST));
        let name = name.map_or_else(here, |name| name.try_into().expect("it is a name"));
        caller.secure(&introduction, &Arc::new(client(shown.as_ref())), name)
    }

    /// The header of a proxy in front of this client. The two versions take turns.
    fn introduction(&self, client: Option<SocketAddr>) -> Vec<u8> {
        let Some(client) = client else { return proxy_header::block(0x20, 0x00, &[]) };
        let versions = [proxy_header::version_1, proxy_header::version_2];
        let turn = self.introduced.replace(self.introduced.get() + 1);
        versions[turn % versions.len()](client)
    }
}

/// Puts the requests in flight that the case wants: they are the case's own, to a service that keeps silent.
fn occupy(project: &Project, case: &Case, services: &Services, gateway: &Gateway) -> io::Result<Vec<Caller>> {
    let mut occupants = Vec::new();
    for busy in &case.in_flight {
        let upstream = services.scripted(&busy.upstream).expect("a service that is busy can be reached");
        for _ in 0..busy.count {
            upstream.will([Play::Stall(Vec::new())]);
            let mut request = case.steps[0].request.clone();
            request.lines.push(("user-agent".into(), OCCUPANT.into()));
            let mut caller = Caller::connect(gateway.address())?;
            caller.send(&written(&request, &project.artifact));
            upstream.wait_for(1);
            upstream.take_received();
            occupants.push(caller);
        }
    }
    Ok(occupants)
}

/// A request's bytes, as a caller sends them.
fn written(request: &Request, artifact: &Artifact) -> Vec<u8> {
    let head = request.head(artifact);
    let version = match head.version {
        Version::Http10 => "1.0",
        Version::Http11 => "1.1",
    };
    let mut text = format!("{} {} HTTP/{version}\r\n", head.method, head.target);
    write_lines(&mut text, &head.lines);
    let body = &request.body;
    let chunked = head.framing == gw_decision::Framing::Chunked && body.chunked;
    let mut bytes = text.into_bytes();
    if chunked && !body.bytes.is_empty() {
        bytes.extend_from_slice(format!("{:x}\r\n", body.bytes.len()).as_bytes());
    }
    bytes.extend_from_slice(&body.bytes);
    match (chunked, body.bytes.is_empty(), body.stalls) {
        (true, true, false) => bytes.extend_from_slice(b"0\r\n\r\n"),
        (true, false, false) => bytes.extend_from_slice(b"\r\n0\r\n\r\n"),
        _ => {}
    }
    bytes
}

fn write_lines(text: &mut String, lines: &[(String, String)]) {
    for (name, value) in lines {
        write!(text, "{name}: {value}\r\n").expect("writing into memory succeeds");
    }
    text.push_str("\r\n");
}
