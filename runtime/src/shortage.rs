//! The system has no descriptor, or no memory, for another socket.
//!
//! Nothing is kept in reserve to turn callers away with: they wait in the kernel, and are served when others leave. What
//! is let go are connections to endpoints that nobody uses.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

/// Two failures that are farther apart are two shortages, in nanoseconds.
const QUIET: u64 = 10_000_000_000;

/// Whether the system was out of sockets: of descriptors in the process or the machine, of memory, or of ports.
pub(crate) fn is_shortage(fault: &io::Error) -> bool {
    let of_the_system = [libc::EMFILE, libc::ENFILE, libc::ENOBUFS, libc::ENOMEM, libc::EADDRNOTAVAIL];
    fault.raw_os_error().is_some_and(|code| of_the_system.contains(&code))
}

/// The shortages of the process.
#[derive(Debug, Default)]
pub(crate) struct Shortages {
    count: AtomicU64,
    /// Until when another failure is part of the same one; 0 before the first.
    until: AtomicU64,
}

impl Shortages {
    /// A socket could not be had at `now` (monotonic nanoseconds); whether a shortage begins with it.
    pub(crate) fn begins(&self, now: u64) -> bool {
        let begins = self.until.swap(now.saturating_add(QUIET), Ordering::Relaxed) <= now;
        if begins {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
        begins
    }

    /// How many there were.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_close_to_each_other_are_one_shortage() {
        let shortages = Shortages::default();
        let begins: Vec<bool> =
            [1, 2, QUIET, 2 * QUIET - 1, 3 * QUIET, 3 * QUIET + 5].map(|now| shortages.begins(now)).into();
        assert_eq!(begins, [true, false, false, false, true, false]);
        assert_eq!(shortages.count(), 2);
    }

    #[test]
    fn a_refusal_is_no_shortage() {
        assert!(is_shortage(&io::Error::from_raw_os_error(libc::EMFILE)));
        for code in [libc::ECONNREFUSED, libc::ECONNABORTED, libc::EPERM, libc::ETIMEDOUT] {
            assert!(!is_shortage(&io::Error::from_raw_os_error(code)));
        }
        assert!(!is_shortage(&io::ErrorKind::NotFound.into()));
    }
}
