//! What `gw.yaml` says about one upstream beside its endpoints.

use gw_artifact::model::{Millis, UpstreamTls as Row, Verification};
use gw_syntax::{NodeRef, Sink, Span};

use super::super::circuit_breaker::{self, CircuitBreaker};
use super::super::upstream::Protocol;
use super::super::{parts, self_check};
use super::listener::TlsVersion;
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{RequestTarget, ServerName, words};

/// How an upstream is treated; what is `None` was not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpstreamPolicy {
    /// How an endpoint is chosen; [`Balancing::RoundRobin`] unless said.
    pub balance: Option<Spanned<Balancing>>,
    /// How long a new endpoint is spared.
    pub slow_start: Option<Spanned<Millis>>,
    /// What the endpoints speak; HTTP/1.1 unless said.
    pub protocol: Option<Spanned<Protocol>>,
    /// TLS to the endpoints; plain unless said.
    pub tls: Option<UpstreamTls>,
    /// Probes; none unless said.
    pub health: Option<Health>,
    /// When a failing endpoint is left out; never unless said.
    pub outlier: Option<Outlier>,
    /// How much the service is given at once.
    pub limits: UpstreamLimits,
    /// When the service is left alone; never unless said.
    pub circuit_breaker: Option<CircuitBreaker>,
}

words! {
    /// How an endpoint is chosen.
    Balancing {
        /// Each in turn.
        RoundRobin = "round-robin",
        /// Each in turn, by weight.
        Weighted = "weighted",
        /// Any.
        Random = "random",
        /// The less busy of two.
        LeastRequest = "least-request",
        /// The faster of two.
        PeakEwma = "peak-ewma",
        /// By a hash of the request, on a ring.
        RingHash = "ring-hash",
        /// By a hash of the request, in a table.
        Maglev = "maglev",
    }
}

/// TLS to the endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamTls {
    /// Where it stands.
    pub span: Span,
    /// Whether certificates are verified; they are unless said.
    pub verify: Option<Spanned<bool>>,
    /// The name that endpoints are asked for and verified by; the endpoint's own unless said.
    pub sni: Option<Spanned<ServerName>>,
    /// The oldest version that is spoken; 1.2 unless said.
    pub min: Option<Spanned<TlsVersion>>,
    /// Whether the gateway shows a certificate; not unless said.
    pub client_cert: Option<Spanned<OwnCertificate>>,
}

words! {
    /// Whether the gateway shows a certificate to endpoints.
    OwnCertificate {
        /// It does not.
        None = "none",
        /// It does.
        Required = "required",
    }
}

impl UpstreamTls {
    /// Whether whoever answers is believed.
    pub fn is_unverified(&self) -> bool {
        self.verify.as_ref().is_some_and(|verify| !verify.value)
    }

    fn shows_certificate(&self) -> bool {
        self.client_cert.as_ref().is_some_and(|shown| shown.value == OwnCertificate::Required)
    }

    /// The row of the tables.
    pub(crate) fn lower(&self) -> Row {
        Row {
            min: self.min.as_ref().map_or(Row::DEFAULT.min, |min| min.value.lower()),
            server_name: self.sni.as_ref().map(|name| name.value.as_str().to_owned()),
            verification: if self.is_unverified() { Verification::None } else { Verification::Full },
            client_cert: self.shows_certificate(),
        }
    }
}

/// Probes of endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// What is asked for; a connection alone unless said.
    pub path: Option<Spanned<RequestTarget>>,
    /// How often.
    pub every: Option<Spanned<Millis>>,
    /// Good answers in a row that bring an endpoint back, at least 1.
    pub healthy_threshold: Option<Spanned<u32>>,
    /// Bad answers in a row that take an endpoint out, at least 1.
    pub unhealthy_threshold: Option<Spanned<u32>>,
}

