//! What becomes of requests that gw answers itself, and of their copies.

use std::collections::BTreeSet;

use gw_artifact::model::LayerKind;
use gw_syntax::{Diagnostic, Sink, Span};

use super::Context;
use super::codes::{MIRROR_OF_ITSELF, RESPOND_BESIDE_UPSTREAM};
use super::wording::line_of;
use crate::resolve::resolved::Operation;

/// Reports fixed answers beside what only an upstream makes sense of, and copies to the upstream itself.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut said = BTreeSet::new();
    for operation in &context.resolved.operations {
        respond(operation, sink);
        mirror(operation, &mut said, sink);
    }
}

/// Weaker layers are for many operations; what stands at the operation itself is meant for it.
fn respond(operation: &Operation, sink: &mut Sink) {
    let policy = &operation.policy;
    let Some(respond) = policy.respond.as_ref().and_then(|respond| respond.winner.span) else { return };
    let own = |kind: LayerKind, span: Option<Span>| span.filter(|_| kind == LayerKind::Operation);
    let beside = [
        ("upstream", policy.upstream.as_ref().and_then(|it| own(it.winner.kind, it.winner.span))),
        ("retry", policy.retry.as_ref().and_then(|it| own(it.winner.kind, it.winner.span))),
        ("cache", policy.cache.as_ref().and_then(|it| own(it.winner.kind, it.winner.span))),
        ("mirror", policy.mirror.as_ref().and_then(|it| own(it.winner.kind, it.winner.span))),
        ("grpc", policy.grpc.as_ref().and_then(|it| own(it.winner.kind, it.winner.span))),
    ];
    for (key, span) in beside {
        let Some(span) = span else { continue };
        let message =
            format!("`{}` is answered by gw itself, so that its `{key}` means nothing", line_of(operation));
        sink.push_with(&RESPOND_BESIDE_UPSTREAM, || {
            Diagnostic::new(&RESPOND_BESIDE_UPSTREAM, message)
                .at(span)
                .with_label(respond, "the answer stands here")
                .about(format!("{} {key}", line_of(operation)))
                .with_help(format!("remove `x-gw-{key}`, or `x-gw-respond`"))
        });
    }
}

fn mirror(operation: &Operation, said: &mut BTreeSet<(Span, Span)>, sink: &mut Sink) {
    let policy = &operation.policy;
    let (Some(mirror), Some(upstream)) = (&policy.mirror, &policy.upstream) else { return };
    let name = &mirror.value().name;
    let Some(same) = upstream.value().names().find(|upstream| upstream.value == name.value) else { return };
    if said.insert((name.span, same.span)) {
        let message =
            format!("copies of `{}` go to `{}`, which gets the requests too", line_of(operation), name.value);
        sink.push(
            Diagnostic::new(&MIRROR_OF_ITSELF, message)
                .at(name.span)
                .with_label(same.span, "requests are sent here")
                .about(format!("{} mirror", line_of(operation)))
                .with_help("name another upstream: this one would see each request twice"),
        );
    }
}
