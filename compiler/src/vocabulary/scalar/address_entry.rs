//! Entries of lists of addresses: a network, or the name of a list of `gw.yaml`.

use std::fmt;

use super::{Network, Scalar, Syntax, Unread};
use crate::vocabulary::units;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressEntry {
    /// The addresses of a network.
    Network(Network),
    /// The addresses of a list, by its name below `address-lists`.
    List(String),
}

impl AddressEntry {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "a network or an address such as `10.0.0.0/8`, `2001:db8::/32` or `192.0.2.7`, or the name of a list",
        "^([0-9A-Fa-f.:]+(/[0-9]{1,3})?|[A-Za-z0-9_-]{1,64})$",
    );

    /// Whether every address of the other entry is one of this, as far as can be told without the lists.
    pub fn covers(&self, other: &AddressEntry) -> bool {
        match (self, other) {
            (Self::Network(all), Self::Network(part)) => all.covers(*part),
            (Self::List(all), Self::List(part)) => all == part,
            (Self::Network(_), Self::List(_)) | (Self::List(_), Self::Network(_)) => false,
        }
    }
}

/// Whether a text can name a list: a name that no address looks like.
pub(crate) fn is_list_name(text: &str) -> bool {
    units::is_name(text) && !text.contains('.') && !text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Scalar for AddressEntry {
    fn read(text: &str) -> Result<Self, Unread> {
        if is_list_name(text) {
            return Ok(Self::List(text.to_owned()));
        }
        Network::read(text).map(Self::Network)
    }
}

impl fmt::Display for AddressEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => network.fmt(f),
            Self::List(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn networks_and_names_read_back() {
        reads_back::<AddressEntry>(&["10.0.0.0/8", "::1", "2001:db8::/32", "abuse", "bad-2", "cafe"]);
        refused::<AddressEntry>(&["", "10.0.0", "1", "v1.2", "10.0.0.1/8", "a b", "example.com"]);
        assert!(help::<AddressEntry>("10.0.0.1/8").contains("`10.0.0.0/8`"));
    }
}
