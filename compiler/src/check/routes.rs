//! What is published under which host and path, and that no request has two answers.

mod ambiguous;
mod budget;
mod candidates;
mod claims;
mod door;
mod ends;
mod items;
mod places;
mod precedence;
mod publish;
mod reach;
mod rewrites;
mod sites;
mod spellings;
mod wishes;

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::{HostPattern, Method};
use gw_artifact::path_trie::{Precedence, Template};
use gw_syntax::{Code, Declaration, Diagnostic, Shows, Sink, Span, Witness};

use super::codes::{NO_OPERATION, PATHS_ENTANGLED};
use super::{Access, Context, Mode};
use crate::resolve::resolved::{Operation, OperationIndex, ProjectKind};
use budget::{Budget, Spent};
use door::Door;
use places::Hosts;
use precedence::Order;
use wishes::Wishes;

/// Every published operation, and what each host answers.
#[derive(Debug)]
pub(crate) struct Routes {
    /// Operations with their public templates: one row for each base path of each operation.
    pub(crate) published: Vec<Published>,
    /// What each set of hosts answers; a host stands in one at most, and at most one is for any host.
    pub(crate) sites: Vec<SiteRoutes>,
    /// Pairs of rows that claim the same method of the same path on some site: an error stands. The first one has it.
    pub(crate) claimed_twice: BTreeSet<(usize, usize)>,
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
    /// Which items go before others against the trie's own order, by their positions.
    pub(crate) rules: Vec<Precedence>,
}

/// One path and what it answers.
#[derive(Clone, Debug)]
pub(crate) struct PathItem {
    /// The template of its first operation; the others differ at most in the names of variables.
    pub(crate) template: Template,
    /// For each method, the position in [`Routes::published`].
    pub(crate) methods: BTreeMap<Method, usize>,
}

impl PathItem {
    /// The row that answers a method; `HEAD` falls to `GET`.
    fn answer(&self, method: Method) -> Option<usize> {
        let declared = |method| self.methods.get(&method).copied();
        declared(method).or_else(|| (method == Method::Head).then(|| declared(Method::Get)).flatten())
    }
}

impl Routes {
    /// A request for the first of these operations to which one leads. Its operation is told to `shows`.
    ///
    /// O(published rows).
    pub(crate) fn witness(
        &self,
        context: &Context<'_>,
        operations: &[OperationIndex],
        shows: impl Fn(Declaration) -> Shows,
    ) -> Option<Witness> {
        let wanted: BTreeSet<OperationIndex> = operations.iter().copied().collect();
        self.witness_where(context, |_, row| wanted.contains(&row.operation), shows)
    }

    /// A request for the first row of these to which one leads; they are chosen with the hosts of their site.
    fn witness_where(
        &self,
        context: &Context<'_>,
        is_wanted: impl Fn(&[HostPattern], &Published) -> bool,
        shows: impl Fn(Declaration) -> Shows,
    ) -> Option<Witness> {
        let hosts: Vec<&[HostPattern]> = self.sites.iter().map(|site| site.hosts.as_slice()).collect();
        self.sites.iter().enumerate().find_map(|(at, site)| {
            let order = Order::of_rules(site.rules.clone());
            let door = Door::new(context, &self.published, (&site.items, &order), &hosts, at);
            let rows = site.items.iter().enumerate().flat_map(|(item, path_item)| {
                path_item.methods.iter().map(move |(method, row)| (item, *method, *row))
            });
            let mut ours = rows.filter(|(_, _, row)| is_wanted(&site.hosts, &self.published[*row]));
            ours.find_map(|(item, method, row)| {
                door.witness(method, &door.path_to(item)?, shows(door.declaration(row)))
            })
        })
    }
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
    let mut claimed_twice = BTreeSet::new();
    let mut budget = Budget::new();
    let mut wishes = Wishes::read(context, sink);
    let mut is_whole = true;
    let sites = sites::all(&published);
    let hosts: Vec<&[HostPattern]> = sites.iter().map(|(hosts, _)| hosts.as_slice()).collect();
    for (at, (own_hosts, members)) in sites.iter().enumerate() {
        let items = items::of_site(context, &published, members);
        let pairs = pairs(&items.items, members, &mut budget);
        let (order, disorder) = match &pairs {
            Ok(pairs) => precedence::order(context, &published, (members, &items.items), pairs, &mut wishes),
            Err(Spent) => (Order::default(), None),
        };
        let door = Door::new(context, &published, (&items.items, &order), &hosts, at);
        items::report(&door, &items, &mut said, sink);
        claimed_twice.extend(items.claimed_twice());
        let Ok(pairs) = pairs else {
            sink.push(entangled(context));
            is_whole = false;
            break;
        };
        if let Some(disorder) = disorder {
            wishes::report_disorder(&door, &wishes, &disorder, &mut said, sink);
        }
        ambiguous::report(&door, &pairs, access, &mut said, sink);
        reach::report(&door, &wishes, &mut said, sink);
        let compared = spellings::report(&door, access, &mut budget, &mut said, sink)
            .and_then(|()| rewrites::report(&door, members, access, &mut budget, &mut said, sink));
        if compared.is_err() {
            sink.push(entangled(context));
            is_whole = false;
            break;
        }
        answers.push(SiteRoutes { hosts: own_hosts.clone(), rules: order.rules, items: items.items });
    }
    if is_whole {
        wishes.report(sink);
    }
    if context.mode == Mode::Dev {
        answer_any_host(context, &published, &mut wishes, &mut answers);
    }
    let routes = Routes { published, sites: answers, claimed_twice };
    claims::report(context, &routes, sink);
    routes
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
fn answer_any_host(
    context: &Context<'_>,
    published: &[Published],
    wishes: &mut Wishes<'_>,
    answers: &mut Vec<SiteRoutes>,
) {
    let everything: Vec<usize> = (0..published.len()).collect();
    let items = items::of_site(context, published, &everything).items;
    let pairs = pairs(&items, &everything, &mut Budget::new()).unwrap_or_default();
    let (order, _) = precedence::order(context, published, (&everything, &items), &pairs, wishes);
    let any = SiteRoutes { hosts: Vec::new(), items, rules: order.rules };
    match answers.iter_mut().find(|site| site.hosts.is_empty()) {
        Some(site) => *site = any,
        None => answers.push(any),
    }
}

/// Pairs of items that may overlap.
fn pairs(items: &[PathItem], members: &[usize], budget: &mut Budget) -> Result<Vec<(u32, u32)>, Spent> {
    budget.spend(members.len())?;
    candidates::pairs(items.iter().map(|item| &item.template), budget)
}

fn operation_of<'r>(context: &Context<'r>, published: &Published) -> &'r Operation {
    &context.resolved.operations[published.operation]
}
