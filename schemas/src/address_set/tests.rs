use proptest::prelude::*;

use super::*;

type Network = (IpAddr, u8);

fn networks(texts: &[&str]) -> Vec<Network> {
    let read = |text: &&str| {
        let (address, bits) = text.split_once('/').expect("a network");
        (address.parse().expect("an address"), bits.parse().expect("bits"))
    };
    texts.iter().map(read).collect()
}

fn set(texts: &[&str]) -> AddressSet {
    AddressSet::of(networks(texts)).unwrap()
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// What a network means, told bit by bit.
fn is_in((network, bits): Network, address: IpAddr) -> bool {
    let same = |network: &[u8], address: &[u8]| {
        (0..usize::from(bits).min(network.len() * 8)).all(|bit| {
            let mask = 0x80_u8 >> (bit % 8);
            network[bit / 8] & mask == address[bit / 8] & mask
        })
    };
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => same(&network.octets(), &address.octets()),
        (IpAddr::V6(network), IpAddr::V6(address)) => same(&network.octets(), &address.octets()),
        _ => false,
    }
}

/// Few prefixes, so that networks meet, touch and lie in each other.
fn any_network() -> impl Strategy<Value = Network> {
    let v4 = (prop::sample::select(vec![0_u32, 0x0a00_0000, 0x0a01_0000, u32::MAX]), 0_u32..512, 0_u8..=33)
        .prop_map(|(base, low, bits)| (IpAddr::V4(Ipv4Addr::from_bits(base ^ low)), bits));
    let v6 = (prop::sample::select(vec![0_u128, 0x2001_0db8 << 96, u128::MAX]), 0_u128..512, 0_u8..=129)
        .prop_map(|(base, low, bits)| (IpAddr::V6(Ipv6Addr::from_bits(base ^ low)), bits));
    prop_oneof![v4, v6]
}

/// Addresses at and beside the edges of the networks.
fn at_the_edges(networks: &[Network]) -> Vec<IpAddr> {
    let edges = networks.iter().flat_map(|(address, bits)| match address {
        IpAddr::V4(address) => {
            let (first, last) = address.to_bits().stretch(*bits);
            let all = [first.wrapping_sub(1), first, last, last.wrapping_add(1)];
            all.map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits)))
        }
        IpAddr::V6(address) => {
            let (first, last) = address.to_bits().stretch(*bits);
            let all = [first.wrapping_sub(1), first, last, last.wrapping_add(1)];
            all.map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits)))
        }
    });
    edges.chain(["0.0.0.0", "255.255.255.255", "::", "192.0.2.7", "2001:db8::7"].map(address)).collect()
}

/// Mapped addresses are IPv4 to a set, and no network of IPv6 reaches them.
fn is_mapped(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some())
}

proptest! {
    #[test]
    fn a_set_holds_what_its_networks_hold(networks in prop::collection::vec(any_network(), 0..60)) {
        let set = AddressSet::of(networks.clone()).unwrap();
        for address in at_the_edges(&networks).into_iter().filter(|address| !is_mapped(*address)) {
            let expected = networks.iter().any(|network| is_in(*network, address));
            prop_assert_eq!(set.contains(address), expected, "{}", address);
        }
    }

    #[test]
    fn without_takes_away(
        mine in prop::collection::vec(any_network(), 0..20),
        theirs in prop::collection::vec(any_network(), 0..20),
    ) {
        let (a, b) = (AddressSet::of(mine.clone()).unwrap(), AddressSet::of(theirs.clone()).unwrap());
        let left = a.without(&b);
        for address in at_the_edges(&[mine, theirs].concat()) {
            prop_assert_eq!(left.contains(address), a.contains(address) && !b.contains(address), "{}", address);
        }
    }

    #[test]
    fn a_set_reads_back(networks in prop::collection::vec(any_network(), 0..60)) {
        let set = AddressSet::of(networks).unwrap();
        let bytes = postcard::to_stdvec(&set).unwrap();
        prop_assert_eq!(postcard::from_bytes::<AddressSet>(&bytes).unwrap(), set);
    }
}

#[test]
fn equal_sets_are_equal_however_they_are_declared() {
    assert_eq!(set(&["10.0.0.0/9", "10.128.0.0/9"]), set(&["10.0.0.0/8", "10.1.2.0/24"]));
    assert_eq!(set(&["0.0.0.0/0", "::/0"]), AddressSet::all());
    assert_eq!(AddressSet::all().without(&AddressSet::all()), AddressSet::empty());
    assert!(AddressSet::all().is_all() && !set(&["0.0.0.0/0"]).is_all() && !set(&["::/0"]).is_all());
}

#[test]
fn the_first_address_belongs_to_the_set() {
    assert_eq!(set(&["192.0.2.0/24", "10.0.0.0/8", "::1/128"]).first(), Some(address("10.0.0.0")));
    assert_eq!(set(&["2001:db8::/32"]).first(), Some(address("2001:db8::")));
    assert_eq!(AddressSet::empty().first(), None);
}

#[test]
fn an_ipv4_address_is_itself_in_either_writing() {
    let set = set(&["192.0.2.0/24"]);
    assert!(set.contains(address("::ffff:192.0.2.7")) && !set.contains(address("::ffff:192.0.3.7")));
    assert!(!self::set(&["::/0"]).contains(address("::ffff:192.0.2.7")));
}

#[test]
fn a_list_out_of_order_is_no_set() {
    let read = |v4: Vec<u32>| {
        postcard::from_bytes::<AddressSet>(&postcard::to_stdvec(&(v4, Vec::<u128>::new())).unwrap())
    };
    assert!(read(vec![1, 2]).is_ok());
    assert!(read(vec![2, 1]).is_err() && read(vec![1, 1]).is_err());
}

#[test]
fn a_spread_list_is_found_in_a_few_comparisons() {
    let scattered =
        (0..100_000_u32).map(|number| (IpAddr::V4(number.wrapping_mul(2_654_435_761).into()), 32));
    assert!(AddressSet::of(scattered).unwrap().most_comparisons() <= 6);
    let crowded = (0..60_000_u32).map(|number| (IpAddr::V4((number * 2).into()), 32));
    let far = (IpAddr::V4(Ipv4Addr::BROADCAST), 32);
    assert!(AddressSet::of(crowded.chain([far])).unwrap().most_comparisons() <= 19);
}
