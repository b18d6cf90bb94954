//! Attempts held against the time and the methods of an operation.

use std::collections::BTreeSet;

use gw_artifact::model::{Method, Millis};
use gw_syntax::{Code, Diagnostic, Sink, Span};

use super::Context;
use super::codes::{RETRY_OF_UNSAFE_METHOD, TIMEOUT_EXCEEDS_TOTAL, TRIES_EXCEED_TOTAL};
use super::waivable::waivers_over;
use super::wording::line_of;
use crate::policy::retry::{Retry, RetryMethods};
use crate::resolve::resolved::{Layer, Operation};

/// Each word with each word that it contradicts, once, however many operations hear both, unless waivers tell them apart.
type Said = BTreeSet<(Code, Span, Span, Vec<Span>)>;

/// Reports attempts that never end in time, and those of methods that may not be sent twice.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut said = Said::new();
    for operation in &context.resolved.operations {
        let Some(retry) = &operation.policy.retry else { continue };
        unsafe_method(operation, &retry.winner.value, &mut said, sink);
        time(operation, &retry.winner, &mut said, sink);
    }
}

fn unsafe_method(operation: &Operation, retry: &Retry, said: &mut Said, sink: &mut Sink) {
    let is_once = retry.attempts.as_ref().is_some_and(|attempts| attempts.value == 1);
    let unsafe_methods = retry.methods.iter().flat_map(RetryMethods::unsafe_methods);
    let mut ours = unsafe_methods.filter(|method| method.value == operation.method && !is_once);
    let Some(method) = ours.next() else { return };
    let waivers = waivers_over(&RETRY_OF_UNSAFE_METHOD, operation);
    if said.insert((RETRY_OF_UNSAFE_METHOD.code, method.span, method.span, waivers.clone())) {
        let message = format!("`{}` is sent again although it may take effect twice", line_of(operation));
        sink.push(
            Diagnostic::new(&RETRY_OF_UNSAFE_METHOD, message)
                .at(method.span)
                .with_waivers(waivers)
                .with_label(operation.span, "this operation")
                .about(format!("{} retry", line_of(operation)))
                .with_help(help(method.value)),
        );
    }
}

fn help(method: Method) -> String {
    format!(
        "take `{method}` out of `methods` (RFC 9110 section 9.2.2); where the service recognizes repeated requests, keep \
         it for that operation alone"
    )
}

/// One try against the whole, and all of them together.
fn time(operation: &Operation, retry: &Layer<Retry>, said: &mut Said, sink: &mut Sink) {
    let timeouts = &operation.policy.timeouts;
    let total = &timeouts.total.winner;
    let own = retry.value.per_try.as_ref().map(|per_try| (per_try.value, per_try.span));
    let of_timeout =
        timeouts.per_try.as_deref().and_then(|per_try| Some((*per_try.value(), per_try.winner.span?)));
    let Some((per_try, at)) = own.or(of_timeout) else { return };
    let whole = total.span.unwrap_or(operation.span);
    let label =
        if total.span.is_some() { "the whole request ends here" } else { "the whole request ends by itself" };
    if own.is_some() && per_try > *total.value {
        if said.insert((TIMEOUT_EXCEEDS_TOTAL.code, at, whole, Vec::new())) {
            let message =
                format!("one try may take {per_try}, longer than the whole request with {}", total.value);
            sink.push(
                Diagnostic::new(&TIMEOUT_EXCEEDS_TOTAL, message)
                    .at(at)
                    .with_label(whole, label)
                    .about(format!("{} per-try", line_of(operation)))
                    .with_help("lower `per-try`, or raise `timeout`"),
            );
        }
        return;
    }
    let Some(attempts) = &retry.value.attempts else { return };
    let together = Millis(per_try.0.saturating_mul(attempts.value));
    if together <= *total.value {
        return;
    }
    let waivers = waivers_over(&TRIES_EXCEED_TOTAL, operation);
    if said.insert((TRIES_EXCEED_TOTAL.code, attempts.span, whole, waivers.clone())) {
        let message = format!(
            "{} tries of {per_try} do not fit into the whole request with {}",
            attempts.value, total.value
        );
        sink.push(
            Diagnostic::new(&TRIES_EXCEED_TOTAL, message)
                .at(attempts.span)
                .with_waivers(waivers)
                .with_label(at, "one try may take so long")
                .with_label(whole, label)
                .about(format!("{} tries", line_of(operation)))
                .with_help("the last tries never end: lower `attempts` or `per-try`, or raise `timeout`"),
        );
    }
}
