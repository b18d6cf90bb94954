//! `gw serve`: an artifact at work, or, with `--dev`, a document that answers and is watched.

mod dev;

use std::path::{Path, PathBuf};

use clap::Args;
use gw_artifact::model::EndpointAddress;
use gw_runtime::bindings::{AdminAddress, Bindings, ListenAddress};
use gw_runtime::options::{ArtifactSource, BindingsSource, Setting};
use gw_runtime::{Running, ServeFault, ServeOptions, Signals};

use crate::artifact_file::is_artifact;
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;

/// Run an artifact; with --dev, compile in memory, watch and recompile.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw serve api.gwa --bindings bindings/prod.toml
  gw serve api.gwa --set upstreams.orders=http://127.0.0.1:9001 --listen 127.0.0.1:8000
  gw serve openapi.yaml --dev                    answer from the document's examples
  gw serve . --dev --upstream http://127.0.0.1:9001

With --dev the gateway listens on loopback addresses only. An operation without declared security is served there
all the same, and its answers carry a `gw-dev` header; such an artifact is never written. Where no upstream is bound,
answers come from the document's examples.")]
pub(crate) struct ServeArgs {
    /// The artifact; with --dev a project folder, a gw.yaml or an OpenAPI document.
    target: PathBuf,
    /// This node's half: addresses, endpoints, sinks (TOML).
    #[arg(long, value_name = "FILE")]
    bindings: Option<PathBuf>,
    /// Where traffic comes in, over the bindings: an address, unix:/path or systemd:NAME [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDR")]
    listen: Option<ListenAddress>,
    /// Where the gateway is asked, over the bindings: an address or unix:/path [default: 127.0.0.1:9901].
    #[arg(long, value_name = "ADDR")]
    admin: Option<AdminAddress>,
    /// One endpoint of one upstream, over bindings and artifact; may be repeated.
    #[arg(long, value_name = "upstreams.NAME=URL")]
    set: Vec<Setting>,
    /// Compile in memory, watch the files, recompile when one changes.
    #[arg(long)]
    dev: bool,
    /// With --dev: where every upstream is that nothing else binds.
    #[arg(long, value_name = "URL", requires = "dev")]
    upstream: Option<EndpointAddress>,
}

/// Serves until a signal says stop.
pub(crate) fn run(args: ServeArgs, out: &mut Out) -> Ending {
    if args.dev {
        return dev::run(&args, out);
    }
    if is_source(&args.target) {
        return Err(Failure::usage(format!("`{}` is not an artifact", args.target.display())).with_help(format!(
            "compile it (`gw compile {0} -o api.gwa`) and serve what comes out, or try it with `gw serve {0} --dev`",
            args.target.display()
        )));
    }
    let mut options = ServeOptions::new(ArtifactSource::File(args.target));
    options.bindings = args.bindings.map_or(BindingsSource::None, BindingsSource::File);
    (options.listen, options.admin, options.set) = (args.listen, args.admin, args.set);
    let running = gw_runtime::serve(options, Signals::Heard).map_err(refused)?;
    tell(&running, out);
    running.wait().map_err(refused)?;
    Ok(Exit::Clean)
}

/// Whether a path names what artifacts are made of.
fn is_source(target: &Path) -> bool {
    let is_text = target.extension().is_some_and(|extension| {
        ["yaml", "yml", "json"].iter().any(|text| extension.eq_ignore_ascii_case(text))
    });
    target.is_dir() || is_text && !is_artifact(target)
}

/// Says where the gateway listens.
fn tell(running: &Running, out: &mut Out) {
    for listener in running.listeners() {
        out.say(format_args!("listening on {listener}"));
    }
    out.note(format_args!("admin on {}", running.admin()));
    out.note(running.room());
    if let Some(health) = running.health() {
        out.note(format_args!("health and metrics on http://{health}"));
    }
}

/// Why the gateway does not serve, with the exit code of the public table.
pub(crate) fn refused(fault: ServeFault) -> Failure {
    match &fault {
        ServeFault::Usage(_) => Failure::usage(fault),
        ServeFault::ArtifactRefused { .. } => Failure::not_understood(fault),
        ServeFault::Bindings(_) | ServeFault::Memory { .. } => Failure::bindings(fault),
        ServeFault::ArtifactUnreadable { .. }
        | ServeFault::BindingsUnreadable { .. }
        | ServeFault::Listen { .. }
        | ServeFault::Log { .. } => Failure::io(without_numbers(&fault.to_string())),
        ServeFault::Start(_) | ServeFault::Failed => Failure::bug(fault),
    }
}

/// The system's words without the system's numbers.
fn without_numbers(text: &str) -> &str {
    text.split(" (os error").next().unwrap_or(text)
}

/// Reads a bindings file: exit 74 where it cannot be read, 78 where it is wrong.
pub(crate) fn read_bindings(path: &Path) -> Result<Bindings, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::read(path, &error))?;
    gw_runtime::bindings::read(&text).map_err(|defects| refused(ServeFault::Bindings(defects)))
}
