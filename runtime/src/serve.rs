//! From options to a gateway at work: read, check, bind, start; nothing is started before everything is bound.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{Builder as ThreadBuilder, JoinHandle};

use gw_artifact::bounds::ceilings::SCRAPES;
use gw_artifact::model::{ListenerId, Node};
use gw_artifact::{Artifact, Digest, Loaded};
use gw_decision::UrlScheme;
use gw_engines::EngineRoom;
use tokio::sync::Semaphore;

use crate::THREADS;
use crate::admin::{self, Control};
use crate::bindings::{self, AdminAddress, BindingDefect, Bindings, ListenAddress, Resolved, ResolvedTls};
use crate::fault::ServeFault;
use crate::gateway::{Ceilings, Digests, Gateway};
use crate::keys::KeySets;
use crate::limits::Room;
use crate::listener::{Entrance, Passed, bind_group, bind_one, bind_unix, take_passed};
use crate::options::{ArtifactSource, BindingsSource, ServeOptions};
use crate::shutdown::{self, Stop};
use crate::telemetry::{self, LogBuffer, LogWriter, Metrics, Sink};
use crate::thread;
use crate::tls::{Dialer, Dialers, Door, Doors};
use crate::vital::Fate;

/// A gateway at work. Dropping it leaves it at work; [`stop`](Running::stop) and [`wait`](Running::wait) end it.
#[derive(Debug)]
pub struct Running {
    listeners: Vec<Listening>,
    admin: AdminAddress,
    health: Option<SocketAddr>,
    room: Room,
    stop: Stop,
    end: Stop,
    control: JoinHandle<()>,
    threads: Vec<JoinHandle<()>>,
    log: Option<LogWriter>,
    fate: Fate,
}

/// One listener at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// Its name in the artifact.
    pub name: String,
    /// The address that it really has.
    pub address: ListenAddress,
    /// What is spoken there: `http` or `https`.
    pub scheme: UrlScheme,
}

impl fmt::Display for Listening {
    /// Writes the URL and the name: `https://127.0.0.1:8443 (public)`; or `unix:/run/gw.sock (public, https)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, address, scheme } = self;
        match address {
            ListenAddress::Tcp(address) => write!(f, "{}://{address} ({name})", scheme.as_str()),
            ListenAddress::Unix { .. } | ListenAddress::Passed(_) => {
                write!(f, "{address} ({name}, {})", scheme.as_str())
            }
        }
    }
}

/// Whether the process's signals move the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signals {
    /// SIGTERM and SIGINT stop it, SIGHUP opens the log's file again.
    Heard,
    /// They are somebody else's.
    Ignored,
}

/// Starts a gateway: reads the artifact and the bindings, checks one against the other, binds every address, then
/// starts the threads.
///
/// # Errors
/// The first stage that fails says why; of the bindings, everything at once.
pub fn serve(options: ServeOptions, signals: Signals) -> Result<Running, ServeFault> {
    let mut options = options;
    let loaded = load(std::mem::replace(&mut options.artifact, ArtifactSource::File(PathBuf::new())))?;
    let (bindings, bindings_digest) = bindings(&mut options.bindings)?;
    let resolved = bindings::resolve(&loaded.artifact, bindings, &options).map_err(ServeFault::Bindings)?;
    let threads = options.threads.map_or_else(cores, NonZeroUsize::get);
    let endpoints = resolved.endpoints.iter().map(Vec::len).sum::<usize>();
    let count = |number| u32::try_from(number).unwrap_or(u32::MAX);
    let node = Node { threads: count(threads), endpoints: count(endpoints) };
    let room = Room::of(&loaded.manifest.bounds, node)?;
    let sockets = Sockets::bind(&loaded.artifact, &resolved, threads, room)?;
    let log = resolved.log.as_ref().map(telemetry::open).transpose()?;
    let digests = Digests {
        artifact: loaded.artifact_digest.to_string(),
        policy: loaded.policy_digest.to_string(),
        bindings: bindings_digest.to_string(),
    };
    start(loaded, digests, &resolved, sockets, log, &options, signals)
}

