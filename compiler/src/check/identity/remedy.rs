//! The exact lines that cover operations about whose callers nothing is said.

use std::collections::BTreeMap;

use gw_artifact::model::LayerKind;

use super::demands_credentials;
use crate::check::Context;
use crate::check::remedy::{Annotation, at_root, below_defaults, line_of, on_operation};
use crate::resolve::resolved::{ApiIndex, Layered, Operation, Security};

/// How many operations, and how many documents, get lines of their own.
const LINES: usize = 5;

const PUBLIC: Annotation<'_> = Annotation {
    key: "x-gw-auth",
    yaml: "{public: true, reason: \"say here why anyone may call\"}",
    json: "{\"public\": true, \"reason\": \"say here why anyone may call\"}",
};
const BOTH: &str = "{public: true, delegated: true, reason: \"say here why anyone may call\"}";

/// Help for the gate's finding: lines to copy, each with the place where it goes.
pub(super) fn lines(context: &Context<'_>, uncovered: &[&Operation]) -> String {
    let mut help = vec!["if anyone may call, say so and say why".to_owned()];
    let silent = uncovered.iter().find(|operation| is_silent(operation));
    let by_defaults = silent.and_then(|operation| in_project(context, operation));
    let in_documents = match by_defaults {
        Some(_) => uncovered.iter().filter(|operation| !is_silent(operation)).copied().collect(),
        None => uncovered.to_vec(),
    };
    help.extend(by_defaults);
    help.extend(of_documents(context, &in_documents));
    let is_declared = uncovered.iter().any(|operation| operation.security != Security::Undeclared);
    let demand = if is_declared {
        "name a scheme in `security` instead of `[]` or `{}`"
    } else {
        "declare `security` in the document instead"
    };
    help.push(format!("if callers must identify themselves, {demand}"));
    help.join("\n")
}

/// Only such operations are covered by `defaults`.
fn is_silent(operation: &Operation) -> bool {
    let is_weak = |kind: LayerKind| kind <= LayerKind::Apply;
    let unsaid = operation.policy.auth.as_ref().is_none_or(|auth| is_weak(auth.winner.kind));
    operation.security == Security::Undeclared && unsaid
}

/// For an operation about which its document says nothing: what `defaults` or `apply` says, or could say.
fn in_project(context: &Context<'_>, silent: &Operation) -> Option<String> {
    let said = silent.policy.auth.as_ref().and_then(|auth| auth.winner.span);
    match said {
        Some(span) => Some(format!(
            "in {}, instead of what `auth` says at line {}:\n\n  auth: {BOTH}\n",
            context.sources.path(span.source),
            line_of(context, span)
        )),
        None => below_defaults(context, &format!("auth: {}", PUBLIC.yaml)),
    }
}

fn of_documents(context: &Context<'_>, uncovered: &[&Operation]) -> Vec<String> {
    let mut apis: BTreeMap<ApiIndex, Vec<&Operation>> = BTreeMap::new();
    for operation in uncovered {
        apis.entry(operation.api).or_default().push(operation);
    }
    let more = apis.len().saturating_sub(LINES);
    let mut lines: Vec<String> =
        apis.iter().take(LINES).map(|(api, ours)| of_document(context, *api, ours)).collect();
    if more > 0 {
        lines.push(format!("and the same in {more} more documents\n"));
    }
    lines
}

fn of_document(context: &Context<'_>, api: ApiIndex, uncovered: &[&Operation]) -> String {
    if root_fits(context, api) {
        return at_root(context, context.resolved.apis[api].document, &PUBLIC);
    }
    let lines: Vec<String> =
        uncovered.iter().take(LINES).map(|operation| on_operation(context, operation, &PUBLIC)).collect();
    match uncovered.len().saturating_sub(LINES) {
        0 => lines.join("\n"),
        more => format!("{}\nand the same for {more} more\n", lines.join("\n")),
    }
}

/// Whether a line at the root would be in nobody's way: the root says nothing yet, and no operation demands
/// credentials without a word of its own.
fn root_fits(context: &Context<'_>, api: ApiIndex) -> bool {
    let mut operations = context.resolved.operations.iter().filter(|operation| operation.api == api);
    operations.all(|operation| {
        let layers = operation.policy.auth.as_deref().into_iter().flat_map(Layered::layers);
        let kinds: Vec<LayerKind> = layers.map(|layer| layer.kind).collect();
        let root_is_free = !kinds.contains(&LayerKind::Root);
        let has_its_own_word = kinds.iter().any(|kind| *kind > LayerKind::Root);
        root_is_free && (has_its_own_word || !demands_credentials(&operation.security))
    })
}
