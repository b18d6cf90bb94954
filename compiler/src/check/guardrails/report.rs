//! The finding about a guardrail that is not met.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gw_artifact::expression::{Fault, Value};
use gw_syntax::{Diagnostic, Span};

use super::facts::{Fact, Known};
use super::{Broken, Context};
use crate::check::codes::GUARDRAIL_BROKEN;
use crate::check::wording::{line_of, operations};
use crate::parse::guardrails::Guardrail;
use crate::resolve::resolved::Operation;

/// How many places that set a value are pointed at, over all operations.
const LABELS: usize = 5;

/// One finding for all operations that do not meet the guardrail, at the first of them.
pub(super) fn finding(context: &Context<'_>, guardrail: &Guardrail, broken: &[Broken<'_>]) -> Diagnostic {
    let id = &guardrail.id.value;
    let breaking: Vec<&Operation> = broken.iter().map(|broken| broken.operation).collect();
    let (which, names) = operations(&breaking);
    let verb = if breaking.len() == 1 { "breaks" } else { "break" };
    let first = &broken[0];
    let mut finding =
        Diagnostic::new(&GUARDRAIL_BROKEN, format!("{which} {verb} the guardrail `{id}`{names}"))
            .at(first.operation.span)
            .with_pointer(first.operation.pointer.clone())
            .about(format!("guardrail {id}"))
            .with_label(guardrail.span, "the guardrail requires this")
            .with_help(help(context, guardrail, first));
    for (span, text) in labels(broken) {
        finding = finding.with_label(span, text);
    }
    finding
}

/// The places that set what decided, each once; the operation itself is pointed at already.
fn labels(broken: &[Broken<'_>]) -> Vec<(Span, String)> {
    let mut seen: BTreeSet<Span> = broken.iter().take(1).map(|broken| broken.operation.span).collect();
    let mut labels = Vec::new();
    for Broken { because, .. } in broken {
        for (name, fact) in because {
            let Some(span) = fact.set_at.filter(|span| labels.len() < LABELS && seen.insert(*span)) else {
                continue;
            };
            labels.push((span, format!("`{name}` {}", shown(&fact.known))));
        }
    }
    labels
}

fn help(context: &Context<'_>, guardrail: &Guardrail, first: &Broken<'_>) -> String {
    let facts: Vec<String> = first.because.iter().map(|(name, fact)| said(name, fact)).collect();
    let mut help = format!("it requires `{}`", guardrail.text.trim());
    if !facts.is_empty() {
        let _ = write!(help, "; at `{}`, {}", line_of(first.operation), facts.join(", "));
    }
    match first.fault {
        // That a value is not there was just said.
        None | Some(Fault::Absent) => {}
        Some(fault) => {
            let _ = write!(help, "; the condition has no answer: {fault}");
        }
    }
    let path = context.sources.path(guardrail.id.span.source);
    let _ = write!(help, "\nchange that, or exempt the operation: `except` of the guardrail in {path}");
    help
}

/// "`timeout.total` is `60s`", with a word about values that no file sets.
fn said(name: &str, fact: &Fact<'_>) -> String {
    let built_in = match (&fact.known, fact.set_at) {
        (Known::Value(_), None) => " (built in)",
        _ => "",
    };
    format!("`{name}` {}{built_in}", shown(&fact.known))
}

/// "is `60s`", "is not set".
fn shown(known: &Known<'_>) -> String {
    match known {
        Known::Absent | Known::Unsettled => "is not set".to_owned(),
        Known::Texts(texts) if texts.is_empty() => "is empty".to_owned(),
        Known::Texts(texts) => {
            let texts: Vec<String> = texts.iter().take(5).map(|text| format!("{text:?}")).collect();
            format!("is `[{}]`", texts.join(", "))
        }
        Known::Value(value) => format!("is `{}`", written(*value)),
    }
}

fn written(value: Value<'_>) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Permille(value) => format!("{}%", value / 10),
        Value::Rate(value) => value.to_string(),
        Value::Duration(value) => value.to_string(),
        Value::Size(value) => value.to_string(),
        Value::Text(value) => format!("{value:?}"),
        Value::List(_) | Value::Json(_) => "…".to_owned(),
    }
}
