//! Values with units, as suites write them.

use std::net::{IpAddr, SocketAddr};

use gw_artifact::model::{duration_millis, size_bytes};

/// The largest body that a suite can ask for.
pub(crate) const MAX_BODY_BYTES: u64 = 64 << 20;

/// The longest time that a suite can let pass: a year.
const MAX_MILLIS: u64 = 365 * 86_400_000;

/// A duration in nanoseconds, at most a year.
pub(crate) fn nanos(text: &str) -> Option<u64> {
    duration_millis(text).filter(|millis| *millis <= MAX_MILLIS).map(|millis| millis * 1_000_000)
}

/// A size in bytes, at most [`MAX_BODY_BYTES`].
pub(crate) fn bytes(text: &str) -> Option<u64> {
    size_bytes(text).filter(|bytes| *bytes <= MAX_BODY_BYTES)
}

/// An address, with a port or without.
pub(crate) fn address(text: &str) -> Option<SocketAddr> {
    let alone = || Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, DEFAULT_PORT));
    text.parse().ok().or_else(alone)
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
