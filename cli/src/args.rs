//! The command line: global flags, the verbs, and what several verbs share.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use gw_syntax::Severity;

use crate::commands;
use crate::out::ColorChoice;

/// A gateway that is compiled from OpenAPI documents.
#[derive(Debug, Parser)]
#[command(
    name = "gw",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:
  gw demo                             see a request go through a gateway
  gw init --from openapi.yaml         write a project around a document
  gw serve openapi.yaml --dev         answer from the document's examples, and watch it
  gw compile -o api.gwa && gw serve api.gwa

Exit codes: 0 clean, 1 a verdict says no, 3 input not understood, 64 usage, 69 unreachable,
70 a bug in gw, 74 cannot read or write, 78 bindings missing or invalid."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every verb understands.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Work as if started in this folder.
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(crate) directory: Option<PathBuf>,
    /// When to use colours; `NO_COLOR` turns `auto` off.
    #[arg(long, value_enum, default_value_t, global = true, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
    /// Say nothing but results, findings and failures.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say how far the work is, also in a pipe.
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

/// The verbs, one file each.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(commands::init::InitArgs),
    Validate(commands::validate::ValidateArgs),
    Lint(commands::lint::LintArgs),
    Compile(commands::compile::CompileArgs),
    Lock(commands::lock::LockArgs),
    Key(commands::key::KeyArgs),
    Inspect(commands::inspect::InspectArgs),
    Test(commands::test::TestArgs),
    DryRun(commands::dry_run::DryRunArgs),
    Serve(commands::serve::ServeArgs),
    Explain(commands::explain::ExplainArgs),
    Export(commands::export::ExportArgs),
    Schema(commands::schema::SchemaArgs),
    Completions(commands::completions::CompletionsArgs),
    Demo(commands::demo::DemoArgs),
}

/// How results and findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Human,
    /// For programs: one JSON document with `format_version`, on stdout.
    Json,
}

/// How findings are written, and with them the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingFormat {
    /// For people.
    #[default]
    Human,
    /// For programs: one JSON document with `format_version`, on stdout.
    Json,
    /// For code scanning: one SARIF 2.1.0 log, on stdout.
    Sarif,
    /// For GitHub Actions: one annotation a line, on stdout, the worst first, as GitHub shows ten of a level for a step.
    Github,
}

/// From which severity on findings make a command say no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Only errors.
    #[default]
    Error,
    /// Warnings and errors.
    Warn,
    /// Any finding.
    Info,
}

impl FailOn {
    /// The least severity that says no.
    pub(crate) const fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warn => Severity::Warning,
            Self::Info => Severity::Info,
        }
    }
}

/// What verbs with findings share.
#[derive(Debug, Args)]
pub(crate) struct FindingArgs {
    /// How results and findings are written.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: FindingFormat,
    /// Also write the findings to FILE, in the same format.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// The least severity that makes the exit code 1.
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
}
