//! Every key that is enforced has a case that turns on it.

use std::collections::BTreeSet;

use gw_compiler::vocabulary::{
    Key, Shape, Status,
    annotations::{ANNOTATIONS, PREFIX},
    project::PROJECT,
};

/// Keys that people and their tools read; no request can tell whether they are there.
const FOR_PEOPLE: &[&str] = &[
    "apis.owner",
    "apis.version",
    "gw",
    "security-schemes.bearerFormat",
    "security-schemes.description",
    "security-schemes.flows",
    "security-schemes.openIdConnectUrl",
    "x-gw-auth.reason",
];

/// Keys that the compiler enforces by itself, or that are about connections, which no suite has; and a code whose page shows
/// them.
const BY_THE_COMPILER: &[(&str, u16)] = &[
    ("listeners.max-connections", 391),
    ("listeners.max-connections-per-address", 391),
    ("max-connections", 390),
    ("max-memory", 390),
    ("remote", 7),
    ("guardrails", 380),
    ("guardrails.id", 380),
    ("guardrails.require", 380),
    ("guardrails.except", 380),
    ("x-gw-waive", 601),
    ("x-gw-waive.code", 360),
    ("x-gw-waive.expires", 602),
    ("x-gw-waive.reason", 601),
];

/// Each enforced key, and the suite and case that hold it.
const CASES: &[(&str, &str, &str)] = &[
    ("address-lists", "access", "an address of a denied list is kept out"),
    ("address-lists.file", "access", "so is one of IPv6"),
    ("apis", "route", "a host is known without case and port"),
    ("apis.base", "route", "a host may be one of many"),
    ("apis.hosts", "route", "hosts of gw.yaml replace those of servers"),
    ("apis.overlays", "route", "an overlay adds an operation"),
    ("apis.name", "authorize", "what declares no security is for everyone, since the defaults say so"),
    ("apis.spec", "route", "a host is known without case and port"),
    ("apply", "select", "what a selector selects is held"),
    ("apply.select", "select", "what a selector selects is held"),
    ("apply.select.apis", "select", "another api is not selected"),
    ("apply.select.methods", "select", "another method is not selected"),
    ("apply.select.operations", "select", "another operation is not selected"),
    ("apply.select.paths", "select", "another path is not selected here"),
    ("apply.select.tags", "select", "another method is not selected"),
    ("apply.set", "select", "what a selector selects is held"),
    ("defaults", "authorize", "what declares no security is for everyone, since the defaults say so"),
    ("extends", "select", "another path is held by the extended file"),
    ("forwarded-header", "forwarded", "the older header is not looked at"),
    ("forwarded-header: forwarded", "forwarded", "the nearest element that is no proxy's names the client"),
    ("forwarded-header: x-forwarded-for", "access", "the other header is not looked at"),
    ("listeners", "authorize", "what declares no security is for everyone, since the defaults say so"),
    ("listeners.hsts", "doors", "a listener with tls serves over tls"),
    ("listeners.https-redirect", "doors", "a plain listener sends on to https"),
    ("listeners.https-redirect.port", "doors", "plain http at a listener with tls is sent on to its port"),
    ("listeners.proxy-protocol", "proxied", "the client is whom the proxy names"),
    ("listeners.proxy-protocol.from", "proxied", "the header comes before the handshake"),
    ("listeners.tls", "doors", "a listener with tls serves over tls"),
    ("listeners.tls.client-cert", "doors", "a certificate that was verified is a credential"),
    ("listeners.tls.client-cert: none", "doors", "nor is one at a listener that asks for none"),
    ("listeners.tls.client-cert: optional", "doors", "none is none"),
    ("listeners.tls.client-cert: required", "doors", "who must show a certificate and does is served"),
    ("listeners.tls.min", "doors", "a listener with tls serves over tls"),
    ("listeners.tls.min: 1.2", "doors", "a listener with tls serves over tls"),
    ("listeners.tls.min: 1.3", "doors", "a certificate that was verified is a credential"),
    ("name", "receive", "a request that was here before loops"),
    ("security-schemes", "authorize", "so is the other"),
    ("security-schemes.authenticator", "keys", "a key may be a bearer token"),
    ("security-schemes.authenticator.client-cert", "keys", "a certificate names its holder"),
    ("security-schemes.authenticator.client-cert.names", "keys", "one with other names is not good"),
    ("security-schemes.authenticator.keys", "keys", "a key may be a bearer token"),
    ("security-schemes.in", "authorize", "one of two alternatives is enough"),
    ("security-schemes.in: cookie", "authorize", "so may one that gw.yaml declares"),
    ("security-schemes.in: header", "authorize", "one of two alternatives is enough"),
    ("security-schemes.in: query", "authorize", "a key may stand in the query"),
    ("security-schemes.name", "authorize", "another cookie is no key"),
    ("security-schemes.scheme", "authorize", "a credential of another scheme is none"),
    ("security-schemes.type", "authorize", "nobody reads without a credential"),
    ("security-schemes.type: apiKey", "authorize", "one of two alternatives is enough"),
    ("security-schemes.type: http", "authorize", "nobody reads without a credential"),
    ("security-schemes.type: mutualTLS", "authorize", "a client certificate cannot be brought yet"),
    ("security-schemes.type: oauth2", "authorize", "oauth and openid tokens are bearer tokens"),
    ("security-schemes.type: openIdConnect", "authorize", "oauth and openid tokens are bearer tokens"),
    ("trusted-proxies", "access", "proxies are counted from the right"),
    ("upstreams", "forward", "endpoints take turns"),
    ("upstreams.balance", "forward", "endpoints take turns"),
    ("upstreams.balance: least-request", "forward", "one of two endpoints is drawn"),
    ("upstreams.balance: round-robin", "forward", "endpoints take turns"),
    ("upstreams.endpoints", "forward", "endpoints take turns"),
    ("upstreams.limits", "faults", "a service has as many requests as it may have"),
    ("upstreams.limits.requests", "faults", "a service has as many requests as it may have"),
    ("upstreams.protocol", "forward", "bodies pass both ways"),
    ("upstreams.protocol: http1", "forward", "bodies pass both ways"),
    ("upstreams.tls", "services", "a service is reached over tls"),
    (
        "upstreams.tls.client-cert",
        "services",
        "the oldest version may be the newest, and the gateway shows a certificate",
    ),
    ("upstreams.tls.client-cert: none", "services", "a service is reached over tls"),
    (
        "upstreams.tls.client-cert: required",
        "services",
        "the oldest version may be the newest, and the gateway shows a certificate",
    ),
    (
        "upstreams.tls.min",
        "services",
        "the oldest version may be the newest, and the gateway shows a certificate",
    ),
    ("upstreams.tls.min: 1.2", "services", "a service is reached over tls"),
    (
        "upstreams.tls.min: 1.3",
        "services",
        "the oldest version may be the newest, and the gateway shows a certificate",
    ),
    ("upstreams.tls.sni", "services", "one for another name is not believed"),
    ("upstreams.tls.verify", "services", "whoever is not verified is believed whatever it shows"),
    ("x-gw-access", "access", "an address of a denied list is kept out"),
    ("x-gw-access.allow", "access", "who is allowed is let in"),
    ("x-gw-access.deny", "access", "deny wins over allow"),
    ("x-gw-access.headers", "access", "a header must be there when values are allowed"),
    ("x-gw-access.headers.allow", "access", "one of the allowed values is enough"),
    ("x-gw-access.headers.deny", "access", "a denied value of a header is kept out"),
    ("x-gw-access.methods", "access", "a method may be kept out"),
    ("x-gw-access.methods.allow", "access", "or all but one"),
    ("x-gw-access.methods.deny", "access", "a method may be kept out"),
    ("x-gw-access.user-agents", "access", "a user agent may be kept out"),
    ("x-gw-access.user-agents.allow", "access", "only known agents are let in"),
    ("x-gw-access.user-agents.deny", "access", "a user agent may be kept out"),
    ("x-gw-auth", "authorize", "public stands for itself beside a root that delegates"),
    ("x-gw-auth.claims", "keys", "nobody reads another tenant's things"),
    ("x-gw-auth.credential", "keys", "a key can be kept from the service, in every spelling"),
    ("x-gw-auth.credential: drop", "keys", "a key can be kept from the service, in every spelling"),
    ("x-gw-auth.credential: pass", "keys", "or passed on by name"),
    ("x-gw-auth.forward", "keys", "no caller says who it is"),
    ("x-gw-authenticator", "keys", "whoever holds a key is let in"),
    ("x-gw-authenticator.client-cert", "keys", "a certificate names its holder"),
    ("x-gw-authenticator.client-cert.names", "keys", "one with other names is not good"),
    ("x-gw-authenticator.keys", "keys", "whoever holds a key is let in"),
    ("x-gw-auth.delegated", "authorize", "a credential is passed on untouched"),
    ("x-gw-auth.public", "authorize", "public stands for itself beside a root that delegates"),
    ("x-gw-body-max", "faults", "a body that is too large is refused before anyone sees it"),
    ("x-gw-errors", "receive", "a request without a host is malformed"),
    ("x-gw-errors.format", "receive", "a request without a host is malformed"),
    ("x-gw-errors.format: problem+json", "receive", "a request without a host is malformed"),
    ("x-gw-precedence", "route", "a path that is declared to go first has the request"),
    ("x-gw-precedence.over", "route", "a path that is declared to go first has the request"),
    ("x-gw-timeout", "faults", "the whole exchange has its time"),
    ("x-gw-timeout.connect", "faults", "a connection that never stands is given up"),
    ("x-gw-timeout.idle", "faults", "an answer that stalls is cut"),
    ("x-gw-timeout.request-body", "faults", "a body that never ends is given up"),
    ("x-gw-timeout.response-head", "faults", "a service that does not begin to answer times out"),
    ("x-gw-timeout.total", "faults", "the whole exchange has its time"),
    ("x-gw-upstream", "forward", "endpoints take turns"),
    ("x-gw-upstream.host", "forward", "the base is replaced and the host is fixed"),
    ("x-gw-upstream.name", "forward", "one of two endpoints is drawn"),
    ("x-gw-upstream.path", "forward", "the base is replaced and the host is fixed"),
    ("x-gw-upstream.protocol", "forward", "the base is replaced and the host is fixed"),
    ("x-gw-upstream.protocol: http1", "forward", "the base is replaced and the host is fixed"),
    ("x-gw-validate", "forward", "bodies pass both ways"),
    ("x-gw-validate: none", "forward", "bodies pass both ways"),
];

