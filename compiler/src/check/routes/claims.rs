//! What an API publishes is held against what `gw.yaml` claims for it, and claims against each other.

use std::collections::BTreeMap;

use gw_artifact::model::HostPattern;
use gw_syntax::{Diagnostic, Shows, Sink, Span};

use super::Routes;
use super::sites::covers;
use crate::check::Context;
use crate::check::codes::{CLAIMS_MEET, OUTSIDE_CLAIM};
use crate::check::witness::with_witness;
use crate::check::wording::operations;
use crate::resolve::resolved::{Api, ApiIndex, Claim, OperationIndex, Publication};

/// Reports places of operations outside their API's claim, and claims of two APIs to the same place.
pub(super) fn report(context: &Context<'_>, routes: &Routes, sink: &mut Sink) {
    outside(context, routes, sink);
    meeting(&context.resolved.apis, sink);
}

/// The operations that one place publishes outside a claim.
struct Outside<'r> {
    place: &'r Publication,
    claimed: Span,
    users: Vec<OperationIndex>,
}

fn outside(context: &Context<'_>, routes: &Routes, sink: &mut Sink) {
    let resolved = context.resolved;
    // Methods of one path share their list of places.
    let mut read: BTreeMap<(ApiIndex, *const Publication), Vec<(&Publication, Span)>> = BTreeMap::new();
    let mut found: BTreeMap<_, Outside<'_>> = BTreeMap::new();
    for (index, operation) in resolved.operations.iter().enumerate() {
        let claim = &resolved.apis[operation.api].claim;
        let list = (operation.api, operation.publications.as_ptr());
        let strays = read.entry(list).or_insert_with(|| {
            let places = operation.publications.iter();
            places.filter_map(|place| Some((place, claim_left_by(claim, place)?))).collect()
        });
        for (place, claimed) in strays {
            let key = (operation.api, place.span, &place.host, &place.base);
            let new = || Outside { place, claimed: *claimed, users: Vec::new() };
            found.entry(key).or_insert_with(new).users.push(index);
        }
    }
    for ((api, ..), stray) in found {
        sink.push_with(&OUTSIDE_CLAIM, || tell(context, routes, &resolved.apis[api], &stray));
    }
}

/// The part of a claim that a place is not within.
fn claim_left_by(claim: &Claim, place: &Publication) -> Option<Span> {
    let has_host = claim.hosts.iter().any(|host| covers(host.value.as_ref(), place.host.as_ref()));
    if let (false, Some(first)) = (has_host, claim.hosts.first()) {
        return Some(first.span);
    }
    let base = claim.base.as_ref()?;
    (!is_below(&place.base, &base.value)).then_some(base.span)
}

/// Whether a base path is another one, or begins with all of its segments.
fn is_below(path: &str, base: &str) -> bool {
    path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn tell(context: &Context<'_>, routes: &Routes, api: &Api, stray: &Outside<'_>) -> Diagnostic {
    let Outside { place, claimed, users } = stray;
    let listed: Vec<_> = users.iter().map(|index| &context.resolved.operations[*index]).collect();
    let (which, names) = operations(&listed);
    let verb = if users.len() == 1 { "is" } else { "are" };
    let (shown, claim) = (shown(place.host.as_ref(), &place.base), listing(&api.claim));
    let message = format!("{which} {verb} published at `{shown}`, and `{}` claims {claim}{names}", api.name);
    let finding = Diagnostic::new(&OUTSIDE_CLAIM, message)
        .at(place.span.unwrap_or(listed[0].span))
        .with_label(*claimed, "this is what gw.yaml claims")
        .about(format!("{} {shown}", api.name))
        .owned_by(Some(api.owner.as_str()).filter(|owner| !owner.is_empty()))
        .with_help(
            "remove these `servers`, so that the API's own places hold; or claim this place, too, in gw.yaml",
        );
    let is_stray = |hosts: &[HostPattern], base: &str| {
        let hosts: Vec<Option<HostPattern>> =
            if hosts.is_empty() { vec![None] } else { hosts.iter().cloned().map(Some).collect() };
        // The request may name any of the hosts that answer the same.
        hosts.into_iter().all(|host| {
            claim_left_by(&api.claim, &Publication { host, base: base.to_owned(), span: None }).is_some()
        })
    };
    let witness = routes.witness_where(
        context,
        |hosts, row| users.contains(&row.operation) && row.base == place.base && is_stray(hosts, &row.base),
        |operation| Shows::Reaches { operation, rather_than: None },
    );
    with_witness(finding, witness)
}

/// `api.example.com/v1`; `*` for any host.
fn shown(host: Option<&HostPattern>, base: &str) -> String {
    match host {
        None => format!("*{base}"),
        Some(HostPattern::Exact(host)) => format!("{host}{base}"),
        Some(HostPattern::Suffix(suffix)) => format!("*{suffix}{base}"),
    }
}

/// A claim in a sentence: "`a.example.com/v1` and 2 more hosts".
fn listing(claim: &Claim) -> String {
    let base = claim.base.as_ref().map_or("", |base| base.value.as_str());
    let Some(first) = claim.hosts.first() else { return format!("`{base}`") };
    let first = format!("`{}`", shown(first.value.as_ref(), base));
    match claim.hosts.len() - 1 {
        0 => first,
        1 => format!("{first} and one more host"),
        more => format!("{first} and {more} more hosts"),
    }
}

/// Two claims with a host and a base path each. What `match` tells apart beside them is no meeting.
fn meeting(apis: &[Api], sink: &mut Sink) {
    let mut by_base: BTreeMap<&str, Vec<&Api>> = BTreeMap::new();
    for api in apis.iter().filter(|api| !api.claim.hosts.is_empty() && api.policy.match_.is_none()) {
        if let Some(base) = &api.claim.base {
            by_base.entry(&base.value).or_default().push(api);
        }
    }
    for (base, apis) in by_base {
        let mut first_by_host: BTreeMap<&Option<HostPattern>, &Api> = BTreeMap::new();
        let mut told = Vec::new();
        for api in apis {
            for host in &api.claim.hosts {
                let first = *first_by_host.entry(&host.value).or_insert(api);
                let pair = (first.span, api.span);
                if first.span != api.span && !told.contains(&pair) {
                    told.push(pair);
                    sink.push_with(&CLAIMS_MEET, || {
                        meets(first, api, &shown(host.value.as_ref(), base), host.span)
                    });
                }
            }
        }
    }
}

fn meets(first: &Api, second: &Api, place: &str, at: Span) -> Diagnostic {
    let message = format!("`{}` and `{}` both claim `{place}`", first.name, second.name);
    let (low, high) = ((&first.name).min(&second.name), (&first.name).max(&second.name));
    let finding = Diagnostic::new(&CLAIMS_MEET, message).at(at).about(format!("{low} {high}")).with_help(
        "give each a base path of its own, so that neither can publish what becomes the other's; or waive it here: \
         what they both publish is an error as soon as it is there",
    );
    match first.span {
        Some(span) => finding.with_label(span, "this API claims it, too"),
        None => finding,
    }
}
