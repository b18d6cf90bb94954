//! The forms of a request target (RFC 9112 §3.2).

use gw_artifact::model::Reason;

use crate::exchange::{Span, UrlScheme};

/// Where the parts of a target stand.
pub(super) struct Target {
    /// Of an absolute form only.
    pub(super) authority: Option<Span>,
    /// Empty for an absolute form without path; none for `*`.
    pub(super) path: Option<Span>,
    /// Without its `?`.
    pub(super) query: Option<Span>,
}

/// Takes a target apart. `target` has at most 8 KiB, so that every position fits a [`Span`].
pub(super) fn split(method: &str, target: &str, scheme: UrlScheme) -> Result<Target, Reason> {
    if method == "CONNECT" {
        return Err(Reason::MalformedRequest);
    }
    if target == "*" {
        let asterisk = Target { authority: None, path: None, query: None };
        return if method == "OPTIONS" { Ok(asterisk) } else { Err(Reason::MalformedRequest) };
    }
    let authority = authority(target, scheme)?;
    let start = authority.map_or(0, |span| usize::from(span.end));
    let rest = &target.as_bytes()[start..];
    let question = rest.iter().position(|&byte| byte == b'?').map(|at| start + at);
    let path = span(start, question.unwrap_or(target.len()));
    let query = question.map(|at| span(at + 1, target.len()));
    if query.is_some_and(|query| !is_query(&target.as_bytes()[query.range()])) {
        return Err(Reason::MalformedRequest);
    }
    Ok(Target { authority, path: Some(path), query })
}

/// Where the authority of an absolute form stands. Its scheme is that of the connection: nobody else's is served.
fn authority(target: &str, scheme: UrlScheme) -> Result<Option<Span>, Reason> {
    if target.starts_with('/') {
        return Ok(None);
    }
    let (name, rest) = target.split_once("://").ok_or(Reason::MalformedRequest)?;
    if !name.eq_ignore_ascii_case(scheme.as_str()) {
        return Err(Reason::MalformedRequest);
    }
    let start = target.len() - rest.len();
    let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Ok(Some(span(start, start + length)))
}

/// The query is forwarded byte for byte, so it may hold nothing that ends a request line, a target, or a text that
/// a target is quoted in (RFC 3986 §3.4, App. C). Raw UTF-8, which many clients send, is left to the upstream.
fn is_query(query: &[u8]) -> bool {
    query.iter().all(|&byte| byte > b' ' && !matches!(byte, 0x7f | b'#' | b'"' | b'<' | b'>'))
}

fn span(start: usize, end: usize) -> Span {
    Span { start: start as u16, end: end as u16 }
}
