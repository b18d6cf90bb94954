//! `gw demo`: one real request through a real gateway, without writing or configuring anything.

use std::fs::DirBuilder;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use gw_artifact::model::{EndpointAddress, UpstreamId};
use gw_compiler::{Entry, Options, Sealed};
use gw_runtime::bindings::{AdminAddress, Bindings, LogSink};
use gw_runtime::options::{ArtifactSource, BindingsSource};
use gw_runtime::{Running, ServeOptions, Signals};

use super::serve::refused;
use crate::dev::{Answers, Behind, StandIn};
use crate::examples;
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure, reason};
use crate::out::Out;
use crate::project::{Built, build_from, counted};
use crate::workspace::Overlay;

/// See a request go through a gateway: an example is compiled, served and asked.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw demo
  gw demo --keep        leave the gateway running, to ask it more")]
pub(crate) struct DemoArgs {
    /// Leave the gateway running until Ctrl-C.
    #[arg(long)]
    keep: bool,
}

/// The document's name in what is shown.
const DOCUMENT: &str = "petstore.yaml";
/// What is asked: one operation is open, one wants a key.
const PATHS: [&str; 2] = ["/v1/pets", "/v1/pets/1"];
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer that is shown.
const MAX_ANSWER: u64 = 64 * 1024;

/// Compiles, serves, asks, shows.
pub(crate) fn run(args: &DemoArgs, out: &mut Out) -> Ending {
    let built = compile();
    let sealed = built.sealed().ok_or_else(|| Failure::bug("the built-in example does not compile"))?;
    out.result(format_args!(
        "compiled  the petstore example: {}, artifact {}",
        counted(built.summary.operations, "operation"),
        gw_artifact::Digest::from(sealed.artifact_digest),
    ));
    let service = stand_in(sealed, &built)?;
    let log = if args.keep { None } else { Some(LogFile::new()?) };
    let running = serve(sealed, service.address(), log.as_ref())?;
    let gateway = running.address().ok_or_else(|| Failure::bug("the gateway has no address"))?;
    out.result(format_args!("service   http://{} answers from the document's examples", service.address()));
    out.result(format_args!("gateway   http://{gateway} is in front of it"));
    for path in PATHS {
        let answer = ask(gateway, path).map_err(|error| {
            Failure::unreachable(format!("the gateway does not answer: {}", reason(&error)))
        })?;
        show(path, &answer, out);
    }
    let Some(log) = log else {
        keep(running, gateway, out);
        return Ok(Exit::Clean);
    };
    running.stop();
    running.wait().map_err(refused)?;
    show_log(&log, out);
    next(out);
    Ok(Exit::Clean)
}

fn compile() -> Built {
    let files = Overlay::of([(DOCUMENT.to_owned(), examples::PETSTORE.as_bytes().to_vec())]);
    let entry = Entry::Document { path: DOCUMENT.to_owned() };
    // `dev` collects the examples that the service answers with; the document protects every operation itself.
    build_from(&entry, &files, Path::new(""), &Options { dev: true, ..Options::default() }).1
}

fn stand_in(sealed: &Sealed, built: &Built) -> Result<StandIn, Failure> {
    let answers = Answers::collect(sealed, UpstreamId(0), built);
    StandIn::start(Behind { answers, endpoints: None })
        .map_err(|error| Failure::io(format!("cannot start the service: {}", reason(&error))))
}

fn serve(sealed: &Sealed, service: SocketAddr, log: Option<&LogFile>) -> Result<Running, Failure> {
    let loaded = gw_artifact::decode(&sealed.bytes)
        .map_err(|defect| Failure::bug(format!("what was compiled does not load: {defect}")))?;
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let endpoint = EndpointAddress::plain(service.ip().to_string(), service.port());
    let upstream = sealed.artifact.upstreams()[0].name.clone();
    let sink = log.map_or(LogSink::Stdout, |log| LogSink::File(log.path.clone()));
    let mut options = ServeOptions::new(ArtifactSource::Loaded(Box::new(loaded)));
    options.bindings = BindingsSource::Read(Bindings {
        upstreams: [(upstream, vec![endpoint])].into(),
        admin: Some(AdminAddress::Tcp(free)),
        logs: Some(vec![sink]),
        ..Bindings::default()
    });
    options.listen = Some(free.into());
    // A demo that goes on ends with Ctrl-C; the other ends by itself.
    let signals = if log.is_none() { Signals::Heard } else { Signals::Ignored };
    gw_runtime::serve(options, signals).map_err(refused)
}

/// Sends one request over a real connection and gives the whole answer as it came.
fn ask(gateway: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&gateway, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {gateway}\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn show(path: &str, answer: &str, out: &mut Out) {
    out.result(format_args!("\n> GET {path}"));
    for line in answer.lines() {
        out.result(format!("< {line}").trim_end());
    }
}

fn show_log(log: &LogFile, out: &mut Out) {
    let lines = std::fs::read_to_string(&log.path).unwrap_or_default();
    out.result(format_args!("\nthe access log, one line for each:"));
    out.result(lines.trim_end());
}

fn keep(running: Running, gateway: SocketAddr, out: &mut Out) {
    out.result(format_args!(
        "\nit goes on until Ctrl-C; ask it:\n  curl -i http://{0}{1}\n  curl -i http://{0}{2} -H 'x-api-key: any'",
        gateway,
        PATHS[0],
        PATHS[1],
    ));
    out.flush();
    // What failed has said so.
    drop(running.wait());
}

fn next(out: &mut Out) {
    out.result(
        "\nnext:\n  gw init my-gateway                   write this example as a project of your own\n  \
         gw init --from openapi.yaml          write one around your document\n  \
         gw serve openapi.yaml --dev          answer from your document's examples, and watch it\n  \
         gw --help",
    );
}

/// A log file in a folder of this process alone, which goes away with it.
struct LogFile {
    folder: PathBuf,
    path: PathBuf,
}

impl LogFile {
    /// The folder is made here and by nobody else: a name that is taken is refused, not used.
    fn new() -> Result<Self, Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let folder = std::env::temp_dir().join(format!("gw-demo-{}-{now}", std::process::id()));
        DirBuilder::new().mode(0o700).create(&folder).map_err(|error| Failure::write(&folder, &error))?;
        Ok(Self { path: folder.join("access.log"), folder })
    }
}

impl Drop for LogFile {
    fn drop(&mut self) {
        // What cannot be taken away is one small folder among temporary files.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
