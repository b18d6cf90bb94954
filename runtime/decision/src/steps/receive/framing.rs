//! How the body's end is told: one way, or the request is refused (RFC 9112 §6.3; request smuggling, §11.2).

use gw_artifact::model::Reason;

use crate::head::{Framing, Head, Version};

/// The lines agree with each other, and with what the engine concluded from them.
pub(super) fn check(head: &Head<'_>) -> Result<(), Reason> {
    let mut lengths = head.all("content-length");
    let length = lengths.next();
    let mut codings = head.all("transfer-encoding");
    let coding = codings.next();
    let twice = lengths.next().is_some() || codings.next().is_some();
    let agrees = match (length, coding) {
        (None, None) => head.body == Framing::None,
        (Some(_), Some(_)) => false,
        (Some(digits), None) => match (decimal(digits), head.body) {
            (Some(0), Framing::None) => true,
            (Some(length), Framing::Length(read)) => length == read,
            (Some(_), Framing::None | Framing::Chunked) | (None, _) => false,
        },
        // A transfer coding is HTTP/1.1's; beside HTTP/1.0 it is a sign of a confused sender (§6.1).
        (None, Some(coding)) => {
            head.version == Version::Http11
                && coding.eq_ignore_ascii_case(b"chunked")
                && head.body == Framing::Chunked
        }
    };
    if agrees && !twice { Ok(()) } else { Err(Reason::MalformedRequest) }
}

/// Digits and nothing else: no sign, no list, no white space.
pub(crate) fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}
