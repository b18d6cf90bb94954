//! Demands on callers, deduplicated, with the challenges of their denials and what upstreams are told.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::expression::Expression;
use gw_artifact::model::{
    Access as Row, AccessId, Alternative, CallerFact as Fact, ConditionId, IdentityHeader, KeySetId, Need,
    Scheme, SchemeId, Verifier, VerifierId,
};

use super::challenges::challenges;
use crate::check::{Access, Demand, Needed, Understood, VerifiedBy};
use crate::expression::{self, Vocabulary};
use crate::policy::auth::{Auth, Credential};
use crate::resolve::resolved::{Layered, OperationIndex};
use crate::vocabulary::scalar::CallerFact;

/// The access and scheme tables.
pub(super) struct AccessTables {
    /// Demands, in the order of their content.
    pub(super) rows: Vec<Row>,
    /// What demands name.
    pub(super) named: Named,
    /// For each operation of `Resolved::operations`, its row.
    pub(super) ids: Vec<AccessId>,
    /// For each reading of each contested operation, its row.
    pub(super) of_readings: BTreeMap<OperationIndex, Vec<AccessId>>,
}

/// The tables of what demands name, each in the order of its content.
pub(super) struct Named {
    /// Places of credentials.
    pub(super) schemes: Vec<Scheme>,
    /// Ways of verifying.
    pub(super) verifiers: Vec<Verifier>,
    /// Conditions on callers, in the order of their [`sort_key`]s.
    pub(super) conditions: Vec<Expression>,
    /// Names of sets of API keys.
    pub(super) key_sets: Vec<String>,
}

pub(super) fn lower(checked: &Understood) -> AccessTables {
    let own = checked.access().iter().enumerate();
    let contested = checked.contested().iter();
    let readings = contested.flat_map(|(at, readings)| readings.iter().map(|it| (*at, &it.access)));
    let all: Vec<(OperationIndex, &Access)> = own.chain(readings).collect();
    let resolved = checked.resolved();
    let auth = |at: OperationIndex| resolved.operations[at].policy.auth.as_deref().map(Layered::value);
    let verified = all.iter().filter(|(_, access)| matches!(access, Access::Verified(_)));
    let conditions = verified.filter_map(|(at, _)| condition(auth(*at)?));
    let named = Named::of(all.iter().filter_map(|(_, access)| demand(access)), conditions);
    let of_all: Vec<Row> =
        all.iter().map(|(at, access)| row(access, auth(*at), &named, &resolved.project.name)).collect();
    let rows: BTreeSet<&Row> = of_all.iter().collect();
    let ids_of_rows: BTreeMap<&Row, AccessId> =
        rows.iter().enumerate().map(|(index, row)| (*row, AccessId(index as u32))).collect();
    let mut ids = of_all.iter().map(|row| ids_of_rows[row]);
    AccessTables {
        ids: ids.by_ref().take(checked.access().len()).collect(),
        of_readings: checked
            .contested()
            .iter()
            .map(|(operation, readings)| (*operation, ids.by_ref().take(readings.len()).collect()))
            .collect(),
        rows: rows.into_iter().cloned().collect(),
        named,
    }
}

fn demand(access: &Access) -> Option<&Demand> {
    match access {
        Access::Public => None,
        Access::Delegated(demand) | Access::Verified(demand) => Some(demand),
    }
}

fn row(access: &Access, auth: Option<&Auth>, named: &Named, project: &str) -> Row {
    match access {
        Access::Public => Row::Public,
        Access::Delegated(demand) => {
            let alternatives = named.alternatives(demand);
            Row::Delegated { alternatives, challenges: challenges(demand, project) }
        }
        Access::Verified(demand) => Row::Verified {
            alternatives: named.alternatives(demand),
            challenges: challenges(demand, project),
            claims: auth.and_then(condition).map(|condition| named.condition(&condition)),
            forward: auth.map(forward).unwrap_or_default(),
            keeps_credential: auth
                .and_then(|auth| auth.credential.as_ref())
                .is_some_and(|said| said.value == Credential::Drop),
        },
    }
}

