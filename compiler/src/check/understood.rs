//! What the checks worked out about a project, total so that it can be put into tables whatever the gate says.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::{Scheme as CredentialPlace, is_reserved_header};

use super::identity::{Access, Needed, Reading, VerifiedBy};
use super::routes::Routes;
use super::upstreams::UpstreamTable;
use crate::resolve::Resolved;
use crate::resolve::resolved::OperationIndex;

/// A project with who may call what, what is published where, and where it is sent.
///
/// INVARIANT: every operation has an access and an upstream; where a finding stands instead, the access lets nobody in
/// and the upstream has no endpoint. In a [`Checked`](super::Checked) project nothing is contested.
#[derive(Debug)]
pub(crate) struct Understood {
    resolved: Resolved,
    access: Vec<Access>,
    contested: BTreeMap<OperationIndex, Vec<Reading>>,
    routes: Routes,
    upstreams: UpstreamTable,
}

impl Understood {
    /// Fills what is missing; `readings` says what an operation without access might be.
    pub(super) fn new(
        resolved: Resolved,
        access: Vec<Option<Access>>,
        readings: impl Fn(&Resolved, OperationIndex) -> Vec<Reading>,
        routes: Routes,
        upstreams: UpstreamTable,
    ) -> Self {
        let mut contested = BTreeMap::new();
        let mut total = Vec::with_capacity(access.len());
        for (operation, access) in access.into_iter().enumerate() {
            let settled = access.filter(can_be_lowered);
            if settled.is_none() {
                let mut readings = readings(&resolved, operation);
                readings.retain(|reading| can_be_lowered(&reading.access));
                contested.insert(operation, readings);
            }
            total.push(settled.unwrap_or_else(nobody));
        }
        Self { resolved, access: total, contested, routes, upstreams: upstreams.with_placeholders() }
    }

    /// The project.
    pub(crate) fn resolved(&self) -> &Resolved {
        &self.resolved
    }

    /// Who may call each operation, in the order of [`Resolved::operations`].
    pub(crate) fn access(&self) -> &[Access] {
        &self.access
    }

    /// What is published where.
    pub(crate) fn routes(&self) -> &Routes {
        &self.routes
    }

    /// The services, and which one each operation is sent to.
    pub(crate) fn upstreams(&self) -> &UpstreamTable {
        &self.upstreams
    }

    /// The operations whose callers are not settled, each with what might be meant; empty behind the gate.
    pub(crate) fn contested(&self) -> &BTreeMap<OperationIndex, Vec<Reading>> {
        &self.contested
    }
}

/// Stands for an access that is not known.
fn nobody() -> Access {
    let certificate = Needed::unverified(CredentialPlace::ClientCertificate);
    Access::Verified(BTreeSet::from([BTreeSet::from([certificate])]))
}

/// Whether an artifact may say it: a demand that is not empty, on headers that arrive, with verifiers of their kind.
fn can_be_lowered(access: &Access) -> bool {
    match access {
        Access::Public => true,
        Access::Delegated(demand) | Access::Verified(demand) => {
            let arrives = |needed: &Needed| match &needed.place {
                CredentialPlace::Header(name) => !is_reserved_header(name),
                _ => true,
            };
            let fits = |needed: &Needed| match &needed.verifier {
                Some(VerifiedBy::Keys(_)) => needed.place != CredentialPlace::ClientCertificate,
                Some(VerifiedBy::ClientCertificate(_)) => needed.place == CredentialPlace::ClientCertificate,
                None => true,
            };
            let can_be = |needed: &Needed| arrives(needed) && fits(needed);
            !demand.is_empty() && demand.iter().all(|needs| !needs.is_empty() && needs.iter().all(can_be))
        }
    }
}
