//! The caller's trace, passed on when it is well-formed (W3C Trace Context §3.2).

use crate::head::Head;

/// The trace id of the one well-formed `traceparent`, 32 hexadecimal digits.
pub(crate) fn trace_id<'a>(head: &Head<'a>) -> Option<&'a str> {
    let value = well_formed(head)?;
    value.get(3..35).and_then(|digits| std::str::from_utf8(digits).ok())
}

/// The value of `traceparent` when there is exactly one and it is well-formed: `version-trace-parent-flags` in
/// lower-case digits, neither id all zeros; a later version may go on behind a dash.
pub(super) fn well_formed<'a>(head: &Head<'a>) -> Option<&'a [u8]> {
    let mut values = head.all("traceparent");
    let value = values.next()?;
    let fields = value.first_chunk::<55>()?;
    let (version, rest) = (&fields[..2], &value[55..]);
    let dashes = [2, 35, 52].iter().all(|&at| fields[at] == b'-');
    let ids = is_id(&fields[3..35]) && is_id(&fields[36..52]);
    let digits = is_hex(version) && is_hex(&fields[53..55]) && version != b"ff";
    let tail = rest.is_empty() || (version != b"00" && rest[0] == b'-');
    (values.next().is_none() && dashes && ids && digits && tail).then_some(value)
}

fn is_hex(text: &[u8]) -> bool {
    // Looking at every byte, whatever was found, is what the compiler turns into vector instructions.
    text.iter().fold(true, |is_hex, byte| is_hex & matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_id(text: &[u8]) -> bool {
    is_hex(text) && text.iter().fold(0, |bits, byte| bits | (byte ^ b'0')) != 0
}
