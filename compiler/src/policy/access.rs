//! `x-gw-access`: client addresses that may call.

use std::fmt;

use gw_syntax::{NodeRef, Sink};

use super::flow::Flow;
use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::Network;

/// Who may call, by address: `deny` wins, any `allow` refuses the rest. At least one of the lists has an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Networks that may call; empty where all may that are not denied.
    pub allow: Vec<Spanned<Network>>,
    /// Networks that may not.
    pub deny: Vec<Spanned<Network>>,
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Access> {
    let value = Access { allow: parts::list(node, "allow"), deny: parts::list(node, "deny") };
    self_check::list(node, "allow", &value.allow, sink);
    self_check::list(node, "deny", &value.deny, sink);
    if parts::is_empty_mapping(node) {
        let help = "`{deny: [192.0.2.0/24]}` keeps a network out, `allow` keeps all others out";
        self_check::says_nothing(node, "`access` names no network", help, sink);
    }
    denied_altogether(node, &value, sink);
    (!value.allow.is_empty() || !value.deny.is_empty()).then_some(value)
}

/// An allowed network that lies in a denied one lets nobody in.
fn denied_altogether(node: NodeRef<'_>, value: &Access, sink: &mut Sink) {
    let items = node.get("allow").into_iter().flat_map(NodeRef::items);
    for allowed in &value.allow {
        let Some(denied) = value.deny.iter().find(|denied| denied.value.covers(allowed.value)) else {
            continue;
        };
        let Some(item) = items.clone().find(|item| item.span() == allowed.span) else { continue };
        let message = format!("`{}` is allowed, and `{}` is denied, which wins", allowed.value, denied.value);
        let help = "remove one of them: `deny` always wins over `allow`";
        self_check::contradiction(item, &message, Some((denied.span, "this denies all of it")), help, sink);
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Flow::new().list("allow", &self.allow).list("deny", &self.deny).finish())
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
            "{allow: [192.0.2.0/24], deny: [192.0.2.7]}",
            "{allow: [192.0.2.0/24], deny: [192.0.2.7]}",
        );
    }

    #[test]
    fn what_lets_nobody_in_or_says_nothing_is_refused() {
        assert_eq!(codes("access", "{allow: [10.1.0.0/16], deny: [10.0.0.0/8]}"), ["GW0120"]);
        assert_eq!(codes("access", "{}"), ["GW0121"]);
        assert_eq!(codes("access", "{allow: []}"), ["GW0121"]);
        assert_eq!(codes("access", "{allow: [10.0.0.0/8, 10.0.0.0/8]}"), ["GW0122"]);
        assert_eq!(codes("access", "{allow: [10.0.0.1/8]}"), ["GW0133"]);
        assert_eq!(codes("access", "10.0.0.0/8"), ["GW0133"]);
    }
}
