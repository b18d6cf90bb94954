//! Rewritten paths that meet at an upstream.
//!
//! `x-gw-upstream.path` replaces the public base. No request gets out of the prefix by itself: paths with `..` and `//` are
//! refused. But two operations under different public paths may become one path at their upstream; where they
//! differ in who may call them, the one with the weaker demand lets callers reach what the other one guards.
//!
//! A pair is reported when a path at the upstream is reached by both, each by a public path that its own operation has.
//!
//! Cost: nothing where nothing is rewritten, else one search for candidates among the paths at each upstream.

use std::collections::BTreeMap;

use gw_artifact::path_trie::{Template, intersect};
use gw_syntax::{Diagnostic, Shows, Sink, Span};

use super::Said;
use super::budget::{Budget, Spent};
use super::candidates;
use super::door::Door;
use crate::check::Access;
use crate::check::codes::{REWRITE_CHANGES_ACCESS, REWRITES_MEET};
use crate::check::witness::with_witness;
use crate::policy::upstream::UpstreamUse;
use crate::resolve::resolved::{Layered, Operation};

/// One row as its upstream sees it.
struct Seen<'c> {
    row: usize,
    template: Template,
    /// The prefix that stands for the base, with its place; `None` where the path is forwarded as it came.
    prefix: Option<(&'c str, Span)>,
}

/// Reports the pairs of one site; `members` are its rows.
///
/// # Errors
/// When too many paths may meet to compare them all.
pub(super) fn report(
    door: &Door<'_>,
    members: &[usize],
    access: &[Option<Access>],
    budget: &mut Budget,
    said: &mut Said,
    sink: &mut Sink,
) -> Result<(), Spent> {
    let mut upstreams: BTreeMap<(&str, Option<&str>), Vec<Seen<'_>>> = BTreeMap::new();
    for &row in members {
        let using = door.operation(row).policy.upstream.as_deref().map(Layered::value);
        let host = using.and_then(|using| using.host.as_ref()).map(|host| host.value.as_str());
        let names = using.into_iter().flat_map(UpstreamUse::names).map(|name| name.value.as_str());
        for name in names.chain(using.is_none().then_some("")) {
            upstreams.entry((name, host)).or_default().extend(seen(door, row, using));
        }
    }
    for ((upstream, _), rows) in upstreams {
        if !rows.iter().any(|seen| seen.prefix.is_some()) {
            continue;
        }
        budget.spend(rows.len())?;
        for (first, second) in candidates::pairs(rows.iter().map(|seen| &seen.template), budget)? {
            let pair = [&rows[first as usize], &rows[second as usize]];
            if let Some(path) = meeting(door, pair) {
                tell(door, upstream, &path, pair, access, said, sink);
            }
        }
    }
    Ok(())
}

/// An operation's path as its upstream sees it.
fn seen<'c>(door: &Door<'c>, row: usize, using: Option<&'c UpstreamUse>) -> Option<Seen<'c>> {
    let published = &door.published[row];
    let prefix = using
        .and_then(|using| using.path.as_ref())
        .filter(|path| path.value != published.base)
        .map(|path| (path.value.as_str(), path.span));
    let template = match prefix {
        None => published.template.clone(),
        Some((prefix, _)) => {
            let public = published.template.to_string();
            Template::parse(&format!("{prefix}{}", public.get(published.base.len()..)?)).ok()?
        }
    };
    Some(Seen { row, template, prefix })
}

/// A path at the upstream that two operations of different public paths both become.
fn meeting(door: &Door<'_>, [first, second]: [&Seen<'_>; 2]) -> Option<String> {
    let [a, b] = [first, second].map(|seen| &door.published[seen.row]);
    let is_same_way =
        a.base == b.base && first.prefix.map(|(path, _)| path) == second.prefix.map(|(path, _)| path);
    let is_one_operation = a.operation == b.operation;
    let method = door.operation(first.row).method;
    if is_same_way || is_one_operation || method != door.operation(second.row).method {
        return None;
    }
    let path = intersect(&first.template, &second.template)?;
    [first, second].iter().all(|seen| leads_to(door, seen, &path)).then_some(path)
}

/// The public path that becomes this one at the upstream.
fn public(door: &Door<'_>, seen: &Seen<'_>, path: &str) -> Option<String> {
    let Some((prefix, _)) = seen.prefix else { return Some(path.to_owned()) };
    Some(format!("{}{}", door.published[seen.row].base, path.strip_prefix(prefix)?))
}

fn leads_to(door: &Door<'_>, seen: &Seen<'_>, path: &str) -> bool {
    let item = public(door, seen, path).and_then(|path| door.item_of(&path));
    let method = door.operation(seen.row).method;
    item.is_some_and(|item| door.items[item].methods.get(&method) == Some(&seen.row))
}

fn tell(
    door: &Door<'_>,
    upstream: &str,
    path: &str,
    pair: [&Seen<'_>; 2],
    access: &[Option<Access>],
    said: &mut Said,
    sink: &mut Sink,
) {
    let [a, b] = pair.map(|seen| door.operation(seen.row));
    let [ours, theirs] = pair.map(|seen| access[door.published[seen.row].operation].as_ref());
    let entry = match (ours, theirs) {
        (Some(ours), Some(theirs)) if ours != theirs => &REWRITE_CHANGES_ACCESS,
        (Some(_), Some(_)) if pair[0].template.shape() == pair[1].template.shape() => &REWRITES_MEET,
        _ => return,
    };
    let Some((_, place)) = pair[0].prefix.or(pair[1].prefix) else { return };
    if !said.insert((entry.code, a.span.min(b.span), a.span.max(b.span))) {
        return;
    }
    sink.push_with(entry, || {
        let [first, second] = pair.map(|seen| {
            format!("{} {}", door.operation(seen.row).method, door.published[seen.row].template)
        });
        let end = if entry.code == REWRITE_CHANGES_ACCESS.code { ", and differ in who may call them" } else { "" };
        let to = if upstream.is_empty() { String::new() } else { format!(" of `{upstream}`") };
        let message = format!("`{first}` and `{second}` both become `{path}`{to}{end}");
        let finding = Diagnostic::new(entry, message).at(place).about(format!("{} {}", (&first).min(&second), (&first).max(&second))).with_help(
            "give each of them a prefix of its own at the upstream, or let both say the same in `security` and \
             `x-gw-auth`",
        );
        let finding = labelled(finding, [a, b]);
        // The way around is the more telling one: it lets anyone in.
        let is_open = |access: Option<&Access>| access == Some(&Access::Public);
        let way = if is_open(theirs) && !is_open(ours) { pair[1] } else { pair[0] };
        let operation = door.declaration(way.row);
        let shows = if is_open(ours) || is_open(theirs) { Shows::LetIn { operation } } else { Shows::Reaches { operation, rather_than: None } };
        let method = door.operation(way.row).method;
        with_witness(finding, public(door, way, path).and_then(|path| door.witness(method, &path, shows)))
    });
}

fn labelled(finding: Diagnostic, operations: [&Operation; 2]) -> Diagnostic {
    let [first, second] = operations.map(|operation| operation.span);
    finding.with_label(first, "this operation").with_label(second, "and this one")
}
