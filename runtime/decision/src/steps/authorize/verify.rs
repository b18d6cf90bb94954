//! Whether the credentials of one alternative are good, and who shows them.

use gw_artifact::Digest;
use gw_artifact::expression::Expression;
use gw_artifact::model::{Alternative, KeySetId, Need, Verifier};

use super::claims;
use crate::credential::{Found, find};
use crate::exchange::{Caller, ClientCertificate};
use crate::key_set::MAX_KEY_BYTES;
use crate::steps::Facts;
use crate::world::World;

/// What became of one alternative; what speaks more to the caller is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    /// One of its credentials is not there.
    Missing,
    /// One is there, and nobody holds it, or no more; or there are two.
    Invalid,
    /// One is there, and nothing can verify it.
    Unverifiable,
    /// All are good, and one lacks a scope.
    ScopeMissing,
    /// All are good, and the operation's claims do not hold.
    ClaimsRefused,
}

/// Verifies every credential of an alternative, all of which must be there; the caller is whom the first one names.
pub(super) fn alternative<W: World>(
    alternative: &Alternative,
    claims: Option<&Expression>,
    facts: &Facts<'_>,
    world: &W,
) -> Result<Caller, Refusal> {
    let found = |need: &Need| {
        let Facts { artifact, head, exchange } = facts;
        find(artifact.scheme(need.scheme), head, exchange.query(head), exchange.tls())
    };
    if alternative.needs.iter().any(|need| matches!(found(need), Found::Nothing)) {
        return Err(Refusal::Missing);
    }
    let mut caller = None;
    let mut has_scopes = true;
    for need in &alternative.needs {
        let shown = credential(need, found(need), facts, world)?;
        has_scopes &= need.scopes.iter().all(|scope| shown.scopes().binary_search(scope).is_ok());
        caller.get_or_insert(shown);
    }
    match caller {
        Some(_) if !has_scopes => Err(Refusal::ScopeMissing),
        Some(caller) if claims.is_some_and(|claims| !claims::hold(claims, &caller, facts)) => {
            Err(Refusal::ClaimsRefused)
        }
        Some(caller) => Ok(caller),
        // INVARIANT: no alternative is empty; were one, it would let nobody in.
        None => Err(Refusal::Unverifiable),
    }
}

fn credential<W: World>(
    need: &Need,
    found: Found<'_>,
    facts: &Facts<'_>,
    world: &W,
) -> Result<Caller, Refusal> {
    let verifier = need.verifier.ok_or(Refusal::Unverifiable)?;
    match (facts.artifact.verifier(verifier), found) {
        (Verifier::Keys(set), Found::Text(key)) => self::key(*set, &key, facts, world),
        (Verifier::ClientCertificate { names }, Found::Certificate(certificate)) => {
            self::certificate(names, certificate)
        }
        _ => Err(Refusal::Invalid),
    }
}

/// The holder of an API key, unless the key has run out.
fn key<W: World>(set: KeySetId, key: &[u8], facts: &Facts<'_>, world: &W) -> Result<Caller, Refusal> {
    if key.len() > MAX_KEY_BYTES {
        return Err(Refusal::Invalid);
    }
    let holder = world.key(set, &Digest::of(key)).ok_or(Refusal::Invalid)?;
    let now = facts.exchange.received().unix / 1_000_000_000;
    if holder.expires.is_some_and(|expires| expires <= now) {
        return Err(Refusal::Invalid);
    }
    Ok(Caller::Key(holder))
}

/// Whom a certificate names, which the listener has verified: the first of these names that it has.
fn certificate(names: &[String], certificate: &ClientCertificate) -> Result<Caller, Refusal> {
    let at = certificate.names.iter().position(|name| names.is_empty() || names.binary_search(name).is_ok());
    if at.is_none() && !names.is_empty() {
        return Err(Refusal::Invalid);
    }
    Ok(Caller::Certificate(at.map(|at| at as u16)))
}
