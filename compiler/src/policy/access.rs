//! `x-gw-access`: who may ask at all, by address, method and header lines.

use std::fmt;

use gw_artifact::pattern_set::PatternSet;
use gw_syntax::{NodeRef, Sink};

use super::flow::{Flow, quoted};
use super::{MAX_ENTRIES, parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{AddressEntry, HeaderName, MethodName, Scalar, ValuePattern};

/// Who may ask: of each part `deny` wins, and any `allow` refuses the rest. At least one of the lists has an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// By the client's address: networks, and lists of `gw.yaml`.
    pub addresses: Lists<AddressEntry>,
    /// By the method on the wire.
    pub methods: Lists<MethodName>,
    /// By `User-Agent`.
    pub user_agents: Lists<ValuePattern>,
    /// By other header lines, in source order; none has two empty lists.
    pub headers: Vec<(Spanned<HeaderName>, Lists<ValuePattern>)>,
}

/// What is let in, and what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists<T> {
    /// When it is not empty, nothing else is let in.
    pub allow: Vec<Spanned<T>>,
    /// What is not let in.
    pub deny: Vec<Spanned<T>>,
}

impl<T> Lists<T> {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.allow.is_empty() && self.deny.is_empty()
    }

    const NONE: Self = Lists { allow: Vec::new(), deny: Vec::new() };
}

impl Lists<ValuePattern> {
    /// The automata of both lists; `None` for a list that is empty.
    ///
    /// # Errors
    /// When one would be too large.
    pub(crate) fn automata(
        &self,
    ) -> Result<(Option<PatternSet>, Option<PatternSet>), gw_artifact::pattern_set::PatternDefect> {
        let set = |patterns: &[Spanned<ValuePattern>]| match patterns {
            [] => Ok(None),
            some => PatternSet::new(some.iter().map(|pattern| pattern.value.as_str().to_owned()).collect())
                .map(Some),
        };
        Ok((set(&self.allow)?, set(&self.deny)?))
    }
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Access> {
    if parts::is_empty_mapping(node) {
        let help = "`{deny: [192.0.2.0/24]}` keeps a network out, `allow` keeps all others out";
        self_check::says_nothing(node, "`access` names no network", help, sink);
    }
    let addresses = lists(node, sink);
    denied_altogether(node, &addresses, sink);
    let methods = part(node, "methods", sink);
    let user_agents = part(node, "user-agents", sink);
    let headers = headers(node, sink);
    let in_both = headers.iter().find(|(name, _)| name.value.as_str() == "user-agent");
    if let (Some((name, _)), Some(agents)) = (in_both, node.get("user-agents")) {
        let help = "keep one of them: `user-agents` is the header `user-agent`";
        let beside = Some((name.span, "said here too"));
        self_check::contradiction(agents, "`user-agent` is judged twice", beside, help, sink);
    }
    let automata_fit = fits(node.get("user-agents"), &user_agents, sink)
        & headers.iter().all(|(name, patterns)| {
            let of_header = node.get("headers").and_then(|headers| {
                headers.entries().find(|(key, _)| key.span() == name.span).map(|(_, value)| value)
            });
            fits(of_header, patterns, sink)
        });
    let access = Access { addresses, methods, user_agents, headers };
    (automata_fit && !access.is_empty()).then_some(access)
}

impl Access {
    fn is_empty(&self) -> bool {
        self.addresses.is_empty()
            && self.methods.is_empty()
            && self.user_agents.is_empty()
            && self.headers.is_empty()
    }

    /// The rules about header lines, by name.
    pub fn of_headers(&self) -> impl Iterator<Item = (&str, &Lists<ValuePattern>)> {
        let agents = Some(("user-agent", &self.user_agents)).filter(|(_, patterns)| !patterns.is_empty());
        agents.into_iter().chain(self.headers.iter().map(|(name, patterns)| (name.value.as_str(), patterns)))
    }
}

/// `allow` and `deny` of a mapping.
fn lists<T: Scalar + Ord>(node: NodeRef<'_>, sink: &mut Sink) -> Lists<T> {
    let lists = Lists { allow: parts::list(node, "allow"), deny: parts::list(node, "deny") };
    self_check::list(node, "allow", &lists.allow, sink);
    self_check::list(node, "deny", &lists.deny, sink);
    lists
}

/// The lists under a key, which must say something.
fn part<T: Scalar + Ord>(node: NodeRef<'_>, key: &str, sink: &mut Sink) -> Lists<T> {
    let Some(node) = node.get(key) else { return Lists::NONE };
    says_something(node, key, sink);
    let lists = lists(node, sink);
    in_both(node, &lists, sink);
    lists
}

fn says_something(node: NodeRef<'_>, key: &str, sink: &mut Sink) {
    if parts::is_empty_mapping(node) {
        let help = "say what to `allow`, or what to `deny`";
        self_check::says_nothing(node, &format!("`{key}` says nothing"), help, sink);
    }
}

/// What is allowed and denied is denied, so that allowing it says nothing.
fn in_both<T: Scalar + PartialEq>(node: NodeRef<'_>, lists: &Lists<T>, sink: &mut Sink) {
    let items = node.get("allow").into_iter().flat_map(NodeRef::items);
    for allowed in &lists.allow {
        let Some(denied) = lists.deny.iter().find(|denied| denied.value == allowed.value) else { continue };
        let Some(item) = items.clone().find(|item| item.span() == allowed.span) else { continue };
        let message = format!("`{}` is allowed and denied, and `deny` wins", allowed.value);
        let beside = Some((denied.span, "denied here"));
        self_check::contradiction(item, &message, beside, "remove one of them", sink);
    }
}

fn headers(node: NodeRef<'_>, sink: &mut Sink) -> Vec<(Spanned<HeaderName>, Lists<ValuePattern>)> {
    let entries = node.get("headers").into_iter().flat_map(NodeRef::entries).take(MAX_ENTRIES);
    let headers: Vec<(Spanned<HeaderName>, Lists<ValuePattern>)> = entries
        .filter_map(|(name, value)| {
            let name = parts::scalar::<HeaderName>(name)?;
            says_something(value, name.value.as_str(), sink);
            let lists = lists(value, sink);
            in_both(value, &lists, sink);
            Some((name, lists))
        })
        .collect();
    self_check::map(node, "headers", &headers, sink);
    headers.into_iter().filter(|(_, lists)| !lists.is_empty()).collect()
}

/// Patterns that cannot be read together in the memory that one set may take are refused here.
fn fits(node: Option<NodeRef<'_>>, patterns: &Lists<ValuePattern>, sink: &mut Sink) -> bool {
    let (Some(node), Err(defect)) = (node, patterns.automata()) else { return true };
    let help = defect.to_string();
    self_check::malformed(node, "fewer and shorter patterns are taken", Some(&help), sink);
    false
}

/// An allowed network that lies in a denied one lets nobody in; nor does a list that is denied too.
fn denied_altogether(node: NodeRef<'_>, addresses: &Lists<AddressEntry>, sink: &mut Sink) {
    let items = node.get("allow").into_iter().flat_map(NodeRef::items);
    for allowed in &addresses.allow {
        let Some(denied) = addresses.deny.iter().find(|denied| denied.value.covers(&allowed.value)) else {
            continue;
        };
        let Some(item) = items.clone().find(|item| item.span() == allowed.span) else { continue };
        let message = format!("`{}` is allowed, and `{}` is denied, which wins", allowed.value, denied.value);
        let help = "remove one of them: `deny` always wins over `allow`";
        self_check::contradiction(item, &message, Some((denied.span, "this denies all of it")), help, sink);
    }
}

impl<T: fmt::Display> Lists<T> {
    fn to_flow(&self) -> Flow {
        Flow::new().list("allow", &self.allow).list("deny", &self.deny)
    }

