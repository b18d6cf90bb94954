//! `gw compile`: one project or document becomes one artifact, the same bytes from the same files.

use std::path::{Path, PathBuf};

use clap::Args;
use gw_artifact::Digest;
use gw_artifact::model::Node;
use gw_compiler::{Options, Sealed};
use gw_syntax::Code;
use serde_json::{Value, json};

use crate::args::{FindingArgs, FindingFormat};
use crate::commands::inspect::bounds;
use crate::exit_code::Exit;
use crate::failure::Ending;
use crate::out::Out;
use crate::project::{Built, build, check_loads, counted};
use crate::report::Report;
use crate::workspace::{locate, write_atomically};

/// Compile a project or a document into an artifact.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw compile -o api.gwa                the project in this folder
  gw compile openapi.yaml -o api.gwa   a bare document, with secure defaults
  gw compile examples/shop -o shop.gwa --format json

The artifact is written whole or not at all: an older one stays as it is when anything is wrong.")]
pub(crate) struct CompileArgs {
    /// A project folder, a gw.yaml or an OpenAPI document; `-` is stdin.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Where the artifact goes.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Refuse a gw.lock that pins what nothing names any more.
    #[arg(long)]
    locked: bool,
    /// An overlay whose target selects nothing is an error.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    findings: FindingArgs,
}

/// The code of a pin that nothing asks for.
const UNUSED_PIN: Code = Code(10);

/// Compiles, reports, and writes the artifact if nothing speaks against it.
pub(crate) fn run(args: &CompileArgs, out: &mut Out) -> Ending {
    let target = locate(&args.path)?;
    out.progress(format_args!("compiling {}", args.path.display()));
    let options = Options { strict: args.strict, ..Options::default() };
    let (batch, built) = build(&target, &options);
    let report = Report::from(batch);
    let stale = args.locked && report.holds(UNUSED_PIN);
    let verdict = if stale { Exit::Refused } else { Exit::Clean };
    let exit = built.exit().worse(verdict).worse(report.exit(args.findings.fail_on.severity()));
    let sealed = built.sealed().filter(|_| exit == Exit::Clean);
    if let Some(sealed) = sealed {
        check_loads(sealed)?;
        write_atomically(&args.output, &sealed.bytes)?;
    }
    let result = json!({"artifact": sealed.map(|sealed| facts(&args.output, &built, sealed))});
    report.publish(&args.findings, &report.document("compile", exit, result), out)?;
    match (sealed, args.findings.format) {
        (Some(sealed), FindingFormat::Human) => tell(&args.output, &built, sealed, out),
        (None, FindingFormat::Human) => {
            out.note(format_args!("`{}` was not written", args.output.display()));
        }
        (_, FindingFormat::Json | FindingFormat::Sarif | FindingFormat::Github) => {}
    }
    Ok(exit)
}

fn tell(output: &Path, built: &Built, sealed: &Sealed, out: &mut Out) {
    out.result(format_args!("wrote     {}", output.display()));
    out.result(format_args!("artifact  {}", Digest::from(sealed.artifact_digest)));
    out.result(format_args!("policy    {}", Digest::from(sealed.policy_digest)));
    out.result(format_args!("memory    {}", bounds::in_short(&sealed.bounds, Node::least(&sealed.artifact))));
    out.result(format_args!(
        "size      {} bytes, {} in {}",
        sealed.bytes.len(),
        counted(built.summary.operations, "operation"),
        counted(built.summary.apis, "API"),
    ));
}

fn facts(output: &Path, built: &Built, sealed: &Sealed) -> Value {
    json!({
        "path": output.display().to_string(),
        "artifact_digest": Digest::from(sealed.artifact_digest),
        "policy_digest": Digest::from(sealed.policy_digest),
        "bytes": sealed.bytes.len(),
        "memory_bound_bytes": sealed.bounds.least,
        "files": built.summary.files,
        "apis": built.summary.apis,
        "operations": built.summary.operations,
    })
}
