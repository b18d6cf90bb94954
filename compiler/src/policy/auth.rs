//! `x-gw-auth`: who vouches for the caller where `security` alone does not say.

use std::fmt;

use gw_syntax::{Kind, NodeRef, Sink, Span};

use super::flow::{Flow, in_quotes};
use super::{parts, self_check};
use crate::parse::codes::{AUTH_WITHOUT_REASON, VALUE_MALFORMED};
use crate::parse::finding::{finding_at, found};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{CallerFact, HeaderName, words};

/// Who vouches for the caller. Only `defaults` may set both `public` and `delegated` without contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// Anyone may call; the span is that of the key `public`.
    pub public: Option<Span>,
    /// The upstream verifies; the span is that of the key `delegated`.
    pub delegated: Option<Span>,
    /// Why; there with `public` and `delegated`, not empty.
    pub reason: Option<Spanned<String>>,
    /// A condition over the verified claims, as an expression.
    pub claims: Option<Spanned<String>>,
    /// Headers in which the upstream is told who calls.
    pub forward: Vec<(Spanned<HeaderName>, Spanned<CallerFact>)>,
    /// What becomes of the credential that gw verified; it is passed on unless said.
    pub credential: Option<Spanned<Credential>>,
    /// The upstream that decides beside the gateway; whether it is declared is for the gate to say.
    pub external: Option<Spanned<String>>,
}

words! {
    /// What becomes of a credential that gw verified.
    Credential {
        /// The upstream gets it as it came.
        Pass = "pass",
        /// The upstream does not get it.
        Drop = "drop",
    }
}

/// The keys that say anything about who may call.
const VERDICTS: [&str; 6] = ["public", "delegated", "claims", "forward", "credential", "external"];
/// The keys that speak about a caller whom the gateway has verified.
const OF_THE_VERIFIED: [&str; 4] = ["claims", "forward", "credential", "external"];

/// The longest reason; it is kept with every operation that it covers.
const MAX_REASON_BYTES: usize = 1000;

/// Reads the value of the key; `key` is where a finding about the whole of it points.
pub fn read((key, node): (NodeRef<'_>, NodeRef<'_>), sink: &mut Sink) -> Option<Auth> {
    if !matches!(node.kind(), Kind::Mapping | Kind::Null) {
        return None;
    }
    let flag = |name: &str| {
        node.entry(name).filter(|(_, value)| value.as_bool() == Some(true)).map(|(key, _)| key.span())
    };
    // A value that does not read is a finding already.
    if !VERDICTS.iter().any(|key| node.get(key).is_some()) {
        let message = format!("{} says neither `public` nor `delegated`", found(key));
        without_reason(key, &message, sink);
        return None;
    }
    let mut value = Auth {
        public: flag("public"),
        delegated: flag("delegated"),
        reason: None,
        claims: parts::text(node, "claims"),
        forward: parts::map(node, "forward"),
        credential: parts::part(node, "credential"),
        external: parts::name(node, "external"),
    };
    self_check::map(node, "forward", &value.forward, sink);
    nobody_verified(node, &value, sink);
    if value.public.is_some() || value.delegated.is_some() {
        value.reason = Some(reason(node, sink)?);
    }
    (!value.to_flow().is_empty()).then_some(value)
}

fn reason(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<String>> {
    let Some(reason) = node.get("reason") else {
        let (name, (key, _)) =
            ["public", "delegated"].into_iter().find_map(|name| Some((name, node.entry(name)?)))?;
        without_reason(key, &format!("`{name}: true` gives no reason"), sink);
        return None;
    };
    // An empty reason is a value that does not read.
    let text = parts::text(node, "reason")?;
    if text.value.len() > MAX_REASON_BYTES {
        let message = format!("a reason is a sentence or two, at most {MAX_REASON_BYTES} bytes");
        sink.push_with(&VALUE_MALFORMED, || finding_at(&VALUE_MALFORMED, reason, message));
        return None;
    }
    Some(text)
}

fn without_reason(node: NodeRef<'_>, message: &str, sink: &mut Sink) {
    sink.push_with(&AUTH_WITHOUT_REASON, || {
        finding_at(&AUTH_WITHOUT_REASON, node, message).with_help(
            "say why, for those who read it later: \
             `{public: true, reason: \"health checks carry no token\"}`",
        )
    });
}

/// Claims of a caller whom the gateway does not verify.
fn nobody_verified(node: NodeRef<'_>, value: &Auth, sink: &mut Sink) {
    let (word, span) = match (value.public, value.delegated) {
        (Some(span), _) => ("public", span),
        (None, Some(span)) => ("delegated", span),
        (None, None) => return,
    };
    for (key, _) in OF_THE_VERIFIED.iter().filter_map(|key| node.entry(key)) {
        let name = key.scalar_text().unwrap_or_default();
        let message = format!("`{name}` needs a caller whom the gateway verifies");
        let beside = Some((span, "and this says that it verifies nobody"));
        let help = format!("remove `{word}`, so that `security` holds, or `{name}`");
        self_check::contradiction(key, &message, beside, &help, sink);
    }
}

impl Auth {
    fn to_flow(&self) -> Flow {
        let flag = |span: Option<Span>| span.map(|_| "true".to_owned());
        Flow::new()
            .raw("public", flag(self.public))
            .raw("delegated", flag(self.delegated))
            .raw("reason", self.reason.as_ref().map(|reason| in_quotes(&reason.value)))
            .text("claims", self.claims.as_ref())
            .map("forward", &self.forward)
            .plain("credential", self.credential.as_ref())
            .text("external", self.external.as_ref())
    }
}

impl fmt::Display for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_flow().finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn all_forms_are_read() {
        reads_as("auth", "{public: true, reason: why}", "{public: true, reason: \"why\"}");
        reads_as("auth", "{delegated: true, reason: ' why '}", "{delegated: true, reason: \"why\"}");
        reads_as(
            "auth",
            "{claims: 'token.sub != \"\"', forward: {X-User: token.sub, x-who: consumer}, credential: drop, external: opa}",
            "{claims: \"token.sub != \\\"\\\"\", forward: {x-user: token.sub, x-who: consumer}, credential: drop, external: opa}",
        );
    }

    #[test]
    fn what_contradicts_or_gives_no_reason_is_refused() {
        assert_eq!(codes("auth", "{public: true, reason: r, claims: 'token.sub != \"\"'}"), ["GW0120"]);
        assert_eq!(codes("auth", "{delegated: true, reason: r, forward: {x: token.sub}}"), ["GW0120"]);
        assert_eq!(codes("auth", "{public: true, reason: r, credential: drop}"), ["GW0120"]);
        assert_eq!(codes("auth", "{forward: {}}"), ["GW0121"]);
        assert_eq!(codes("auth", "{forward: {x-a: token.sub, X-A: token.iss}}"), ["GW0122"]);
        assert_eq!(codes("auth", "{forward: {x-a: sub}}"), ["GW0133"]);
        assert_eq!(codes("auth", "{}"), ["GW0135"]);
        assert_eq!(codes("auth", "{public: true}"), ["GW0135"]);
    }
}