    fn to_text(&self) -> Option<String> {
        (!self.is_empty()).then(|| self.to_flow().finish())
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = |(name, patterns): &(Spanned<HeaderName>, Lists<ValuePattern>)| {
            format!("{}: {}", quoted(name.value.as_str()), patterns.to_flow().finish())
        };
        let headers: Vec<String> = self.headers.iter().map(header).collect();
        let flow = self.addresses.to_flow();
        let flow = flow
            .raw("methods", self.methods.to_text())
            .raw("user-agents", self.user_agents.to_text())
            .raw("headers", (!headers.is_empty()).then(|| format!("{{{}}}", headers.join(", "))));
        f.write_str(&flow.finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn lists_of_networks_are_read() {
        reads_as("access", "{deny: [10.0.0.0/8, '2001:db8::/32']}", "{deny: [10.0.0.0/8, 2001:db8::/32]}");
        reads_as("access", "{allow: [192.0.2.7/32]}", "{allow: [192.0.2.7]}");
        reads_as(
            "access",
            "{allow: [192.0.2.0/24, office], deny: [192.0.2.7, abuse]}",
            "{allow: [192.0.2.0/24, office], deny: [192.0.2.7, abuse]}",
        );
    }

    #[test]
    fn methods_agents_and_headers_are_read() {
        reads_as(
            "access",
            "{methods: {allow: [GET, PURGE]}, user-agents: {deny: ['*sqlmap*', curl/*]}, headers: {X-A: {allow: [a, 'b *']}}}",
            "{methods: {allow: [GET, PURGE]}, user-agents: {deny: [\"*sqlmap*\", \"curl/*\"]}, headers: {x-a: {allow: [a, \"b *\"]}}}",
        );
    }

    #[test]
    fn what_lets_nobody_in_or_says_nothing_is_refused() {
        assert_eq!(codes("access", "{allow: [10.1.0.0/16], deny: [10.0.0.0/8]}"), ["GW0120"]);
        assert_eq!(codes("access", "{allow: [office], deny: [office]}"), ["GW0120"]);
        assert_eq!(codes("access", "{methods: {allow: [GET], deny: [GET]}}"), ["GW0120"]);
        assert_eq!(
            codes("access", "{user-agents: {deny: [a]}, headers: {user-agent: {deny: [b]}}}"),
            ["GW0120"]
        );
        assert_eq!(codes("access", "{}"), ["GW0121"]);
        assert_eq!(codes("access", "{methods: {}}"), ["GW0121"]);
        assert_eq!(codes("access", "{headers: {x-a: {}}}"), ["GW0121"]);
        assert_eq!(codes("access", "{allow: []}"), ["GW0121"]);
        assert_eq!(codes("access", "{allow: [10.0.0.0/8, 10.0.0.0/8]}"), ["GW0122"]);
        assert_eq!(codes("access", "{user-agents: {deny: [a*, 'A*']}}"), ["GW0122"]);
        assert_eq!(codes("access", "{allow: [10.0.0.1/8]}"), ["GW0133"]);
        assert_eq!(codes("access", "{methods: {allow: [TRACE]}}"), ["GW0133"]);
        assert_eq!(codes("access", "{headers: {x-a: {deny: [ä]}}}"), ["GW0133"]);
        assert_eq!(codes("access", "10.0.0.0/8"), ["GW0133"]);
    }

    #[test]
    fn patterns_that_are_too_large_together_are_refused() {
        let patterns: Vec<String> = (0..256).map(|number| format!("'*{number:0>250}*'")).collect();
        let value = format!("{{user-agents: {{deny: [{}]}}}}", patterns.join(", "));
        assert_eq!(codes("access", &value), ["GW0133"]);
    }
}
