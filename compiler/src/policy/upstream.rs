//! `x-gw-upstream`: the service that requests are sent to.

use std::fmt;

use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::{Flow, quoted};
use super::{MAX_ENTRIES, parts, self_check};
use crate::parse::codes::KEY_MISSING;
use crate::parse::finding::finding_at;
use crate::resolve::resolved::Spanned;
use crate::vocabulary::address::{base_path, is_authority};
use crate::vocabulary::scalar::words;

/// Where requests go, and what the service sees of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamUse {
    /// The service, or several.
    pub to: UpstreamTarget,
    /// What replaces the public base path: canonical, without a final `/`; empty for `/`.
    pub path: Option<Spanned<String>>,
    /// What the upstream sees as `Host`: a host or `host:port`.
    pub host: Option<Spanned<String>>,
    /// What the upstream speaks; what its declaration says unless said.
    pub protocol: Option<Spanned<Protocol>>,
}

/// One service, or shares of several; whether they are declared is for the gate to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamTarget {
    /// This one.
    Named(Spanned<String>),
    /// Each gets its share of the sum. At least one weight is not 0, and no name stands twice.
    Weighted(Vec<(Spanned<String>, Spanned<u32>)>),
}

words! {
    /// What an upstream speaks.
    Protocol {
        /// HTTP/1.1.
        Http1 = "http1",
        /// HTTP/2.
        H2 = "h2",
        /// gRPC, which is HTTP/2 with trailers.
        Grpc = "grpc",
    }
}

impl UpstreamUse {
    /// The services that are named, in source order; at least one.
    pub fn names(&self) -> impl Iterator<Item = &Spanned<String>> {
        let (one, several) = match &self.to {
            UpstreamTarget::Named(name) => (Some(name), &[][..]),
            UpstreamTarget::Weighted(weights) => (None, weights.as_slice()),
        };
        one.into_iter().chain(several.iter().map(|(name, _)| name))
    }
}

/// Reads the value: a name, or by its parts.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<UpstreamUse> {
    if node.kind() != Kind::Mapping {
        if let Some(name) = parts::named(node) {
            let to = UpstreamTarget::Named(name);
            return Some(UpstreamUse { to, path: None, host: None, protocol: None });
        }
        return None;
    }
    let (path, host) = (
        node.get("path").and_then(|path| prefix(path, sink)),
        node.get("host").and_then(|host| authority(host, sink)),
    );
    let protocol = parts::part(node, "protocol");
    let to = match (node.entry("name"), node.entry("weights")) {
        (Some((name, _)), Some((weights, _))) => {
            let beside = Some((name.span(), "one service"));
            let help = "keep one of them; a name among the weights gets its share";
            self_check::contradiction(weights, "`name` and `weights` stand together", beside, help, sink);
            return None;
        }
        (Some(_), None) => UpstreamTarget::Named(parts::name(node, "name")?),
        (None, Some((_, weights))) => weighted(weights, sink)?,
        (None, None) => {
            missing_name(node, sink);
            return None;
        }
    };
    Some(UpstreamUse { to, path, host, protocol })
}

fn weighted(node: NodeRef<'_>, sink: &mut Sink) -> Option<UpstreamTarget> {
    if parts::is_empty_mapping(node) {
        let help = "name the services and their shares: `{v1: 90, v2: 10}`";
        self_check::says_nothing(node, "`weights` names no service", help, sink);
    }
    self_check::too_many(node, "weights", sink);
    let weight = |(name, weight)| {
        let name: NodeRef<'_> = name;
        let text = name.scalar_text().filter(|text| crate::vocabulary::units::is_name(text))?;
        Some((parts::spanned(name, text.to_owned()), parts::counted(weight)?))
    };
    let weights: Vec<(Spanned<String>, Spanned<u32>)> =
        node.entries().take(MAX_ENTRIES).filter_map(weight).collect();
    if !weights.is_empty()
        && weights.len() == node.len()
        && weights.iter().all(|(_, weight)| weight.value == 0)
    {
        let help = "give at least one service a share that is not 0";
        self_check::contradiction(node, "all weights are 0: no request goes anywhere", None, help, sink);
        return None;
    }
    (!weights.is_empty()).then_some(UpstreamTarget::Weighted(weights))
}

fn missing_name(node: NodeRef<'_>, sink: &mut Sink) {
    sink.push_with(&KEY_MISSING, || {
        finding_at(&KEY_MISSING, node, "`upstream` has no `name`").with_help(
            "add `name:` with the name of an upstream: what is said here replaces what weaker layers say",
        )
    });
}

/// A path that replaces a base: canonical, without its final slash.
fn prefix(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<String>> {
    let value = base_path(node.as_str()?);
    if value.is_none() {
        let takes = "`path` takes a path that begins with `/`, without query, `..` and `//`";
        self_check::malformed(node, takes, None, sink);
    }
    Some(parts::spanned(node, value?))
}

/// A `Host` value: a name or an address, and a port if need be.
fn authority(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<String>> {
    let text = node.as_str()?;
    if is_authority(text) {
        return Some(parts::spanned(node, text.to_owned()));
    }
    self_check::malformed(node, "`host` takes a name or an address, with a port if need be", None, sink);
    None
}

impl fmt::Display for UpstreamUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.as_ref().map(|path| if path.value.is_empty() { "/" } else { &path.value });
        let rest = Flow::new()
            .raw("path", path.map(quoted))
            .text("host", self.host.as_ref())
            .plain("protocol", self.protocol.as_ref());
        match &self.to {
            UpstreamTarget::Named(name) if rest.is_empty() => f.write_str(&quoted(&name.value)),
            UpstreamTarget::Named(name) => f.write_str(&rest.first("name", &quoted(&name.value)).finish()),
            UpstreamTarget::Weighted(weights) => {
                let weights: Vec<String> = weights
                    .iter()
                    .map(|(name, weight)| format!("{}: {}", quoted(&name.value), weight.value))
                    .collect();
                f.write_str(&rest.first("weights", &format!("{{{}}}", weights.join(", "))).finish())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn short_long_and_weighted_forms_are_read() {
        reads_as("upstream", "orders", "orders");
        reads_as("upstream", "{name: orders}", "orders");
        reads_as(
            "upstream",
            "{name: orders, path: /v1/, host: 'a:80', protocol: h2}",
            "{name: orders, path: /v1, host: a:80, protocol: h2}",
        );
        reads_as("upstream", "{weights: {v1: 90, v2: 10}, path: /}", "{weights: {v1: 90, v2: 10}, path: /}");
    }

    #[test]
    fn what_leads_nowhere_is_refused() {
        assert_eq!(codes("upstream", "{name: a, weights: {b: 1}}"), ["GW0120"]);
        assert_eq!(codes("upstream", "{weights: {a: 0, b: 0}}"), ["GW0120"]);
        assert_eq!(codes("upstream", "{weights: {}}"), ["GW0121"]);
        assert_eq!(codes("upstream", "{path: /x}"), ["GW0132"]);
        assert_eq!(codes("upstream", "{name: a, path: x}"), ["GW0133"]);
        assert_eq!(codes("upstream", "{name: a, host: 'a/b'}"), ["GW0133"]);
        assert_eq!(codes("upstream", "{weights: {a: -1}}"), ["GW0133"]);
    }
}
