//! How many connections each client has open: an entry per client that has one, and none for those that have none.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gw_artifact::model::ListenerId;

/// Whose connections are counted together: those of an IPv4 address, or of a /64 of IPv6, which is what one subscriber
/// gets (RFC 6177 section 2, RFC 4291 section 2.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Network {
    V4(u32),
    V6(u64),
}

impl Network {
    /// The network of an address; an IPv4 address that is written as IPv6 is the IPv4 address.
    pub(super) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.to_bits()),
            IpAddr::V6(address) => Self::V6((address.to_bits() >> 64) as u64),
        }
    }
}

/// A client at a listener.
pub(super) type Client = (ListenerId, Network);

/// The counts. Its hashes are keyed with random bits, so that nobody chooses addresses that fall together.
#[derive(Debug, Default)]
pub(super) struct Addresses(Mutex<HashMap<Client, u32>>);

impl Addresses {
    /// Counts one more connection of a client, unless it has `most`. O(1).
    pub(super) fn take(&self, client: Client, most: u32) -> bool {
        let mut counts = self.lock();
        let open = counts.entry(client).or_insert(0);
        let fits = *open < most;
        if fits {
            *open += 1;
        }
        // INVARIANT: no entry is 0. One that was made here counts 1, because `most` is at least 1.
        debug_assert!(*open > 0);
        fits
    }

    /// One connection of a client is closed. O(1).
    pub(super) fn give_back(&self, client: Client) {
        let mut counts = self.lock();
        if let Entry::Occupied(mut open) = counts.entry(client) {
            *open.get_mut() -= 1;
            if *open.get() == 0 {
                open.remove();
            }
        }
    }

    /// Clients that have a connection.
    #[cfg(test)]
    pub(super) fn clients(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Client, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn network(text: &str) -> Network {
        Network::of(text.parse().unwrap())
    }

    #[test]
    fn a_client_is_an_ipv4_address_or_a_64_of_ipv6() {
        assert_eq!(network("192.0.2.7"), network("::ffff:192.0.2.7"));
        assert_ne!(network("192.0.2.7"), network("192.0.2.8"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("0.0.0.1"), network("::1"), "families are apart");
    }

    proptest! {
        /// In every order of opening and closing: nobody has more than its ceiling, everybody gets what is below it, and
        /// nothing is left when all have gone.
        #[test]
        fn counts_never_leak(steps in prop::collection::vec((any::<bool>(), 0_u32..2, 0_u32..4), 0..200), most in 1_u32..4) {
            let addresses = Addresses::default();
            let mut open: BTreeMap<(u32, u32), u32> = BTreeMap::new();
            let client = |(listener, address)| (ListenerId(listener), Network::V4(address));
            for (opens, listener, address) in steps {
                let has = open.entry((listener, address)).or_default();
                if opens {
                    prop_assert_eq!(addresses.take(client((listener, address)), most), *has < most);
                    *has = (*has + 1).min(most);
                } else if *has > 0 {
                    addresses.give_back(client((listener, address)));
                    *has -= 1;
                }
                prop_assert_eq!(addresses.clients(), open.values().filter(|has| **has > 0).count());
            }
            for (at, has) in open {
                (0..has).for_each(|_| addresses.give_back(client(at)));
            }
            prop_assert_eq!(addresses.clients(), 0);
        }
    }
}
