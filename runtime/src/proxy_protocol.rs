//! The header with which a proxy says for whom it connects: the PROXY protocol, versions 1 and 2 (HAProxy's
//! proxy-protocol.txt, section 2). Bytes in, one address out; no sockets and no time.
//!
//! | The header says | The client is |
//! |---|---|
//! | `TCP4`, `TCP6`; a stream or datagrams over IPv4 or IPv6 | the source that it names |
//! | `UNKNOWN`; `LOCAL`; no family, or Unix sockets | whoever is at the other end of the connection |
//!
//! Everything else is no header. What a version-2 header carries behind its addresses is skipped.
//!
//! Cost: one look at each byte of the header; nothing is allocated.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[cfg(test)]
mod tests;

/// A header that is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its length in bytes; what stands behind belongs to the next layer.
    pub length: usize,
    /// For whom the proxy connects; `None` where it speaks for itself, or cannot say.
    pub source: Option<SocketAddr>,
}

/// These bytes begin no header of the PROXY protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no header of the PROXY protocol")]
pub struct NoHeader;

/// The longest header of version 1, with its line end (section 2.1).
pub const MAX_V1_BYTES: usize = 107;

/// The longest header of version 2 that is taken. Addresses need 232 bytes at most; the rest is for names, a TLS session and
/// cloud providers' marks.
pub const MAX_V2_BYTES: usize = 2048;

/// What version 2 begins with (section 2.2).
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// The signature, version and command, family, and the length of the rest.
const FIXED: usize = 16;

/// Reads the header at the begin of a connection. `None` while more bytes are needed to tell; never so when there are
/// [`MAX_V2_BYTES`].
///
/// # Errors
/// As soon as the bytes cannot become a header.
pub fn read(bytes: &[u8]) -> Result<Option<Header>, NoHeader> {
    let begins_as = |begin: &[u8]| bytes.iter().zip(begin).all(|(byte, its)| byte == its);
    if begins_as(SIGNATURE) {
        return version_2(bytes);
    }
    if begins_as(V1) {
        return version_1(bytes);
    }
    Err(NoHeader)
}

const V1: &[u8] = b"PROXY ";

/// One line of text: `PROXY TCP4 192.0.2.1 198.51.100.1 40000 443`.
fn version_1(bytes: &[u8]) -> Result<Option<Header>, NoHeader> {
    let within = &bytes[..bytes.len().min(MAX_V1_BYTES)];
    let Some(end) = memchr::memmem::find(within, b"\r\n") else {
        return if within.len() < MAX_V1_BYTES { Ok(None) } else { Err(NoHeader) };
    };
    let line = within.get(V1.len()..end).ok_or(NoHeader)?;
    let source = if line == b"UNKNOWN" || line.starts_with(b"UNKNOWN ") { None } else { Some(tcp(line)?) };
    Ok(Some(Header { length: end + 2, source }))
}

fn tcp(line: &[u8]) -> Result<SocketAddr, NoHeader> {
    let mut words = std::str::from_utf8(line).map_err(|_| NoHeader)?.split(' ');
    let mut word = || words.next().ok_or(NoHeader);
    let (family, source, destination, port, other_port) = (word()?, word()?, word()?, word()?, word()?);
    let address: fn(&str) -> Option<IpAddr> = match family {
        "TCP4" => |text| text.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
        "TCP6" => |text| text.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        _ => return Err(NoHeader),
    };
    let read = || {
        address(destination)?;
        decimal_port(other_port)?;
        Some(SocketAddr::new(address(source)?, decimal_port(port)?))
    };
    read().filter(|_| words.next().is_none()).ok_or(NoHeader)
}

/// Digits without sign and leading zeros.
fn decimal_port(text: &str) -> Option<u16> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_plain)
}

/// Sixteen bytes, then as many as they say.
fn version_2(bytes: &[u8]) -> Result<Option<Header>, NoHeader> {
    let Some(&[command, family, high, low]) = bytes.get(SIGNATURE.len()..FIXED) else {
        return early_version_2(&bytes[SIGNATURE.len().min(bytes.len())..]);
    };
    let (command, family) = (Command::of(command)?, Family::of(family)?);
    let length = FIXED + usize::from(u16::from_be_bytes([high, low]));
    let least = if command == Command::Local { 0 } else { family.least() };
    if length > MAX_V2_BYTES || length - FIXED < least {
        return Err(NoHeader);
    }
    let Some(block) = bytes.get(FIXED..length) else { return Ok(None) };
    let source = match command {
        Command::Local => None,
        Command::Proxy => family.source(block),
    };
    Ok(Some(Header { length, source }))
}

/// What stands behind the signature so far may rule a header out already.
fn early_version_2(rest: &[u8]) -> Result<Option<Header>, NoHeader> {
    rest.first().map(|command| Command::of(*command)).transpose()?;
    rest.get(1).map(|family| Family::of(*family)).transpose()?;
    Ok(None)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Command {
    Local,
    Proxy,
}

impl Command {
    /// The version stands in the upper half of the byte.
    fn of(byte: u8) -> Result<Self, NoHeader> {
        match byte {
            0x20 => Ok(Self::Local),
            0x21 => Ok(Self::Proxy),
            _ => Err(NoHeader),
        }
    }
}

#[derive(Clone, Copy)]
enum Family {
    Unspecified,
    V4,
    V6,
    Unix,
}

impl Family {
    /// The eight pairs of family and transport that there are; others must be refused.
    fn of(byte: u8) -> Result<Self, NoHeader> {
        match byte {
            0x00 => Ok(Self::Unspecified),
            0x11 | 0x12 => Ok(Self::V4),
            0x21 | 0x22 => Ok(Self::V6),
            0x31 | 0x32 => Ok(Self::Unix),
            _ => Err(NoHeader),
        }
    }

    /// The bytes of its addresses: source, destination, and their ports where there are ports.
    const fn least(self) -> usize {
        match self {
            Self::Unspecified => 0,
            Self::V4 => 2 * 4 + 4,
            Self::V6 => 2 * 16 + 4,
            Self::Unix => 2 * 108,
        }
    }

    /// The source in a block of at least that many bytes.
    fn source(self, block: &[u8]) -> Option<SocketAddr> {
        let port = |at: usize| Some(u16::from_be_bytes(*block.get(at..)?.first_chunk()?));
        match self {
            Self::Unspecified | Self::Unix => None,
            Self::V4 => Some((Ipv4Addr::from(*block.first_chunk::<4>()?), port(8)?).into()),
            Self::V6 => Some((Ipv6Addr::from(*block.first_chunk::<16>()?), port(32)?).into()),
        }
    }
}
