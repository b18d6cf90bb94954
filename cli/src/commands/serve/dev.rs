//! `serve --dev`: compile in memory, put stand-ins behind the gateway, watch, recompile, restart.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use gw_artifact::Artifact;
use gw_artifact::model::{EndpointAddress, EndpointScheme, OperationId, Upstream, UpstreamId};
use gw_compiler::{Options, Sealed};
use gw_runtime::bindings::{AdminAddress, Bindings, ListenAddress};
use gw_runtime::options::{ArtifactSource, BindingsSource};
use gw_runtime::{Running, ServeFault, ServeOptions, Signals};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::{Instant, interval, sleep};

use super::{ServeArgs, read_bindings, refused};
use crate::artifact_file::is_artifact;
use crate::dev::{Answers, Behind, Endpoints, Recorded, StandIn, Watch};
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure, reason};
use crate::out::Out;
use crate::project::{Built, build_from, counted};
use crate::report::Report;
use crate::workspace::{Target, locate};

/// How often files are looked at.
const LOOK: Duration = Duration::from_millis(500);
/// How long a restarted gateway waits for the addresses of the one before, whose last requests may take a while.
const HANDOVER: Duration = Duration::from_secs(40);
/// How often it tries meanwhile.
const TRY: Duration = Duration::from_millis(20);

/// Where traffic comes in unless said.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Serves and watches until a signal says stop.
pub(super) fn run(args: &ServeArgs, out: &mut Out) -> Ending {
    if is_artifact(&args.target) {
        return Err(Failure::usage(
            "`--dev` compiles in memory: name a project or a document, not an artifact",
        ));
    }
    let target = locate(&args.target)?;
    let bindings = bindings(args)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::bug(format!("cannot start: {}", reason(&error))))?;
    runtime.block_on(
        Session { args, target, bindings, listen: args.listen.clone(), stand_ins: BTreeMap::new() }
            .serve(out),
    )
}

/// One `serve --dev`, over all its restarts.
struct Session<'a> {
    args: &'a ServeArgs,
    target: Target,
    bindings: Bindings,
    /// Where traffic comes in; a free port, once found, stays.
    listen: Option<ListenAddress>,
    /// One for each upstream that has no endpoint of its own, or whose answers are to be marked.
    stand_ins: BTreeMap<String, StandIn>,
}

