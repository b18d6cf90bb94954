//! One compilation on behalf of a command: what was found, and what came of it.

use std::collections::BTreeSet;
use std::path::Path;

use gw_artifact::model::OperationId;
use gw_compiler::resolve::resolved::Example;
use gw_compiler::{
    Compilation, Declared, Entry, Examples, Files, Options, Outcome, Sealed, Summary, compile,
};
use gw_replay::{Confirmed, Ground, Tried, confirm};
use gw_syntax::{Diagnostic, Position, Severity, SourceMap};

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::out::Out;
use crate::report::{Batch, Report};
use crate::workspace::Target;

/// What a compilation gave, beside its findings.
#[derive(Debug)]
pub(crate) struct Built {
    /// The artifact, or why there is none.
    pub(crate) outcome: Outcome,
    /// Example responses, in `dev` only.
    examples: Examples,
    /// The operations that only `dev` lets through.
    unprotected: BTreeSet<Declared>,
    /// What was read.
    pub(crate) summary: Summary,
}

impl Built {
    /// The artifact, if the gate let the project through.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match &self.outcome {
            Outcome::Sealed(sealed) => Some(sealed),
            Outcome::Refused { .. } => None,
        }
    }

    /// Whether only `dev` lets an operation of its artifact through.
    pub(crate) fn is_unprotected(&self, sealed: &Sealed, operation: OperationId) -> bool {
        let Some(sources) = sealed.source_map.operations.get(operation.index()) else { return false };
        let Some(file) = sealed.source_map.files.get(sources.place.file as usize) else { return false };
        let at = Position { line: sources.place.line, column: sources.place.column };
        let api = sealed.artifact.api_of(sealed.artifact.operation(operation)).name.clone();
        self.unprotected.contains(&(api, file.clone(), at))
    }

    /// The example response of an operation; its name as the artifact has it.
    pub(crate) fn example(&self, api: &str, operation: &str) -> Option<&Example> {
        declared_names(operation).find_map(|name| self.examples.get(&(api.to_owned(), name.to_owned())))
    }

    /// How a command ends that wanted nothing but the compilation.
    pub(crate) fn exit(&self) -> Exit {
        match self.outcome {
            Outcome::Sealed(_) => Exit::Clean,
            Outcome::Refused { understood: true } => Exit::Refused,
            Outcome::Refused { understood: false } => Exit::NotUnderstood,
        }
    }
}

/// The names under which a document may declare what the artifact calls `listItems /v1/`: an operation under
/// several bases has one row for each, with the base behind the name.
fn declared_names(operation: &str) -> impl Iterator<Item = &str> {
    let without_base = operation.rsplit_once(' ').filter(|(_, base)| base.ends_with('/'));
    std::iter::once(operation).chain(without_base.map(|(name, _)| name))
}

/// Compiles a target.
pub(crate) fn build(target: &Target, options: &Options) -> (Batch, Built) {
    build_from(&target.entry, &target.files, &target.shown, options)
}

/// Compiles from any files; `shown` is what a person puts in front of their paths.
pub(crate) fn build_from(
    entry: &Entry,
    files: &dyn Files,
    shown: &Path,
    options: &Options,
) -> (Batch, Built) {
    let Compilation {
        sources,
        findings,
        suppressed,
        waived,
        waived_suppressed,
        outcome,
        draft,
        examples,
        unprotected,
        summary,
    } = compile(entry, files, options);
    let ground = match (&outcome, &draft) {
        // What only `dev` lets through is no proof of anything.
        _ if options.dev => None,
        (Outcome::Sealed(sealed), _) => Some(Ground::Artifact(&sealed.artifact, &sealed.source_map)),
        (Outcome::Refused { .. }, Some(draft)) => Some(Ground::Draft(draft)),
        (Outcome::Refused { .. }, None) => None,
    };
    let confirmed = ground.map(|ground| confirmed(ground, &sources, &findings)).unwrap_or_default();
    let batch = Batch {
        shown: shown.to_owned(),
        sources,
        findings,
        suppressed,
        waived,
        waived_suppressed,
        confirmed,
    };
    (batch, Built { outcome, examples, unprotected, summary })
}

/// What the decision core confirms of the witnesses; what it refutes is our bug, and not told.
fn confirmed(ground: Ground<'_>, sources: &SourceMap, findings: &[Diagnostic]) -> Vec<Option<Confirmed>> {
    let judged = confirm(ground, sources, findings).into_iter().zip(findings);
    let kept = |(tried, finding): (Option<Tried>, &Diagnostic)| match tried? {
        Tried::Confirmed(confirmed) => Some(confirmed),
        Tried::KeptOut => None,
        Tried::Refuted(ended) => {
            debug_assert!(
                false,
                "the witness of {} is refuted: {:?}: {ended:?}",
                finding.code, finding.witness
            );
            None
        }
    };
    judged.map(kept).collect()
}

/// Tells the findings of a compilation that gave no artifact.
///
/// The failure has the exit code of the findings; `therefore` says what does not happen now.
pub(crate) fn told(batch: Batch, built: &Built, therefore: &str, out: &mut Out) -> Failure {
    let report = Report::from(batch);
    report.tell(out);
    Failure::ended(built.exit().worse(report.exit(Severity::Error)), therefore)
}

/// Holds the bytes of an artifact against the runtime's own loader: what compiled must load, or it is our bug.
///
/// # Errors
/// When the loader refuses what the compiler made (exit 70).
pub(crate) fn check_loads(sealed: &Sealed) -> Result<(), Failure> {
    let loaded = gw_artifact::decode(&sealed.bytes)
        .map_err(|defect| Failure::bug(format!("what was compiled does not load: {defect}")))?;
    if loaded.artifact == sealed.artifact {
        return Ok(());
    }
    Err(Failure::bug("what was compiled loads as something else"))
}

/// `1 file`, `3 files`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!((counted(1, "file").as_str(), counted(0, "file").as_str()), ("1 file", "0 files"));
    }
}
