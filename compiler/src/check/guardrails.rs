//! Guardrails: conditions over the effective policy of every operation. They are checked, never merged, so that no
//! layer can soften one.

mod facts;
mod report;

use std::collections::BTreeMap;

use gw_artifact::expression::{Fault, List, Value};
use gw_syntax::{Diagnostic, Sink, Span};

use super::codes::GUARDRAIL_TWICE;
use super::identity::{Access, access_of};
use super::{Context, Mode};
use crate::parse::guardrails::Guardrail;
use crate::resolve::resolved::Operation;
use facts::{Fact, Known, fact_of};

/// Holds every operation against every guardrail that does not exempt it.
pub(super) fn check(context: &Context<'_>, access: &[Option<Access>], sink: &mut Sink) {
    report_twice(&context.resolved.guardrails, sink);
    for guardrail in &context.resolved.guardrails {
        let broken: Vec<Broken<'_>> = context
            .resolved
            .operations
            .iter()
            .zip(access)
            .filter(|(operation, _)| !is_exempt(context, guardrail, operation))
            .filter_map(|(operation, access)| {
                judge(
                    context,
                    guardrail,
                    operation,
                    access.as_ref().filter(|_| is_settled(context, operation)),
                )
            })
            .collect();
        if !broken.is_empty() {
            sink.push(report::finding(context, guardrail, &broken));
        }
    }
}

/// An operation that does not meet a guardrail.
struct Broken<'r> {
    operation: &'r Operation,
    /// `None`: the condition is false.
    fault: Option<Fault>,
    /// What decided: names and facts.
    because: Vec<(&'r str, Fact<'r>)>,
}

fn is_exempt(context: &Context<'_>, guardrail: &Guardrail, operation: &Operation) -> bool {
    let api = &context.resolved.apis[operation.api].name;
    guardrail.except.as_ref().is_some_and(|except| except.selects(api, operation))
}

/// Whether something says who may call: in `dev`, what nothing is said about is let through and stays unsaid.
fn is_settled(context: &Context<'_>, operation: &Operation) -> bool {
    context.mode == Mode::Publish || access_of(context.resolved, operation).is_some()
}

/// `None` when the condition holds, or when a finding stands where one of its values would.
fn judge<'r>(
    context: &Context<'r>,
    guardrail: &'r Guardrail,
    operation: &'r Operation,
    access: Option<&Access>,
) -> Option<Broken<'r>> {
    let inputs = guardrail.require.inputs();
    let facts: Vec<Fact<'r>> =
        inputs.iter().map(|input| fact_of(context.resolved, operation, access, &input.name)).collect();
    if facts.iter().any(|fact| matches!(fact.known, Known::Unsettled)) {
        return None;
    }
    let lists: Vec<Vec<Value<'_>>> = facts.iter().map(|fact| elements(&fact.known)).collect();
    let values: Vec<Option<Value<'_>>> =
        facts.iter().zip(&lists).map(|(fact, list)| value(&fact.known, list)).collect();
    let fault = match guardrail.require.evaluate(&values) {
        Ok(true) => return None,
        Ok(false) => None,
        Err(fault) => Some(fault),
    };
    let decided = guardrail.require.decided_by(&values);
    let because = inputs.iter().zip(facts).enumerate().filter(|(index, _)| decided.contains(index));
    let because = because.map(|(_, (input, fact))| (input.name.as_str(), fact)).collect();
    Some(Broken { operation, fault, because })
}

fn elements<'f>(known: &'f Known<'_>) -> Vec<Value<'f>> {
    match known {
        Known::Texts(texts) => texts.iter().map(|text| Value::Text(text)).collect(),
        Known::Value(_) | Known::Absent | Known::Unsettled => Vec::new(),
    }
}

fn value<'f>(known: &Known<'f>, list: &'f [Value<'f>]) -> Option<Value<'f>> {
    match known {
        Known::Value(value) => Some(*value),
        Known::Texts(_) => Some(Value::List(List::new(list))),
        Known::Absent | Known::Unsettled => None,
    }
}

fn report_twice(guardrails: &[Guardrail], sink: &mut Sink) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for Guardrail { id, .. } in guardrails {
        if let Some(first) = seen.get(id.value.as_str()) {
            sink.push(
                Diagnostic::new(&GUARDRAIL_TWICE, format!("there are two guardrails `{}`", id.value))
                    .at(id.span)
                    .with_label(*first, "this is the first")
                    .about(format!("guardrail {}", id.value))
                    .with_help("give each its own name: a finding names the guardrail that it is about"),
            );
        } else {
            seen.insert(&id.value, id.span);
        }
    }
}
