//! Whether a request ended as its witness says.

use gw_artifact::model::OperationId;
use gw_artifact::path_trie::{Captures, PathTrie, Template};
use gw_syntax::{Declaration, Shows, Witness};

use super::{Bench, Ended, Reading};
use crate::dry_run::{OperationTrace, SourcePlace, operation_trace};

/// Whether a witness holds.
pub(super) enum Verdict {
    /// It does; with the operation that does not have the request.
    Holds(Option<OperationTrace>),
    /// It does not.
    Fails,
}

impl Verdict {
    fn when(holds: bool) -> Self {
        if holds { Self::Holds(None) } else { Self::Fails }
    }
}

impl Bench<'_> {
    /// Judges one end of a request.
    pub(super) fn holds(
        &self,
        witness: &Witness,
        ended: &Ended,
        is_contested: bool,
        readings: &[Reading],
    ) -> Verdict {
        let is_for = |ended: &Ended, declared: &Declaration| {
            ended.operation.as_ref().is_some_and(|operation| self.is_declared(operation, declared))
        };
        let is_let_in = |ended: &Ended| ended.upstream.is_some() && ended.is_public;
        match &witness.shows {
            Shows::Reaches { operation, rather_than } if is_for(ended, operation) => {
                self.other(witness, ended, rather_than.as_ref())
            }
            Shows::LetIn { operation } if is_for(ended, operation) => {
                let mut all = std::iter::once(ended).chain(readings.iter().map(|reading| &reading.ended));
                Verdict::when(all.any(is_let_in))
            }
            Shows::Answers { status, rather_than } if ended.status == Some(*status) => {
                self.other(witness, ended, rather_than.as_ref())
            }
            Shows::Undecided { operation } if is_contested && is_for(ended, operation) => {
                let differ = readings.windows(2).any(|pair| pair[0].ended != pair[1].ended);
                Verdict::when(differ)
            }
            Shows::Reaches { .. } | Shows::LetIn { .. } | Shows::Answers { .. } | Shows::Undecided { .. } => {
                Verdict::Fails
            }
        }
    }

    /// The operation that one might think has the request: it is published, its template matches, and it is another.
    fn other(&self, witness: &Witness, ended: &Ended, rather_than: Option<&Declaration>) -> Verdict {
        let Some(declared) = rather_than else { return Verdict::Holds(None) };
        let artifact = self.artifact();
        let operations = artifact.operations().iter().zip(0..).filter(|(row, _)| {
            declared.route.strip_prefix(row.method.as_str()).and_then(|rest| rest.strip_prefix(' '))
                == Some(row.template.as_str())
        });
        let mut traces =
            operations.map(|(_, at)| operation_trace(artifact, OperationId(at), self.policy_sources()));
        let Some(other) = traces.find(|trace| self.is_declared(trace, declared)) else {
            return Verdict::Fails;
        };
        let path = witness.target.split('?').next().unwrap_or_default();
        let is_another = ended.operation.as_ref() != Some(&other);
        if is_another && matches(&declared.route, path) {
            Verdict::Holds(Some(other))
        } else {
            Verdict::Fails
        }
    }

    fn is_declared(&self, operation: &OperationTrace, declared: &Declaration) -> bool {
        let at = self.sources.position(declared.span.source, declared.span.start);
        let file = self.sources.path(declared.span.source);
        let is_there =
            |place: &SourcePlace| place.file == file && (place.line, place.column) == (at.line, at.column);
        operation.route == declared.route && operation.place.as_ref().is_some_and(is_there)
    }
}

/// Whether the template of a route matches a path.
fn matches(route: &str, path: &str) -> bool {
    let template = route.split_once(' ').and_then(|(_, template)| Template::parse(template).ok());
    let trie = template.and_then(|template| PathTrie::build(&[(template, 0)]).ok());
    trie.is_some_and(|trie| trie.find(path, &mut Captures::new()).is_some())
}