impl Session<'_> {
    async fn serve(mut self, out: &mut Out) -> Ending {
        let (built, mut watch) = self.compile(out);
        let Some(sealed) = built.sealed() else { return Ok(built.exit()) };
        let mut running = self.start(sealed, &built, HandOver::First).await?;
        let found = || running.listeners().first().map(|listener| listener.address.clone());
        self.listen = self.listen.take().and_then(|_| found());
        self.banner(&running, sealed, &built, out);
        let (mut terminated, mut interrupted) =
            (hear(SignalKind::terminate())?, hear(SignalKind::interrupt())?);
        let mut clock = interval(LOOK);
        loop {
            tokio::select! {
                _ = terminated.recv() => break,
                _ = interrupted.recv() => break,
                _ = clock.tick() => {}
            }
            if !watch.has_changed(&self.target.files) {
                continue;
            }
            let (built, now) = self.compile(out);
            watch = now;
            let Some(sealed) = built.sealed() else {
                out.say("the gateway goes on with what compiled before");
                continue;
            };
            running.stop();
            // Its last requests end beside the new gateway.
            std::thread::spawn(move || drop(running.wait()));
            running = self.start(sealed, &built, HandOver::From).await?;
            out.say(format_args!("recompiled: {}", counted(built.summary.operations, "operation")));
        }
        running.stop();
        let (ended, waiting) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            // What failed has said so.
            drop(running.wait());
            drop(ended);
        });
        // Whoever asks twice does not want to wait for the last requests.
        tokio::select! {
            _ = waiting => {}
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        Ok(Exit::Clean)
    }

    /// Compiles, reports, and says what to watch from now on.
    fn compile(&self, out: &mut Out) -> (Built, Watch) {
        let recorded = Recorded::new(&self.target.files);
        let (batch, built) = build_from(
            &self.target.entry,
            &recorded,
            &self.target.shown,
            &Options { dev: true, ..Options::default() },
        );
        Report::from(batch).tell(out);
        (built, recorded.watch())
    }

    async fn start(
        &mut self,
        sealed: &Sealed,
        built: &Built,
        handover: HandOver,
    ) -> Result<Running, Failure> {
        let mut bindings = self.bindings.clone();
        let mut stood_in = BTreeSet::new();
        for (index, upstream) in sealed.artifact.upstreams().iter().enumerate() {
            let endpoints = self.endpoints(upstream);
            let answers = Answers::collect(sealed, UpstreamId(index as u32), built);
            if endpoints.is_empty() || answers.any_unprotected() {
                let behind = Behind { answers, endpoints: Endpoints::new(plain(endpoints)) };
                let address = self.stand_in(&upstream.name, behind)?;
                bindings.upstreams.insert(upstream.name.clone(), vec![address]);
                bindings.upstream_tls.remove(&upstream.name);
                stood_in.insert(upstream.name.clone());
            } else {
                bindings.upstreams.insert(upstream.name.clone(), endpoints);
            }
        }
        bindings
            .upstreams
            .retain(|name, _| sealed.artifact.upstreams().iter().any(|known| known.name == *name));
        let deadline = Instant::now() + HANDOVER;
        loop {
            match gw_runtime::serve(self.options(sealed, bindings.clone(), &stood_in)?, Signals::Ignored) {
                Err(ServeFault::Listen { .. }) if handover == HandOver::From && Instant::now() < deadline => {
                    sleep(TRY).await;
                }
                started => return started.map_err(refused),
            }
        }
    }

    /// The real endpoints of an upstream, strongest word first: `--set`, bindings, project, `--upstream`.
    fn endpoints(&self, upstream: &Upstream) -> Vec<EndpointAddress> {
        let set = self.args.set.iter().filter(|setting| setting.upstream == upstream.name);
        let set: Vec<EndpointAddress> = set.map(|setting| setting.endpoint.clone()).collect();
        let bound = self.bindings.upstreams.get(&upstream.name).cloned().unwrap_or_default();
        let told = self.args.upstream.clone().into_iter().collect();
        [set, bound, upstream.endpoints.clone(), told]
            .into_iter()
            .find(|some| !some.is_empty())
            .unwrap_or_default()
    }

    fn stand_in(&mut self, upstream: &str, behind: Behind) -> Result<EndpointAddress, Failure> {
        let fault =
            |error: std::io::Error| Failure::io(format!("cannot start a stand-in: {}", reason(&error)));
        let address = if let Some(running) = self.stand_ins.get(upstream) {
            running.replace(behind);
            running.address()
        } else {
            let started = StandIn::start(behind).map_err(fault)?;
            let address = started.address();
            self.stand_ins.insert(upstream.to_owned(), started);
            address
        };
        Ok(EndpointAddress::plain(address.ip().to_string(), address.port()))
    }

    fn options(
        &self,
        sealed: &Sealed,
        bindings: Bindings,
        stood_in: &BTreeSet<String>,
    ) -> Result<ServeOptions, Failure> {
        let bug = |defect: &dyn Display| Failure::bug(format!("what was compiled does not load: {defect}"));
        let mut loaded = gw_artifact::decode(&sealed.bytes).map_err(|defect| bug(&defect))?;
        let mut tables = loaded.artifact.tables().clone();
        // A stand-in speaks plain HTTP, whatever the service that it stands for does.
        for upstream in tables.upstreams.iter_mut().filter(|upstream| stood_in.contains(&upstream.name)) {
            (upstream.tls, upstream.endpoints) = (None, Vec::new());
        }
        loaded.artifact = Artifact::new(tables).map_err(|defect| bug(&defect))?;
        let mut options = ServeOptions::new(ArtifactSource::Loaded(Box::new(loaded)));
        if sealed.artifact.listeners().len() == 1 && bindings.listen.is_empty() {
            options.listen = Some(self.listen.clone().unwrap_or_else(|| LISTEN.into()));
        }
        options.bindings = BindingsSource::Read(bindings);
        Ok(options)
    }

    fn banner(&self, running: &Running, sealed: &Sealed, built: &Built, out: &mut Out) {
        super::tell(running, out);
        let artifact = &sealed.artifact;
        let unprotected = artifact.operations().iter().enumerate();
        let unprotected =
            unprotected.filter(|(index, _)| built.is_unprotected(sealed, OperationId(*index as u32)));
        let unprotected: Vec<String> = unprotected
            .map(|(_, operation)| format!("  {} {}", operation.method, operation.template))
            .collect();
        if !unprotected.is_empty() {
            out.say(format_args!(
                "--dev: {} without declared security, served on loopback only, marked with `gw-dev`:",
                counted(unprotected.len(), "operation")
            ));
            for line in unprotected.iter().take(SHOWN) {
                out.say(line);
            }
            if unprotected.len() > SHOWN {
                out.say(format_args!("  and {} more", unprotected.len() - SHOWN));
            }
        }
        for upstream in artifact.upstreams() {
            let endpoints = self.endpoints(upstream);
            let why = match (endpoints.is_empty(), self.stand_ins.contains_key(&upstream.name)) {
                (true, _) => "is not bound",
                (false, true) if plain(endpoints).is_empty() => {
                    "is reached over TLS, and `--dev`, which marks answers, passes nothing on over it"
                }
                (false, _) => continue,
            };
            out.note(format_args!(
                "upstream `{}` {why}: answers come from the document's examples",
                upstream.name
            ));
        }
        out.note(format_args!("watching {}; stop with Ctrl-C", self.args.target.display()));
    }
}

