//! What the gateway itself asks endpoints for.

use std::fmt;

use super::{Scalar, Syntax, Unread};
use crate::vocabulary::address::host_pattern;
use gw_artifact::model::{HostPattern, is_server_name};

/// A path with its query, in origin form (RFC 9112 section 3.2.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestTarget(String);

/// A server name for TLS (RFC 6066 section 3): a host name, in lower case, and no address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerName(String);

/// The longest target, in bytes.
const MAX_TARGET: usize = 2048;

impl RequestTarget {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("a path such as `/healthz`", "^/[!-~]*$");

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ServerName {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("a host name such as `orders.internal`", "^[A-Za-z0-9._-]{1,253}$");

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scalar for RequestTarget {
    fn read(text: &str) -> Result<Self, Unread> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['#', '\\']);
        let reads = text.starts_with('/') && visible && text.len() <= MAX_TARGET;
        if reads { Ok(RequestTarget(text.to_owned())) } else { Err(Unread::PLAIN) }
    }
}

impl Scalar for ServerName {
    fn read(text: &str) -> Result<Self, Unread> {
        if text.parse::<std::net::IpAddr>().is_ok() {
            return Err(Unread::help("TLS asks for names, not for addresses; leave it out"));
        }
        match host_pattern(text) {
            Some(HostPattern::Exact(name)) if is_server_name(&name) => Ok(ServerName(name)),
            _ => Err(Unread::PLAIN),
        }
    }
}

impl fmt::Display for RequestTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn targets_and_names_read_back() {
        reads_back::<RequestTarget>(&["/", "/healthz?deep=1"]);
        reads_back::<ServerName>(&["orders.internal", "a"]);
        assert_eq!(ServerName::read("Orders.Internal").unwrap().as_str(), "orders.internal");
    }

    #[test]
    fn what_is_no_target_or_name_is_refused() {
        refused::<RequestTarget>(&["", "a", "/a b", "/a#b", "/\\", "/ä"]);
        refused::<ServerName>(&["", "*.a", "a b", "https://a", "a:80", "10.0.0.1", "::1", "[::1]"]);
        assert!(help::<ServerName>("10.0.0.1").contains("names"));
    }
}
