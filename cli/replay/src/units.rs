//! Values with units, as suites write them.

use std::net::{IpAddr, SocketAddr};

/// The largest body that a suite can ask for.
pub(crate) const MAX_BODY_BYTES: u64 = 64 << 20;

/// A duration in nanoseconds, at most a year.
pub(crate) fn nanos(text: &str) -> Option<u64> {
    let (count, unit) = count_and_unit(text)?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    count.checked_mul(millis).filter(|millis| *millis <= 365 * 86_400_000).map(|millis| millis * 1_000_000)
}

/// A size in bytes, at most [`MAX_BODY_BYTES`].
pub(crate) fn bytes(text: &str) -> Option<u64> {
    let (count, unit) = count_and_unit(text)?;
    let factor = match unit {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => return None,
    };
    count.checked_mul(factor).filter(|bytes| *bytes <= MAX_BODY_BYTES)
}

/// An address, with a port or without.
pub(crate) fn address(text: &str) -> Option<SocketAddr> {
    let alone = || Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, DEFAULT_PORT));
    text.parse().ok().or_else(alone)
}

fn count_and_unit(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = text.split_at(digits);
    Some((count.parse().ok()?, unit))
}

/// The caller's port where a suite says none.
pub(crate) const DEFAULT_PORT: u16 = 40_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        assert_eq!(nanos("250ms"), Some(250_000_000));
        assert_eq!(nanos("3s"), Some(3_000_000_000));
        assert_eq!(bytes("4KiB"), Some(4_096));
        assert_eq!(address("::1").map(|address| address.port()), Some(DEFAULT_PORT));
        assert_eq!(address("[::1]:7").map(|address| address.port()), Some(7));
    }

    #[test]
    fn refuses_everything_else() {
        for text in ["", "3", "s", "-1s", "1.5s", "3 s", "400d", "99999999999999999999s"] {
            assert_eq!(nanos(text), None, "{text}");
        }
        for text in ["", "3", "3KB", "65MiB", "-1B"] {
            assert_eq!(bytes(text), None, "{text}");
        }
        assert_eq!(address("localhost"), None);
    }
}
