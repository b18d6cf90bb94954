//! Step 4, authorize: is the credential there that the operation demands.
//!
//! | Operation is | Credential | Answer |
//! |---|---|---|
//! | public | | passes |
//! | delegated: the upstream verifies | one alternative is there in full | passes; forwarded untouched |
//! | delegated | none is | 401 `credential-missing` with the challenges |
//! | verified here | every credential of one alternative is good and has its scopes | passes |
//! | verified here | one alternative is good and has its scopes, but `auth.claims` does not hold | 403 `claims-refused` |
//! | verified here | one alternative is good, but lacks a scope | 403 `scope-missing` |
//! | verified here | one is there in full, and nothing in this version can verify it | 503 `identity-unavailable` |
//! | verified here | one is there in full, and not good | 401 `credential-invalid` with the challenges |
//! | verified here | none is there in full | 401 `credential-missing` with the challenges |
//!
//! A credential is *there* when its place is not empty: what is in it, only its verifier can judge. Alternatives are
//! looked at in the order of the tables; where several refuse, the row that stands first here is the answer.

use gw_artifact::expression::Expression;
use gw_artifact::model::{Access, Alternative, OperationId, Reason, Step};

use super::Facts;
use super::route::Published;
use crate::answer::Answer;
use crate::credential;
use crate::exchange::Caller;
use crate::trace::{Finding, Record};
use crate::world::World;
use verify::Refusal;

pub(crate) mod challenge;
mod claims;
mod verify;

/// A request whose caller may call the operation.
#[derive(Debug)]
pub(crate) struct Authorized<'x> {
    facts: Facts<'x>,
    operation: OperationId,
}

impl<'x> Authorized<'x> {
    pub(super) fn into_parts(self) -> (Facts<'x>, OperationId) {
        (self.facts, self.operation)
    }
}

pub(crate) fn authorize<'x, W: World>(published: Published<'x>, world: &W) -> Result<Authorized<'x>, Answer> {
    let (facts, operation) = published.into_parts();
    let access = facts.artifact.operation(operation).access;
    let rule = &facts.artifact.tables().access[access.index()];
    let denial = match judge(rule, &facts, world) {
        Judgement::Public => {
            world.passed(Step::Authorize, Finding::Public);
            return Ok(Authorized { facts, operation });
        }
        Judgement::Present(alternative) => {
            facts.exchange.credential = Some(alternative);
            world.passed(Step::Authorize, Finding::CredentialPresent(alternative));
            return Ok(Authorized { facts, operation });
        }
        Judgement::Verified(alternative, caller) => {
            facts.exchange.credential = Some(alternative);
            facts.exchange.caller = Some(caller);
            world.passed(Step::Authorize, Finding::Verified(alternative));
            return Ok(Authorized { facts, operation });
        }
        Judgement::Refused(Refusal::Missing) => Answer::challenge(Reason::CredentialMissing, access),
        Judgement::Refused(Refusal::Invalid) => Answer::challenge(Reason::CredentialInvalid, access),
        Judgement::Refused(Refusal::ScopeMissing) => Answer::challenge(Reason::ScopeMissing, access),
        Judgement::Refused(Refusal::ClaimsRefused) => Answer::denial(Reason::ClaimsRefused),
        Judgement::Refused(Refusal::Unverifiable) => Answer::denial(Reason::IdentityUnavailable),
    };
    if let Some(reason) = denial.reason() {
        world.denied(reason);
    }
    Err(denial)
}

enum Judgement {
    Public,
    Present(u16),
    Verified(u16, Caller),
    Refused(Refusal),
}

fn judge<W: World>(rule: &Access, facts: &Facts<'_>, world: &W) -> Judgement {
    match rule {
        Access::Public => Judgement::Public,
        Access::Delegated { alternatives, .. } => delegated(alternatives, facts),
        Access::Verified { alternatives, claims, .. } => {
            let claims = claims.map(|claims| facts.artifact.condition(claims));
            verified(alternatives, claims, facts, world)
        }
    }
}

fn delegated(alternatives: &[Alternative], facts: &Facts<'_>) -> Judgement {
    let Facts { artifact, head, exchange } = facts;
    let (query, tls) = (exchange.query(head), exchange.tls());
    let in_full = |alternative: &Alternative| {
        let mut schemes = alternative.needs.iter().map(|need| artifact.scheme(need.scheme));
        schemes.all(|scheme| credential::is_there(scheme, head, query, tls))
    };
    let at = alternatives.iter().position(in_full);
    at.map_or(Judgement::Refused(Refusal::Missing), |at| Judgement::Present(at as u16))
}

fn verified<W: World>(
    alternatives: &[Alternative],
    claims: Option<&Expression>,
    facts: &Facts<'_>,
    world: &W,
) -> Judgement {
    let mut worst = Refusal::Missing;
    for (at, alternative) in alternatives.iter().enumerate() {
        match verify::alternative(alternative, claims, facts, world) {
            Ok(caller) => return Judgement::Verified(at as u16, caller),
            Err(refusal) => worst = worst.max(refusal),
        }
    }
    Judgement::Refused(worst)
}

#[cfg(test)]
mod tests;
