use gw_artifact::address_set::AddressSet;

use super::*;
use crate::head::{Framing, Line, Version};

const PEER: &str = "10.0.0.1";

fn trusted(header: ForwardedHeader) -> TrustedProxies {
    let networks = [("10.0.0.0", 8), ("2001:db8::", 32)];
    let networks = networks.map(|(address, bits): (&str, u8)| (address.parse().unwrap(), bits));
    TrustedProxies { addresses: AddressSet::of(networks).unwrap(), header }
}

fn told(lines: &[(&str, &str)], peer: &str, header: ForwardedHeader) -> Option<(String, UrlScheme)> {
    let lines: Vec<_> = lines.iter().map(|(name, value)| Line { name, value: value.as_bytes() }).collect();
    let version = Version::Http11;
    let head = Head { method: "GET", target: "/", version, lines: &lines, body: Framing::None };
    let peer =
        Client { address: Some(peer.parse::<IpAddr>().unwrap().to_canonical()), scheme: UrlScheme::Http };
    let client = read(&head, peer, &trusted(header)).ok()?;
    Some((client.address?.to_string(), client.scheme))
}

fn by_list(list: &str) -> Option<String> {
    told(&[("x-forwarded-for", list)], PEER, ForwardedHeader::XForwardedFor).map(|(address, _)| address)
}

fn by_forwarded(value: &str) -> Option<String> {
    told(&[("forwarded", value)], PEER, ForwardedHeader::Forwarded).map(|(address, _)| address)
}

#[expect(clippy::unnecessary_wraps, reason = "it stands beside what `by_list` and `by_forwarded` give")]
fn is(address: &str) -> Option<String> {
    Some(address.to_owned())
}

