//! `Forwarded` (RFC 7239 §4): elements of pairs, the nearest proxy's last.

use std::net::IpAddr;

use gw_artifact::model::{Reason, TrustedProxies};

use super::{Client, MAX_HOPS, REFUSED, address, scheme, walk};
use crate::exchange::UrlScheme;
use crate::head::Head;

/// One element, as far as it matters.
#[derive(Clone, Copy, Debug, Default)]
struct Element<'h> {
    /// `for`, without quotes.
    node: Option<&'h [u8]>,
    /// `proto`.
    proto: Option<&'h [u8]>,
}

pub(super) fn read(
    head: &Head<'_>,
    proxy: IpAddr,
    arrived: UrlScheme,
    trusted: &TrustedProxies,
) -> Result<Client, Reason> {
    let mut elements = [Element::default(); MAX_HOPS + 1];
    let mut count = 0;
    for line in head.all("forwarded") {
        let mut rest = line;
        while let Some((element, behind)) = element(rest)? {
            // The last ones are kept: what a stranger wrote before them does not matter.
            if count == elements.len() {
                elements.rotate_left(1);
                count -= 1;
            }
            elements[count] = element;
            count += 1;
            rest = behind;
        }
    }
    let nearest = elements[..count].last().and_then(|element| element.proto);
    let entries = elements[..count].iter().rev().map(|element| element.node.and_then(node));
    Ok(Client { address: Some(walk(entries, proxy, trusted)?), scheme: nearest.map_or(Ok(arrived), scheme)? })
}

/// A node that is an address: an IPv6 address stands in brackets (RFC 7239 §6).
fn node(text: &[u8]) -> Option<IpAddr> {
    let is_bare = |address: &IpAddr| address.is_ipv6() && !text.starts_with(b"[");
    address(text).filter(|address| !is_bare(address))
}

/// The next element that is not empty, and what stands behind it. `None` at the end.
fn element(mut rest: &[u8]) -> Result<Option<(Element<'_>, &[u8])>, Reason> {
    let mut element = None::<Element<'_>>;
    loop {
        rest = rest.trim_ascii_start();
        match rest.first() {
            None => return Ok(element.map(|element| (element, rest))),
            Some(b',') => {
                rest = &rest[1..];
                if let Some(element) = element {
                    return Ok(Some((element, rest)));
                }
            }
            Some(b';') => rest = &rest[1..],
            Some(_) => {
                let Pair { name, value, behind } = pair(rest)?;
                let element = element.get_or_insert_default();
                let place = match () {
                    () if name.eq_ignore_ascii_case(b"for") => Some(&mut element.node),
                    () if name.eq_ignore_ascii_case(b"proto") => Some(&mut element.proto),
                    () => None,
                };
                // Each parameter stands once per element (RFC 7239 §4).
                if let Some(place) = place
                    && place.replace(value).is_some()
                {
                    return Err(REFUSED);
                }
                rest = behind.trim_ascii_start();
                if !matches!(rest.first(), None | Some(b',' | b';')) {
                    return Err(REFUSED);
                }
            }
        }
    }
}

/// One parameter, and what stands behind it.
struct Pair<'h> {
    name: &'h [u8],
    value: &'h [u8],
    behind: &'h [u8],
}

/// `name=value` or `name="value"`, and what stands behind it. A quoted value with an escape is no address and no scheme.
fn pair(text: &[u8]) -> Result<Pair<'_>, Reason> {
    let equals = text.iter().position(|&byte| !is_token_byte(byte)).ok_or(REFUSED)?;
    let (name, rest) = text.split_at(equals);
    let rest = rest.strip_prefix(b"=").filter(|_| !name.is_empty()).ok_or(REFUSED)?;
    let Some(quoted) = rest.strip_prefix(b"\"") else {
        let end = rest.iter().position(|&byte| !is_token_byte(byte)).unwrap_or(rest.len());
        return Ok(Pair { name, value: &rest[..end], behind: &rest[end..] });
    };
    let mut is_escaped = false;
    let end = quoted.iter().position(|&byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    let end = end.ok_or(REFUSED)?;
    Ok(Pair { name, value: &quoted[..end], behind: &quoted[end + 1..] })
}

/// RFC 9110 §5.6.2, and the colon that many proxies leave unquoted behind an IPv4 address.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:".contains(&byte)
}
