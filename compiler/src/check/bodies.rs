//! Bodies that a gateway must hold whole fit into what it may hold at all.
//!
//! Most bodies are passed on as they come, and `body-max` only bounds how long they may be. What changes a body, transcodes
//! it or holds it against its schema needs all of it at once.

use std::collections::BTreeMap;

use gw_artifact::model::Bytes;
use gw_syntax::{Diagnostic, Sink, Span};

use super::Context;
use super::codes::BODY_EXCEEDS_MEMORY;
use super::wording::operations;
use crate::resolve::resolved::{Layered, Operation, Spanned};
use crate::vocabulary::scalar::ValidateMode;

/// Reports bodies of which not even one fits into `max-memory`.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let Some(memory) = &context.resolved.project.capacity.memory else { return };
    let mut found: BTreeMap<(Span, Option<Span>), Vec<&Operation>> = BTreeMap::new();
    for operation in &context.resolved.operations {
        let limit = &operation.policy.body_max.winner;
        if let Some(held) = held_for(operation).filter(|_| *limit.value > memory.value) {
            found.entry((held, limit.span)).or_default().push(operation);
        }
    }
    for ((held, limit), users) in found {
        sink.push_with(&BODY_EXCEEDS_MEMORY, || tell(held, limit, memory, &users));
    }
}

/// What needs the whole body of a request. What gw answers by itself reads none.
fn held_for(operation: &Operation) -> Option<Span> {
    let policy = &operation.policy;
    if policy.respond.is_some() {
        return None;
    }
    let changed = policy.transform.as_deref().and_then(|transform| {
        let request = transform.value().request.as_ref()?;
        transform.winner.span.filter(|_| !request.body.is_empty())
    });
    let transcoded = || Some(policy.grpc.as_deref().map(Layered::value)?.body.as_ref()?.span);
    let validated = || {
        let mode = policy.validate.as_deref().map(Layered::value)?.body.as_ref()?;
        let is_held = mode.value == ValidateMode::Enforce && operation.request_schemas.bodies > 0;
        is_held.then_some(mode.span)
    };
    changed.or_else(transcoded).or_else(validated)
}

fn tell(held: Span, limit: Option<Span>, memory: &Spanned<Bytes>, users: &[&Operation]) -> Diagnostic {
    let (which, names) = operations(users);
    let max = *users[0].policy.body_max.value();
    let message =
        format!("one body of {which} may have {max}, and a gateway holds at most {}{names}", memory.value);
    Diagnostic::new(&BODY_EXCEEDS_MEMORY, message)
        .at(limit.unwrap_or(held))
        .with_label(held, "this needs the whole body at once")
        .with_label(memory.span, "this is all that a gateway may hold")
        .about("body-max")
        .with_help("lower `body-max` for these operations, or raise `max-memory`")
}