/// The endpoints that a stand-in can pass requests on to.
fn plain(mut endpoints: Vec<EndpointAddress>) -> Vec<EndpointAddress> {
    endpoints.retain(|endpoint| endpoint.scheme == EndpointScheme::Http);
    endpoints
}

/// How many unprotected operations the banner names.
const SHOWN: usize = 20;

/// Whether a gateway before may still hold the addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HandOver {
    First,
    From,
}

fn hear(kind: SignalKind) -> Result<tokio::signal::unix::Signal, Failure> {
    signal(kind).map_err(|error| Failure::bug(format!("cannot hear signals: {}", reason(&error))))
}

/// The bindings, with every address on loopback and the admin address out of the way of another gateway.
fn bindings(args: &ServeArgs) -> Result<Bindings, Failure> {
    let mut bindings = args.bindings.as_deref().map(read_bindings).transpose()?.unwrap_or_default();
    if let Some(address) = &args.listen {
        bindings.listen.values_mut().for_each(|bound| bound.clone_from(address));
    }
    bindings.admin = Some(match args.admin.clone().or(bindings.admin) {
        Some(admin) => admin,
        None => AdminAddress::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
    });
    let admin = match &bindings.admin {
        Some(AdminAddress::Tcp(address)) => Some(*address),
        _ => None,
    };
    let listening = || bindings.listen.values().chain(&args.listen);
    if let Some(passed) = listening().find(|address| matches!(address, ListenAddress::Passed(_))) {
        let message = format!("`--dev` listens on loopback addresses that it opens itself, not on {passed}");
        return Err(Failure::usage(message));
    }
    // A Unix socket is on no network.
    let listen = listening().filter_map(ListenAddress::tcp);
    let open = listen.chain(bindings.health).chain(admin);
    match open.into_iter().find(|address| !address.ip().is_loopback()) {
        Some(address) => {
            Err(Failure::usage(format!("`--dev` listens on loopback addresses only, not on {address}"))
                .with_help(
                    "operations without declared security are served: compile and serve the artifact instead",
                ))
        }
        None => Ok(bindings),
    }
}
