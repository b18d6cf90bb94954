//! One compilation on behalf of a command: what was found, and what came of it.

use gw_compiler::{Compilation, Examples, Options, Outcome, Sealed, Summary, compile};

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::report::Batch;
use crate::workspace::Target;

/// What a compilation gave, beside its findings.
#[derive(Debug)]
pub(crate) struct Built {
    /// The artifact, or why there is none.
    pub(crate) outcome: Outcome,
    /// Example responses, in `dev` only.
    pub(crate) examples: Examples,
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

    /// How a command ends that wanted nothing but the compilation.
    pub(crate) fn exit(&self) -> Exit {
        match self.outcome {
            Outcome::Sealed(_) => Exit::Clean,
            Outcome::Refused { understood: true } => Exit::Refused,
            Outcome::Refused { understood: false } => Exit::NotUnderstood,
        }
    }
}

/// Compiles a target.
pub(crate) fn build(target: &Target, options: &Options) -> (Batch, Built) {
    let Compilation { sources, findings, suppressed, outcome, examples, summary } =
        compile(&target.entry, &target.files, options);
    let batch = Batch { shown: target.shown.clone(), sources, findings, suppressed };
    (batch, Built { outcome, examples, summary })
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
