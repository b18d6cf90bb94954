//! Child processes, with limits that the system enforces.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Mutex,
    thread,
};

use serde_json::Value;

use crate::outcome::Outcome;

/// Seconds of CPU that one child may take.
const CPU_SECONDS: u32 = 10;
/// Bytes of memory that one child may take.
const MEMORY: u64 = 1 << 30;

/// Runs all documents, as many at once as there are cores; the outcomes stand in the order of the documents.
pub(crate) fn run_all(documents: Vec<PathBuf>) -> Vec<(PathBuf, Outcome)> {
    for_all(documents, run)
}

/// Does something about all documents, as many at once as there are cores; in the order of the documents.
pub(crate) fn for_all<T: Send>(
    documents: Vec<PathBuf>,
    run: impl Fn(&Path) -> T + Sync,
) -> Vec<(PathBuf, T)> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let work = Mutex::new(documents.into_iter());
    let outcomes = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let Some(document) = work.lock().ok().and_then(|mut work| work.next()) else { return };
                    let outcome = run(&document);
                    if let Ok(mut outcomes) = outcomes.lock() {
                        outcomes.push((document, outcome));
                    }
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_default();
    outcomes.sort_by(|one, other| one.0.cmp(&other.0));
    outcomes
}

/// What a child tells about the findings of a document; null when it tells nothing.
pub(crate) fn findings(document: &Path) -> Value {
    let told = child("findings", document).map(|output| output.stdout).unwrap_or_default();
    serde_json::from_slice(&told).unwrap_or_default()
}

/// Compiles a document, and exports and serves it when it compiled.
fn run(document: &Path) -> Outcome {
    let compiled = run_child("compile", document);
    if !compiled.compiled {
        return compiled;
    }
    let exported = run_child("export", document);
    let mut served = run_child("serve", document);
    served.wrong.extend(exported.wrong);
    if served.wrong.is_empty() && served.operations != compiled.operations {
        served.wrong.push("the marked copy has other operations".into());
    }
    served
}

fn run_child(verb: &str, document: &Path) -> Outcome {
    match child(verb, document) {
        Ok(output) => read(&output),
        Err(error) => Outcome::broken(format!("cannot run prlimit: {error}")),
    }
}

fn child(verb: &str, document: &Path) -> io::Result<Output> {
    let this = std::env::current_exe().unwrap_or_default();
    Command::new("prlimit")
        .args([format!("--cpu={CPU_SECONDS}"), format!("--as={MEMORY}"), "--core=0".to_owned()])
        .arg(this)
        .args([Path::new(verb), document])
        .output()
}

fn read(output: &Output) -> Outcome {
    let told = String::from_utf8_lossy(&output.stdout);
    let outcome = serde_json::from_str(told.trim()).ok().and_then(|told| Outcome::from_json(&told));
    outcome.filter(|_| output.status.success()).unwrap_or_else(|| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        let complaint: Vec<&str> = complaint.lines().take(3).collect();
        Outcome::broken(format!("{}: {}", output.status, complaint.join(" / ")))
    })
}
