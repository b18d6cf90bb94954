//! Policies that tell callers apart, held against who the callers are.
//!
//! A public operation has no caller that is known, and one whose upstream verifies has a credential but no verified
//! identity: a limit or a cache key by consumer or claim means nothing there. And a cached answer of an operation that
//! demands credentials must not reach another caller.

use std::collections::BTreeMap;

use gw_artifact::model::Scheme as Place;
use gw_syntax::{Diagnostic, Sink, Span};

use super::codes::{CACHE_SHARED_BY_CALLERS, IDENTITY_UNDEFINED};
use super::wording::operations;
use super::{Access, Context};
use crate::policy::cache::Cache;
use crate::policy::quota::Quota;
use crate::resolve::resolved::{Effective, Layered, Operation, Security};
use crate::vocabulary::scalar::CacheKey;

/// Operations by the place of the word that they contradict. A word of many operations is one finding.
type Places<'r> = BTreeMap<Span, (String, Vec<&'r Operation>)>;

/// Reports both; `access` stands beside the operations.
pub(super) fn check(context: &Context<'_>, access: &[Option<Access>], sink: &mut Sink) {
    let (mut undefined, mut shared) = (Places::new(), Places::new());
    for (operation, access) in context.resolved.operations.iter().zip(access) {
        let Some(access) = access else { continue };
        if !is_verified(access) {
            for (span, name) in identities(&operation.policy) {
                undefined.entry(span).or_insert_with(|| (name, Vec::new())).1.push(operation);
            }
        }
        if let Some((span, cache)) = cache(&operation.policy)
            && !tells_apart(cache, access)
        {
            shared.entry(span).or_insert_with(|| ("cache".to_owned(), Vec::new())).1.push(operation);
        }
    }
    for (span, (name, users)) in undefined {
        sink.push_with(&IDENTITY_UNDEFINED, || without_identity(span, &name, &users));
    }
    for (span, (_, users)) in shared {
        sink.push_with(&CACHE_SHARED_BY_CALLERS, || shared_by_callers(span, &users));
    }
}

/// Whether gw itself knows who calls: where nothing can verify the credential, nobody gets in.
fn is_verified(access: &Access) -> bool {
    match access {
        Access::Verified(_) => true,
        Access::Public | Access::Delegated(_) => false,
    }
}

/// The words that need a verified identity: where they stand, and what they are.
fn identities(policy: &Effective) -> Vec<(Span, String)> {
    let keys = policy.limits().filter_map(|limit| limit.key.as_ref());
    let keys = keys.filter(|key| key.value.needs_identity());
    let mut found: Vec<_> = keys.map(|key| (key.span, format!("a limit by `{}`", key.value))).collect();
    if let Some(Quota::Plan(span)) = policy.quota.as_deref().map(Layered::value) {
        found.push((*span, "a quota by the consumer's plan".to_owned()));
    }
    if let Some((_, cache)) = cache(policy) {
        let keys = cache.key.iter().filter(|key| key.value.is_identity());
        found.extend(keys.map(|key| (key.span, format!("a cache by `{}`", key.value))));
    }
    found
}

fn cache(policy: &Effective) -> Option<(Span, &Cache)> {
    let layer = &policy.cache.as_deref()?.winner;
    Some((layer.span?, &layer.value))
}

/// Whether callers with different credentials get different answers from the cache.
fn tells_apart(cache: &Cache, access: &Access) -> bool {
    match access {
        Access::Public => true,
        Access::Delegated(demand) | Access::Verified(demand) => {
            cache.has_identity()
                || demand.iter().all(|needs| needs.iter().any(|needed| is_in_key(cache, &needed.place)))
        }
    }
}

/// Whether the credential itself is a part of the key.
fn is_in_key(cache: &Cache, place: &Place) -> bool {
    let header = match place {
        Place::Authorization(_) => "authorization",
        Place::Header(name) => name,
        Place::Cookie(_) => "cookie",
        Place::Query(name) => {
            return cache
                .key
                .iter()
                .any(|key| matches!(&key.value, CacheKey::Query(query) if query.as_str() == name));
        }
        Place::ClientCertificate => return false,
    };
    let in_key = cache.key.iter().any(
        |key| matches!(&key.value, CacheKey::Header(name) if name.to_string().eq_ignore_ascii_case(header)),
    );
    in_key || cache.vary.iter().any(|name| name.value.to_string().eq_ignore_ascii_case(header))
}

fn without_identity(at: Span, name: &str, users: &[&Operation]) -> Diagnostic {
    let (which, names) = operations(users);
    let message = format!("{name} needs a verified caller, and {which} has none{names}");
    labelled(Diagnostic::new(&IDENTITY_UNDEFINED, message).at(at), users).about(name.to_owned()).with_help(
        "public operations have no known caller, and delegated ones none that gw verified: let gw verify the \
             credential, or take `caller`, `ip` or `operation` as the key",
    )
}

fn shared_by_callers(at: Span, users: &[&Operation]) -> Diagnostic {
    let (which, names) = operations(users);
    let message = format!("one caller of {which} may get the cached answer of another{names}");
    labelled(Diagnostic::new(&CACHE_SHARED_BY_CALLERS, message).at(at), users).about("cache").with_help(
        "put who calls into the key, as in `key: [path, \"claim:sub\"]`, or the header that carries the credential; \
         or remove the cache",
    )
}

/// Points at what the document demands of the first operation's callers.
fn labelled(finding: Diagnostic, users: &[&Operation]) -> Diagnostic {
    let Some(first) = users.first() else { return finding };
    let finding = finding.with_label(first.span, "this operation");
    match &first.security {
        Security::Declared { span, .. } => finding.with_label(*span, "credentials are demanded here"),
        Security::Undeclared => finding,
    }
}