fn load(source: ArtifactSource) -> Result<Loaded, ServeFault> {
    match source {
        ArtifactSource::Loaded(loaded) => Ok(*loaded),
        ArtifactSource::File(path) => {
            let unreadable = |source| ServeFault::ArtifactUnreadable { path: path.clone(), source };
            let bytes = std::fs::read(&path).map_err(unreadable)?;
            gw_artifact::decode(&bytes).map_err(|defect| ServeFault::ArtifactRefused {
                name: path.display().to_string(),
                defect: defect.to_string(),
            })
        }
    }
}

fn bindings(source: &mut BindingsSource) -> Result<(Bindings, Digest), ServeFault> {
    match std::mem::replace(source, BindingsSource::None) {
        BindingsSource::None => Ok((Bindings::default(), Digest::of(b""))),
        BindingsSource::Read(bindings) => {
            let digest = Digest::of(format!("{bindings:?}").as_bytes());
            Ok((bindings, digest))
        }
        BindingsSource::File(path) => {
            let unreadable = |source| ServeFault::BindingsUnreadable { path: path.clone(), source };
            let text = std::fs::read_to_string(&path).map_err(unreadable)?;
            let bindings = bindings::read(&text).map_err(ServeFault::Bindings)?;
            Ok((bindings, Digest::of(text.as_bytes())))
        }
    }
}

/// Reads the files of every listener that speaks TLS, and of every upstream that is reached over it; what is wrong with them
/// is told all at once.
fn handshakes(resolved: &Resolved) -> Result<(Doors, Dialers), ServeFault> {
    let (mut doors, mut dialers, mut defects) = (Vec::new(), Vec::new(), Vec::new());
    for ResolvedTls { listener, name, policy, certificates, clients } in &resolved.tls {
        match Door::open(*policy, certificates.clone(), clients.clone()) {
            Ok(door) => doors.push((*listener, name.clone(), Arc::new(door))),
            Err(found) => {
                defects.extend(
                    found.iter().map(|defect| BindingDefect::new(format!("tls.{name}"), defect.to_string())),
                );
            }
        }
    }
    for upstream in &resolved.upstream_tls {
        let opened =
            upstream.as_ref().map(|tls| Dialer::open(tls).map(|dialer| (tls.upstream.clone(), dialer)));
        let opened = opened.transpose().map_err(|found| {
            let key =
                upstream.as_ref().map(|tls| format!("upstream-tls.{}", tls.upstream)).unwrap_or_default();
            defects.extend(found.iter().map(|defect| BindingDefect::new(key.clone(), defect.to_string())));
        });
        dialers.push(opened.ok().flatten());
    }
    if !defects.is_empty() {
        return Err(ServeFault::Bindings(defects));
    }
    let counts: Vec<usize> = resolved.endpoints.iter().map(Vec::len).collect();
    Ok((Doors::new(doors), Dialers::new(&counts, dialers)))
}

