//! Check: no conflict, no dangling or contradictory policy. This is the gate (GW03xx).

mod checked;
mod codes;
mod constraints;
mod identity;
mod remedy;
mod routes;
mod said;
mod unenforced;
mod upstreams;
mod wording;

use gw_syntax::{Sink, SourceMap};

use crate::emit::internal;
use crate::resolve::Resolved;

pub(crate) use checked::Checked;
pub(crate) use codes::CODES;
pub(crate) use constraints::phases;
pub(crate) use identity::{Access, Demand, access_of};
pub(crate) use routes::{PathItem, Published, Routes, SiteRoutes};
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
pub(crate) fn check(resolved: Resolved, sources: &SourceMap, mode: Mode, sink: &mut Sink) -> Option<Checked> {
    let context = Context { resolved: &resolved, sources, mode };
    let access = identity::check(&context, sink);
    let routes = routes::check(&context, &access, sink);
    let upstreams = upstreams::check(&context, sink);
    constraints::check(&context, sink);
    unenforced::check(&context, sink);
    let checked = Checked::pass(resolved, access, routes, upstreams, sink);
    if checked.is_none() && !sink.has_errors() {
        sink.push(internal("the gate refuses the project and cannot say why"));
    }
    checked
}
