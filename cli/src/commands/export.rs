//! `gw export openapi`: the public document of an API.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use gw_compiler::export::{Fault, Gateway, Wish, openapi};
use gw_compiler::{Options, Outcome};

use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;
use crate::project::{build, told};
use crate::workspace::{locate, write_atomically};

/// Write what strangers may see of a project.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Openapi(OpenapiArgs),
}

/// Write the public document of an API: one file, without `x-gw-*`, with its overlays applied.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw export openapi                             the document of the only API, on standard output
  gw export openapi examples/shop --api orders -o orders.json
  gw export openapi --with-gateway              with what gw answers by itself, and where it publishes

The document is JSON, which every reader of YAML reads, in the order and with the numbers of its source. What
stands in other files becomes components of this one. Security schemes of gw.yaml that the document names are in it.

With --with-gateway: the problem schema; 400, 401, 403, 408, 413, 414, 431, 502, 503 and 504 at the operations that can be
answered so by this version, unless the document has the status or its range; `servers` where gw.yaml has `hosts`
or `base`, without a scheme, as what terminates TLS is not known. Limits that nothing enforces yet are not promised.")]
struct OpenapiArgs {
    /// A project folder, a gw.yaml or an OpenAPI document; `-` is stdin.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The API; needed where the project has several.
    #[arg(long, value_name = "NAME")]
    api: Option<String>,
    /// Tell what the gateway answers by itself, and where it publishes the API.
    #[arg(long)]
    with_gateway: bool,
    /// Where the document goes, instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes the document, unless anything speaks against compiling the project.
pub(crate) fn run(args: &ExportArgs, out: &mut Out) -> Ending {
    let What::Openapi(args) = &args.what;
    let target = locate(&args.path)?;
    out.progress(format_args!("compiling {}", args.path.display()));
    let (batch, built) = build(&target, &Options::default());
    if let Outcome::Refused { .. } = built.outcome {
        return Err(told(batch, &built, "nothing was exported", out));
    }
    let gateway = if args.with_gateway { Gateway::Told } else { Gateway::Unsaid };
    let wish = Wish { api: args.api.as_deref(), gateway };
    let document = openapi(&target.entry, &target.files, &wish).map_err(|fault| failure(args, fault))?;
    match &args.output {
        None => out.raw_result(document.as_bytes()),
        Some(path) => {
            write_atomically(path, document.as_bytes())?;
            out.note(format_args!("wrote {}", path.display()));
        }
    }
    Ok(Exit::Clean)
}

fn failure(args: &OpenapiArgs, fault: Fault) -> Failure {
    let message = fault.to_string();
    match fault {
        Fault::Several { known } => Failure::usage(message)
            .with_help(format!("name one of them with `--api`: `{}`", known.join("`, `"))),
        Fault::Unknown { known } => {
            let name = args.api.as_deref().unwrap_or_default();
            Failure::usage(format!("the project has no API `{name}`"))
                .with_help(format!("it has `{}`", known.join("`, `")))
        }
        Fault::Versions { .. } => Failure::refused(message)
            .with_help("one document has one version: convert the file that is referred to"),
        Fault::TooLong => Failure::refused(message),
        // It compiled a moment ago.
        Fault::Refused => Failure::io("the files changed while they were read"),
    }
}
