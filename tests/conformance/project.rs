//! A folder of conformance cases: a project that compiles, and suites.

use std::path::PathBuf;

use gw_artifact::{Artifact, model::Reason};
use gw_compiler::{Entry, Options, Outcome, compile};
use gw_replay::{Suite, parse_suite};
use gw_syntax::{Sink, SourceMap};
use gw_tests::{Folder, repository};

/// A project that was compiled.
#[derive(Debug)]
pub(crate) struct Project {
    folder: PathBuf,
    /// What it became.
    pub(crate) artifact: Artifact,
    /// The artifact's file.
    pub(crate) bytes: Vec<u8>,
}

impl Project {
    /// Compiles a folder of this one: its `gw.yaml`, or its one document.
    pub(crate) fn open(name: &str) -> Self {
        let folder = folder(name);
        let entry = if folder.join("gw.yaml").exists() {
            Entry::Project { path: "gw.yaml".into() }
        } else {
            Entry::Document { path: "openapi.yaml".into() }
        };
        let compilation = compile(&entry, &Folder::at(&folder), &Options::default());
        let Outcome::Sealed(sealed) = compilation.outcome else {
            panic!("{name} does not compile: {:#?}", compilation.findings)
        };
        Self { folder, artifact: sealed.artifact, bytes: sealed.bytes }
    }

    /// Reads one of its suites.
    pub(crate) fn suite(&self, name: &str) -> Suite {
        let path = self.folder.join(format!("{name}.test.yaml"));
        let text = std::fs::read_to_string(&path).expect("the suite stands in its folder");
        read(&path.display().to_string(), &text)
    }
}

/// Reads a suite.
pub(crate) fn read(name: &str, text: &str) -> Suite {
    let mut sources = SourceMap::new();
    let id = sources.add(name, text);
    let mut sink = Sink::new();
    parse_suite(&sources, id, &mut sink).unwrap_or_else(|| panic!("{name}: {:#?}", sink.finish(&sources)))
}

/// The names of the suites in a folder, sorted.
pub(crate) fn suites_in(project: &str) -> Vec<String> {
    let entries = folder(project).read_dir().expect("the folder is there").flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut suites: Vec<_> =
        names.filter_map(|name| name.strip_suffix(".test.yaml").map(str::to_owned)).collect();
    suites.sort();
    suites
}

/// Whether a case of a suite expects this reason.
pub(crate) fn expects(suite: &Suite, case: &str, reason: Reason) -> bool {
    let cases = suite.cases.iter().filter(|its| its.name == case);
    let expectations = cases.flat_map(|case| &case.steps).flat_map(|step| &step.expectations);
    expectations.into_iter().any(|expectation| expectation.what == gw_replay::Expected::Reason(Some(reason)))
}

fn folder(project: &str) -> PathBuf {
    repository().join("tests/conformance").join(project)
}
