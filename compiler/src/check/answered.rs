//! What becomes of requests that gw answers itself, of their copies, and of operations that go away.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::LayerKind;
use gw_syntax::{Diagnostic, Sink, Span};

use super::Context;
use super::codes::{MIRROR_OF_ITSELF, RESPOND_BESIDE_UPSTREAM, SUNSET_NOT_DEPRECATED};
use super::waivable::apart;
use super::wording::{line_of, operations};
use crate::resolve::resolved::Operation;

/// Reports fixed answers beside what only an upstream makes sense of, copies to the upstream itself, and an end of what
/// is not deprecated.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut said = BTreeSet::new();
    for operation in &context.resolved.operations {
        respond(operation, sink);
        mirror(operation, &mut said, sink);
    }
    sunsets(context, sink);
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

/// What goes away is deprecated first (RFC 9745 section 1): clients that are generated from the document warn of that only.
fn sunsets(context: &Context<'_>, sink: &mut Sink) {
    let mut ending: BTreeMap<Span, Vec<&Operation>> = BTreeMap::new();
    for operation in context.resolved.operations.iter().filter(|operation| !operation.deprecated) {
        if let Some(span) = operation.policy.sunset.as_ref().and_then(|sunset| sunset.winner.span) {
            ending.entry(span).or_default().push(operation);
        }
    }
    let apart =
        |(span, users)| apart(&SUNSET_NOT_DEPRECATED, users).into_iter().map(move |group| (span, group));
    for (span, (waivers, users)) in ending.into_iter().flat_map(apart) {
        sink.push_with(&SUNSET_NOT_DEPRECATED, || {
            let (which, names) = operations(&users);
            let message = format!("{which} will go away and is not `deprecated`{names}");
            let finding = Diagnostic::new(&SUNSET_NOT_DEPRECATED, message).at(span).about("sunset");
            finding.with_waivers(waivers).with_label(users[0].span, "this operation").with_help(
                "add `deprecated: true` to the operation: generated clients and documentation warn of that alone",
            )
        });
    }
}