/// Reads the sets of API keys; what is wrong with them is told all at once.
fn keys(resolved: &Resolved) -> Result<KeySets, ServeFault> {
    KeySets::open(&resolved.keys).map_err(|defects| {
        let defect = |(name, defect): (String, crate::tls::FileDefect)| {
            BindingDefect::new(format!("keys.{name}"), defect.to_string())
        };
        ServeFault::Bindings(defects.into_iter().map(defect).collect())
    })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// One listener where it is, with one entrance per thread.
struct Bound {
    id: ListenerId,
    name: String,
    address: ListenAddress,
    entrances: Vec<Entrance>,
}

/// Every socket, bound before anything starts, and what is spoken there.
struct Sockets {
    threads: usize,
    /// How many connections they may bring.
    room: Room,
    /// TLS at the listeners that speak it, and to the upstreams that are reached over it.
    handshakes: (Doors, Dialers),
    keys: KeySets,
    /// For each listener, where it is, and one entrance per thread.
    traffic: Vec<Bound>,
    admin: admin::Socket,
    health: Option<TcpListener>,
}

/// Opens a listener for every thread; with it comes the address that it really has.
fn enter(address: &ListenAddress, threads: usize) -> io::Result<(ListenAddress, Vec<Entrance>)> {
    match address {
        ListenAddress::Tcp(address) => {
            let group = bind_group(*address, threads)?;
            let address = group[0].local_addr()?;
            Ok((address.into(), group.into_iter().map(Entrance::Tcp).collect()))
        }
        ListenAddress::Unix { path, mode } => {
            let (socket, file) = bind_unix(path, *mode)?;
            let file = Arc::new(file);
            let share = |_| Ok(Entrance::Unix(socket.try_clone()?, Arc::clone(&file)));
            Ok((address.clone(), (0..threads).map(share).collect::<io::Result<_>>()?))
        }
        // It is nobody's to open.
        ListenAddress::Passed(_) => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// The same for a socket that was passed.
fn share(socket: &Passed, name: &str, threads: usize) -> io::Result<(ListenAddress, Vec<Entrance>)> {
    let entrances = (0..threads).map(|_| socket.share()).collect::<io::Result<_>>()?;
    Ok((socket.address(name), entrances))
}

/// The sockets that the service manager passes, with their names, if a listener is bound to any; all of them must be wanted,
/// and come from where the listener's callers do.
fn passed(
    artifact: &Artifact,
    listen: &[(ListenerId, String, ListenAddress)],
) -> Result<Vec<(String, Passed)>, ServeFault> {
    let wanted = |(id, _, address): &'_ (ListenerId, String, ListenAddress)| match address {
        ListenAddress::Passed(name) => Some((*id, name.clone())),
        ListenAddress::Tcp(_) | ListenAddress::Unix { .. } => None,
    };
    let wanted: Vec<(ListenerId, String)> = listen.iter().filter_map(wanted).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let names: BTreeSet<&str> = wanted.iter().map(|(_, name)| name.as_str()).collect();
    let sockets = take_passed(&names).map_err(ServeFault::Bindings)?;
    let nobody = wanted.iter().flat_map(|(id, name)| {
        let its = sockets.iter().filter(move |(known, _)| known == name);
        its.filter_map(|(_, socket)| {
            bindings::nobody_comes(&artifact.listeners()[id.index()], socket.is_unix())
        })
    });
    let defects: Vec<BindingDefect> = nobody.collect();
    if defects.is_empty() { Ok(sockets) } else { Err(ServeFault::Bindings(defects)) }
}

impl Sockets {
    fn bind(
        artifact: &Artifact,
        resolved: &Resolved,
        threads: usize,
        room: Room,
    ) -> Result<Self, ServeFault> {
        let fault = |address: String, purpose: &str, source| {
            let purpose = purpose.to_owned();
            ServeFault::Listen { address, purpose, source }
        };
        let handshakes = handshakes(resolved)?;
        let keys = keys(resolved)?;
        let passed = passed(artifact, &resolved.listen)?;
        let mut traffic = Vec::new();
        for (id, name, address) in &resolved.listen {
            let entered = match address {
                ListenAddress::Passed(known) => {
                    let its = passed.iter().filter(|(name, _)| name == known);
                    its.map(|(_, socket)| share(socket, known, threads)).collect()
                }
                address => enter(address, threads).map(|entered| vec![entered]),
            };
            let entered: Vec<_> =
                entered.map_err(|source| fault(address.to_string(), &format!("listener {name}"), source))?;
            traffic.extend(entered.into_iter().map(|(address, entrances)| Bound {
                id: *id,
                name: name.clone(),
                address,
                entrances,
            }));
        }
        let admin = match &resolved.admin {
            AdminAddress::Tcp(address) => bind_one(*address).map(admin::Socket::Tcp),
            AdminAddress::Unix(path) => {
                bind_unix(path, None).map(|(socket, file)| admin::Socket::Unix(socket, file))
            }
        };
        let admin = admin.map_err(|source| fault(resolved.admin.to_string(), "admin", source))?;
        let health = resolved
            .health
            .map(|address| bind_one(address).map_err(|source| fault(address.to_string(), "health", source)));
        Ok(Self { threads, room, handshakes, keys, traffic, admin, health: health.transpose()? })
    }
}

fn start(
    loaded: Loaded,
    digests: Digests,
    resolved: &Resolved,
    sockets: Sockets,
    log: Option<Sink>,
    options: &ServeOptions,
    signals: Signals,
) -> Result<Running, ServeFault> {
    let Sockets { threads, room: capacity, handshakes: (doors, dialers), keys, mut traffic, admin, health } =
        sockets;
    let artifact = Arc::new(loaded.artifact);
    let metrics = Arc::new(Metrics::new(threads, artifact.operations().len(), artifact.upstreams().len()));
    let max_exchanges = options.max_exchanges.unwrap_or(EngineRoom::DEFAULT_MAX_EXCHANGES);
    let room = EngineRoom::new(&artifact, resolved.endpoints.clone(), max_exchanges)
        .expect("`resolve` gives one list per upstream");
    let listeners = traffic.iter().map(|bound| (bound.name.clone(), bound.address.clone())).collect();
    let listening = traffic.iter().map(|bound| Listening {
        name: bound.name.clone(),
        address: bound.address.clone(),
        scheme: if doors.at(bound.id).is_some() { UrlScheme::Https } else { UrlScheme::Http },
    });
    let listening: Vec<Listening> = listening.collect();
    let ceilings = Ceilings { room: capacity, waits: options.waits };
    let read = (doors, dialers, keys);
    let gateway = Gateway::new(artifact, digests, listeners, read, room, &resolved.endpoints, ceilings);
    let gateway = Arc::new(gateway);
    let ((stop, stopping), (end, ended)) = (shutdown::channel(), shutdown::channel());
    let fate = Fate::new(stop.clone());
    let log = log.map(|sink| sink.start(fate.thread())).transpose()?;
    let admin_address = admin.address().map_err(ServeFault::Start)?;
    let health_address =
        health.as_ref().map(TcpListener::local_addr).transpose().map_err(ServeFault::Start)?;

    let mut running = Vec::new();
    for (at, metrics) in metrics.threads().iter().enumerate() {
        let doors = traffic.iter_mut().filter_map(|bound| Some((bound.id, bound.entrances.pop()?)));
        let thread = thread::Traffic {
            gateway: Arc::clone(&gateway),
            metrics: Arc::clone(metrics),
            log: log.as_ref().map_or_else(LogBuffer::nowhere, LogWriter::buffer),
            doors: doors.collect(),
            stopping: stopping.clone(),
        };
        running.push(spawn(&at.to_string(), &fate, move || thread.run())?);
    }
    let reopen = log.as_ref().map(LogWriter::reopener);
    let control = Control {
        gateway: Arc::clone(&gateway),
        metrics,
        scrapes: Arc::new(Semaphore::new(SCRAPES as usize)),
        stop: stop.clone(),
        stopping,
        ended,
        reopen,
        signals,
    };
    let control = spawn("control", &fate, move || control.run(admin, health))?;
    gateway.set_ready(true);
    Ok(Running {
        listeners: listening,
        admin: admin_address,
        health: health_address,
        room: capacity,
        stop,
        end,
        control,
        threads: running,
        log,
        fate,
    })
}

/// Starts a thread that the gateway cannot go on without.
fn spawn(
    name: &str,
    fate: &Fate,
    body: impl FnOnce() -> std::io::Result<()> + Send + 'static,
) -> Result<JoinHandle<()>, ServeFault> {
    let name = format!("{THREADS}{name}");
    let (held, fate, told) = (fate.thread(), fate.clone(), name.clone());
    let body = move || {
        let _held = held;
        if let Err(fault) = body() {
            crate::complain(&format!("thread `{told}` ends, and the gateway with it: {fault}"));
            fate.seal();
        }
    };
    ThreadBuilder::new().name(name).spawn(body).map_err(ServeFault::Start)
}

impl Running {
    /// The listeners.
    pub fn listeners(&self) -> &[Listening] {
        &self.listeners
    }

    /// The address of the first listener that has one, and no Unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listeners.iter().find_map(|listener| listener.address.tcp())
    }

    /// Where the gateway is asked.
    pub fn admin(&self) -> &AdminAddress {
        &self.admin
    }

    /// Where it is asked for its health alone, if anywhere.
    pub fn health(&self) -> Option<SocketAddr> {
        self.health
    }

    /// How many connections there is room for, and what they can take.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// Stops accepting; what runs is finished, idle connections end with their next response or the deadline.
    pub fn stop(&self) {
        self.stop.tell();
    }

    /// Waits until everything has ended and every log line is written.
    ///
    /// # Errors
    /// [`ServeFault::Failed`] when the gateway ended because a thread failed.
    pub fn wait(self) -> Result<(), ServeFault> {
        let Self { end, control, threads, log, fate, .. } = self;
        // A thread that panicked has said so; the others are still to be waited for.
        for thread in threads {
            drop(thread.join());
        }
        end.tell();
        drop(control.join());
        if let Some(log) = log {
            log.close();
        }
        if fate.is_sealed() { Err(ServeFault::Failed) } else { Ok(()) }
    }
}
