//! Who may call each operation: deny by default, and the two ways around it closed.
//!
//! | The document's `security` | `x-gw-auth` on operation, path or root | else `defaults.auth` |
//! |---|---|---|
//! | absent | `public` → public | `public` → public |
//! | `[]`, or an alternative `{}` | `public` → public | never enough |
//! | demands credentials | `delegated` → delegated; `public` is an error | `delegated` → delegated |
//!
//! What no cell covers is refused, in one finding. What demands credentials and is not delegated is verified by the
//! authenticators of its schemes; a scheme without one lets nobody in.

mod authenticators;
mod contradictions;
mod gate;
mod remedy;
mod reserved;

use std::collections::BTreeSet;

use gw_artifact::model::{LayerKind, Scheme as CredentialPlace};
use gw_syntax::{Sink, Span};

use super::routes::Routes;
use super::{Context, Mode};
use crate::policy::auth::Auth;
use crate::policy::authenticator::Authenticator;
use crate::resolve::Resolved;
use crate::resolve::resolved::{Layer, Operation, Requirement, Security};

/// Any one of these sets of credentials.
pub(crate) type Demand = BTreeSet<BTreeSet<Needed>>;

/// One credential, by where it stands in a request and who judges it: scheme names make no difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Needed {
    /// Where it stands.
    pub(crate) place: CredentialPlace,
    /// Who judges it; `None` where the upstream does, or nothing can.
    pub(crate) verifier: Option<VerifiedBy>,
    /// What its holder must be allowed; nothing where gw does not judge.
    pub(crate) scopes: BTreeSet<String>,
}

/// How a credential is verified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum VerifiedBy {
    /// By the set of API keys of this name.
    Keys(String),
    /// By its names, where there are any; the listener has verified the certificate.
    ClientCertificate(BTreeSet<String>),
}

impl Needed {
    /// A credential that gw does not judge.
    pub(crate) fn unverified(place: CredentialPlace) -> Self {
        Self { place, verifier: None, scopes: BTreeSet::new() }
    }
}

/// What an operation demands of its callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing.
    Public,
    /// A credential, which the upstream verifies.
    Delegated(Demand),
    /// A credential, which gw verifies.
    Verified(Demand),
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

/// What the gate thinks of each operation, in the order of [`Resolved::operations`].
pub(super) struct Verdicts<'r>(Vec<Verdict<'r>>);

/// Judges every operation.
pub(super) fn judge<'r>(context: &Context<'r>) -> Verdicts<'r> {
    let operations = context.resolved.operations.iter();
    Verdicts(operations.map(|operation| verdict(context.resolved, operation)).collect())
}

/// Who may call each operation; `None` where [`report`] says what is wrong.
pub(super) fn access(context: &Context<'_>, verdicts: &Verdicts<'_>) -> Vec<Option<Access>> {
    verdicts.0.iter().map(|verdict| access_by(verdict, context.mode)).collect()
}

/// Says what is wrong; the routes give requests that show it.
pub(super) fn report(context: &Context<'_>, verdicts: &Verdicts<'_>, routes: &Routes, sink: &mut Sink) {
    gate::report(context, &verdicts.0, routes, sink);
    contradictions::report(context, &verdicts.0, routes, sink);
    reserved::report(context, sink);
    authenticators::report(context, sink);
}

/// Who may call an operation; `None` where the gate has something to say.
pub(crate) fn access_of(resolved: &Resolved, operation: &Operation) -> Option<Access> {
    access_by(&verdict(resolved, operation), Mode::Publish)
}

/// What might be meant by the word of an operation that the gate refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Who could call it then.
    pub(crate) access: Access,
    /// The key that says so.
    pub(crate) because: &'static str,
}

/// Everything that might be meant by what is said about an operation's callers, the most open reading first.
pub(super) fn readings(resolved: &Resolved, operation: &Operation) -> Vec<Reading> {
    let public = |because| Reading { access: Access::Public, because };
    let demanded = || match declared(resolved, &operation.security) {
        Declared::Credentials(demand, _) => {
            Some(Reading { access: Access::Verified(demand), because: "security" })
        }
        Declared::Nothing | Declared::Anyone | Declared::Unknown => None,
    };
    match verdict(resolved, operation) {
        Verdict::Uncovered | Verdict::DelegatedWithoutSecurity(_) => vec![public("the document")],
        Verdict::PublicBesideSecurity(..) | Verdict::Contradicts(_) => {
            std::iter::once(public("public")).chain(demanded()).collect()
        }
        Verdict::Covered(_) | Verdict::Unknown => Vec::new(),
    }
}

fn access_by(verdict: &Verdict<'_>, mode: Mode) -> Option<Access> {
    match verdict {
        Verdict::Covered(access) => Some(access.clone()),
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
    let demand = alternatives
        .iter()
        .map(|alternative| alternative.schemes.iter().map(|one| needed(resolved, one)).collect())
        .collect::<Option<Demand>>();
    demand.map_or(Declared::Unknown, |demand| Declared::Credentials(demand, *span))
}

/// What one requirement demands; `None` where its scheme is not there, or cannot be read.
fn needed(resolved: &Resolved, requirement: &Requirement) -> Option<Needed> {
    let scheme = &resolved.schemes[requirement.scheme?];
    let place = scheme.place.clone()?;
    let verifier = match scheme.authenticator.as_ref().map(|it| &it.value) {
        Some(Authenticator::Keys(set)) => Some(VerifiedBy::Keys(set.value.clone())),
        Some(Authenticator::ClientCert(cert)) => {
            Some(VerifiedBy::ClientCertificate(cert.names.iter().map(|name| name.value.clone()).collect()))
        }
        Some(Authenticator::Token(_) | Authenticator::Introspection(_)) | None => None,
    };
    let scopes = match verifier {
        Some(_) => requirement.scopes.iter().cloned().collect(),
        None => BTreeSet::new(),
    };
    Some(Needed { place, verifier, scopes })
}

/// The same credentials, judged by the upstream.
fn by_upstream(demand: &Demand) -> Demand {
    let places = |needs: &BTreeSet<Needed>| {
        needs.iter().map(|needed| Needed::unverified(needed.place.clone())).collect()
    };
    demand.iter().map(places).collect()
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
        (None, Some(_), Declared::Credentials(demand, _)) => {
            Verdict::Covered(Access::Delegated(by_upstream(&demand)))
        }
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
        Declared::Credentials(demand, _) if delegated => {
            Verdict::Covered(Access::Delegated(by_upstream(&demand)))
        }
        Declared::Credentials(demand, _) => Verdict::Covered(Access::Verified(demand)),
        Declared::Unknown => Verdict::Unknown,
    }
}
