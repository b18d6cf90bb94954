//! The gate's one finding: every operation about whose callers nothing is said.

use gw_syntax::{Diagnostic, Severity, Shows, Sink};

use super::{Verdict, remedy};
use crate::check::codes::CALLERS_UNDECLARED;
use crate::check::routes::Routes;
use crate::check::said::Said;
use crate::check::witness::with_witness;
use crate::check::wording::operations;
use crate::check::{Context, Mode};
use crate::resolve::resolved::{Operation, OperationIndex, Security};

/// How many operations are pointed at beside the first.
const LABELS: usize = 4;

pub(super) fn report(context: &Context<'_>, verdicts: &[Verdict<'_>], routes: &Routes, sink: &mut Sink) {
    let said = Said::about("auth", sink);
    let all = context.resolved.operations.iter().zip(verdicts).enumerate();
    let (indices, uncovered): (Vec<OperationIndex>, Vec<&Operation>) = all
        .filter(|(_, (_, verdict))| matches!(verdict, Verdict::Uncovered))
        .map(|(index, (operation, _))| (index, operation))
        .filter(|(_, operation)| !said.covers(context, operation))
        .unzip();
    if let [first, rest @ ..] = uncovered.as_slice() {
        let witness = routes.witness(context, &indices, |operation| Shows::LetIn { operation });
        sink.push(with_witness(finding(context, first, rest, &uncovered), witness));
    }
}

fn finding(
    context: &Context<'_>,
    first: &Operation,
    rest: &[&Operation],
    uncovered: &[&Operation],
) -> Diagnostic {
    let only = match context.mode {
        Mode::Publish => "",
        Mode::Dev => ", so this machine alone may",
    };
    let message = message(uncovered, only);
    let mut finding = Diagnostic::new(&CALLERS_UNDECLARED, message)
        .at(first.span)
        .with_pointer(first.pointer.clone())
        .about("callers")
        .with_help(remedy::lines(context, uncovered));
    for operation in rest.iter().take(LABELS) {
        finding = finding.with_label(operation.span, "and this one");
    }
    if let Some(span) = uncovered.iter().find_map(|operation| lets_anyone_in(operation)) {
        finding =
            finding.with_label(span, "this lets anyone in, so it needs `public` and a reason beside it");
    }
    match context.mode {
        Mode::Publish => finding,
        Mode::Dev => finding.with_severity(Severity::Warning),
    }
}

/// What is not said about these: who may call, or, where `security` lets anyone in, why.
fn message(uncovered: &[&Operation], only: &str) -> String {
    let (which, names) = operations(uncovered);
    let open = uncovered.iter().filter(|operation| lets_anyone_in(operation).is_some()).count();
    if open == uncovered.len() {
        format!("`security` lets anyone call {which}, and nothing says why{only}{names}")
    } else if open > 0 {
        format!("nothing says who may call {which}, or why anyone may{only}{names}")
    } else {
        format!("nothing says who may call {which}{only}{names}")
    }
}

/// The `[]` or `{}` that lets anyone in, where there is one.
fn lets_anyone_in(operation: &Operation) -> Option<gw_syntax::Span> {
    let Security::Declared { span, alternatives, .. } = &operation.security else {
        return None;
    };
    let empty = alternatives.iter().find(|alternative| alternative.schemes.is_empty());
    Some(empty.map_or(*span, |alternative| alternative.span))
}
