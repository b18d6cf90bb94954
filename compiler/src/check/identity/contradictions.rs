//! Words about callers that contradict the document or themselves, one finding per place that says them.

use std::collections::BTreeMap;

use gw_artifact::model::LayerKind;
use gw_syntax::{CodeEntry, Diagnostic, Shows, Sink, Span, Witness};

use super::{Verdict, readings};
use crate::check::Context;
use crate::check::codes::{AUTH_CONTRADICTS, DELEGATED_WITHOUT_SECURITY, PUBLIC_BESIDE_SECURITY};
use crate::check::routes::Routes;
use crate::check::witness::with_witness;
use crate::check::wording::{line_of, operations};
use crate::owners::owner_of;
use crate::policy::auth::Auth;
use crate::resolve::resolved::{Layer, Operation, OperationIndex};

/// How many `security` keys are pointed at.
const LABELS: usize = 4;

/// What contradicts, and the operations it stands over.
struct Contradiction<'r> {
    entry: &'static CodeEntry,
    layer: LayerKind,
    operations: Vec<&'r Operation>,
    indices: Vec<OperationIndex>,
    /// The `security` of each, where that is the other half.
    beside: Vec<Span>,
}

pub(super) fn report(context: &Context<'_>, verdicts: &[Verdict<'_>], routes: &Routes, sink: &mut Sink) {
    let mut places: BTreeMap<Span, Contradiction<'_>> = BTreeMap::new();
    for (index, (operation, verdict)) in context.resolved.operations.iter().zip(verdicts).enumerate() {
        let Some((entry, layer, beside)) = contradiction(verdict) else { continue };
        let span = offending_key(layer).unwrap_or(operation.span);
        let fresh = || Contradiction {
            entry,
            layer: layer.kind,
            operations: Vec::new(),
            indices: Vec::new(),
            beside: Vec::new(),
        };
        let place = places.entry(span).or_insert_with(fresh);
        place.operations.push(operation);
        place.indices.push(index);
        place.beside.extend(beside);
    }
    for (span, place) in places {
        let witness = witness(context, &place, routes);
        sink.push(with_witness(finding(context, span, place), witness));
    }
}

fn contradiction<'v>(
    verdict: &'v Verdict<'_>,
) -> Option<(&'static CodeEntry, &'v Layer<Auth>, Option<Span>)> {
    match verdict {
        Verdict::PublicBesideSecurity(layer, security) => {
            Some((&PUBLIC_BESIDE_SECURITY, layer, Some(*security)))
        }
        Verdict::DelegatedWithoutSecurity(layer) => Some((&DELEGATED_WITHOUT_SECURITY, layer, None)),
        Verdict::Contradicts(layer) => Some((&AUTH_CONTRADICTS, layer, None)),
        Verdict::Covered(_) | Verdict::Uncovered | Verdict::Unknown => None,
    }
}

/// Where `security` demands something too, it depends on which word holds; else anyone would be let in.
fn witness(context: &Context<'_>, place: &Contradiction<'_>, routes: &Routes) -> Option<Witness> {
    let readings =
        |index: &OperationIndex| readings(context.resolved, &context.resolved.operations[*index]).len();
    let first = place.indices.first()?;
    routes.witness(context, &place.indices[..1], |operation| match readings(first) {
        2.. => Shows::Undecided { operation },
        _ => Shows::LetIn { operation },
    })
}

fn offending_key(layer: &Layer<Auth>) -> Option<Span> {
    layer.value.public.or(layer.value.delegated).or(layer.span)
}

fn finding(context: &Context<'_>, span: Span, place: Contradiction<'_>) -> Diagnostic {
    let (message, help) = words(place.entry, &place.operations);
    let first = place.operations[0];
    let mut finding = Diagnostic::new(place.entry, message).at(span).with_help(help).about(line_of(first));
    finding = finding.owned_by(owner_of(context.resolved, &place.operations));
    if place.layer == LayerKind::Operation {
        finding = finding.with_pointer(first.pointer.child("x-gw-auth"));
    }
    let mut beside = place.beside;
    beside.sort_unstable();
    beside.dedup();
    for span in beside.into_iter().take(LABELS) {
        finding = finding.with_label(span, "credentials are demanded here");
    }
    finding
}

fn words(entry: &CodeEntry, over: &[&Operation]) -> (String, &'static str) {
    let (which, names) = operations(over);
    if entry.code == PUBLIC_BESIDE_SECURITY.code {
        let help = "remove `public`, or, where anyone may really call, let the operation say `security: []`";
        (format!("`public` stands over {which} whose `security` demands credentials{names}"), help)
    } else if entry.code == DELEGATED_WITHOUT_SECURITY.code {
        let help = "`delegated` demands a credential of a declared scheme: name one in `security`, \
                    or say `public` with a reason";
        (format!("`delegated` stands over {which} whose `security` demands no credential{names}"), help)
    } else {
        let help = "keep one of them; only `defaults` may hold both, each for the operations it fits";
        (format!("`public` and `delegated` stand together over {which}{names}"), help)
    }
}
