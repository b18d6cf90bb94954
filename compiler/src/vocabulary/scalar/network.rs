//! Networks in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Scalar, Syntax, Unread};

/// A network: the addresses that share the first bits. INVARIANT: all bits behind the prefix are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "a network or an address such as `10.0.0.0/8`, `2001:db8::/32` or `192.0.2.7`",
        "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$",
    );

    /// The first address.
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// How many bits all addresses share: 0 to 32, or to 128.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// Whether every address of the other network is one of this; the two families have nothing in common.
    pub fn covers(self, other: Network) -> bool {
        self.prefix <= other.prefix
            && self.address.is_ipv4() == other.address.is_ipv4()
            && masked(other.address, self.prefix) == self.address
    }
}

impl Scalar for Network {
    fn read(text: &str) -> Result<Self, Unread> {
        if text.contains('%') {
            return Err(Unread::help("a zone (`%eth0`) means something on one machine only; leave it out"));
        }
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| Unread::PLAIN)?;
        if let IpAddr::V6(v6) = address
            && let Some(v4) = v6.to_ipv4_mapped()
        {
            return Err(Unread::help(format!("write the IPv4 address itself: `{v4}`")));
        }
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => most,
            Some(digits) => bits(digits)
                .filter(|bits| *bits <= most)
                .ok_or_else(|| Unread::help(format!("behind `/` stand 0 to {most} bits")))?,
        };
        let network = Network { address: masked(address, prefix), prefix };
        if network.address != address {
            let help = format!("bits behind the prefix are set; the network is `{network}`");
            return Err(Unread::help(help));
        }
        Ok(network)
    }
}

/// Digits without sign and leading zeros.
fn bits(digits: &str) -> Option<u8> {
    let plain =
        digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    digits.parse().ok().filter(|_| plain)
}

fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
        }
    }
}

impl fmt::Display for Network {
    /// A single address stands without its prefix.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = if self.address.is_ipv4() { 32 } else { 128 };
        if self.prefix == most {
            return write!(f, "{}", self.address);
        }
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    fn network(text: &str) -> Network {
        Network::read(text).unwrap()
    }

    #[test]
    fn networks_and_addresses_read_back() {
        reads_back::<Network>(&["10.0.0.0/8", "0.0.0.0/0", "192.0.2.7", "2001:db8::/32", "::/0", "::1"]);
        assert_eq!(network("192.0.2.7/32"), network("192.0.2.7"));
        assert_eq!(network("2001:0DB8::/32"), network("2001:db8::/32"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        refused::<Network>(&[
            "",
            "10.0.0.0/33",
            "10.0.0.0/+8",
            "10.0.0.0/08",
            "10.0.0/8",
            "::/129",
            "a",
            "10.0.0.0/",
            "/8",
            "10.0.0.0-10.0.0.9",
            "010.0.0.0/8",
        ]);
    }

    #[test]
    fn what_could_be_meant_is_said() {
        assert!(help::<Network>("10.0.0.1/8").contains("`10.0.0.0/8`"));
        assert!(help::<Network>("2001:db8::1/32").contains("`2001:db8::/32`"));
        assert!(help::<Network>("fe80::1%eth0").contains("zone"));
        assert!(help::<Network>("::ffff:10.0.0.1").contains("`10.0.0.1`"));
    }

    #[test]
    fn a_network_covers_what_lies_in_it() {
        assert!(network("10.0.0.0/8").covers(network("10.1.0.0/16")));
        assert!(network("0.0.0.0/0").covers(network("192.0.2.7")) && network("::/0").covers(network("::1")));
        assert!(!network("10.1.0.0/16").covers(network("10.0.0.0/8")));
        assert!(!network("0.0.0.0/0").covers(network("::1")) && !network("::/0").covers(network("10.0.0.1")));
    }
}
