//! Authenticators, held against the kind of scheme that they stand at, and what upstreams are told against who is verified.

use std::collections::BTreeMap;

use gw_artifact::model::{Scheme as CredentialPlace, is_reserved_header};
use gw_artifact::path_trie::Template;
use gw_syntax::{Diagnostic, Sink, Span};

use super::{Access, access_of};
use crate::check::Context;
use crate::check::codes::{AUTHENTICATOR_MISFIT, CALLER_UNTOLD};
use crate::check::wording::operations;
use crate::expression::{self, Vocabulary, path_parameter};
use crate::policy::auth::{Auth, Credential};
use crate::policy::authenticator::Authenticator;
use crate::resolve::resolved::{Layered, Operation, Scheme};
use crate::vocabulary::scalar::CallerFact;

/// The longest scope, and the longest name of a certificate, in bytes.
const MAX_BYTES: usize = 256;

pub(super) fn report(context: &Context<'_>, sink: &mut Sink) {
    for scheme in &context.resolved.schemes {
        misfit(scheme, sink);
    }
    scopes(context, sink);
    told(context, sink);
}

fn misfit(scheme: &Scheme, sink: &mut Sink) {
    let (Some(place), Some(authenticator)) = (&scheme.place, &scheme.authenticator) else { return };
    let is_bearer = matches!(place, CredentialPlace::Authorization(name) if name == "bearer");
    let (how, fits, help) = match &authenticator.value {
        Authenticator::Keys(_) => (
            "API keys",
            is_bearer
                || !matches!(place, CredentialPlace::Authorization(_) | CredentialPlace::ClientCertificate),
            "keys are verified at schemes of `type: apiKey`, and of `type: http` with `scheme: bearer`",
        ),
        Authenticator::ClientCert(_) => (
            "client certificates",
            *place == CredentialPlace::ClientCertificate,
            "client certificates are verified at schemes of `type: mutualTLS`",
        ),
        Authenticator::Token(_) | Authenticator::Introspection(_) => (
            "tokens",
            is_bearer,
            "tokens are verified at schemes of `type: openIdConnect` and `oauth2`, and of `type: http` with `scheme: bearer`",
        ),
    };
    if !fits {
        sink.push_with(&AUTHENTICATOR_MISFIT, || {
            let message = format!("`{}` verifies {how}, and its callers show something else", scheme.name);
            Diagnostic::new(&AUTHENTICATOR_MISFIT, message)
                .at(authenticator.span)
                .with_label(scheme.span, "this is the scheme")
                .about(scheme.name.as_str())
                .with_help(help)
        });
    }
}

/// Scopes that a challenge could not carry (RFC 6749 section 3.3).
fn scopes(context: &Context<'_>, sink: &mut Sink) {
    let mut bad: BTreeMap<&str, (Span, &Operation)> = BTreeMap::new();
    for operation in &context.resolved.operations {
        let crate::resolve::resolved::Security::Declared { alternatives, .. } = &operation.security else {
            continue;
        };
        for requirement in alternatives.iter().flat_map(|alternative| &alternative.schemes) {
            let verified =
                requirement.scheme.is_some_and(|at| context.resolved.schemes[at].authenticator.is_some());
            for scope in requirement.scopes.iter().filter(|scope| verified && !is_scope(scope)) {
                bad.entry(scope).or_insert((requirement.span, operation));
            }
        }
    }
    for (scope, (span, operation)) in bad {
        sink.push_with(&AUTHENTICATOR_MISFIT, || {
            let message = format!("`{}` is no scope that a credential can have", scope.escape_debug());
            Diagnostic::new(&AUTHENTICATOR_MISFIT, message)
                .at(span)
                .with_label(operation.span, "this operation demands it")
                .about(scope)
                .with_help("a scope is written in visible ASCII without quotes and backslashes (RFC 6749 section 3.3)")
        });
    }
}

fn is_scope(text: &str) -> bool {
    let is_byte = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    !text.is_empty() && text.len() <= MAX_BYTES && text.bytes().all(is_byte)
}

/// What an operation's upstream is to be told, and cannot be.
fn told(context: &Context<'_>, sink: &mut Sink) {
    let mut wrong: BTreeMap<(Span, String), Vec<&Operation>> = BTreeMap::new();
    for operation in &context.resolved.operations {
        let Some(auth) = operation.policy.auth.as_deref().map(Layered::value) else { continue };
        if !matches!(access_of(context.resolved, operation), Some(Access::Verified(_))) {
            continue;
        }
        let said = headers(auth).chain(credential(auth, context, operation)).chain(claims(auth, operation));
        for found in said {
            wrong.entry(found).or_default().push(operation);
        }
    }
    for ((span, message), users) in wrong {
        sink.push_with(&CALLER_UNTOLD, || {
            let (which, names) = operations(&users);
            Diagnostic::new(&CALLER_UNTOLD, format!("{message}, at {which}{names}"))
                .at(span)
                .about(message.as_str())
                .with_help("`gw explain GW0332` says what can be told, and in which headers")
        });
    }
}

fn headers(auth: &Auth) -> impl Iterator<Item = (Span, String)> {
    auth.forward.iter().filter_map(|(name, fact)| {
        let header = name.value.to_string().to_ascii_lowercase();
        if is_reserved_header(&header)
            || matches!(header.as_str(), "authorization" | "cookie" | "content-type")
        {
            return Some((
                name.span,
                format!("`{header}` has a meaning of its own, and cannot tell who calls"),
            ));
        }
        match &fact.value {
            CallerFact::Token(_) => {
                Some((fact.span, format!("`{}` is a claim of a token, and no token is verified", fact.value)))
            }
            CallerFact::Consumer | CallerFact::Scopes => None,
        }
    })
}

/// What a condition reads and this operation does not have.
fn claims(auth: &Auth, operation: &Operation) -> Vec<(Span, String)> {
    let Some(said) = &auth.claims else { return Vec::new() };
    // What does not read is told on its own.
    let Ok(expression) = expression::compile(&said.value, Vocabulary::Claims) else { return Vec::new() };
    let parameters = Template::parse(&operation.path).map(|path| path.names().to_vec()).unwrap_or_default();
    let wrong = |name: &str| match path_parameter(name) {
        Some(parameter) if !parameters.iter().any(|known| known == parameter) => {
            Some(format!("`{name}` is no parameter of the path"))
        }
        None if name == "token" => {
            Some("`token` is that of a verified token, and no token is verified".to_owned())
        }
        Some(_) | None => None,
    };
    expression.inputs().iter().filter_map(|input| Some((said.span, wrong(&input.name)?))).collect()
}

/// A credential among what is none cannot be dropped.
fn credential(auth: &Auth, context: &Context<'_>, operation: &Operation) -> Option<(Span, String)> {
    let said = auth.credential.as_ref().filter(|said| said.value == Credential::Drop)?;
    let Some(Access::Verified(demand)) = access_of(context.resolved, operation) else { return None };
    let mut places = demand.iter().flatten().map(|needed| &needed.place);
    let stays = places.find_map(|place| match place {
        CredentialPlace::Query(name) => Some(format!("the query parameter `{name}`")),
        CredentialPlace::Cookie(name) => Some(format!("the cookie `{name}`")),
        CredentialPlace::Authorization(_)
        | CredentialPlace::Header(_)
        | CredentialPlace::ClientCertificate => None,
    })?;
    Some((said.span, format!("{stays} cannot be dropped: it stands among what is no credential")))
}
