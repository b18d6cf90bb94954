//! The stages in order: text becomes a sealed artifact, or findings that say why not.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::{Bounds, SourceMap as PolicySources};
use gw_artifact::{Artifact, Draft};
use gw_syntax::{Code, Diagnostic, Position, Severity, Sink, SourceMap};

use crate::check::{Mode, access_of, check, fits};
use crate::emit::emit;
use crate::findings::{Told, settle};
use crate::lint::lint;
use crate::load::{Files, SourceSet, load};
use crate::lower::{draft, lower};
use crate::owners::Owners;
use crate::parse::parse;
use crate::reach::Reach;
use crate::resolve::resolved::Example;
use crate::resolve::{Resolved, resolve};
use crate::vocabulary::scalar::Date;
use crate::waivers::{Waived, Waivers};

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
    /// An overlay whose target selects nothing is an error.
    pub strict: bool,
    /// The day on which waivers must not have expired. `None`: they hold whatever the day, so that equal files give
    /// equal findings for ever.
    pub today: Option<Date>,
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
    /// The findings that waivers accept, in the same order; they are not among [`Compilation::findings`].
    pub waived: Vec<Waived>,
    /// How many more were accepted of each code than are kept.
    pub waived_suppressed: BTreeMap<Code, usize>,
    /// Whether there is an artifact.
    pub outcome: Outcome,
    /// What there is instead when the gate refuses: tables to try witness requests on. `None` beside an artifact, and
    /// where too little was understood.
    pub draft: Option<Box<Draft>>,
    /// For the mock upstream of `dev`: an example response by API and operation name.
    pub examples: Examples,
    /// The operations that only `dev` lets through, because nothing says who may call them.
    pub unprotected: BTreeSet<Declared>,
    /// What was read, for a summary line.
    pub summary: Summary,
}

/// Where an operation is declared: its API's name, the path of the file, the place of its method key. One declaration
/// can be published under several base paths.
pub type Declared = (String, String, Position);

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
    /// What a gateway that serves it holds and does at most.
    pub bounds: Bounds,
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
pub fn compile(entry: &Entry, files: &dyn Files, options: &Options) -> Compilation {
    let mut sink = Sink::new();
    let set = load(entry, files, options, &mut sink);
    let parsed = parse(entry, &set, &mut sink);
    let resolved = resolve(entry, &parsed, &set, options, &mut sink);
    let reach = resolved.as_ref().map(|resolved| Reach::of(resolved, &parsed, &set)).unwrap_or_default();
    let owners = resolved.as_ref().map(|resolved| Owners::of(resolved, &reach, &set));
    let waivers = resolved.as_ref().map(|resolved| Waivers::of(resolved, &reach));
    drop(parsed);
    let summary = summary(&set, resolved.as_ref());
    let examples = resolved.as_ref().map(examples).unwrap_or_default();
    let sources = set.sources();
    let unprotected = resolved.as_ref().filter(|_| options.dev);
    let unprotected = unprotected.map(|resolved| unprotected_of(resolved, sources)).unwrap_or_default();
    let (sealed, draft) =
        resolved.map_or((None, None), |resolved| publish(resolved, sources, options, &mut sink));
    let known = owners.as_ref().zip(waivers.as_ref());
    let Told { findings, suppressed, waived, waived_suppressed } = settle(sink, &set, known, options);
    let outcome = match sealed {
        Some(sealed) => Outcome::Sealed(Box::new(sealed)),
        None => Outcome::Refused { understood: findings.iter().all(says_no_more_than_no) },
    };
    Compilation {
        sources: set.into_sources(),
        findings,
        suppressed,
        waived,
        waived_suppressed,
        outcome,
        draft,
        examples,
        unprotected,
        summary,
    }
}

/// The stages behind resolve: advice, the gate, tables, bytes. When any stage found an error, at most a draft.
fn publish(
    resolved: Resolved,
    sources: &SourceMap,
    options: &Options,
    sink: &mut Sink,
) -> (Option<Sealed>, Option<Box<Draft>>) {
    lint(&resolved, sink);
    let mode = if options.dev { Mode::Dev } else { Mode::Publish };
    let checked = match check(resolved, sources, mode, sink) {
        Ok(checked) => checked,
        Err(understood) => return (None, draft(&understood, sources).map(Box::new)),
    };
    let lowered = lower(&checked, sources);
    let lowered = if options.dev { lowered.behind_one_plain_door() } else { lowered };
    let Some(sealed) = emit(lowered, sources, sink) else { return (None, None) };
    // The bound is that of the file, so this verdict comes last.
    if fits(&checked, &sealed, sink) {
        return (Some(sealed), None);
    }
    (None, draft(&checked, sources).map(Box::new))
}

/// Whether a finding leaves open that everything was read and has the right shape: an error of load or
/// parse does not.
fn says_no_more_than_no(finding: &Diagnostic) -> bool {
    finding.severity < Severity::Error || finding.code >= FIRST_VERDICT
}

/// Codes from here on are verdicts about input that was understood.
const FIRST_VERDICT: Code = Code(200);

fn summary(set: &SourceSet<'_>, resolved: Option<&Resolved>) -> Summary {
    Summary {
        files: set.sources().len(),
        apis: resolved.map_or(0, |resolved| resolved.apis.len()),
        operations: resolved.map_or(0, |resolved| resolved.operations.len()),
    }
}

/// The operations that the gate would stop because nothing says who may call them.
fn unprotected_of(resolved: &Resolved, sources: &SourceMap) -> BTreeSet<Declared> {
    let stopped = resolved.operations.iter().filter(|operation| access_of(resolved, operation).is_none());
    stopped
        .map(|operation| {
            let (source, at) = (operation.span.source, operation.span.start);
            let api = resolved.apis[operation.api].name.clone();
            (api, sources.path(source).to_owned(), sources.position(source, at))
        })
        .collect()
}

fn examples(resolved: &Resolved) -> Examples {
    let with_example = resolved.operations.iter().filter_map(|operation| {
        let api = resolved.apis[operation.api].name.clone();
        Some(((api, operation.name.clone()), operation.example.clone()?))
    });
    with_example.collect()
}
