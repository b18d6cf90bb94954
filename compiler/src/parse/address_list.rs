//! Files of `address-lists`: a network per line.

use gw_syntax::{Diagnostic, Sink, SourceId, SourceMap, Span};

use super::codes::VALUE_MALFORMED;
use crate::policy::codes::TOO_MANY_ENTRIES;
use crate::vocabulary::scalar::{Network, Scalar};

/// The most networks of all lists together: as many as an address set can tell apart.
pub(crate) const MAX_NETWORKS: usize = 1_000_000;

/// Reads the networks of a file. Empty lines say nothing, nor does what stands behind `#`. A line that is no network is a
/// finding and is left out; `room` is how many more networks there may be.
pub(super) fn networks(id: SourceId, sources: &SourceMap, room: usize, sink: &mut Sink) -> Vec<Network> {
    let mut networks = Vec::new();
    let mut start = 0;
    for line in sources.text(id).split_inclusive('\n') {
        let entry = line.split('#').next().unwrap_or_default();
        let trimmed = entry.trim();
        let indent = (entry.len() - entry.trim_start().len()) as u32;
        let span = Span::new(id, start + indent, start + indent + trimmed.len() as u32);
        start += line.len() as u32;
        if trimmed.is_empty() {
            continue;
        }
        if networks.len() == room {
            sink.push_with(&TOO_MANY_ENTRIES, || {
                let message = format!("the lists of addresses hold more than {MAX_NETWORKS} networks");
                Diagnostic::new(&TOO_MANY_ENTRIES, message)
                    .at(span)
                    .about("address-lists")
                    .with_help("join neighbours into larger networks, or keep them out before the gateway")
            });
            break;
        }
        match Network::read(trimmed) {
            Ok(network) => networks.push(network),
            Err(unread) => sink.push_with(&VALUE_MALFORMED, || {
                let shown: String = trimmed.chars().take(60).collect();
                let message = format!("a line of a list of addresses is a network, and this is `{shown}`");
                let plain =
                    "a network is written `192.0.2.0/24`, `2001:db8::/32` or `192.0.2.7`, one per line";
                Diagnostic::new(&VALUE_MALFORMED, message)
                    .at(span)
                    .about(trimmed)
                    .with_help(unread.help.unwrap_or_else(|| plain.to_owned()))
            }),
        }
    }
    networks
}
