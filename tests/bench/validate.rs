//! What validating a large document costs beside reading its JSON, and how soon its artifact is ready.
//!
//! `bench-validate DOCUMENT [JSON]` (a document in YAML comes with its twin in JSON, which serde_json reads) prints figures as `name value` lines; `tests/bench/figures` holds them against the bars.
#![forbid(unsafe_code)]

use std::{
    hint::black_box,
    io::{self, Write},
    path::PathBuf,
    time::{Duration, Instant},
};

use gw_compiler::{Entry, FileFault, Files, Options, Outcome, compile};
use serde_json::Value;

/// A project around one document that is in memory already.
#[derive(Debug)]
struct Project {
    document: Vec<u8>,
}

const GW_YAML: &str = "gw: 1
name: bench
apis: [{name: document, spec: document}]
upstreams: {service: {}}
defaults: {upstream: service, auth: {public: true, delegated: true, reason: a measurement}}
";

impl Files for Project {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        match path {
            "gw.yaml" => Ok(GW_YAML.into()),
            "document" => Ok(self.document.clone()),
            _ => Err(FileFault::Missing),
        }
    }
}

fn main() -> io::Result<()> {
    let mut paths = std::env::args().skip(1).map(PathBuf::from);
    let Some(path) = paths.next() else {
        return Err(io::Error::other("usage: bench-validate DOCUMENT [JSON]"));
    };
    let json = std::fs::read(paths.next().as_ref().unwrap_or(&path))?;
    let project = Project { document: std::fs::read(path)? };
    let entry = Entry::Project { path: "gw.yaml".into() };
    let read = best_of_five(|| serde_json::from_slice::<Value>(&json));
    let bytes = std::cell::RefCell::new(Vec::new());
    let validate = best_of_five(|| {
        let compilation = compile(&entry, &project, &Options::default());
        if let Outcome::Sealed(sealed) = &compilation.outcome {
            bytes.replace(sealed.bytes.clone());
            black_box(gw_artifact::decode(&sealed.bytes).is_ok());
        }
        compilation
    });
    let bytes = bytes.into_inner();
    if bytes.is_empty() {
        return Err(io::Error::other("the document does not validate"));
    }
    let load = best_of_five(|| gw_artifact::decode(&bytes));
    let mut out = io::stdout();
    writeln!(out, "serde-json-ms {:.1}", millis(read))?;
    writeln!(out, "validate-ms {:.1}", millis(validate))?;
    writeln!(out, "validate-ratio {:.1}", validate.as_secs_f64() / read.as_secs_f64())?;
    writeln!(out, "load-ms {:.1}", millis(load))?;
    writeln!(out, "artifact-bytes {}", bytes.len())
}

/// The shortest of five runs; what a run gives is dropped outside of the time.
fn best_of_five<T>(mut run: impl FnMut() -> T) -> Duration {
    let mut once = || {
        let start = Instant::now();
        let given = black_box(run());
        let taken = start.elapsed();
        drop(given);
        taken
    };
    (0..5).map(|_| once()).min().unwrap_or_default()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
