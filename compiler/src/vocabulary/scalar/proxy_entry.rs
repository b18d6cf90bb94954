//! Entries of `proxy-protocol.from`: a network, or `unix`.

use std::fmt;

use super::{Network, Scalar, Syntax, Unread};

/// Whose connections are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProxyEntry {
    /// The addresses of a network.
    Network(Network),
    /// Whoever may write to the listener's Unix socket.
    Unix,
}

impl ProxyEntry {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "a network or an address such as `10.0.0.0/8`, `2001:db8::/32` or `192.0.2.7`, or `unix`",
        "^([0-9A-Fa-f.:]+(/[0-9]{1,3})?|unix)$",
    );

    /// The network, if it is one.
    pub fn network(self) -> Option<Network> {
        match self {
            Self::Network(network) => Some(network),
            Self::Unix => None,
        }
    }
}

impl Scalar for ProxyEntry {
    fn read(text: &str) -> Result<Self, Unread> {
        if text == "unix" {
            return Ok(Self::Unix);
        }
        Network::read(text).map(Self::Network)
    }
}

impl fmt::Display for ProxyEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => network.fmt(f),
            Self::Unix => f.write_str("unix"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{reads_back, refused};
    use super::*;

    #[test]
    fn networks_and_unix_read_back() {
        reads_back::<ProxyEntry>(&["10.0.0.0/8", "::1", "unix"]);
        refused::<ProxyEntry>(&["", "Unix", "unix:/run/gw.sock", "10.0.0.1/8", "office"]);
    }
}
