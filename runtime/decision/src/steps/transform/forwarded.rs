//! What the upstream is told about the caller: `Forwarded` (RFC 7239), its older relatives, and `Via`.

use std::net::IpAddr;

use crate::context::{Context, HeadWriter};
use crate::head::Version;
use crate::text::push_address;

/// Appends the hop to `Via`, as a line of its own, which means the same as one more entry (RFC 9110 §5.3).
pub(super) fn write_via(
    version: Version,
    project: &str,
    scratch: &mut Vec<u8>,
    writer: &mut impl HeadWriter,
) {
    scratch.clear();
    scratch.extend_from_slice(version.as_str().as_bytes());
    scratch.push(b' ');
    scratch.extend_from_slice(project.as_bytes());
    writer.line("via", scratch);
}

/// Writes `forwarded` and `x-forwarded-for`, `-proto`, `-host`.
pub(super) fn write(context: Context<'_>, scratch: &mut Vec<u8>, writer: &mut impl HeadWriter) {
    let client = context.exchange.client();
    let proto = context.exchange.scheme().as_str();
    let host = context.exchange.authority(context.head);

    scratch.clear();
    push_for(scratch, client);
    push_host(scratch, host);
    scratch.extend_from_slice(b";proto=");
    scratch.extend_from_slice(proto.as_bytes());
    writer.line("forwarded", scratch);

    scratch.clear();
    match client {
        Some(client) => push_address(scratch, client),
        None => scratch.extend_from_slice(UNKNOWN),
    }
    writer.line("x-forwarded-for", scratch);
    writer.line("x-forwarded-proto", proto.as_bytes());
    if !host.is_empty() {
        writer.line("x-forwarded-host", host.as_bytes());
    }
}

/// What stands for an address that nobody knows (RFC 7239 §6.2), in the older header too: a line that is left out could be
/// taken for the gateway's own address.
const UNKNOWN: &[u8] = b"unknown";

/// An IPv6 address stands in brackets and quotes (RFC 7239 §6).
fn push_for(scratch: &mut Vec<u8>, client: Option<IpAddr>) {
    match client {
        None => {
            scratch.extend_from_slice(b"for=");
            scratch.extend_from_slice(UNKNOWN);
        }
        Some(client @ IpAddr::V4(_)) => {
            scratch.extend_from_slice(b"for=");
            push_address(scratch, client);
        }
        Some(client @ IpAddr::V6(_)) => {
            scratch.extend_from_slice(b"for=\"[");
            push_address(scratch, client);
            scratch.extend_from_slice(b"]\"");
        }
    }
}

/// A host with a port or brackets is no token, so it stands in quotes; it holds nothing that needs an escape.
fn push_host(scratch: &mut Vec<u8>, host: &str) {
    if host.is_empty() {
        return;
    }
    let quote: &[u8] = if host.contains(':') { b"\"" } else { b"" };
    scratch.extend_from_slice(b";host=");
    scratch.extend_from_slice(quote);
    scratch.extend_from_slice(host.as_bytes());
    scratch.extend_from_slice(quote);
}