#[test]
fn a_stranger_is_believed_nothing() {
    let lines =
        [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-proto", "https"), ("forwarded", "for=192.0.2.1")];
    for header in [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded] {
        assert_eq!(told(&lines, "203.0.113.9", header), Some(("203.0.113.9".into(), UrlScheme::Http)));
        assert_eq!(told(&[("x-forwarded-for", "???")], "203.0.113.9", header).unwrap().0, "203.0.113.9");
    }
}

#[test]
fn the_client_is_the_first_from_the_right_that_is_no_trusted_proxy() {
    assert_eq!(by_list("192.0.2.1"), is("192.0.2.1"));
    assert_eq!(by_list("198.51.100.1, 192.0.2.1, 10.9.9.9,2001:db8::7"), is("192.0.2.1"));
    assert_eq!(by_list("garbage, 127.0.0.1, 192.0.2.1"), is("192.0.2.1"));
    assert_eq!(by_list("10.1.1.1, 10.2.2.2"), is("10.1.1.1"));
    assert_eq!(by_list(" , ,192.0.2.1,, "), is("192.0.2.1"));
    let lines = [("x-forwarded-for", "192.0.2.1"), ("x-forwarded-for", "10.3.3.3")];
    assert_eq!(told(&lines, PEER, ForwardedHeader::XForwardedFor).unwrap().0, "192.0.2.1");
}

#[test]
fn without_a_word_the_proxy_is_the_client() {
    assert_eq!(told(&[], PEER, ForwardedHeader::XForwardedFor).unwrap().0, PEER);
    assert_eq!(told(&[], PEER, ForwardedHeader::Forwarded).unwrap().0, PEER);
    assert_eq!(by_list(""), is(PEER));
}

#[test]
fn whom_nobody_can_address_is_no_proxy() {
    let everybody = TrustedProxies { addresses: AddressSet::all(), header: ForwardedHeader::XForwardedFor };
    let lines = [Line { name: "x-forwarded-for", value: b"192.0.2.1" }];
    let head =
        Head { method: "GET", target: "/", version: Version::Http11, lines: &lines, body: Framing::None };
    let peer = Client { address: None, scheme: UrlScheme::Http };
    assert_eq!(read(&head, peer, &everybody), Ok(peer));
}

#[test]
fn only_the_header_that_the_project_names_is_read() {
    let lines = [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=198.51.100.1")];
    assert_eq!(told(&lines, PEER, ForwardedHeader::XForwardedFor).unwrap().0, "192.0.2.1");
    assert_eq!(told(&lines, PEER, ForwardedHeader::Forwarded).unwrap().0, "198.51.100.1");
}

#[test]
fn addresses_are_read_in_every_usual_writing() {
    for (text, address) in [
        ("192.0.2.1:4711", "192.0.2.1"),
        ("2001:db9::1", "2001:db9::1"),
        ("[2001:db9::1]", "2001:db9::1"),
        ("[2001:db9::1]:443", "2001:db9::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ] {
        assert_eq!(by_list(text), is(address), "{text}");
    }
}

#[test]
fn what_is_no_address_where_one_is_needed_is_refused() {
    for text in
        ["unknown", "_hidden", "fe80::1%eth0", "[fe80::1%25eth0]:1", "192.0.2", "192.0.2.1.5", "host", "1"]
    {
        assert_eq!(by_list(text), None, "{text}");
        assert_eq!(by_list(&format!("192.0.2.1, {text}, 10.0.0.2")), None, "{text}");
    }
    let chain = vec!["10.0.0.2"; MAX_HOPS + 1].join(",");
    assert_eq!(by_list(&chain), None);
    assert_eq!(by_list(&format!("192.0.2.1,{}", vec!["10.0.0.2"; MAX_HOPS - 1].join(","))), is("192.0.2.1"));
}

#[test]
fn a_mapped_peer_is_an_ipv4_proxy() {
    let lines = [("x-forwarded-for", "192.0.2.1")];
    assert_eq!(told(&lines, "::ffff:10.0.0.1", ForwardedHeader::XForwardedFor).unwrap().0, "192.0.2.1");
}

#[test]
fn forwarded_is_read_by_its_grammar() {
    for (value, address) in [
        ("for=192.0.2.1", "192.0.2.1"),
        ("For=\"192.0.2.1:4711\";proto=http;by=10.0.0.1", "192.0.2.1"),
        ("for=\"[2001:db9::1]:80\"", "2001:db9::1"),
        ("by=x;for=192.0.2.1, for=10.2.2.2 ; host=\"a,b;c\"", "192.0.2.1"),
        ("for=\"a\\\"b\", for=192.0.2.1", "192.0.2.1"),
        (",, for=192.0.2.1 ,", "192.0.2.1"),
        ("host=a", ""),
        ("", PEER),
    ] {
        assert_eq!(by_forwarded(value), (!address.is_empty()).then(|| address.to_owned()), "{value}");
    }
}

#[test]
fn a_malformed_forwarded_is_refused() {
    for value in [
        "for=unknown",
        "for=_secret",
        "for=2001:db9::1",
        "for=\"192.0.2.1",
        "for = 192.0.2.1",
        "for=192.0.2.1 for=192.0.2.2",
        "for=192.0.2.1;for=192.0.2.2",
        "192.0.2.1",
        "=192.0.2.1",
        "for=192.0.2.1;proto=ftp",
    ] {
        assert_eq!(by_forwarded(value), None, "{value}");
    }
}

#[test]
fn a_long_tail_of_strangers_words_does_not_hide_the_client() {
    let strangers = vec!["for=198.51.100.1"; 3 * MAX_HOPS].join(", ");
    assert_eq!(by_forwarded(&format!("{strangers}, for=192.0.2.1, for=10.0.0.3")), is("192.0.2.1"));
}

#[test]
fn the_scheme_is_the_one_that_the_nearest_proxy_was_reached_by() {
    let scheme = |lines: &[(&str, &str)], header| told(lines, PEER, header).map(|(_, scheme)| scheme);
    let list = ForwardedHeader::XForwardedFor;
    assert_eq!(scheme(&[("x-forwarded-proto", "HTTPS")], list), Some(UrlScheme::Https));
    assert_eq!(scheme(&[("x-forwarded-proto", "https,http")], list), None);
    assert_eq!(scheme(&[("x-forwarded-proto", "https"), ("x-forwarded-proto", "https")], list), None);
    let elements = [("forwarded", "for=192.0.2.1;proto=http, for=10.0.0.2;proto=https")];
    assert_eq!(scheme(&elements, ForwardedHeader::Forwarded), Some(UrlScheme::Https));
}
