use proptest::prelude::*;

use super::*;

fn source(bytes: &[u8]) -> Option<SocketAddr> {
    let header = read(bytes).expect("it is one").expect("it is whole");
    assert_eq!(header.length, bytes.len());
    header.source
}

fn v2(command: u8, family: u8, block: &[u8]) -> Vec<u8> {
    let length = u16::try_from(block.len()).unwrap().to_be_bytes();
    [&SIGNATURE[..], &[command, family], &length, block].concat()
}

/// The other direction, as a proxy does it (section 2).
fn written(version: u8, from: SocketAddr, to: SocketAddr, tail: &[u8]) -> Vec<u8> {
    let ports = |a: SocketAddr, b: SocketAddr| [a.port().to_be_bytes(), b.port().to_be_bytes()].concat();
    match (version, from, to) {
        (1, _, _) => {
            let family = if from.is_ipv4() { "TCP4" } else { "TCP6" };
            format!("PROXY {family} {} {} {} {}\r\n", from.ip(), to.ip(), from.port(), to.port()).into_bytes()
        }
        (_, SocketAddr::V4(a), SocketAddr::V4(b)) => {
            v2(0x21, 0x11, &[&a.ip().octets()[..], &b.ip().octets(), &ports(from, to), tail].concat())
        }
        (_, SocketAddr::V6(a), SocketAddr::V6(b)) => {
            v2(0x21, 0x21, &[&a.ip().octets()[..], &b.ip().octets(), &ports(from, to), tail].concat())
        }
        _ => unreachable!("both are of one family"),
    }
}

#[test]
fn the_lines_of_section_2_1_are_read() {
    let is = |text: &str| Some(text.parse().unwrap());
    for (line, expected) in [
        ("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n", is("192.168.0.1:56324")),
        ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", is("255.255.255.255:65535")),
        (
            "PROXY TCP6 ffff:f:ffff:ffff:ffff:ffff:ffff:ffff ffff:f:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
            is("[ffff:f:ffff:ffff:ffff:ffff:ffff:ffff]:65535"),
        ),
        ("PROXY TCP6 ::1 ::2 0 0\r\n", is("[::1]:0")),
        ("PROXY UNKNOWN\r\n", None),
        (
            "PROXY UNKNOWN ffff:f:ffff:ffff:ffff:ffff:ffff:ffff ffff:f:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
            None,
        ),
    ] {
        assert_eq!(source(line.as_bytes()), expected, "{line}");
    }
}

#[test]
fn every_line_that_is_none_is_refused() {
    for line in [
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443 1\r\n",
        "PROXY TCP4  192.168.0.1 192.168.0.11 56324 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443 \r\n",
        "PROXY TCP4 192.168.0.01 192.168.0.11 56324 443\r\n",
        "PROXY TCP4 192.168.0.256 192.168.0.11 56324 443\r\n",
        "PROXY TCP4 ::1 ::1 56324 443\r\n",
        "PROXY TCP6 192.168.0.1 192.168.0.11 56324 443\r\n",
        "PROXY TCP6 fe80::1%eth0 ::1 56324 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 +5 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 05 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 65536 443\r\n",
        "PROXY TCP4 192.168.0.1 192.168.0.11 56324 \r\n",
        "PROXY TCP4 192.168.0.1 office 56324 443\r\n",
        "PROXY tcp4 192.168.0.1 192.168.0.11 56324 443\r\n",
        "PROXY TCP5 192.168.0.1 192.168.0.11 56324 443\r\n",
        "PROXY UNKNOWNS\r\n",
        "PROXY \r\n",
        "PROXY\r\n\r\n",
        "proxy UNKNOWN\r\n",
        "GET / HTTP/1.1\r\n",
        "\r\nPROXY UNKNOWN\r\n",
    ] {
        assert_eq!(read(line.as_bytes()), Err(NoHeader), "{line:?}");
    }
    let endless = [&b"PROXY UNKNOWN "[..], &[b' '; MAX_V1_BYTES]].concat();
    assert_eq!(read(&endless), Err(NoHeader));
    assert_eq!(read(&endless[..MAX_V1_BYTES]), Err(NoHeader));
    assert_eq!(read(&endless[..MAX_V1_BYTES - 1]), Ok(None));
}

#[test]
fn a_line_may_be_as_long_as_it_may_be() {
    let line = [&b"PROXY UNKNOWN "[..], &[b'x'; MAX_V1_BYTES - 16], b"\r\n"].concat();
    assert_eq!((line.len(), source(&line)), (MAX_V1_BYTES, None));
}

