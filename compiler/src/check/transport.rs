//! What listeners and upstreams speak, held against what policies ask of them.

use std::collections::BTreeMap;

use gw_artifact::model::EndpointScheme;
use gw_syntax::{Diagnostic, Sink, Span};

use super::Context;
use super::codes::{BREAKER_TWICE, ENDPOINTS_DISAGREE, GRPC_OVER_HTTP1, TLS_MISSING};
use super::waivable::apart;
use super::wording::operations;
use crate::policy::authenticator::Authenticator;
use crate::policy::project::listener::ClientCertDemand;
use crate::policy::upstream::Protocol;
use crate::resolve::resolved::{Operation, ProjectKind, Spanned, Upstream};

/// Reports what needs TLS where there is none, endpoints that do not agree about it, gRPC over HTTP/1.1, and two breakers
/// in a row.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    if matches!(context.resolved.project.kind, ProjectKind::Configured { .. }) {
        listeners(context, sink);
        client_certificates(context, sink);
    }
    upstreams(context, sink);
    endpoints(context, sink);
}

fn listeners(context: &Context<'_>, sink: &mut Sink) {
    let listeners = &context.resolved.listeners;
    let has_tls = listeners.iter().any(|listener| listener.policy.tls.is_some());
    for listener in listeners.iter().filter(|listener| listener.policy.tls.is_none()) {
        let name = &listener.name;
        if let Some(hsts) = &listener.policy.hsts {
            let message =
                format!("browsers heed `hsts` over TLS only, and the listener `{name}` speaks none");
            tls_missing(hsts.span, message, format!("{name} hsts"), sink);
        }
        let redirect = listener.policy.https_redirect.as_ref().filter(|redirect| redirect.value.is_some());
        // One plain listener may lead to another that is not.
        if let Some(redirect) = redirect.filter(|_| !has_tls) {
            let message =
                format!("the listener `{name}` sends callers on to HTTPS, which no listener speaks");
            tls_missing(redirect.span, message, format!("{name} https-redirect"), sink);
        }
    }
}

fn tls_missing(at: Span, message: String, subject: String, sink: &mut Sink) {
    sink.push_with(&TLS_MISSING, || {
        Diagnostic::new(&TLS_MISSING, message)
            .at(at)
            .about(subject)
            .with_help("add `tls: {min: \"1.2\"}` to the listener, or remove the key")
    });
}

/// A scheme by client certificates needs a listener that asks for them.
fn client_certificates(context: &Context<'_>, sink: &mut Sink) {
    let asks = context.resolved.listeners.iter().any(|listener| {
        let demand = listener.policy.tls.as_ref().and_then(|tls| tls.client_cert.as_ref());
        demand.is_some_and(|demand| demand.value != ClientCertDemand::None)
    });
    if asks {
        return;
    }
    for scheme in &context.resolved.schemes {
        let Some(Spanned { value: Authenticator::ClientCert(_), span }) = &scheme.authenticator else {
            continue;
        };
        sink.push_with(&TLS_MISSING, || {
            let message =
                format!("`{}` verifies client certificates, and no listener asks for them", scheme.name);
            Diagnostic::new(&TLS_MISSING, message)
                .at(*span)
                .about(format!("{} client-cert", scheme.name))
                .with_help(
                    "add `tls: {client-cert: optional}` to a listener, or `required`: else nobody gets in",
                )
        });
    }
}

/// All endpoints of an upstream speak TLS, or none does: whoever chooses among them chooses no less security.
fn endpoints(context: &Context<'_>, sink: &mut Sink) {
    for upstream in &context.resolved.upstreams {
        let tls = upstream.policy.tls.as_ref().map(|tls| tls.span);
        let of = |scheme: EndpointScheme| {
            upstream.endpoints.iter().find(|endpoint| endpoint.value.scheme == scheme)
        };
        let secured = tls.or(of(EndpointScheme::Https).map(|endpoint| endpoint.span));
        if let (Some(plain), Some(secured)) = (of(EndpointScheme::Http), secured) {
            sink.push_with(&ENDPOINTS_DISAGREE, || {
                let message =
                    format!("`{}` is plain HTTP, and the upstream `{}` speaks TLS", plain.value.url(), upstream.name);
                Diagnostic::new(&ENDPOINTS_DISAGREE, message)
                    .at(plain.span)
                    .with_label(secured, "TLS is said here")
                    .about(format!("{} endpoints", upstream.name))
                    .with_help(
                        "write `https://` for every endpoint that speaks TLS; those that do not are another upstream",
                    )
            });
        }
    }
}

