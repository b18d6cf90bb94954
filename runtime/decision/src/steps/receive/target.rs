//! The forms of a request target (RFC 9112 §3.2).

use gw_artifact::model::Reason;

use crate::exchange::Span;

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
pub(super) fn split(method: &str, target: &str) -> Result<Target, Reason> {
    if method == "CONNECT" {
        return Err(Reason::MalformedRequest);
    }
    if target == "*" {
        let asterisk = Target { authority: None, path: None, query: None };
        return if method == "OPTIONS" { Ok(asterisk) } else { Err(Reason::MalformedRequest) };
    }
    let authority = authority(target)?;
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

fn authority(target: &str) -> Result<Option<Span>, Reason> {
    if target.starts_with('/') {
        return Ok(None);
    }
    let scheme = ["http://", "https://"]
        .into_iter()
        .find(|scheme| target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
        .ok_or(Reason::MalformedRequest)?;
    let rest = &target[scheme.len()..];
    let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Ok(Some(span(scheme.len(), scheme.len() + length)))
}

/// The query is forwarded byte for byte, so it may hold nothing that ends a request line or a target. Raw UTF-8,
/// which many clients send, is left to the upstream.
fn is_query(query: &[u8]) -> bool {
    query.iter().all(|&byte| byte > b' ' && byte != 0x7f && byte != b'#')
}

fn span(start: usize, end: usize) -> Span {
    Span { start: start as u16, end: end as u16 }
}
