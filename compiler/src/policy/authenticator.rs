//! `x-gw-authenticator`: how the gateway verifies credentials of a security scheme.

use std::fmt;

use gw_artifact::model::Millis;
use gw_syntax::{NodeRef, Sink};

use super::flow::Flow;
use super::{parts, self_check};
use crate::parse::codes::KEY_MISSING;
use crate::parse::finding::finding_at;
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{ClaimAlternatives, HttpUrl, words};

/// How credentials are verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authenticator {
    /// Signed tokens, by the issuer's keys (RFC 7519).
    Token(TokenCheck),
    /// The issuer is asked about each token (RFC 7662).
    Introspection(Introspection),
    /// A set of hashed API keys from the bindings; whether it is there is for the bindings to say.
    Keys(Spanned<String>),
    /// The client's certificate.
    ClientCert(ClientCert),
}

/// What a signed token must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCheck {
    /// Accepted issuers; the one of the discovery document unless said, then empty.
    pub issuers: Vec<Spanned<String>>,
    /// Accepted audiences, at least one.
    pub audiences: Vec<Spanned<String>>,
    /// Accepted algorithms; the asymmetric ones unless said, then empty. Never both kinds.
    pub algorithms: Vec<Spanned<Algorithm>>,
    /// How far clocks may be apart.
    pub clock_skew: Option<Spanned<Millis>>,
    /// Which claims name the caller.
    pub claims: IdentityClaims,
    /// How often keys are fetched.
    pub refresh: Option<Spanned<Millis>>,
    /// The least time between two fetches of keys, not longer than `refresh`.
    pub cooldown: Option<Spanned<Millis>>,
}

/// How the issuer is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Introspection {
    /// Where.
    pub url: Spanned<HttpUrl>,
    /// The gateway's own name there.
    pub client: Option<Spanned<String>>,
    /// The secret that proves it, by name; whether it is declared is for the gate to say.
    pub secret: Option<Spanned<String>>,
    /// How long an answer holds; each request asks unless said.
    pub cache: Option<Spanned<Millis>>,
    /// Accepted issuers and audiences of the answer; any unless said, then empty.
    pub issuers: Vec<Spanned<String>>,
    /// Accepted audiences.
    pub audiences: Vec<Spanned<String>>,
    /// Which members of the answer name the caller.
    pub claims: IdentityClaims,
}

/// Which client certificates are accepted, of those that the listener has verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCert {
    /// Accepted subject alternative names; any unless said, then empty.
    pub names: Vec<Spanned<String>>,
}

/// Which claims name the consumer, its scopes and its roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityClaims {
    /// The consumer; `sub` unless said.
    pub consumer: Option<Spanned<ClaimAlternatives>>,
    /// The scopes; `scope|scp` unless said.
    pub scopes: Option<Spanned<ClaimAlternatives>>,
    /// The roles; none unless said.
    pub roles: Option<Spanned<ClaimAlternatives>>,
}

words! {
    /// A signature algorithm (RFC 7518 section 3.1, RFC 8037 section 3.1).
    Algorithm {
        /// RSA, PKCS #1 v1.5, SHA-256.
        Rs256 = "RS256",
        /// RSA, PKCS #1 v1.5, SHA-384.
        Rs384 = "RS384",
        /// RSA, PKCS #1 v1.5, SHA-512.
        Rs512 = "RS512",
        /// RSA, PSS, SHA-256.
        Ps256 = "PS256",
        /// RSA, PSS, SHA-384.
        Ps384 = "PS384",
        /// RSA, PSS, SHA-512.
        Ps512 = "PS512",
        /// ECDSA over P-256.
        Es256 = "ES256",
        /// ECDSA over P-384.
        Es384 = "ES384",
        /// Edwards curves.
        EdDsa = "EdDSA",
        /// HMAC, SHA-256: whoever can verify can sign.
        Hs256 = "HS256",
        /// HMAC, SHA-384.
        Hs384 = "HS384",
        /// HMAC, SHA-512.
        Hs512 = "HS512",
    }
}

impl Algorithm {
    /// Whether one secret signs and verifies.
    pub fn is_symmetric(self) -> bool {
        matches!(self, Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512)
    }
}

