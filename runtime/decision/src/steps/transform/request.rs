//! The request's edits: which lines fall away, and the head that the upstream receives.

use gw_artifact::Artifact;
use gw_artifact::model::{
    Access, Alternative, Forward, HostEdit, PathEdit, Scheme, is_dropped_header, is_twin_header,
};

use super::{forwarded, hop_by_hop, identity, traceparent};
use crate::context::{Context, HeadWriter, Start};
use crate::exchange::Exchange;
use crate::head::{Framing, Head};
use crate::steps::Facts;
use crate::steps::receive::max_forwards;
use crate::text::push_decimal;

/// Lines that are not forwarded. One pass over the lines, one more per name in `Connection`.
pub(super) fn dropped(facts: &Facts<'_>) -> u128 {
    let head = facts.head;
    let traced = traceparent::well_formed(head).is_some();
    let counted = matches!(max_forwards::left(head), Ok(Some(_)));
    let own = hop_by_hop::lines_where(head.lines, |line| {
        falls_away(line.name, traced)
            || counted && line.name == "max-forwards"
            || tells_who_calls(line.name, facts.artifact)
            || is_kept(line.name, facts.artifact, facts.exchange)
    });
    own | hop_by_hop::nominated(head.lines, |name| is_credential(name, facts.artifact, facts.exchange))
}

/// Whether some operation's upstream reads the caller's name from such a line: only gw writes it then, in any spelling, and
/// at any operation.
fn tells_who_calls(name: &str, artifact: &Artifact) -> bool {
    artifact.identity_headers().iter().any(|header| is_twin_header(name, header))
}

/// Whether the operation's credentials stay at the gateway, and the line can hold one.
fn is_kept(name: &str, artifact: &Artifact, exchange: &Exchange) -> bool {
    let Some(operation) = exchange.operation(artifact) else { return false };
    let Access::Verified { alternatives, keeps_credential: true, .. } = artifact.access_of(operation) else {
        return false;
    };
    schemes(alternatives, artifact).any(|scheme| match scheme {
        Scheme::Authorization(_) => name == "authorization",
        Scheme::Header(header) => is_twin_header(name, header),
        // The gate refuses to keep these, which stand among what is no credential.
        Scheme::Query(_) | Scheme::Cookie(_) | Scheme::ClientCertificate => false,
    })
}

fn schemes<'a>(alternatives: &'a [Alternative], artifact: &'a Artifact) -> impl Iterator<Item = &'a Scheme> {
    alternatives.iter().flat_map(|alternative| &alternative.needs).map(|need| artifact.scheme(need.scheme))
}

fn falls_away(name: &str, traced: bool) -> bool {
    match name {
        "traceparent" | "tracestate" => !traced,
        _ => is_dropped_header(name),
    }
}

/// Whether the operation's access rule looked at the line: then it reaches the upstream in any case.
fn is_credential(name: &str, artifact: &Artifact, exchange: &Exchange) -> bool {
    let Some(operation) = exchange.operation(artifact) else { return false };
    match artifact.access_of(operation) {
        Access::Public => false,
        Access::Delegated { alternatives, .. } | Access::Verified { alternatives, .. } => {
            schemes(alternatives, artifact)
                .any(|scheme| matches!(scheme, Scheme::Header(header) if header == name))
        }
    }
}

/// Writes the head that the upstream receives.
pub(crate) fn write(
    dropped: u128,
    context: Context<'_>,
    authority: &str,
    scratch: &mut Vec<u8>,
    writer: &mut impl HeadWriter,
) {
    let Context { artifact, head, exchange } = context;
    // INVARIANT: whoever holds an `Outbound` went through `route`, so that there is an operation.
    let Some(operation) = exchange.operation(artifact) else { return };
    write_start(&operation.forward, head, exchange, scratch, writer);
    writer.line("host", host(&operation.forward, authority).as_bytes());
    for (index, line) in head.lines.iter().enumerate() {
        if !hop_by_hop::contains(dropped, index) {
            writer.kept(index, line.name, line.value);
        }
    }
    identity::write(context, scratch, writer);
    forwarded::write_via(head.version, artifact.project(), scratch, writer);
    forwarded::write(context, scratch, writer);
    writer.line("x-request-id", &exchange.request_id().digits());
    if let Ok(Some(left)) = max_forwards::left(head) {
        scratch.clear();
        push_decimal(scratch, left.saturating_sub(1));
        writer.line("max-forwards", scratch);
    }
    if head.body == Framing::Chunked {
        writer.line("transfer-encoding", b"chunked");
    }
}

fn host<'t>(forward: &'t Forward, authority: &'t str) -> &'t str {
    match &forward.host {
        HostEdit::Endpoint => authority,
        HostEdit::Fixed(host) => host,
    }
}

/// The target: canonical path, edited, and the query as it came.
fn write_start(
    forward: &Forward,
    head: &Head<'_>,
    exchange: &Exchange,
    scratch: &mut Vec<u8>,
    writer: &mut impl HeadWriter,
) {
    // INVARIANT: a request that was matched has a path. Were it not so, no other target may stand in: a driver refuses
    // an empty one.
    let path = exchange.path(head).unwrap_or("");
    let query = exchange.query(head);
    let (prefix, rest) = match &forward.path {
        PathEdit::Unchanged => ("", path),
        // INVARIANT: the base is a literal part of the template, so that every matched path begins with it.
        PathEdit::ReplaceBase { base, prefix } => {
            (prefix.as_str(), path.get(usize::from(*base)..).unwrap_or(path))
        }
    };
    scratch.clear();
    scratch.extend_from_slice(prefix.as_bytes());
    scratch.extend_from_slice(rest.as_bytes());
    if scratch.is_empty() && !path.is_empty() {
        scratch.push(b'/');
    }
    if let Some(query) = query {
        scratch.push(b'?');
        scratch.extend_from_slice(query.as_bytes());
    }
    let target = std::str::from_utf8(scratch).unwrap_or("");
    writer.start(Start::Request { method: head.method, target });
}
