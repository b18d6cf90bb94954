//! `gw lint`: what `gw validate` says, and what is only advice on a certain day.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use gw_compiler::{Date, Options};

use super::validate::Look;
use crate::args::FindingArgs;
use crate::failure::{Ending, Failure};
use crate::out::Out;

/// Validate projects and documents, and hold their waivers against a day.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw lint                              the project in this folder, today
  gw lint --all --fail-on warn         every project below; warnings say no, too
  gw lint --at 2027-01-31              as if it were that day
  gw lint --format json                with the findings that are waived, and why

A waiver that has expired accepts nothing, and is a warning itself; one that expires within two weeks is a note.")]
pub(crate) struct LintArgs {
    /// Project folders, gw.yaml files or OpenAPI documents; `-` is stdin.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Every gw.yaml at or below PATHS.
    #[arg(long)]
    all: bool,
    /// The day on which waivers must not have expired; today in UTC unless said.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// An overlay whose target selects nothing is an error.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    findings: FindingArgs,
}

/// Looks at every target on that day.
pub(crate) fn run(args: &LintArgs, out: &mut Out) -> Ending {
    let today = args.at.map_or_else(today, Ok)?;
    let look = Look {
        command: "lint",
        paths: &args.paths,
        all: args.all,
        options: Options { strict: args.strict, today: Some(today), ..Options::default() },
        bindings: None,
        findings: &args.findings,
    };
    look.run(out)
}

/// What day it is: for waivers, and for what is made today.
pub(crate) fn today() -> Result<Date, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    now.and_then(|since| Date::of_unix_seconds(since.as_secs())).ok_or_else(|| {
        Failure::io("the clock of this machine is before 1970 or behind 9999")
            .with_help("set the clock, or say which day it is with `--at 2027-01-31`")
    })
}