/// The ways that leave no room for another one.
const WAYS: [&str; 3] = ["introspection", "keys", "client-cert"];
/// What speaks about signed tokens only.
const OF_TOKENS: [&str; 4] = ["algorithms", "clock-skew", "refresh", "cooldown"];
/// What speaks about tokens of any kind.
const OF_CLAIMS: [&str; 3] = ["issuers", "audiences", "claims"];

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Authenticator> {
    let mut ways = WAYS.iter().filter_map(|way| node.entry(way));
    let (way, other) = (ways.next(), ways.next());
    if let (Some((first, _)), Some((second, _))) = (way, other) {
        let beside = Some((first.span(), "one way"));
        let help = "keep one; a second scheme in `security` gives callers a choice";
        let message = "a scheme has one way of verifying, and here is a second";
        self_check::contradiction(second, message, beside, help, sink);
        return None;
    }
    let Some((key, value)) = way else { return token(node, sink).map(Authenticator::Token) };
    let name = key.scalar_text().unwrap_or_default();
    let foreign = OF_TOKENS.iter().chain(OF_CLAIMS.iter().filter(|_| name != "introspection"));
    for (stray, _) in foreign.filter_map(|key| node.entry(key)) {
        let stray_name = stray.scalar_text().unwrap_or_default();
        let message = format!("`{stray_name}` speaks of signed tokens, and `{name}` verifies otherwise");
        let beside = Some((key.span(), "this is how credentials are verified"));
        self_check::contradiction(stray, &message, beside, "remove one of them", sink);
    }
    match name {
        "introspection" => introspection(node, value, sink).map(Authenticator::Introspection),
        "keys" => parts::named(value).map(Authenticator::Keys),
        _ => Some(Authenticator::ClientCert(ClientCert { names: texts(value, "names", sink) })),
    }
}

fn token(node: NodeRef<'_>, sink: &mut Sink) -> Option<TokenCheck> {
    let value = TokenCheck {
        issuers: texts(node, "issuers", sink),
        audiences: texts(node, "audiences", sink),
        algorithms: parts::list(node, "algorithms"),
        clock_skew: parts::millis(node, "clock-skew"),
        claims: claims(node, sink),
        refresh: parts::millis(node, "refresh"),
        cooldown: parts::millis(node, "cooldown"),
    };
    self_check::list(node, "algorithms", &value.algorithms, sink);
    let symmetric = value.algorithms.iter().find(|algorithm| algorithm.value.is_symmetric());
    let asymmetric = value.algorithms.iter().find(|algorithm| !algorithm.value.is_symmetric());
    if let (Some(symmetric), Some(asymmetric), Some(list)) = (symmetric, asymmetric, node.get("algorithms")) {
        let at = list.items().find(|item| item.span() == symmetric.span).unwrap_or(list);
        let message = "algorithms with one secret stand beside algorithms with two keys";
        let help = "a public key would serve as the secret (RFC 8725 section 2.1): keep one kind";
        self_check::contradiction(at, message, Some((asymmetric.span, "two keys")), help, sink);
    }
    if let (Some(refresh), Some(cooldown)) = (&value.refresh, &value.cooldown)
        && cooldown.value > refresh.value
        && let Some(at) = node.get("cooldown")
    {
        let message =
            format!("keys are fetched every {}, and not sooner than after {}", refresh.value, cooldown.value);
        let help = "`cooldown` bounds extra fetches between two of `refresh`: make it shorter";
        self_check::contradiction(at, &message, Some((refresh.span, "every so often")), help, sink);
    }
    if node.get("audiences").is_none() {
        sink.push_with(&KEY_MISSING, || {
            finding_at(&KEY_MISSING, node, "the authenticator has no `audiences`").with_help(
                "name what tokens are issued for, `audiences: [orders]`: else a token for another service passes",
            )
        });
    }
    (!value.audiences.is_empty()).then_some(value)
}

fn introspection(node: NodeRef<'_>, value: NodeRef<'_>, sink: &mut Sink) -> Option<Introspection> {
    Some(Introspection {
        url: parts::part(value, "url")?,
        client: parts::text(value, "client"),
        secret: parts::name(value, "secret"),
        cache: parts::millis(value, "cache"),
        issuers: texts(node, "issuers", sink),
        audiences: texts(node, "audiences", sink),
        claims: claims(node, sink),
    })
}