/// What must hold of callers; in a draft it may be one that does not read, and the draft goes without.
fn condition(auth: &Auth) -> Option<Expression> {
    expression::compile(&auth.claims.as_ref()?.value, Vocabulary::Claims).ok()
}

/// Sorted by name.
fn forward(auth: &Auth) -> Vec<IdentityHeader> {
    let headers = auth.forward.iter().filter_map(|(name, fact)| {
        let fact = match fact.value {
            CallerFact::Consumer => Fact::Consumer,
            CallerFact::Scopes => Fact::Scopes,
            // The gate refuses it: nothing verifies tokens.
            CallerFact::Token(_) => return None,
        };
        Some(IdentityHeader { name: name.value.to_string().to_ascii_lowercase(), fact })
    });
    let mut headers: Vec<IdentityHeader> = headers.collect();
    headers.sort();
    headers
}

impl Named {
    fn of<'d>(
        demands: impl Iterator<Item = &'d Demand>,
        conditions: impl Iterator<Item = Expression>,
    ) -> Self {
        let needed: Vec<&Needed> = demands.flatten().flatten().collect();
        let sets = needed.iter().filter_map(|needed| match &needed.verifier {
            Some(VerifiedBy::Keys(set)) => Some(set.clone()),
            Some(VerifiedBy::ClientCertificate(_)) | None => None,
        });
        let key_sets: Vec<String> = sorted(sets);
        let verifiers = needed.iter().filter_map(|needed| needed.verifier.as_ref());
        let verifiers = sorted(verifiers.map(|verifier| self::verifier(verifier, &key_sets)));
        let schemes = sorted(needed.iter().map(|needed| needed.place.clone()));
        let conditions: BTreeMap<String, Expression> =
            conditions.map(|condition| (sort_key(&condition), condition)).collect();
        Self { schemes, verifiers, conditions: conditions.into_values().collect(), key_sets }
    }

    /// INVARIANT: the table was made of the conditions of these very operations.
    fn condition(&self, condition: &Expression) -> ConditionId {
        let at = self.conditions.iter().position(|its| its == condition);
        ConditionId(at.expect("the table was made of these conditions") as u32)
    }

    fn alternatives(&self, demand: &Demand) -> Vec<Alternative> {
        let alternative = |needs: &BTreeSet<Needed>| {
            let mut needs: Vec<Need> = needs.iter().map(|needed| self.need(needed)).collect();
            needs.sort();
            Alternative { needs }
        };
        let mut alternatives: Vec<Alternative> = demand.iter().map(alternative).collect();
        alternatives.sort();
        alternatives
    }

    fn need(&self, needed: &Needed) -> Need {
        Need {
            scheme: SchemeId(position(&self.schemes, &needed.place)),
            verifier: needed
                .verifier
                .as_ref()
                .map(|by| VerifierId(position(&self.verifiers, &verifier(by, &self.key_sets)))),
            scopes: needed.scopes.iter().cloned().collect(),
        }
    }
}

/// Expressions have no order of their own, as rates have none; any that content alone makes will do.
fn sort_key(condition: &Expression) -> String {
    format!("{condition:?}")
}

fn verifier(by: &VerifiedBy, key_sets: &[String]) -> Verifier {
    match by {
        VerifiedBy::Keys(set) => Verifier::Keys(KeySetId(position(key_sets, set))),
        VerifiedBy::ClientCertificate(names) => {
            Verifier::ClientCertificate { names: names.iter().cloned().collect() }
        }
    }
}

fn sorted<T: Ord>(rows: impl Iterator<Item = T>) -> Vec<T> {
    rows.collect::<BTreeSet<T>>().into_iter().collect()
}

/// INVARIANT: the table was made of these very demands, so that everything they name is in it.
fn position<T: Ord>(table: &[T], row: &T) -> u32 {
    table.binary_search(row).expect("the table was made of these demands") as u32
}