fn upstreams(context: &Context<'_>, sink: &mut Sink) {
    let mut plain: BTreeMap<(Span, Span), (&str, Vec<&Operation>)> = BTreeMap::new();
    let mut twice: BTreeMap<(Span, Span), (&str, Vec<&Operation>)> = BTreeMap::new();
    // A fixed answer reaches no upstream.
    let forwarded = context.resolved.operations.iter().filter(|operation| operation.policy.respond.is_none());
    for operation in forwarded {
        let policy = &operation.policy;
        let Some(using) = policy.upstream.as_ref().map(|using| using.value()) else { continue };
        let grpc = policy.grpc.as_ref().and_then(|grpc| grpc.winner.span);
        let breaker = policy.circuit_breaker.as_ref().and_then(|breaker| breaker.winner.span);
        for name in using.names() {
            let declared = context.resolved.upstreams.iter().find(|upstream| upstream.name == name.value);
            if let Some(grpc) = grpc
                && let Some(at) = http1(using.protocol.as_ref(), declared)
            {
                plain.entry((grpc, at)).or_insert_with(|| (&name.value, Vec::new())).1.push(operation);
            }
            let of_upstream = declared.filter(|upstream| upstream.policy.circuit_breaker.is_some());
            if let (Some(breaker), Some(upstream)) = (breaker, of_upstream) {
                let users =
                    twice.entry((breaker, upstream.span)).or_insert_with(|| (&name.value, Vec::new()));
                users.1.push(operation);
            }
        }
    }
    for ((at, protocol), (name, users)) in plain {
        sink.push_with(&GRPC_OVER_HTTP1, || grpc_over_http1(at, protocol, name, &users));
    }
    for ((at, upstream), (name, users)) in twice {
        for (waivers, users) in apart(&BREAKER_TWICE, users) {
            sink.push_with(&BREAKER_TWICE, || {
                breaker_twice(at, upstream, name, &users).with_waivers(waivers)
            });
        }
    }
}

/// Where it is said that the upstream speaks HTTP/1.1; its declaration where nothing else is said about it. What is not
/// declared says nothing.
fn http1(said: Option<&Spanned<Protocol>>, declared: Option<&Upstream>) -> Option<Span> {
    match said.or(declared.and_then(|upstream| upstream.policy.protocol.as_ref())) {
        Some(protocol) => (protocol.value == Protocol::Http1).then_some(protocol.span),
        None => declared.map(|upstream| upstream.span),
    }
}

fn grpc_over_http1(at: Span, protocol: Span, name: &str, users: &[&Operation]) -> Diagnostic {
    let (which, names) = operations(users);
    let message = format!("{which} calls gRPC at `{name}`, which speaks HTTP/1.1{names}");
    Diagnostic::new(&GRPC_OVER_HTTP1, message)
        .at(at)
        .with_label(protocol, "HTTP/1.1 unless `protocol` says otherwise")
        .about(format!("{name} grpc"))
        .with_help("gRPC is HTTP/2 with trailers: say `protocol: grpc` of the upstream")
}

fn breaker_twice(at: Span, upstream: Span, name: &str, users: &[&Operation]) -> Diagnostic {
    let (which, names) = operations(users);
    let message = format!("{which} has a circuit breaker, and its upstream `{name}` another{names}");
    Diagnostic::new(&BREAKER_TWICE, message)
        .at(at)
        .with_label(upstream, "this upstream has its own")
        .about(format!("{name} circuit-breaker"))
        .with_help("requests are refused as soon as one of them is open: keep the one that is meant")
}
