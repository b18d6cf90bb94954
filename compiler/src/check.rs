//! Check: no conflict, no dangling or contradictory policy. This is the gate (GW03xx).
//!
//! # Witnesses
//!
//! A check that can name one request which shows its finding attaches it; the decision core tries it over the draft (or
//! the artifact), and it is printed only when it does what the check says. A witness that is refuted is a bug of its
//! check, and fails the tests; so attach one only where it must hold.
//!
//! ```text
//! let witness = routes.witness(context, &[operation], |operation| Shows::LetIn { operation });
//! sink.push(witness::with_witness(finding, witness));
//! ```
//!
//! [`Shows`](gw_syntax::Shows) says what can be shown: that a request reaches one operation and not another, is let in
//! without credential, is answered by gw with a status, or is undecided. [`Routes::witness`] makes a
//! request for an operation: with a host that leads to its site, and a path that leads to no more special one. Among the
//! routes, `door::Door` does the same for any path. Push with `Sink::push_with` where making a witness costs.

mod answered;
mod bodies;
mod callers;
mod ceilings;
mod checked;
mod codes;
mod constraints;
mod declared;
mod guardrails;
mod identity;
mod memory;
mod remedy;
mod routes;
mod said;
mod transport;
mod tries;
mod understood;
mod unenforced;
mod upstreams;
mod waivable;
pub(crate) mod witness;
mod wording;

use gw_syntax::{Sink, SourceMap};

use crate::emit::internal;
use crate::resolve::Resolved;

pub(crate) use checked::Checked;
pub(crate) use codes::CODES;
pub(crate) use identity::{Access, Demand, Needed, VerifiedBy, access_of};
pub(crate) use memory::fits;
pub(crate) use routes::{PathItem, Published, Routes, SiteRoutes};
pub(crate) use understood::Understood;
pub(crate) use waivable::apart;
pub(crate) use wording::operations;

/// What every check may look at.
pub(crate) struct Context<'r> {
    /// The project.
    pub(crate) resolved: &'r Resolved,
    /// The texts behind its spans.
    pub(crate) sources: &'r SourceMap,
    /// How strict the gate is.
    pub(crate) mode: Mode,
}

/// How strict the gate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// For an artifact that is written and served.
    Publish,
    /// For `serve --dev`: what says nothing about its callers is let through, on any host.
    Dev,
}

/// Runs every check, also when the stages before found errors, and opens the gate only when there is none at all.
///
/// # Errors
/// What was understood of a project that must not be published, for its draft.
pub(crate) fn check(
    resolved: Resolved,
    sources: &SourceMap,
    mode: Mode,
    sink: &mut Sink,
) -> Result<Checked, Box<Understood>> {
    let context = Context { resolved: &resolved, sources, mode };
    let verdicts = identity::judge(&context);
    let access = identity::access(&context, &verdicts);
    let routes = routes::check(&context, &access, sink);
    identity::report(&context, &verdicts, &routes, sink);
    let upstreams = upstreams::check(&context, sink);
    constraints::check(&context, sink);
    callers::check(&context, &access, sink);
    tries::check(&context, sink);
    answered::check(&context, sink);
    declared::check(&context, sink);
    bodies::check(&context, sink);
    transport::check(&context, sink);
    ceilings::check(&context, sink);
    guardrails::check(&context, &access, sink);
    waivable::check(&context, sink);
    unenforced::check(&context, sink);
    let is_total = upstreams.is_total();
    let readings =
        |resolved: &Resolved, operation: usize| identity::readings(resolved, &resolved.operations[operation]);
    let understood = Understood::new(resolved, access, readings, routes, upstreams);
    let checked = Checked::pass(understood, is_total, sink);
    if checked.is_err() && !sink.has_errors() {
        sink.push(internal("the gate refuses the project and cannot say why"));
    }
    checked
}