/// The enforced keys of a table, with those inside their values: `timeout.connect`.
fn enforced(table: &'static [Key], name: &dyn Fn(&Key) -> String) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<(String, Shape)> = vec![];
    for key in table.iter().filter(|key| key.status == Status::Enforced) {
        open.push((name(key), key.shape));
        found.insert(name(key));
    }
    // Shapes are constants that nest a few levels and never refer back to themselves.
    while let Some((name, shape)) = open.pop() {
        match shape {
            // What a selector selects by is held once, by `apply.select`.
            Shape::Object(_) if name == "guardrails.except" => {}
            Shape::List(item) | Shape::Map(item) | Shape::MapBy(_, item) => open.push((name, *item)),
            Shape::Either(shapes) => open.extend(shapes.iter().map(|shape| (name.clone(), *shape))),
            Shape::Object(keys) => {
                for key in keys.iter().filter(|key| key.status == Status::Enforced) {
                    let name = format!("{name}.{}", key.name);
                    found.insert(name.clone());
                    open.push((name, key.shape));
                }
            }
            // Every method is selected in the same way.
            Shape::Choice(_) if name == "apply.select.methods" => {}
            Shape::Choice(choices) => {
                let words = choices.iter().filter(|choice| choice.status == Status::Enforced);
                found.extend(words.map(|choice| format!("{name}: {}", choice.word)));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_enforced_key_has_a_case() {
    let mut keys = enforced(PROJECT, &|key| key.name.to_owned());
    keys.extend(enforced(ANNOTATIONS, &|key| format!("{PREFIX}{}", key.name)));
    let cases = CASES.iter().map(|(key, _, _)| *key);
    let compiled = BY_THE_COMPILER.iter().map(|(key, _)| *key);
    let listed: BTreeSet<_> =
        cases.chain(compiled).chain(FOR_PEOPLE.iter().copied()).map(str::to_owned).collect();
    assert_eq!(keys, listed);
    for (key, code) in BY_THE_COMPILER {
        let page = gw_compiler::explain(gw_syntax::Code(*code)).unwrap_or_default();
        let inner = key.rsplit('.').next().unwrap_or(key);
        assert!(page.contains("fires") && page.contains(inner), "GW{code:04} does not show `{key}`");
    }
    for (key, suite, case) in CASES {
        let there = crate::suite(suite).cases.iter().any(|its| its.name == *case);
        assert!(there, "`{key}` is held by `{case}`, which is no case of {suite}");
    }
}
