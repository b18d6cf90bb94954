//! The stages in order: text becomes a sealed artifact, or findings that say why not.

use std::collections::BTreeMap;

use gw_artifact::Artifact;
use gw_artifact::model::SourceMap as PolicySources;
use gw_syntax::{Code, Diagnostic, Sink, SourceMap};

use crate::check::{Mode, check};
use crate::emit::emit;
use crate::lint::lint;
use crate::load::Files;
use crate::lower::lower;
use crate::resolve::Resolved;
use crate::resolve::resolved::Example;

/// What is compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A project: the path of its `gw.yaml`.
    Project {
        /// Relative to the project's folder, with `/`.
        path: String,
    },
    /// A bare OpenAPI document: secure defaults.
    Document {
        /// Relative to the document's folder, with `/`.
        path: String,
    },
}

/// How to compile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// For `serve --dev` only: operations without declared security are let through, any host is accepted,
    /// and examples are collected. The caller never writes such an artifact.
    pub dev: bool,
}

/// Everything that one compilation gives.
#[derive(Debug)]
pub struct Compilation {
    /// The texts that took part; findings point into them.
    pub sources: SourceMap,
    /// All findings of all stages, in their final order.
    pub findings: Vec<Diagnostic>,
    /// How many more findings there were of each code than are kept.
    pub suppressed: BTreeMap<Code, usize>,
    /// Whether there is an artifact.
    pub outcome: Outcome,
    /// For the mock upstream of `dev`: an example response by API and operation name.
    pub examples: Examples,
    /// What was read, for a summary line.
    pub summary: Summary,
}

/// Example responses by the name of the API and the name of the operation.
pub type Examples = BTreeMap<(String, String), Example>;

/// Counts for a summary line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// APIs that were understood.
    pub apis: usize,
    /// Operations that were understood.
    pub operations: usize,
}

/// Whether there is an artifact.
#[derive(Debug)]
pub enum Outcome {
    /// The gate was passed.
    Sealed(Box<Sealed>),
    /// An error was found.
    Refused {
        /// `true`: everything was read, and a verdict says no. `false`: a file could not be read or does
        /// not parse.
        understood: bool,
    },
}

/// An artifact with everything that goes into its file.
#[derive(Debug)]
pub struct Sealed {
    /// The artifact as a value.
    pub artifact: Artifact,
    /// The artifact's file.
    pub bytes: Vec<u8>,
    /// Where each policy comes from.
    pub source_map: PolicySources,
    /// SHA-256 of the decision tables.
    pub policy_digest: [u8; 32],
    /// SHA-256 of the whole file's content.
    pub artifact_digest: [u8; 32],
}

/// Runs every stage and keeps all findings. Equal files give equal results.
pub fn compile(_entry: &Entry, _files: &dyn Files, _options: &Options) -> Compilation {
    Compilation {
        sources: SourceMap::new(),
        findings: Vec::new(),
        suppressed: BTreeMap::new(),
        outcome: Outcome::Refused { understood: false },
        examples: Examples::new(),
        summary: Summary::default(),
    }
}

/// The stages behind resolve: advice, the gate, tables, bytes. `None` when any stage found an error.
fn publish(resolved: Resolved, sources: &SourceMap, options: &Options, sink: &mut Sink) -> Option<Sealed> {
    lint(&resolved, sink);
    let mode = if options.dev { Mode::Dev } else { Mode::Publish };
    let checked = check(resolved, sources, mode, sink)?;
    emit(lower(&checked, sources), sources, sink)
}
