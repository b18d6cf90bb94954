//! Sets of client addresses, IPv4 and IPv6, as a table that is searched and never walked.
//!
//! A set is the list of the addresses at which membership changes, in order: an address belongs to it when an odd
//! number of them is not above it. Equal sets have equal lists, however many networks they were declared with; so the
//! split of a network changes no byte of an artifact. An IPv4 address that is written as IPv6 (`::ffff:192.0.2.7`) is
//! the IPv4 address.
//!
//! **Cost.** A list of more than a few changes has an index: slots over the stretch in which the changes lie. A look-up is
//! one step into the slots and a search in what one slot holds, which is a handful of changes for lists that are spread,
//! and the whole list for one that is built against it: never more than 3 + log2(changes) comparisons. Allocates
//! nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use self::changes::{Address, Changes};

mod changes;
mod index;

/// The most changes of one family that a set has: twice as many as the networks that it may come from.
pub const MAX_CHANGES: usize = 1 << 21;

/// A set of addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddressSet {
    v4: Changes<u32>,
    v6: Changes<u128>,
}

/// A list of changes is not in order, or longer than [`MAX_CHANGES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a set of addresses is out of order, or too large")]
pub struct NotASet;

impl AddressSet {
    /// The set without addresses.
    pub fn empty() -> Self {
        Self::from_changes(Vec::new(), Vec::new()).expect("nothing is in order")
    }

    /// The set of all addresses.
    pub fn all() -> Self {
        Self::from_changes(vec![0], vec![0]).expect("one change is in order")
    }

    /// The addresses of these networks, each an address and how many of its bits count (RFC 4632 §3.1). Bits behind
    /// those are of no account; a count beyond the address's width is its width. O(n log n).
    ///
    /// # Errors
    /// When there are more changes than [`MAX_CHANGES`].
    pub fn of(networks: impl IntoIterator<Item = (IpAddr, u8)>) -> Result<Self, NotASet> {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (address, bits) in networks {
            match address {
                IpAddr::V4(address) => v4.push(address.to_bits().stretch(bits)),
                IpAddr::V6(address) => v6.push(address.to_bits().stretch(bits)),
            }
        }
        Self::from_changes(changes::union(v4), changes::union(v6))
    }

    /// Whether the address belongs to the set. Cost: see the module.
    pub fn contains(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => self.v4.holds(address.to_bits()),
            IpAddr::V6(address) => self.v6.holds(address.to_bits()),
        }
    }

    /// The addresses of this set that are not of the other.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let only_here = |here: bool, there: bool| here && !there;
        Self { v4: self.v4.combined(&other.v4, only_here), v6: self.v6.combined(&other.v6, only_here) }
    }

    /// The lowest address that belongs to it, IPv4 before IPv6.
    pub fn first(&self) -> Option<IpAddr> {
        let v4 = self.v4.list().first().map(|bits| IpAddr::V4(Ipv4Addr::from_bits(*bits)));
        v4.or_else(|| self.v6.list().first().map(|bits| IpAddr::V6(Ipv6Addr::from_bits(*bits))))
    }

    /// Whether every address belongs to it.
    pub fn is_all(&self) -> bool {
        self.v4.list() == [0] && self.v6.list() == [0]
    }

    /// Whether no address belongs to it.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// How many times membership changes, in both families: what people may take for its size.
    pub fn changes(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// The most comparisons of one look-up.
    pub fn most_comparisons(&self) -> u64 {
        self.v4.most_comparisons().max(self.v6.most_comparisons())
    }

    fn from_changes(v4: Vec<u32>, v6: Vec<u128>) -> Result<Self, NotASet> {
        Ok(Self { v4: Changes::new(v4)?, v6: Changes::new(v6)? })
    }
}

/// The lists alone; the index is made again.
impl Serialize for AddressSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.v4.list(), self.v6.list()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AddressSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (v4, v6) = Deserialize::deserialize(deserializer)?;
        Self::from_changes(v4, v6).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
