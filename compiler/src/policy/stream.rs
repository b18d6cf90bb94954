//! `x-gw-stream`: exchanges that stay open.

use std::fmt;

use gw_syntax::{Kind, NodeRef, Sink};

use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::words;

/// The kinds of exchange that may stay open; at least one, none twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// The kinds, in source order.
    pub kinds: Vec<Spanned<StreamKind>>,
}

words! {
    /// A kind of exchange that stays open.
    StreamKind {
        /// Server-sent events (HTML standard, section 9.2).
        Sse = "sse",
        /// WebSockets (RFC 6455).
        Websocket = "websocket",
    }
}

/// Reads the value: a word, or a list of words.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Stream> {
    let kinds: Vec<Spanned<StreamKind>> = match node.kind() {
        Kind::Sequence => parts::items(node),
        _ => parts::scalar(node).into_iter().collect(),
    };
    self_check::list_itself(node, "stream", &kinds, sink);
    (!kinds.is_empty()).then_some(Stream { kinds })
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kinds.as_slice() {
            [only] => only.value.fmt(f),
            kinds => f.write_str(&super::flow::list(kinds)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn words_and_lists_are_read() {
        reads_as("stream", "sse", "sse");
        reads_as("stream", "[websocket]", "websocket");
        reads_as("stream", "[sse, websocket]", "[sse, websocket]");
    }

    #[test]
    fn what_is_no_stream_is_refused() {
        assert_eq!(codes("stream", "[]"), ["GW0121"]);
        assert_eq!(codes("stream", "[sse, sse]"), ["GW0122"]);
        assert_eq!(codes("stream", "ws"), ["GW0133"]);
        assert_eq!(codes("stream", "{sse: true}"), ["GW0133"]);
    }
}
