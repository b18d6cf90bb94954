//! The proof that a project may be published.

use gw_syntax::Sink;

use super::identity::Access;
use super::routes::Routes;
use super::upstreams::UpstreamTable;
use crate::resolve::Resolved;

/// A project that passed the gate, with what the checks worked out about it.
///
/// INVARIANT: no stage found an error; every operation has its access; every path is servable and no two operations
/// claim the same method of the same path; every operation has an upstream.
#[derive(Debug)]
pub(crate) struct Checked {
    resolved: Resolved,
    access: Vec<Access>,
    routes: Routes,
    upstreams: UpstreamTable,
}

impl Checked {
    /// The only way through the gate: `None` when any stage found an error.
    pub(super) fn pass(
        resolved: Resolved,
        access: Vec<Option<Access>>,
        routes: Routes,
        upstreams: UpstreamTable,
        sink: &Sink,
    ) -> Option<Self> {
        if sink.has_errors() {
            return None;
        }
        let access = access.into_iter().collect::<Option<Vec<_>>>()?;
        upstreams.is_total().then_some(Self { resolved, access, routes, upstreams })
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
}