fn claims(node: NodeRef<'_>, sink: &mut Sink) -> IdentityClaims {
    let Some(node) = node.get("claims") else { return IdentityClaims::default() };
    if parts::is_empty_mapping(node) {
        let help = "say which claims: `{consumer: sub, scopes: scope|scp}`";
        self_check::says_nothing(node, "`claims` names no claim", help, sink);
    }
    IdentityClaims {
        consumer: parts::part(node, "consumer"),
        scopes: parts::part(node, "scopes"),
        roles: parts::part(node, "roles"),
    }
}

fn texts(node: NodeRef<'_>, key: &str, sink: &mut Sink) -> Vec<Spanned<String>> {
    let texts = parts::texts(node, key);
    self_check::list(node, key, &texts, sink);
    texts
}

impl IdentityClaims {
    fn to_text(&self) -> Option<String> {
        let flow = Flow::new()
            .text("consumer", self.consumer.as_ref())
            .text("scopes", self.scopes.as_ref())
            .text("roles", self.roles.as_ref());
        (!flow.is_empty()).then(|| flow.finish())
    }
}

impl fmt::Display for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flow = match self {
            Authenticator::Token(token) => Flow::new()
                .list("issuers", &token.issuers)
                .list("audiences", &token.audiences)
                .list("algorithms", &token.algorithms)
                .plain("clock-skew", token.clock_skew.as_ref())
                .raw("claims", token.claims.to_text())
                .plain("refresh", token.refresh.as_ref())
                .plain("cooldown", token.cooldown.as_ref()),
            Authenticator::Introspection(asked) => {
                let inner = Flow::new()
                    .text("url", Some(&asked.url))
                    .text("client", asked.client.as_ref())
                    .text("secret", asked.secret.as_ref())
                    .plain("cache", asked.cache.as_ref());
                Flow::new()
                    .raw("introspection", Some(inner.finish()))
                    .list("issuers", &asked.issuers)
                    .list("audiences", &asked.audiences)
                    .raw("claims", asked.claims.to_text())
            }
            Authenticator::Keys(name) => Flow::new().text("keys", Some(name)),
            Authenticator::ClientCert(cert) => {
                let inner = Flow::new().list("names", &cert.names);
                Flow::new().raw("client-cert", Some(inner.finish()))
            }
        };
        f.write_str(&flow.finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn every_way_is_read() {
        reads_as(
            "authenticator",
            "{issuers: [https://id], audiences: [orders], algorithms: [RS256, EdDSA], clock-skew: 30s, claims: {consumer: sub, scopes: scope|scp, roles: realm_access.roles}, refresh: 10m, cooldown: 30s}",
            "{issuers: [https://id], audiences: [orders], algorithms: [RS256, EdDSA], clock-skew: 30s, claims: {consumer: sub, scopes: scope|scp, roles: realm_access.roles}, refresh: 10m, cooldown: 30s}",
        );
        reads_as(
            "authenticator",
            "{introspection: {url: 'https://id/ask', client: gw, secret: s, cache: 10s}, audiences: [a]}",
            "{introspection: {url: https://id/ask, client: gw, secret: s, cache: 10s}, audiences: [a]}",
        );
        reads_as("authenticator", "{keys: partners}", "{keys: partners}");
        reads_as(
            "authenticator",
            "{client-cert: {names: [a.example]}}",
            "{client-cert: {names: [a.example]}}",
        );
        reads_as("authenticator", "{client-cert: {}}", "{client-cert: {}}");
    }

    #[test]
    fn what_verifies_wrongly_is_refused() {
        assert_eq!(codes("authenticator", "{audiences: [a], algorithms: [RS256, HS256]}"), ["GW0120"]);
        assert_eq!(codes("authenticator", "{audiences: [a], refresh: 1m, cooldown: 2m}"), ["GW0120"]);
        assert_eq!(codes("authenticator", "{keys: a, client-cert: {}}"), ["GW0120"]);
        assert_eq!(codes("authenticator", "{keys: a, issuers: [b]}"), ["GW0120"]);
        assert_eq!(codes("authenticator", "{audiences: []}"), ["GW0121"]);
        assert_eq!(codes("authenticator", "{audiences: [a], claims: {}}"), ["GW0121"]);
        assert_eq!(codes("authenticator", "{audiences: [a, a]}"), ["GW0122"]);
        assert_eq!(codes("authenticator", "{issuers: [https://id]}"), ["GW0132"]);
        assert_eq!(codes("authenticator", "{audiences: [a], algorithms: [none]}"), ["GW0133"]);
        assert_eq!(codes("authenticator", "{introspection: {url: id}}"), ["GW0133"]);
    }
}
