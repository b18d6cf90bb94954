//! Which waivers cover the place of a finding.

use std::borrow::Cow;
use std::sync::Arc;

use gw_syntax::{Code, Diagnostic, Pointer, SourceId, Span};

use crate::reach::{Reach, covers};
use crate::resolve::Resolved;
use crate::resolve::resolved::{Effective, Operation, ProjectKind};

/// The places of a project, each with the policy that holds there.
#[derive(Debug)]
pub(super) struct Places<'r> {
    reach: &'r Reach,
    project: Arc<Effective>,
    /// The project's own file.
    own: SourceId,
    is_bare: bool,
    /// Beside the APIs.
    apis: Vec<Arc<Effective>>,
    operations: Vec<OperationPlace>,
}

/// An operation, by where it stands.
#[derive(Debug)]
struct OperationPlace {
    document: SourceId,
    path: String,
    path_span: Span,
    span: Span,
    pointer: Pointer,
    policy: Arc<Effective>,
}

impl<'r> Places<'r> {
    /// Those of a project; the operations only where somebody will ask.
    pub(super) fn of(resolved: &Resolved, reach: &'r Reach, with_operations: bool) -> Self {
        let (own, is_bare) = match resolved.project.kind {
            ProjectKind::Bare { document } => (document, true),
            ProjectKind::Configured { file, .. } => (file, false),
        };
        let place = |operation: &Operation| OperationPlace {
            document: resolved.apis[operation.api].document,
            path: operation.path.clone(),
            path_span: operation.path_span,
            span: operation.span,
            pointer: operation.pointer.clone(),
            policy: Arc::clone(&operation.policy),
        };
        Places {
            reach,
            project: Arc::clone(&resolved.defaults),
            own,
            is_bare,
            apis: resolved.apis.iter().map(|api| Arc::clone(&api.policy)).collect(),
            operations: resolved.operations.iter().filter(|_| with_operations).map(place).collect(),
        }
    }

    /// Whether a file is the project's own, not one that it extends. Documents are its own.
    pub(super) fn is_own(&self, file: SourceId) -> bool {
        file == self.own || self.reach.apis_of(Span::at(file, 0)).next().is_some()
    }

    /// The waivers that cover all findings of a code, wherever they are.
    pub(super) fn everywhere(&self, code: Code) -> Vec<Span> {
        if self.is_bare { common(self.apis.iter(), code) } else { self.project.waivers_of(code).collect() }
    }

    /// The waivers that cover the place of a finding, strongest first.
    ///
    /// O(operations).
    pub(super) fn covering(&self, finding: &Diagnostic) -> Vec<Span> {
        let code = finding.code;
        let Some(span) = finding.span else { return self.everywhere(code) };
        let tokens: Vec<Cow<'_, str>> = finding.pointer.iter().flat_map(Pointer::tokens).collect();
        let home = self.reach.home_of(span.source);
        let inside = |place: &&OperationPlace| {
            self.reach.home_of(place.span.source) == home && leads_through(&tokens, &place.pointer)
        };
        let inside: Vec<&OperationPlace> = self.operations.iter().filter(inside).collect();
        if !inside.is_empty() {
            return common(inside.into_iter().map(|place| &place.policy), code);
        }
        let below = |place: &&OperationPlace| {
            let mut item = place.pointer.clone();
            item.pop();
            let in_item = self.reach.home_of(place.span.source) == home
                && leads_through(&tokens, &item)
                && !item.is_root();
            let at_path = place.document == home
                && matches!(tokens.as_slice(), [paths, path, ..] if paths == "paths" && *path == place.path);
            in_item || at_path || covers(place.path_span, span)
        };
        let below: Vec<&OperationPlace> = self.operations.iter().filter(below).collect();
        if !below.is_empty() {
            return common(below.into_iter().map(|place| &place.policy), code);
        }
        let apis: Vec<&Arc<Effective>> = self.reach.apis_of(span).map(|api| &self.apis[api]).collect();
        if apis.is_empty() { self.everywhere(code) } else { common(apis, code) }
    }
}

/// The waivers of a code that all of these have in common, in the order of the first.
fn common<'p>(policies: impl IntoIterator<Item = &'p Arc<Effective>>, code: Code) -> Vec<Span> {
    let mut policies = policies.into_iter();
    let mut common: Vec<Span> =
        policies.next().into_iter().flat_map(|policy| policy.waivers_of(code)).collect();
    for policy in policies {
        let ours: Vec<Span> = policy.waivers_of(code).collect();
        common.retain(|span| ours.contains(span));
    }
    common
}

/// Whether a path goes through a node.
fn leads_through(tokens: &[Cow<'_, str>], pointer: &Pointer) -> bool {
    let mut way = tokens.iter();
    pointer.tokens().all(|token| way.next().is_some_and(|step| *step == token))
}