#[test]
fn version_2_is_read() {
    let v4 = [192, 0, 2, 1, 198, 51, 100, 1, 0x9c, 0x40, 0x01, 0xbb];
    assert_eq!(source(&v2(0x21, 0x11, &v4)), Some("192.0.2.1:40000".parse().unwrap()));
    assert_eq!(source(&v2(0x21, 0x12, &v4)), Some("192.0.2.1:40000".parse().unwrap()), "by datagrams");
    // What stands behind the addresses is skipped, whatever it is.
    let with_tail = [&v4[..], &[0x03, 0x00, 0x04, 1, 2, 3, 4, 0xff]].concat();
    assert_eq!(source(&v2(0x21, 0x11, &with_tail)), Some("192.0.2.1:40000".parse().unwrap()));
    // Whoever speaks for itself names nobody, even where it seems to.
    assert_eq!(source(&v2(0x20, 0x11, &v4)), None);
    assert_eq!(source(&v2(0x20, 0x00, &[])), None);
    assert_eq!(source(&v2(0x21, 0x00, b"anything")), None);
    assert_eq!(source(&v2(0x21, 0x31, &[b'/'; 216])), None);
}

#[test]
fn what_is_no_header_of_version_2_is_refused_at_its_first_wrong_byte() {
    let full = [0; 36];
    for (command, family, length) in [
        (0x11, 0x11, 12),
        (0x22, 0x11, 12),
        (0x31, 0x11, 12),
        (0x21, 0x10, 12),
        (0x21, 0x13, 12),
        (0x21, 0x01, 12),
        (0x21, 0x41, 36),
        (0x20, 0x41, 0),
        (0x21, 0x11, 11),
        (0x21, 0x21, 35),
        (0x21, 0x31, 36),
        (0x21, 0x00, MAX_V2_BYTES - 15),
        (0x20, 0x00, 0xffff),
    ] {
        let mut bytes = v2(command, family, &full);
        bytes[14..16].copy_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
        assert_eq!(read(&bytes[..FIXED]), Err(NoHeader), "{command:x} {family:x} {length}");
    }
    assert_eq!(read(&[&SIGNATURE[..], &[0x11]].concat()), Err(NoHeader));
    assert_eq!(read(&[&SIGNATURE[..], &[0x21, 0x13]].concat()), Err(NoHeader));
    assert_eq!(read(b"\r\n\r\n\0\r\nQUIT\r"), Err(NoHeader));
    let longest = v2(0x20, 0x00, &vec![0; MAX_V2_BYTES - FIXED]);
    assert_eq!(source(&longest), None);
}

#[test]
fn nothing_is_decided_before_it_can_be() {
    for whole in [b"PROXY UNKNOWN\r\n".to_vec(), v2(0x21, 0x21, &[1; 40])] {
        for length in 0..whole.len() {
            assert_eq!(read(&whole[..length]), Ok(None), "{length}");
        }
    }
}

fn address() -> impl Strategy<Value = (SocketAddr, SocketAddr)> {
    let v4 = any::<(u32, u32)>().prop_map(|(a, b)| (Ipv4Addr::from(a).into(), Ipv4Addr::from(b).into()));
    let v6 = any::<(u128, u128)>().prop_map(|(a, b)| (Ipv6Addr::from(a).into(), Ipv6Addr::from(b).into()));
    (prop_oneof![v4, v6], any::<(u16, u16)>())
        .prop_map(|((a, b), (p, q)): ((IpAddr, IpAddr), _)| (SocketAddr::new(a, p), SocketAddr::new(b, q)))
}

proptest! {
    /// What is written is read, byte by byte as well as at once, and not a byte of what stands behind it is taken.
    #[test]
    fn what_a_proxy_writes_is_read(
        (from, to) in address(),
        version in 1u8..=2,
        tail in proptest::collection::vec(any::<u8>(), 0..64),
        next in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        let header = written(version, from, to, &tail);
        for length in 0..header.len() {
            prop_assert_eq!(read(&header[..length]), Ok(None));
        }
        let bytes = [&header[..], &next].concat();
        prop_assert_eq!(read(&bytes), Ok(Some(Header { length: header.len(), source: Some(from) })));
    }

    /// Whatever comes, the answer does not change with what comes behind it, and there is one in time.
    #[test]
    fn more_bytes_change_no_answer(bytes in proptest::collection::vec(any::<u8>(), 0..256), begin in 0usize..4) {
        let begins: [&[u8]; 4] = [b"", b"PROXY ", SIGNATURE, b"\r\n\r\n\0\r\nQUIT\n\x21\x11"];
        let bytes = [begins[begin], &bytes].concat();
        let mut decided = None;
        for length in 0..=bytes.len() {
            let now = read(&bytes[..length]).transpose();
            if let Some(decided) = &decided {
                prop_assert_eq!(Some(decided), now.as_ref());
            }
            decided = decided.or(now);
        }
    }
}
