//! The guardrails of a project: its own, and those of every file that it extends. None replaces another.

use gw_syntax::{Diagnostic, Sink};

use super::codes::PROJECT_TOO_LARGE;
use super::resolved::Guardrail;
use crate::parse::guardrails::guardrails;
use crate::parse::policy_file::PolicyFile;

/// How many guardrails a project may have, and how many globs in all exceptions: each is held against each operation.
const MAX_GUARDRAILS: usize = 1024;
const MAX_GLOBS: usize = 1024;

/// Those of a chain of files.
pub(super) fn of(chain: &[&PolicyFile<'_>], sink: &mut Sink) -> Vec<Guardrail> {
    let mut all = Vec::new();
    let mut globs = 0;
    for file in chain {
        for guardrail in guardrails(file.root.get("guardrails"), sink) {
            globs += guardrail.except.as_ref().and_then(|except| except.paths.as_ref()).map_or(0, Vec::len);
            if all.len() == MAX_GUARDRAILS || globs > MAX_GLOBS {
                sink.push(too_many(&guardrail));
                return all;
            }
            all.push(guardrail);
        }
    }
    all
}

fn too_many(guardrail: &Guardrail) -> Diagnostic {
    let message = format!(
        "the project has more than {MAX_GUARDRAILS} guardrails, or {MAX_GLOBS} globs in all of their exceptions"
    );
    Diagnostic::new(&PROJECT_TOO_LARGE, message)
        .at(guardrail.id.span)
        .about("guardrails")
        .with_help("put several into one with `&&`, and exempt by tag what is now exempt path by path")
}
