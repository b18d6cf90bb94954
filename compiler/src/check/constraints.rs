//! Values that contradict themselves or each other.

use std::collections::BTreeSet;

use gw_artifact::model::Millis;
use gw_syntax::{Diagnostic, Sink, Span};

use super::Context;
use super::codes::TIMEOUT_EXCEEDS_TOTAL;
use super::wording::line_of;
use crate::resolve::resolved::{Layered, Operation, Timeouts};

/// Reports phases that contradict the total beside them.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    // A layer of many operations is one place, and one finding.
    let mut said = BTreeSet::new();
    for operation in &context.resolved.operations {
        let timeouts = &operation.policy.timeouts;
        let per_try = timeouts.per_try.as_deref().map(|timeout| ("per-try", timeout));
        for (phase, timeout) in phases(timeouts).into_iter().chain(per_try) {
            exceeds_total(operation, phase, timeout, &mut said, sink);
        }
    }
}

/// The phases with their names in the vocabulary.
fn phases(timeouts: &Timeouts) -> [(&'static str, &Layered<Millis>); 5] {
    [
        ("connect", &timeouts.connect),
        ("idle", &timeouts.idle),
        ("request-body", &timeouts.request_body),
        ("response-head", &timeouts.response_head),
        ("total", &timeouts.total),
    ]
}

/// Only within one layer: a stronger layer's `total` is meant to cut what weaker layers allow.
fn exceeds_total(
    operation: &Operation,
    phase: &str,
    timeout: &Layered<Millis>,
    said: &mut BTreeSet<Span>,
    sink: &mut Sink,
) {
    let (total, part) = (&operation.policy.timeouts.total.winner, &timeout.winner);
    if part.height != total.height || part.value <= total.value {
        return;
    }
    let (Some(at), Some(whole)) = (part.span, total.span) else { return };
    if said.insert(at) {
        let message =
            format!("`{phase}` may take {}, longer than the whole request with {}", part.value, total.value);
        sink.push(
            Diagnostic::new(&TIMEOUT_EXCEEDS_TOTAL, message)
                .at(at)
                .with_label(whole, "the whole request ends here")
                .about(format!("{} {phase}", line_of(operation)))
                .with_help(format!("lower `{phase}`, or raise `total`")),
        );
    }
}
