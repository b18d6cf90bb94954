//! Headers of the PROXY protocol, as proxies write them: apart from the gateway's own reading.

use std::net::{IpAddr, SocketAddr};

/// Version 1, a line of text. The destination is made up: nobody looks at it.
pub fn version_1(from: SocketAddr) -> Vec<u8> {
    let (family, to) = if from.is_ipv4() { ("TCP4", "192.0.2.250") } else { ("TCP6", "2001:db8::250") };
    format!("PROXY {family} {} {to} {} 443\r\n", from.ip(), from.port()).into_bytes()
}

/// Version 2, in bytes, with a mark behind the addresses as cloud providers have them.
pub fn version_2(from: SocketAddr) -> Vec<u8> {
    let (family, source) = match from.ip() {
        IpAddr::V4(address) => (0x11, address.octets().to_vec()),
        IpAddr::V6(address) => (0x21, address.octets().to_vec()),
    };
    let destination = vec![1; source.len()];
    let ports = [from.port().to_be_bytes(), 443u16.to_be_bytes()].concat();
    let mark = [0xea, 0x00, 0x03, 1, b'x', b'y'];
    block(0x21, family, &[&source[..], &destination, &ports, &mark].concat())
}

/// Version 2 with anything in it: the byte of version and command, that of the family, and what follows.
///
/// # Panics
/// When that is too long for the header to say.
pub fn block(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
    let length = u16::try_from(rest.len()).expect("it is short").to_be_bytes();
    [b"\r\n\r\n\0\r\nQUIT\n", &[command, family][..], &length, rest].concat()
}
