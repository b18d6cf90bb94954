//! Step 3, access: may this caller ask at all, by its address, its method and its header lines. It stands before 404
//! and 405, so that who is kept out learns nothing about what is published.
//!
//! | A request for | Is let in when |
//! |---|---|
//! | an operation | the operation's access list lets it in, or it has none |
//! | a path with another method | one operation of the path would let it in |
//! | a path that is not published | one operation of the site would |
//! | a host that is not published | one operation of the project would |
//!
//! The address is that of the client, as `receive` found it. A client whose address nobody knows is let in only where no
//! address is judged: it could be any that a list keeps out. Who is not let in is told 403 `access-denied`, and no more.

use std::net::IpAddr;

use gw_artifact::address_set::AddressSet;
use gw_artifact::model::{AccessListId, Operation, Reason, Step};

use super::Facts;
use super::validate::{Found, Matched};
use crate::answer::Answer;
use crate::trace::{Finding, Record};
use crate::world::World;

/// A request from a caller that may ask.
#[derive(Debug)]
pub(crate) struct Admitted<'x> {
    facts: Facts<'x>,
    found: Found,
}

impl<'x> Admitted<'x> {
    pub(super) fn into_parts(self) -> (Facts<'x>, Found) {
        (self.facts, self.found)
    }
}

pub(crate) fn admit<'x, W: World>(matched: Matched<'x>, world: &W) -> Result<Admitted<'x>, Answer> {
    let (facts, found) = matched.into_parts();
    match judge(&facts, found) {
        Judgement::NotDeclared => world.passed(Step::Access, Finding::NotDeclared),
        Judgement::LetIn => world.passed(Step::Access, Finding::LetIn(facts.exchange.client.address)),
        Judgement::KeptOut => {
            world.denied(Reason::AccessDenied);
            return Err(Answer::denial(Reason::AccessDenied));
        }
    }
    Ok(Admitted { facts, found })
}

enum Judgement {
    NotDeclared,
    LetIn,
    KeptOut,
}

fn judge(facts: &Facts<'_>, found: Found) -> Judgement {
    let artifact = facts.artifact;
    let list_of = |operation: &Operation| operation.access_list;
    match (found, facts.exchange.path_item) {
        (Found::Operation(operation), _) => {
            any_of(facts, std::iter::once(list_of(artifact.operation(operation))))
        }
        (Found::Answer(_), Some(item)) => {
            let operations = artifact.path_item(item).methods.iter();
            any_of(facts, operations.map(|(_, operation)| list_of(artifact.operation(*operation))))
        }
        (Found::Answer(_), None) => {
            any_of(facts, artifact.lists_of(facts.exchange.site).iter().copied().map(Some))
        }
    }
}

/// Whether one of the lists lets the request in; it does where a list is not declared, and where there is none.
fn any_of(facts: &Facts<'_>, lists: impl Iterator<Item = Option<AccessListId>>) -> Judgement {
    let mut judgement = Judgement::NotDeclared;
    for list in lists {
        match list {
            None => return Judgement::NotDeclared,
            Some(list) if lets_in(facts, list) => return Judgement::LetIn,
            Some(_) => judgement = Judgement::KeptOut,
        }
    }
    judgement
}

fn lets_in(facts: &Facts<'_>, list: AccessListId) -> bool {
    let list = facts.artifact.access_list(list);
    judged_by_address(&list.addresses, facts.exchange.client.address)
        && list.methods.admits(facts.head.method)
        && list.headers.iter().all(|rule| rule.admits(facts.head.all(&rule.name)))
}

fn judged_by_address(addresses: &AddressSet, client: Option<IpAddr>) -> bool {
    client.map_or_else(|| addresses.is_all(), |client| addresses.contains(client))
}

#[cfg(test)]
mod tests;
