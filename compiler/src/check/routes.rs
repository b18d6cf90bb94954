//! What is published under which host and path, and that no request has two answers.

mod ambiguous;
mod budget;
mod candidates;
mod door;
mod ends;
mod items;
mod places;
mod publish;
mod sites;

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::{HostPattern, Method};
use gw_artifact::path_trie::Template;
use gw_syntax::{Code, Diagnostic, Sink, Span};

use super::codes::{NO_OPERATION, PATHS_ENTANGLED};
use super::{Access, Context, Mode};
use crate::resolve::resolved::{Operation, OperationIndex, ProjectKind};
use budget::Budget;
use door::Door;
use places::Hosts;

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
    hosts: Hosts,
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

/// A finding of one code about a pair of places is given once, however many hosts have both.
type Said = BTreeSet<(Code, Span, Span)>;

/// Works out what is published where, and reports what cannot be served or has two answers.
pub(super) fn check(context: &Context<'_>, access: &[Option<Access>], sink: &mut Sink) -> Routes {
    if context.resolved.operations.is_empty() && !sink.has_errors() {
        sink.push(nothing_to_publish(context));
    }
    let published = publish::all(context, sink);
    let mut said = Said::new();
    let mut answers = Vec::new();
    let mut budget = Budget::new();
    let sites = sites::all(&published);
    let hosts: Vec<&[HostPattern]> = sites.iter().map(|(hosts, _)| hosts.as_slice()).collect();
    for (at, (own_hosts, members)) in sites.iter().enumerate() {
        let items = items::of_site(context, &published, members);
        let door = Door::new(context, &published, &items.items, &hosts, at);
        items::report(&door, &items, &mut said, sink);
        let templates = items.items.iter().map(|item| &item.template);
        let pairs = budget.spend(members.len()).and_then(|()| candidates::pairs(templates, &mut budget));
        let Ok(pairs) = pairs else {
            sink.push(entangled(context));
            break;
        };
        ambiguous::report(&door, &pairs, access, &mut said, sink);
        answers.push(SiteRoutes { hosts: own_hosts.clone(), items: items.items });
    }
    if context.mode == Mode::Dev {
        answer_any_host(context, &published, &mut answers);
    }
    Routes { published, sites: answers }
}

fn nothing_to_publish(context: &Context<'_>) -> Diagnostic {
    Diagnostic::new(&NO_OPERATION, "there is no operation to publish")
        .at(start_of_project(context))
        .about("operations")
        .with_help("declare an operation below `paths`")
}

fn entangled(context: &Context<'_>) -> Diagnostic {
    Diagnostic::new(&PATHS_ENTANGLED, "too many paths may match the same requests to compare them all")
        .at(start_of_project(context))
        .about("paths")
        .with_help(
            "tell paths apart by a literal near their beginning, or publish fewer of them under one host",
        )
}

fn start_of_project(context: &Context<'_>) -> Span {
    match context.resolved.project.kind {
        ProjectKind::Bare { document } => Span::at(document, 0),
        ProjectKind::Configured { file, .. } => Span::at(file, 0),
    }
}

/// In `dev`, every operation is reachable under any host; where hosts disagree about a path, the first API has it.
fn answer_any_host(context: &Context<'_>, published: &[Published], answers: &mut Vec<SiteRoutes>) {
    let everything: Vec<usize> = (0..published.len()).collect();
    let items = items::of_site(context, published, &everything).items;
    match answers.iter_mut().find(|site| site.hosts.is_empty()) {
        Some(any) => any.items = items,
        None => answers.push(SiteRoutes { hosts: Vec::new(), items }),
    }
}

fn operation_of<'r>(context: &Context<'r>, published: &Published) -> &'r Operation {
    &context.resolved.operations[published.operation]
}
