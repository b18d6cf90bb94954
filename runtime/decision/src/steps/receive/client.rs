//! Who is calling: the address of the connection, or what proxies say that are trusted.
//!
//! Each proxy appends the address that it was called from, so the list is read from its end: as long as an address is
//! that of a trusted proxy, the one before it is believed. The first that is none is the client; what stands before that
//! was written by the client itself, or by somebody it chose, and is not looked at. Only the header that the project
//! names is read: the other one reaches the gateway as a stranger wrote it.
//!
//! | Trusted proxies say | Outcome |
//! |---|---|
//! | nothing | the proxy itself is the client |
//! | an address, with or without port | as above |
//! | `unknown`, a name, a zone, anything else where an address is needed | refused: who calls cannot be told |
//! | more than [`MAX_HOPS`] addresses of trusted proxies | refused |
//! | `X-Forwarded-Proto` (or `proto` of the last element) once, `http` or `https` | the scheme that the client used |
//! | it twice, or anything else | refused |

use std::net::{IpAddr, SocketAddr};

use gw_artifact::model::{ForwardedHeader, Reason, TrustedProxies};

use crate::exchange::UrlScheme;
use crate::head::Head;

mod forwarded;

/// The most trusted proxies in a row.
pub(crate) const MAX_HOPS: usize = 32;

/// What is known of the caller before anything is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client {
    /// Its address, IPv4 as such; `None` where nobody knows it, and then nobody is trusted.
    pub(crate) address: Option<IpAddr>,
    /// The scheme that it used.
    pub(crate) scheme: UrlScheme,
}

/// Reads what trusted proxies say about the client behind this connection. Allocates nothing; looks at no header unless
/// the connection comes from a trusted proxy.
pub(super) fn read(head: &Head<'_>, peer: Client, trusted: &TrustedProxies) -> Result<Client, Reason> {
    let Some(proxy) = peer.address.filter(|address| trusted.addresses.contains(*address)) else {
        return Ok(peer);
    };
    match trusted.header {
        ForwardedHeader::XForwardedFor => {
            let lines = head.lines.iter().rev().filter(|line| line.name == "x-forwarded-for");
            let entries =
                lines.flat_map(|line| line.value.rsplit(|&byte| byte == b',')).map(<[u8]>::trim_ascii);
            let address = walk(entries.filter(|entry| !entry.is_empty()).map(address), proxy, trusted)?;
            let mut schemes = head.all("x-forwarded-proto");
            let scheme = schemes.next().map_or(Ok(peer.scheme), scheme)?;
            if schemes.next().is_some() {
                return Err(REFUSED);
            }
            Ok(Client { address: Some(address), scheme })
        }
        ForwardedHeader::Forwarded => forwarded::read(head, proxy, peer.scheme, trusted),
    }
}

/// From the nearest address to the first that is not a trusted proxy's; `entries` come nearest first.
fn walk(
    entries: impl Iterator<Item = Option<IpAddr>>,
    proxy: IpAddr,
    trusted: &TrustedProxies,
) -> Result<IpAddr, Reason> {
    let mut client = proxy;
    for (hops, entry) in entries.enumerate() {
        client = entry.filter(|_| hops < MAX_HOPS).ok_or(REFUSED)?;
        if !trusted.addresses.contains(client) {
            break;
        }
    }
    Ok(client)
}

/// An address as proxies write it: alone, with a port, in brackets. Without a zone.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?;
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    if let Some(bracketed) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return bracketed.parse().ok().map(|address| IpAddr::V6(address).to_canonical());
    }
    let socket: SocketAddr = text.parse().ok().filter(|_| !text.contains('%'))?;
    Some(socket.ip().to_canonical())
}

fn scheme(text: &[u8]) -> Result<UrlScheme, Reason> {
    match text {
        text if text.eq_ignore_ascii_case(b"https") => Ok(UrlScheme::Https),
        text if text.eq_ignore_ascii_case(b"http") => Ok(UrlScheme::Http),
        _ => Err(REFUSED),
    }
}

const REFUSED: Reason = Reason::MalformedRequest;

#[cfg(test)]
mod tests;
