//! Who may call each operation: deny by default, and the two ways around it closed.
//!
//! | The document's `security` | `x-gw-auth` on operation, path or root | else `defaults.auth` |
//! |---|---|---|
//! | absent | `public` → public | `public` → public |
//! | `[]`, or an alternative `{}` | `public` → public | never enough |
//! | demands credentials | `delegated` → delegated; `public` is an error | `delegated` → delegated |
//!
//! What no cell covers is refused, in one finding. What demands credentials and is not delegated needs an
//! authenticator; this version has none, so it is compiled and every request is denied.

mod contradictions;
mod gate;
mod remedy;
mod reserved;

use std::collections::BTreeSet;

use gw_artifact::model::{LayerKind, Scheme as CredentialPlace};
use gw_syntax::{Sink, Span};

use super::{Context, Mode};
use crate::policy::auth::Auth;
use crate::resolve::Resolved;
use crate::resolve::resolved::{Layer, Operation, Security};

/// Any one of these sets of credentials, by where they stand in a request: scheme names make no difference.
pub(crate) type Demand = BTreeSet<BTreeSet<CredentialPlace>>;

/// What an operation demands of its callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing.
    Public,
    /// A credential, which the upstream verifies.
    Delegated(Demand),
    /// A credential, which gw would have to verify and cannot.
    Unverifiable(Demand),
}

/// What the gate thinks of one operation.
#[derive(Debug)]
enum Verdict<'r> {
    /// It may pass.
    Covered(Access),
    /// Nothing says who may call it, or what says so is too weak.
    Uncovered,
    /// Its document demands credentials, and this layer says that anyone may call.
    PublicBesideSecurity(&'r Layer<Auth>, Span),
    /// Its document demands nothing that could be delegated.
    DelegatedWithoutSecurity(&'r Layer<Auth>),
    /// The layer says both.
    Contradicts(&'r Layer<Auth>),
    /// It names a scheme that is not there, which has been said.
    Unknown,
}

/// Works out who may call each operation, in the order of [`Resolved::operations`]; `None` where a finding stands.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) -> Vec<Option<Access>> {
    let operations = &context.resolved.operations;
    let verdicts: Vec<Verdict<'_>> =
        operations.iter().map(|operation| verdict(context.resolved, operation)).collect();
    gate::report(context, &verdicts, sink);
    contradictions::report(context, &verdicts, sink);
    reserved::report(context, sink);
    verdicts.into_iter().map(|verdict| access(verdict, context.mode)).collect()
}

/// Who may call an operation; `None` where the gate has something to say.
pub(crate) fn access_of(resolved: &Resolved, operation: &Operation) -> Option<Access> {
    access(verdict(resolved, operation), Mode::Publish)
}

fn access(verdict: Verdict<'_>, mode: Mode) -> Option<Access> {
    match verdict {
        Verdict::Covered(access) => Some(access),
        Verdict::Uncovered if mode == Mode::Dev => Some(Access::Public),
        _ => None,
    }
}

fn verdict<'r>(resolved: &'r Resolved, operation: &'r Operation) -> Verdict<'r> {
    let declared = declared(resolved, &operation.security);
    match operation.policy.auth.as_ref().map(|auth| &auth.winner) {
        Some(layer) if layer.kind > LayerKind::Apply => explicit(declared, layer),
        Some(layer) => by_default(declared, Some(&layer.value)),
        None => by_default(declared, None),
    }
}

/// What the document demands.
enum Declared {
    Nothing,
    /// `[]`, or an alternative `{}`.
    Anyone,
    Credentials(Demand, Span),
    /// A scheme that is not there.
    Unknown,
}

fn declared(resolved: &Resolved, security: &Security) -> Declared {
    let Security::Declared { span, alternatives, .. } = security else {
        return Declared::Nothing;
    };
    if !demands_credentials(security) {
        return Declared::Anyone;
    }
    let place = |scheme: Option<usize>| resolved.schemes[scheme?].place.clone();
    let demand = alternatives
        .iter()
        .map(|alternative| alternative.schemes.iter().map(|scheme| place(scheme.scheme)).collect())
        .collect::<Option<Demand>>();
    demand.map_or(Declared::Unknown, |demand| Declared::Credentials(demand, *span))
}

/// Whether each alternative names a scheme, and there is one.
fn demands_credentials(security: &Security) -> bool {
    match security {
        Security::Undeclared => false,
        Security::Declared { alternatives, .. } => {
            !alternatives.is_empty() && alternatives.iter().all(|alternative| !alternative.schemes.is_empty())
        }
    }
}

/// `x-gw-auth` on the operation, its path or its root.
fn explicit(declared: Declared, layer: &Layer<Auth>) -> Verdict<'_> {
    match (layer.value.public, layer.value.delegated, declared) {
        (Some(_), Some(_), _) => Verdict::Contradicts(layer),
        (_, _, Declared::Unknown) => Verdict::Unknown,
        (Some(_), None, Declared::Nothing | Declared::Anyone) => Verdict::Covered(Access::Public),
        (Some(_), None, Declared::Credentials(_, span)) => Verdict::PublicBesideSecurity(layer, span),
        (None, Some(_), Declared::Credentials(demand, _)) => Verdict::Covered(Access::Delegated(demand)),
        (None, Some(_), _) if layer.kind == LayerKind::Operation => Verdict::DelegatedWithoutSecurity(layer),
        (None, _, declared) => by_default(declared, None),
    }
}

/// `defaults.auth` says nothing about an operation whose document says something else.
fn by_default<'r>(declared: Declared, auth: Option<&Auth>) -> Verdict<'r> {
    let public = auth.is_some_and(|auth| auth.public.is_some());
    let delegated = auth.is_some_and(|auth| auth.delegated.is_some());
    match declared {
        Declared::Nothing if public => Verdict::Covered(Access::Public),
        Declared::Nothing | Declared::Anyone => Verdict::Uncovered,
        Declared::Credentials(demand, _) if delegated => Verdict::Covered(Access::Delegated(demand)),
        Declared::Credentials(demand, _) => Verdict::Covered(Access::Unverifiable(demand)),
        Declared::Unknown => Verdict::Unknown,
    }
}
