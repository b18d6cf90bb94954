//! What is published under which host and path, and that no request has two answers.

mod ambiguous;
mod candidates;
mod items;
mod publish;
mod sites;

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::{HostPattern, Method};
use gw_artifact::path_trie::Template;
use gw_syntax::{Diagnostic, Sink, Span};

use super::codes::NO_OPERATION;
use super::{Access, Context, Mode};
use crate::resolve::resolved::{Operation, OperationIndex, ProjectKind};

/// Every published operation, and what each host answers.
#[derive(Debug)]
pub(crate) struct Routes {
    /// Operations with their public templates: one row for each base path of each operation.
    pub(crate) published: Vec<Published>,
    /// What each set of hosts answers; a host stands in one at most, and at most one is for any host.
    pub(crate) sites: Vec<SiteRoutes>,
}

/// One operation under one base path.
#[derive(Debug)]
pub(crate) struct Published {
    /// The operation.
    pub(crate) operation: OperationIndex,
    /// The base path: empty, or canonical, beginning with `/` and not ending in one.
    pub(crate) base: String,
    /// Base and path.
    pub(crate) template: Template,
    /// The hosts under which it stands; `None` for any.
    hosts: BTreeSet<Option<HostPattern>>,
}

/// What one set of hosts answers.
#[derive(Debug)]
pub(crate) struct SiteRoutes {
    /// Sorted; empty for any host that no other site claims.
    pub(crate) hosts: Vec<HostPattern>,
    /// Path items, each shape once, in the order of their shapes.
    pub(crate) items: Vec<PathItem>,
}

/// One path and what it answers.
#[derive(Clone, Debug)]
pub(crate) struct PathItem {
    /// The template of its first operation; the others differ at most in the names of variables.
    pub(crate) template: Template,
    /// For each method, the position in [`Routes::published`].
    pub(crate) methods: BTreeMap<Method, usize>,
}

/// A finding about a pair of paths is given once, however many hosts have both.
type Said = BTreeSet<(Span, Span)>;

/// Works out what is published where, and reports what cannot be served or has two answers.
pub(super) fn check(context: &Context<'_>, access: &[Option<Access>], sink: &mut Sink) -> Routes {
    if context.resolved.operations.is_empty() && !sink.has_errors() {
        sink.push(nothing_to_publish(context));
    }
    let published = publish::all(context, sink);
    let mut said = Said::new();
    let mut answers = Vec::new();
    for (hosts, members) in sites::all(&published) {
        let items = items::of_site(context, &published, &members, Some((&mut said, &mut *sink)));
        ambiguous::report(context, &published, &items, access, &mut said, sink);
        answers.push(SiteRoutes { hosts, items });
    }
    if context.mode == Mode::Dev {
        answer_any_host(context, &published, &mut answers);
    }
    Routes { published, sites: answers }
}

fn nothing_to_publish(context: &Context<'_>) -> Diagnostic {
    let source = match context.resolved.project.kind {
        ProjectKind::Bare { document } => document,
        ProjectKind::Configured { file, .. } => file,
    };
    Diagnostic::new(&NO_OPERATION, "there is no operation to publish")
        .at(Span::at(source, 0))
        .about("operations")
        .with_help("declare an operation below `paths`")
}

/// In `dev`, every operation is reachable under any host; where hosts disagree about a path, the first API has it.
fn answer_any_host(context: &Context<'_>, published: &[Published], answers: &mut Vec<SiteRoutes>) {
    let everything: Vec<usize> = (0..published.len()).collect();
    let items = items::of_site(context, published, &everything, None);
    match answers.iter_mut().find(|site| site.hosts.is_empty()) {
        Some(any) => any.items = items,
        None => answers.push(SiteRoutes { hosts: Vec::new(), items }),
    }
}

fn operation_of<'r>(context: &Context<'r>, published: &Published) -> &'r Operation {
    &context.resolved.operations[published.operation]
}
