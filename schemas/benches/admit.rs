//! How long it takes to look an address up: in a list of 10 networks, and in lists of 100,000.
//!
//! `cargo bench -p gw-artifact --bench admit`. Each figure is the best of 9 rounds over the same addresses, which lie
//! in the larger list's networks or beside them; each look-up waits for the one before it.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use gw_artifact::address_set::AddressSet;

fn main() {
    let lists: [(&str, Network); 4] = [
        ("IPv4, spread", v4),
        ("IPv4, side by side", crowded),
        ("IPv6 /48, spread", v6),
        ("IPv6 /128, spread", hosts),
    ];
    for (name, network) in lists {
        let many = set((0..MANY).map(network));
        let few = set((0..MANY).step_by(MANY as usize / 10).map(network));
        let (few, many) = (per_look_up(&few, network), per_look_up(&many, network));
        println!("{name:20} of 10: {few:5.1} ns   of 100,000: {many:5.1} ns   {:.2} x", many / few);
    }
    let addresses = (0..LOOK_UPS).scan(SEED, |state, _| Some(draw(state, 0, v4)));
    let drawing =
        nanos(|| addresses.clone().fold(0, |sum, address| sum ^ usize::from(black_box(address).is_ipv4())));
    println!("{:20} {drawing:.1} ns, part of each figure", "drawing an address");
}

const MANY: u32 = 100_000;
const LOOK_UPS: usize = 1 << 18;
const SEED: u64 = 0x2545_f491_4f6c_dd1d;

/// The network of a number.
type Network = fn(u32) -> (IpAddr, u8);

/// A /24 to /32 somewhere.
fn v4(number: u32) -> (IpAddr, u8) {
    (IpAddr::V4(Ipv4Addr::from_bits(scattered(number))), 24 + (number % 9) as u8)
}

/// Every other address of a stretch.
fn crowded(number: u32) -> (IpAddr, u8) {
    (IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + 2 * number)), 32)
}

/// A /48 of what is given to networks.
fn v6(number: u32) -> (IpAddr, u8) {
    (IpAddr::V6(Ipv6Addr::from_bits(1 << 125 | u128::from(scattered(number)) << 93)), 48)
}

/// A single address of it.
fn hosts(number: u32) -> (IpAddr, u8) {
    let bits = u128::from(scattered(number)) << 93 | u128::from(scattered(number + 1));
    (IpAddr::V6(Ipv6Addr::from_bits(1 << 125 | bits)), 128)
}

fn scattered(number: u32) -> u32 {
    number.wrapping_mul(2_654_435_761)
}

fn set(networks: impl Iterator<Item = (IpAddr, u8)>) -> AddressSet {
    AddressSet::of(networks).expect("fewer than a set may have")
}

/// An address of one of the networks, or the one four above it; `found` makes it hang on the look-up before.
fn draw(state: &mut u64, found: u64, network: Network) -> IpAddr {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    let (address, _) = network(((*state >> 16) as u32 ^ found as u32) % MANY);
    match address {
        IpAddr::V4(address) => {
            IpAddr::V4(Ipv4Addr::from_bits(address.to_bits().wrapping_add(*state as u32 & 4)))
        }
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() + u128::from(*state & 4))),
    }
}

fn per_look_up(set: &AddressSet, network: Network) -> f64 {
    nanos(|| {
        let (mut state, mut found) = (SEED, 0);
        for _ in 0..LOOK_UPS {
            found = usize::from(set.contains(draw(&mut state, found as u64, network)));
        }
        found
    })
}

/// Nanoseconds of one of the look-ups, in the best of some rounds.
fn nanos(round: impl Fn() -> usize) -> f64 {
    let timed = || {
        let from = Instant::now();
        black_box(round());
        from.elapsed()
    };
    (0..9).map(|_| timed()).min().expect("nine rounds").as_nanos() as f64 / LOOK_UPS as f64
}
