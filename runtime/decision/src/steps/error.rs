//! Step 9, error: what the caller hears when the upstream answers nonsense, late, or not at all.
//!
//! | Fault | Answer |
//! |---|---|
//! | no connection, or not within `connect` | 502 `upstream-connect` |
//! | a certificate that cannot be relied on, a handshake that fails | 502 `upstream-tls` |
//! | closed before the answer was whole | 502 `upstream-reset` |
//! | not HTTP; a status outside 200–599; more header lines, or names in `Connection`, than are read | 502 `upstream-protocol` |
//! | `Content-Length` beside `Transfer-Encoding`, twice, or not a number (RFC 9112 §6.3) | 502 `upstream-protocol` |
//! | a transfer coding other than `chunked`, or any from HTTP/1.0 (RFC 9112 §6.1) | 502 `upstream-protocol` |
//! | no response head within `response-head`, no end within `total` | 504 `upstream-timeout` |
//! | the request's body did not end within `request-body` | 408 `request-timeout` |
//! | the request's body became longer than `body-max` | 413 `body-too-large` |
//! | the request's body broke its framing | 400 `malformed-request` |
//! | the gateway had no descriptor or port for a connection | 503 `overloaded` |
//! | the gateway's own code failed | 500 `internal` |
//!
//! All of this holds until a response head was relayed; after that the connection is cut, so that a broken answer
//! never looks complete ([`How::Cut`](crate::How::Cut)).

use crate::answer::Answer;
use crate::fault::Fault;
use crate::head::{ResponseHead, Version};
use crate::outbound::Outbound;
use crate::pipeline::UpstreamAnswer;
use crate::relay::Relay;
use crate::steps::receive::MAX_CONNECTION_NAMES;
use crate::steps::receive::framing::decimal;
use crate::text::list_length;
use crate::trace::Record;
use crate::world::World;

/// An upstream's answer that is worth relaying, or what was wrong with it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Heard<'h> {
    Response(ResponseHead<'h>),
    Fault(Fault),
}

pub(crate) fn judge(answer: UpstreamAnswer<'_>) -> Heard<'_> {
    match answer {
        UpstreamAnswer::Fault(fault) => Heard::Fault(fault),
        UpstreamAnswer::Head(head) if is_sound(&head) => Heard::Response(head),
        UpstreamAnswer::Head(_) => Heard::Fault(Fault::Protocol),
    }
}

/// The caller hears the fault's reason; the permit stays held until it has.
pub(crate) fn explain<W: World>(outbound: Outbound<W::Permit>, fault: Fault, world: &W) -> Relay<W::Permit> {
    world.denied(fault.reason());
    Relay::explained(outbound, Answer::denial(fault.reason()), fault)
}

fn is_sound(head: &ResponseHead<'_>) -> bool {
    (200..600).contains(&head.status)
        && head.lines.len() <= MAX_LINES
        && list_length(head.all("connection")) <= MAX_CONNECTION_NAMES
        && ends_in_one_way(head)
}

/// Whether one reader and the next would find the same end of the body: what is relayed names no other one.
fn ends_in_one_way(head: &ResponseHead<'_>) -> bool {
    let (mut lengths, mut codings) = (head.all("content-length"), head.all("transfer-encoding"));
    match (lengths.next(), codings.next()) {
        (None, None) => true,
        (Some(digits), None) => decimal(digits).is_some() && lengths.next().is_none(),
        (None, Some(coding)) => {
            head.version == Version::Http11
                && coding.eq_ignore_ascii_case(b"chunked")
                && codings.next().is_none()
        }
        (Some(_), Some(_)) => false,
    }
}

/// One bit each in the set of lines that are not relayed.
const MAX_LINES: usize = u128::BITS as usize;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::Line;

    fn sound(version: Version, lines: &[(&str, &str)]) -> bool {
        let lines: Vec<_> =
            lines.iter().map(|(name, value)| Line { name, value: value.as_bytes() }).collect();
        let head = ResponseHead { status: 200, version, lines: &lines };
        matches!(judge(UpstreamAnswer::Head(head)), Heard::Response(_))
    }

    #[test]
    fn a_response_that_ends_in_one_way_is_relayed() {
        for lines in [[].as_slice(), &[("content-length", "5")], &[("transfer-encoding", "Chunked")]] {
            assert!(sound(Version::Http11, lines), "{lines:?}");
        }
        assert!(sound(Version::Http10, &[("content-length", "0")]));
    }

    #[test]
    fn a_response_that_two_readers_could_end_differently_is_a_protocol_fault() {
        let (length, coding) = ("content-length", "transfer-encoding");
        for lines in [
            [(length, "5"), (coding, "chunked")].as_slice(),
            &[(coding, "chunked"), (length, "50")],
            &[(length, "3"), (coding, "xx")],
            &[(length, "5"), (length, "7")],
            &[(length, "5"), (length, "5")],
            &[(length, "5, 5")],
            &[(length, "+5")],
            &[(length, "-5")],
            &[(length, "0x5")],
            &[(length, "")],
            &[(length, "99999999999999999999")],
            &[(coding, "gzip")],
            &[(coding, "gzip, chunked")],
            &[(coding, "chunked, chunked")],
            &[(coding, "identity")],
            &[(coding, "chunked"), (coding, "chunked")],
        ] {
            assert!(!sound(Version::Http11, lines), "{lines:?}");
        }
        assert!(!sound(Version::Http10, &[(coding, "chunked")]), "HTTP/1.0 knows no transfer coding");
    }

    #[test]
    fn a_response_with_too_many_names_in_connection_is_a_protocol_fault() {
        let names = |count: usize| vec!["x"; count].join(", ");
        assert!(sound(Version::Http11, &[("connection", &names(MAX_CONNECTION_NAMES))]));
        assert!(!sound(Version::Http11, &[("connection", &names(MAX_CONNECTION_NAMES + 1))]));
    }

    #[test]
    fn a_status_that_no_caller_could_read_is_a_protocol_fault() {
        for status in [100, 101, 199, 600, 999] {
            let head = ResponseHead { status, version: Version::Http11, lines: &[] };
            assert!(matches!(judge(UpstreamAnswer::Head(head)), Heard::Fault(Fault::Protocol)), "{status}");
        }
    }
}
