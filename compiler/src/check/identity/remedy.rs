//! The exact lines that cover operations about whose callers nothing is said.

use std::collections::BTreeMap;

use gw_artifact::model::LayerKind;
use gw_syntax::{SourceId, Span};

use super::demands_credentials;
use crate::check::Context;
use crate::resolve::resolved::{ApiIndex, Operation, ProjectKind, Security};

/// How many operations, and how many documents, get lines of their own.
const LINES: usize = 5;
const REASON: &str = "say here why anyone may call";

/// Help for the gate's finding: lines to copy, each with the place where it goes.
pub(super) fn lines(context: &Context<'_>, uncovered: &[&Operation]) -> String {
    let mut help = vec!["if anyone may call, say so and say why".to_owned()];
    let by_defaults =
        defaults_line(context).filter(|_| uncovered.iter().any(|operation| is_silent(operation)));
    let left: Vec<&Operation> = match by_defaults {
        Some(_) => uncovered.iter().filter(|operation| !is_silent(operation)).copied().collect(),
        None => uncovered.to_vec(),
    };
    help.extend(by_defaults);
    help.extend(in_documents(context, &left));
    help.push("if callers must identify themselves, declare `security` in the document instead".to_owned());
    help.join("\n")
}

/// Only such operations are covered by `defaults`.
fn is_silent(operation: &Operation) -> bool {
    let by_defaults = |kind: LayerKind| kind <= LayerKind::Defaults;
    operation.security == Security::Undeclared
        && operation.auth.as_ref().is_none_or(|auth| by_defaults(auth.winner.kind))
}

fn defaults_line(context: &Context<'_>) -> Option<String> {
    let ProjectKind::Configured { file, defaults, .. } = context.resolved.project.kind else {
        return None;
    };
    let path = context.sources.path(file);
    let auth = context.resolved.operations.iter().find_map(|operation| {
        let layers = operation.auth.as_ref()?.layers();
        layers.filter(|layer| layer.kind == LayerKind::Defaults).find_map(|layer| layer.span)
    });
    Some(match (auth, defaults) {
        (Some(span), _) => format!(
            "in {path}, instead of the `auth` at line {}:\n\n  auth: {{public: true, delegated: true, reason: \"{REASON}\"}}\n",
            line(context, span)
        ),
        (None, Some(span)) => format!(
            "in {path}, below `defaults:` (line {}):\n\n  auth: {{public: true, reason: \"{REASON}\"}}\n",
            line(context, span)
        ),
        (None, None) => {
            format!("in {path}:\n\ndefaults:\n  auth: {{public: true, reason: \"{REASON}\"}}\n")
        }
    })
}

fn in_documents(context: &Context<'_>, uncovered: &[&Operation]) -> Vec<String> {
    let mut apis: BTreeMap<ApiIndex, Vec<&Operation>> = BTreeMap::new();
    for operation in uncovered {
        apis.entry(operation.api).or_default().push(operation);
    }
    let more = apis.len().saturating_sub(LINES);
    let mut lines: Vec<String> =
        apis.iter().take(LINES).map(|(api, ours)| in_document(context, *api, ours)).collect();
    if more > 0 {
        lines.push(format!("and the same in {more} more documents\n"));
    }
    lines
}

fn in_document(context: &Context<'_>, api: ApiIndex, uncovered: &[&Operation]) -> String {
    let document = context.resolved.apis[api].document;
    let path = context.sources.path(document);
    if root_fits(context, api) {
        return format!("in {path}, at the top level:\n\n{}\n", annotation(context, document, 0));
    }
    let lines: Vec<String> =
        uncovered.iter().take(LINES).map(|operation| on_operation(context, operation)).collect();
    match uncovered.len().saturating_sub(LINES) {
        0 => lines.join("\n"),
        more => format!("{}\nand the same for {more} more", lines.join("\n")),
    }
}

/// Whether a line at the root would be in nobody's way: the root says nothing yet, and no operation demands
/// credentials without a word of its own.
fn root_fits(context: &Context<'_>, api: ApiIndex) -> bool {
    let mut operations = context.resolved.operations.iter().filter(|operation| operation.api == api);
    operations.all(|operation| {
        let strongest = operation.auth.as_ref().map_or(LayerKind::BuiltIn, |auth| auth.winner.kind);
        strongest > LayerKind::Root
            || (strongest < LayerKind::Root && !demands_credentials(&operation.security))
    })
}

fn on_operation(context: &Context<'_>, operation: &Operation) -> String {
    let source = operation.span.source;
    let at = context.sources.position(source, operation.span.start);
    format!(
        "in {}, below line {} (`{} {}`):\n\n{}\n",
        context.sources.path(source),
        at.line,
        operation.method,
        operation.path,
        annotation(context, source, at.column as usize + 1)
    )
}

/// The annotation in the document's own language, `indent` columns from the left.
fn annotation(context: &Context<'_>, document: SourceId, indent: usize) -> String {
    // A document on one line has keys at column 100,000.
    let indent = indent.min(MAX_INDENT);
    if context.sources.text(document).trim_start().starts_with('{') {
        format!("{:indent$}\"x-gw-auth\": {{\"public\": true, \"reason\": \"{REASON}\"}},", "")
    } else {
        format!("{:indent$}x-gw-auth: {{public: true, reason: \"{REASON}\"}}", "")
    }
}

/// How far a suggested line is moved to the right at most.
const MAX_INDENT: usize = 40;

fn line(context: &Context<'_>, span: Span) -> u32 {
    context.sources.position(span.source, span.start).line
}
