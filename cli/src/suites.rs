//! Suites of a project: finding them, running them, and what came of each.

use std::fs;
use std::path::{Path, PathBuf};

use gw_artifact::Artifact;
use gw_compiler::{Entry, FileFault, Files, Sealed};
use gw_replay::{SuiteOutcome, parse_suite};
use gw_syntax::{Sink, SourceMap};

use crate::failure::Failure;
use crate::report::Batch;
use crate::workspace::{Target, folders_below, is_project};

/// One suite that was run, or could not be.
#[derive(Debug)]
pub(crate) struct SuiteRun {
    /// Its file, relative to the project's folder.
    pub(crate) path: String,
    /// What came of its cases; `None` where the file is not understood.
    pub(crate) outcome: Option<SuiteOutcome>,
    /// What is wrong with it, or with what it found.
    pub(crate) batch: Batch,
}

/// How the files of suites end.
const ENDINGS: [&str; 2] = [".test.yaml", ".test.yml"];

/// The suites of a project: beside its `gw.yaml` and below, but not in another project; those of a document stand
/// beside it. In the order of their paths, relative to the folder, with `/`.
///
/// # Errors
/// When a folder cannot be read (exit 74).
pub(crate) fn find(target: &Target) -> Result<Vec<String>, Failure> {
    let root = target.files.root();
    let folders = match target.entry {
        Entry::Project { .. } => folders_below(root, |folder| !is_project(folder))?,
        Entry::Document { .. } => vec![root.to_owned()],
    };
    let mut found = Vec::new();
    for folder in folders {
        found.extend(suites_in(&folder)?.iter().filter_map(|path| relative(path, root)));
    }
    found.sort();
    Ok(found)
}

fn suites_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let fault = |error: std::io::Error| Failure::read(folder, &error);
    let mut suites = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            suites.push(path);
        }
    }
    Ok(suites)
}

fn relative(path: &Path, root: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let names: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    Some(names?.join("/"))
}

/// Reads a suite and runs it.
///
/// # Errors
/// When the file cannot be read (exit 74).
pub(crate) fn run(artifact: &Artifact, target: &Target, path: &str) -> Result<SuiteRun, Failure> {
    let fault =
        |why: &str| Failure::io(format!("cannot read `{}`: {why}", target.shown.join(path).display()));
    let bytes = target.files.read(path).map_err(|unread| match unread {
        FileFault::Missing => fault("it is gone"),
        FileFault::Unreadable(why) => fault(&why),
        FileFault::TooLarge => fault("it is too large"),
        FileFault::Outside => fault("it leads out of the project's folder"),
    })?;
    Ok(run_text(artifact, path, bytes, &target.shown))
}

fn run_text(artifact: &Artifact, path: &str, text: Vec<u8>, shown: &Path) -> SuiteRun {
    let mut sources = SourceMap::new();
    let id = sources.add(path, text);
    let mut sink = Sink::new();
    let suite = parse_suite(&sources, id, &mut sink);
    let outcome = suite.map(|suite| gw_replay::run(artifact, &suite));
    for case in outcome.iter().flat_map(|outcome| &outcome.cases) {
        case.diagnostics().for_each(|finding| sink.push(finding));
    }
    let findings = sink.finish(&sources);
    let batch = Batch {
        shown: shown.to_owned(),
        findings: findings.diagnostics().to_vec(),
        suppressed: findings.suppressed().clone(),
        sources,
        ..Batch::default()
    };
    SuiteRun { path: path.to_owned(), outcome, batch }
}

/// Runs a suite that gw wrote itself and that is not on disk yet.
///
/// # Errors
/// When it does not pass, which is our bug (exit 70).
pub(crate) fn check_drafted(sealed: &Sealed, path: &str, text: &str) -> Result<(), Failure> {
    let run = run_text(&sealed.artifact, path, text.as_bytes().to_vec(), Path::new(""));
    if run.outcome.as_ref().is_some_and(SuiteOutcome::passed) {
        return Ok(());
    }
    let first = run.batch.findings.first().map(|finding| finding.message.as_str());
    Err(Failure::bug(format!("the first suite does not pass: {}", first.unwrap_or("it is not understood"))))
}