/// When a failing endpoint is left out. The first ejection is not longer than the longest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlier {
    /// Failures in a row that eject an endpoint, at least 1.
    pub consecutive_5xx: Option<Spanned<u32>>,
    /// How long the first ejection lasts.
    pub base_ejection_time: Option<Spanned<Millis>>,
    /// How long an ejection lasts at most.
    pub max_ejection_time: Option<Spanned<Millis>>,
    /// The share of endpoints that may be out, 1 to 100; at least one, never the last.
    pub max_ejection_percent: Option<Spanned<u32>>,
}

/// How much an upstream is given at once, each at least 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpstreamLimits {
    /// Connections.
    pub connections: Option<Spanned<u32>>,
    /// Requests that wait for a connection.
    pub pending: Option<Spanned<u32>>,
    /// Requests in flight.
    pub requests: Option<Spanned<u32>>,
}

/// Reads one entry of `upstreams`.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> UpstreamPolicy {
    let limits = |limits: NodeRef<'_>| UpstreamLimits {
        connections: parts::count(limits, "connections"),
        pending: parts::count(limits, "pending"),
        requests: parts::count(limits, "requests"),
    };
    UpstreamPolicy {
        balance: parts::part(node, "balance"),
        slow_start: parts::millis(node, "slow-start"),
        protocol: parts::part(node, "protocol"),
        tls: node.get("tls").map(|node| tls(node, sink)),
        health: node.get("health").map(|node| health(node, sink)),
        outlier: node.get("outlier").map(|node| outlier(node, sink)),
        limits: node.get("limits").map(limits).unwrap_or_default(),
        circuit_breaker: node.get("circuit-breaker").and_then(|node| circuit_breaker::read(node, sink)),
    }
}

/// `tls: {}` is TLS with everything at its default.
fn tls(node: NodeRef<'_>, sink: &mut Sink) -> UpstreamTls {
    let value = UpstreamTls {
        span: node.span(),
        verify: parts::flag(node, "verify"),
        sni: parts::part(node, "sni"),
        min: parts::part(node, "min"),
        client_cert: parts::part(node, "client-cert"),
    };
    if let Some(verify) = value.verify.as_ref().filter(|_| value.is_unverified()) {
        let beside = Some((verify.span, "certificates are not verified"));
        if let Some(at) = node.get("sni") {
            let message = "a name that nobody verifies says nothing about who answers";
            self_check::contradiction(at, message, beside, TRUST_IT, sink);
        }
        if let Some(at) = node.get("client-cert").filter(|_| value.shows_certificate()) {
            let message = "the gateway would prove who it is to whoever answers";
            self_check::contradiction(at, message, beside, TRUST_IT, sink);
        }
    }
    value
}

const TRUST_IT: &str =
    "remove `verify: false`, and name the authority of the endpoints' certificates in the bindings";

fn health(node: NodeRef<'_>, sink: &mut Sink) -> Health {
    if parts::is_empty_mapping(node) {
        let help = "say what is asked for, and how often: `{path: /healthz, every: 5s}`";
        self_check::says_nothing(node, "`health` says nothing", help, sink);
    }
    Health {
        path: parts::part(node, "path"),
        every: parts::millis(node, "every"),
        healthy_threshold: parts::count(node, "healthy-threshold"),
        unhealthy_threshold: parts::count(node, "unhealthy-threshold"),
    }
}

fn outlier(node: NodeRef<'_>, sink: &mut Sink) -> Outlier {
    if parts::is_empty_mapping(node) {
        let help = "say what ejects an endpoint: `{consecutive-5xx: 5, base-ejection-time: 30s}`";
        self_check::says_nothing(node, "`outlier` says nothing", help, sink);
    }
    let value = Outlier {
        consecutive_5xx: parts::count(node, "consecutive-5xx"),
        base_ejection_time: parts::millis(node, "base-ejection-time"),
        max_ejection_time: parts::millis(node, "max-ejection-time"),
        max_ejection_percent: parts::count(node, "max-ejection-percent"),
    };
    if let (Some(base), Some(most)) = (&value.base_ejection_time, &value.max_ejection_time)
        && base.value > most.value
        && let Some(at) = node.get("max-ejection-time")
    {
        let message =
            format!("the first ejection lasts {}, and no one longer than {}", base.value, most.value);
        let help = "lower `base-ejection-time`, or raise `max-ejection-time`";
        self_check::contradiction(at, &message, Some((base.span, "the first one")), help, sink);
    }
    value
}

