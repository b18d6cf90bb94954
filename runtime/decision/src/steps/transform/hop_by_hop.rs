//! Lines that end at this hop (RFC 9110 §7.6.1), as a set of bits over the lines of a head.

use crate::head::Line;

/// Lines that `test` is true for. Lines past the 128th, which no head that was let in has, are not looked at.
pub(super) fn lines_where(lines: &[Line<'_>], test: impl Fn(&Line<'_>) -> bool) -> u128 {
    let bits = lines.iter().take(u128::BITS as usize).enumerate();
    bits.fold(0, |set, (at, line)| set | u128::from(test(line)) << at)
}

/// Whether a line of that name is in the set.
pub(super) fn contains(set: u128, index: usize) -> bool {
    index < u128::BITS as usize && set >> index & 1 == 1
}

/// Lines that `Connection` names, without those that no sender may name: `stays` and the message's own framing
/// and meaning. A stranger could otherwise have a line removed that was judged.
pub(super) fn nominated(lines: &[Line<'_>], stays: impl Fn(&str) -> bool) -> u128 {
    let mut set = 0;
    for connection in lines.iter().filter(|line| line.name == "connection") {
        for token in connection.value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
            if token.is_empty()
                || token.eq_ignore_ascii_case(b"close")
                || token.eq_ignore_ascii_case(b"keep-alive")
            {
                continue;
            }
            set |= lines_where(lines, |line| {
                line.name.as_bytes().eq_ignore_ascii_case(token)
                    && !is_end_to_end(line.name)
                    && !stays(line.name)
            });
        }
    }
    set
}

fn is_end_to_end(name: &str) -> bool {
    name.starts_with("content-")
        || matches!(
            name,
            "authorization"
                | "cache-control"
                | "cookie"
                | "date"
                | "host"
                | "location"
                | "set-cookie"
                | "via"
                | "www-authenticate"
        )
}
