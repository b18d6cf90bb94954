//! Which host is meant: `Host`, or the authority of an absolute form, which must agree.

use std::net::Ipv6Addr;

use gw_artifact::model::Reason;

use crate::exchange::{Place, Span};
use crate::head::{Head, Version};

/// The longest host name (RFC 1035 §2.3.4), dots included.
pub(crate) const MAX_HOST_BYTES: usize = 255;

/// Finds the one authority. None is [`Place::Unknown`], which only HTTP/1.0 may leave out.
pub(super) fn place(head: &Head<'_>, in_target: Option<Span>) -> Result<Place, Reason> {
    let mut lines = head.lines.iter().enumerate().filter(|(_, line)| line.name == "host");
    let line = lines.next();
    if lines.next().is_some() {
        return Err(REFUSED);
    }
    let text = in_target.and_then(|span| head.target.get(span.range()));
    match (line, in_target.zip(text)) {
        (None, _) if head.version == Version::Http11 => Err(REFUSED),
        (None, None) => Ok(Place::Unknown),
        (None, Some((span, text))) => {
            is_authority(text.as_bytes()).then_some(Place::Target(span)).ok_or(REFUSED)
        }
        (Some((_, line)), Some((span, text))) => {
            let agrees = line.value.eq_ignore_ascii_case(text.as_bytes());
            (agrees && is_authority(text.as_bytes())).then_some(Place::Target(span)).ok_or(REFUSED)
        }
        (Some((index, line)), None) => {
            let span = Span { start: 0, end: line.value.len() as u16 };
            is_authority(line.value).then_some(Place::Line { index: index as u16, span }).ok_or(REFUSED)
        }
    }
}

/// The host of an authority that was checked: without port, and without the dot at its end that marks a name as
/// complete. An IPv6 address keeps its brackets.
pub(crate) fn host(authority: &str) -> &str {
    let end = if authority.starts_with('[') {
        authority.find(']').map_or(authority.len(), |at| at + 1)
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let host = &authority[..end];
    host.strip_suffix('.').unwrap_or(host)
}

/// `host [":" port]`: labels of letters, digits, `-` and `_` between dots, one at the end too, or an IPv6 address in brackets. Narrower than
/// RFC 3986 §3.2.2, on purpose: escapes and user information in a host have no meaning that all readers share.
fn is_authority(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        return address.parse::<Ipv6Addr>().is_ok() && is_port(port);
    }
    let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
    is_name(name.as_bytes()) && is_port(port)
}

fn is_name(name: &[u8]) -> bool {
    let mut before = b'.';
    let is_in_place = |&byte: &u8| {
        let follows = std::mem::replace(&mut before, byte);
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || byte == b'.' && follows != b'.'
    };
    !name.is_empty() && name.len() <= MAX_HOST_BYTES && name.iter().all(is_in_place)
}

/// Nothing, or a colon and 1 to 65535.
fn is_port(port: &str) -> bool {
    match port.strip_prefix(':') {
        None => port.is_empty(),
        Some(digits) => {
            digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.parse::<u16>().is_ok_and(|port| port != 0)
        }
    }
}

const REFUSED: Reason = Reason::MalformedRequest;
