//! `gw validate`: everything that compiling finds, without writing anything.

use std::path::{Path, PathBuf};

use clap::Args;
use gw_artifact::Digest;
use gw_compiler::{Options, Sealed};
use gw_runtime::{ServeFault, bindings};
use serde_json::{Value, json};

use super::serve::{read_bindings, refused};
use crate::args::{FindingArgs, FindingFormat};
use crate::exit_code::Exit;
use crate::failure::{Ending, Failure};
use crate::out::Out;
use crate::project::{Built, build, check_loads, counted};
use crate::report::Report;
use crate::workspace::{every_project_below, locate};

/// Check projects and documents, and load what comes out with the runtime's own loader.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  gw validate                          the project in this folder
  gw validate openapi.yaml             a bare document, with secure defaults
  gw validate --all                    every gw.yaml at or below this folder
  gw validate --bindings bindings/prod.toml
  cat openapi.yaml | gw validate --format json -

Equal files get equal answers on any day; `gw lint` also asks which day it is.")]
pub(crate) struct ValidateArgs {
    /// Project folders, gw.yaml files or OpenAPI documents; `-` is stdin.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Every gw.yaml at or below PATHS.
    #[arg(long)]
    all: bool,
    /// Also check this node's bindings against the artifact.
    #[arg(long, value_name = "FILE")]
    bindings: Option<PathBuf>,
    /// An overlay whose target selects nothing is an error.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    findings: FindingArgs,
}

/// Validates every target.
pub(crate) fn run(args: &ValidateArgs, out: &mut Out) -> Ending {
    let look = Look {
        command: "validate",
        paths: &args.paths,
        all: args.all,
        options: Options { strict: args.strict, ..Options::default() },
        bindings: args.bindings.as_deref(),
        findings: &args.findings,
    };
    look.run(out)
}

/// A look at projects and documents that writes nothing but a report.
#[derive(Debug)]
pub(super) struct Look<'a> {
    /// The verb.
    pub(super) command: &'static str,
    /// What is looked at.
    pub(super) paths: &'a [PathBuf],
    /// Whether every project below is meant.
    pub(super) all: bool,
    /// How it is compiled.
    pub(super) options: Options,
    /// A node's half.
    pub(super) bindings: Option<&'a Path>,
    /// How it is told.
    pub(super) findings: &'a FindingArgs,
}

impl Look<'_> {
    /// Reports all findings in one go. What cannot be read is told behind them.
    pub(super) fn run(&self, out: &mut Out) -> Ending {
        let mut report = Report::default();
        let mut exit = Exit::Clean;
        let mut failures = Vec::new();
        let mut rows = Vec::new();
        for path in self.wanted()? {
            out.progress(format_args!("compiling {}", path.display()));
            let checked = locate(&path).and_then(|target| {
                let (batch, built) = build(&target, &self.options);
                report.push(batch);
                exit = exit.worse(built.exit());
                rows.push((sentence(&path, &built), row(&path, &built)));
                built.sealed().map_or(Ok(()), |sealed| check_sealed(sealed, self.bindings))
            });
            failures.extend(checked.err());
        }
        exit = failures.iter().map(|failure| failure.exit).fold(exit, Exit::worse);
        exit = exit.worse(report.exit(self.findings.fail_on.severity()));
        let projects: Vec<&Value> = rows.iter().map(|(_, row)| row).collect();
        report.publish(
            self.findings,
            &report.document(self.command, exit, json!({"projects": projects})),
            out,
        )?;
        for failure in &failures {
            out.failure(failure);
        }
        if self.findings.format == FindingFormat::Human {
            rows.iter().filter_map(|(sentence, _)| sentence.as_ref()).for_each(|line| out.result(line));
        }
        Ok(exit)
    }

    fn wanted(&self) -> Result<Vec<PathBuf>, Failure> {
        if !self.all {
            return Ok(self.paths.to_vec());
        }
        let mut found = Vec::new();
        for start in self.paths {
            found.extend(every_project_below(start)?);
        }
        if found.is_empty() {
            return Err(Failure::io("there is no `gw.yaml` below")
                .with_help("write a project with `gw init`, or name an OpenAPI document without `--all`"));
        }
        Ok(found)
    }
}

/// Holds an artifact against the loader, and a node's half against it.
fn check_sealed(sealed: &Sealed, bindings: Option<&Path>) -> Result<(), Failure> {
    check_loads(sealed)?;
    let Some(path) = bindings else { return Ok(()) };
    bindings::check(&sealed.artifact, read_bindings(path)?)
        .map_err(|defects| refused(ServeFault::Bindings(defects)))
}

fn sentence(path: &Path, built: &Built) -> Option<String> {
    built.sealed()?;
    Some(format!(
        "{} is valid: {} in {}, read from {}",
        path.display(),
        counted(built.summary.operations, "operation"),
        counted(built.summary.apis, "API"),
        counted(built.summary.files, "file"),
    ))
}

fn row(path: &Path, built: &Built) -> Value {
    json!({
        "path": path.display().to_string(),
        "valid": built.sealed().is_some(),
        "files": built.summary.files,
        "apis": built.summary.apis,
        "operations": built.summary.operations,
        "artifact_digest": built.sealed().map(|sealed| Digest::from(sealed.artifact_digest)),
        "policy_digest": built.sealed().map(|sealed| Digest::from(sealed.policy_digest)),
    })
}
