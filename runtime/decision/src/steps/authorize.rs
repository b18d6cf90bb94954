//! Step 4, authorize: is the credential there that the operation demands.
//!
//! | Operation is | Credential | Answer |
//! |---|---|---|
//! | public | | passes |
//! | delegated: the upstream verifies | one alternative is there in full | passes; forwarded untouched |
//! | delegated | none is | 401 `credential-missing` with the challenges |
//! | to be verified here, and nothing in this version can | one alternative is there in full | 503 `identity-unavailable` |
//! | to be verified here | none is | 401 `credential-missing` with the challenges |
//!
//! A credential is *there* when its place is not empty: what is in it, only its verifier can judge.

use gw_artifact::model::{Access, Alternative, OperationId, Reason, Step};

use super::Facts;
use super::route::Published;
use crate::answer::Answer;
use crate::credential;
use crate::trace::{Finding, Record};
use crate::world::World;

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
    let denial = match judge(rule, &facts) {
        Judgement::Public => {
            world.passed(Step::Authorize, Finding::Public);
            return Ok(Authorized { facts, operation });
        }
        Judgement::Present(alternative) => {
            facts.exchange.credential = Some(alternative);
            world.passed(Step::Authorize, Finding::CredentialPresent(alternative));
            return Ok(Authorized { facts, operation });
        }
        Judgement::Missing => Answer::credential_missing(access),
        Judgement::Unverifiable => Answer::denial(Reason::IdentityUnavailable),
    };
    if let Some(reason) = denial.reason() {
        world.denied(reason);
    }
    Err(denial)
}

enum Judgement {
    Public,
    Present(u16),
    Missing,
    Unverifiable,
}

fn judge(rule: &Access, facts: &Facts<'_>) -> Judgement {
    let Facts { artifact, head, exchange } = facts;
    let (query, tls) = (exchange.query(head), exchange.tls());
    let present = |alternatives: &[Alternative]| {
        let in_full = |alternative: &Alternative| {
            alternative
                .schemes
                .iter()
                .all(|scheme| credential::is_there(artifact.scheme(*scheme), head, query, tls))
        };
        alternatives.iter().position(in_full)
    };
    match rule {
        Access::Public => Judgement::Public,
        Access::Delegated { alternatives, .. } => {
            present(alternatives).map_or(Judgement::Missing, |at| Judgement::Present(at as u16))
        }
        Access::Unverifiable { alternatives, .. } => {
            present(alternatives).map_or(Judgement::Missing, |_| Judgement::Unverifiable)
        }
    }
}

#[cfg(test)]
mod tests;
