//! Nothing is silently inert: what this version does not enforce is refused, or counted where OpenAPI has it everywhere.

use std::collections::BTreeMap;

use gw_syntax::{Diagnostic, Sink};

use super::Context;
use super::codes::{NOT_ENFORCED, VALIDATION_NOT_ENFORCED};
use super::waivable::apart;
use super::wording::operations;
use crate::resolve::resolved::{Operation, Unenforced};

/// How many places are pointed at beside the first.
const LABELS: usize = 4;

/// One error for each key that is not enforced, and one warning about request schemas.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut keys: BTreeMap<&str, Vec<&Unenforced>> = BTreeMap::new();
    for occurrence in &context.resolved.unenforced {
        keys.entry(&occurrence.key).or_default().push(occurrence);
    }
    for (key, places) in keys {
        sink.push(not_enforced(key, &places));
    }
    validation(context, sink);
}

fn not_enforced(key: &str, places: &[&Unenforced]) -> Diagnostic {
    let more = match places.len() {
        1 => String::new(),
        count => format!(" and stands in {count} places"),
    };
    let message = format!("`{key}` is not enforced by this version{more}");
    let mut finding = Diagnostic::new(&NOT_ENFORCED, message)
        .at(places[0].span)
        .with_pointer(places[0].pointer.clone())
        .about(key)
        .with_help("remove it: a policy that gw would only seem to hold is refused");
    for place in places.iter().skip(1).take(LABELS) {
        finding = finding.with_label(place.span, "here too");
    }
    finding
}

fn validation(context: &Context<'_>, sink: &mut Sink) {
    let unsaid =
        |operation: &&Operation| operation.request_schemas.any() && operation.policy.validate.is_none();
    for (waivers, unsaid) in
        apart(&VALIDATION_NOT_ENFORCED, context.resolved.operations.iter().filter(unsaid))
    {
        sink.push(not_validated(&unsaid).with_waivers(waivers));
    }
}

fn not_validated(unsaid: &[&Operation]) -> Diagnostic {
    let first = unsaid[0];
    let (which, names) = operations(unsaid);
    let verb = if unsaid.len() == 1 { "declares" } else { "declare" };
    let message = format!("{which} {verb} request schemas that are not enforced yet{names}");
    Diagnostic::new(&VALIDATION_NOT_ENFORCED, message)
        .at(first.span)
        .with_pointer(first.pointer.clone())
        .about("request schemas")
        .with_help(
            "gw checks methods, paths and credentials, and forwards parameters and bodies as they come; \
             `x-gw-validate: none` says that this is meant",
        )
}
