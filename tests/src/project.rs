//! A project on disk that compiles, and its suites.

use std::path::{Path, PathBuf};

use gw_artifact::Artifact;
use gw_compiler::{Compilation, Entry, Options, Outcome, compile};
use gw_replay::{Suite, parse_suite};
use gw_syntax::{Severity, Sink, SourceMap};

use crate::{Folder, repository};

/// A project that was compiled.
#[derive(Debug)]
pub struct Project {
    folder: PathBuf,
    /// What it became.
    pub artifact: Artifact,
    /// The artifact's file.
    pub bytes: Vec<u8>,
}

impl Project {
    /// Compiles a folder of the repository: its `gw.yaml`, or its `openapi.yaml` where it has none.
    ///
    /// # Panics
    /// When it does not compile, with all complaints.
    pub fn open(folder: impl AsRef<Path>) -> Self {
        let compilation = compiled(&folder);
        let complaints = complaints(&compilation);
        let folder = repository().join(folder);
        match compilation.outcome {
            Outcome::Sealed(sealed) => Self { folder, artifact: sealed.artifact, bytes: sealed.bytes },
            Outcome::Refused { .. } => {
                panic!("{} does not compile:\n{}", folder.display(), complaints.join("\n"))
            }
        }
    }

    /// The names of its suites, sorted.
    pub fn suites(&self) -> Vec<String> {
        let entries = self.folder.read_dir().expect("the folder is there").flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut suites: Vec<_> =
            names.filter_map(|name| name.strip_suffix(".test.yaml").map(str::to_owned)).collect();
        suites.sort();
        suites
    }

    /// Reads one of its suites.
    ///
    /// # Panics
    /// When it is missing or does not read.
    pub fn suite(&self, name: &str) -> Suite {
        let path = self.folder.join(format!("{name}.test.yaml"));
        let text = std::fs::read_to_string(&path).expect("the suite stands in its folder");
        let mut sources = SourceMap::new();
        let id = sources.add(name, text);
        let mut sink = Sink::new();
        parse_suite(&sources, id, &mut sink).unwrap_or_else(|| panic!("{name}: {:#?}", sink.finish(&sources)))
    }
}

/// Compiles a folder of the repository, whatever comes of it.
pub fn compiled(folder: impl AsRef<Path>) -> Compilation {
    let folder = repository().join(folder);
    let entry = if folder.join("gw.yaml").exists() {
        Entry::Project { path: "gw.yaml".into() }
    } else {
        Entry::Document { path: "openapi.yaml".into() }
    };
    compile(&entry, &Folder::at(folder), &Options::default())
}

/// The errors of a compilation, each with its place.
pub fn complaints(compilation: &Compilation) -> Vec<String> {
    let told = |finding: &gw_syntax::Diagnostic| {
        let place = finding.span.map_or_else(String::new, |span| {
            let at = compilation.sources.position(span.source, span.start);
            format!("{}:{}:{}: ", compilation.sources.path(span.source), at.line, at.column)
        });
        format!("{place}{} {}", finding.code, finding.message)
    };
    compilation.findings.iter().filter(|finding| finding.severity == Severity::Error).map(told).collect()
}