#[cfg(test)]
mod tests {
    use gw_artifact::model::TlsVersion as MinTls;

    use super::*;
    use crate::policy::tests::project;

    fn policy(text: &str) -> (UpstreamPolicy, Vec<String>) {
        let text = format!("upstreams: {{orders: {text}}}\n");
        project(&text, |root, sink| {
            let orders = root.get("upstreams").and_then(|upstreams| upstreams.get("orders"));
            read(orders.expect("the text has it"), sink)
        })
    }

    #[test]
    fn every_part_is_read() {
        let (policy, codes) = policy(
            "{balance: maglev, slow-start: 30s, protocol: h2, tls: {verify: true, sni: orders.internal, min: \"1.3\", client-cert: required}, \
             health: {path: '/healthz?deep=1', every: 5s, healthy-threshold: 2, unhealthy-threshold: 3}, \
             outlier: {consecutive-5xx: 5, base-ejection-time: 30s, max-ejection-time: 300s, max-ejection-percent: 10}, \
             limits: {connections: 1, pending: 2, requests: 3}, circuit-breaker: {when: 'error_ratio > 50%', min-requests: 5, open: 5s..60s, half-open: 1}}",
        );
        assert_eq!(codes, [""; 0]);
        let told = format!("{policy:?}");
        assert!(!told.contains("None"), "{told}");
        assert_eq!(policy.balance.map(|balance| balance.value), Some(Balancing::Maglev));
        assert_eq!(policy.limits.pending.map(|pending| pending.value), Some(2));
        let row = policy.tls.unwrap().lower();
        assert_eq!((row.min, row.verification), (MinTls::V13, Verification::Full));
        assert_eq!((row.server_name.as_deref(), row.client_cert), (Some("orders.internal"), true));
    }

    #[test]
    fn tls_that_says_nothing_else_verifies_and_shows_nothing() {
        let (policy, codes) = policy("{tls: {}}");
        assert_eq!(codes, [""; 0]);
        assert_eq!(policy.tls.unwrap().lower(), Row::DEFAULT);
    }

    #[test]
    fn who_is_not_verified_has_no_name_and_is_shown_no_certificate() {
        let codes = |text: &str| policy(text).1;
        assert_eq!(codes("{tls: {verify: false}}"), [""; 0]);
        assert_eq!(codes("{tls: {verify: false, client-cert: none, min: 1.3}}"), [""; 0]);
        assert_eq!(codes("{tls: {verify: false, sni: a}}"), ["GW0120"]);
        assert_eq!(codes("{tls: {verify: false, sni: a, client-cert: required}}"), ["GW0120", "GW0120"]);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let codes = |text: &str| policy(text).1;
        assert_eq!(codes("{outlier: {base-ejection-time: 10m, max-ejection-time: 5m}}"), ["GW0120"]);
        assert_eq!(codes("{outlier: {}}"), ["GW0121"]);
        assert_eq!(codes("{health: }"), ["GW0121"]);
        assert_eq!(codes("{circuit-breaker: {}}"), ["GW0121"]);
        assert_eq!(codes("{health: {path: healthz}}"), ["GW0133"]);
        assert_eq!(codes("{tls: {sni: 'https://a'}}"), ["GW0133"]);
        assert_eq!(codes("{tls: {sni: -a}}"), ["GW0133"]);
        assert_eq!(codes("{tls: {sni: 10.0.0.1}}"), ["GW0133"]);
        assert_eq!(codes("{tls: {min: 1.1}}"), ["GW0133"]);
        assert_eq!(codes("{tls: {client-cert: optional}}"), ["GW0133"]);
        assert_eq!(codes("{outlier: {max-ejection-percent: 101}}"), ["GW0133"]);
        assert_eq!(codes("{balance: fastest}"), ["GW0133"]);
        assert_eq!(codes("{limits: {pending: 0}}"), ["GW0133"]);
    }
}
