//! What is tried again.

use std::fmt;

use super::{Scalar, Syntax, Unread};

/// One kind of failure that is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RetryOn {
    /// `connect`: no connection to the endpoint could be made; it has seen nothing.
    Connect,
    /// `reset`: the endpoint closed the connection before its answer began.
    Reset,
    /// `timeout`: the answer did not begin in time.
    Timeout,
    /// The endpoint answered with this status, 400 to 599.
    Status(u16),
}

impl RetryOn {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax {
        numbers: true,
        ..Syntax::of::<Self>(
            "`connect`, `reset`, `timeout` or a status from 400 to 599",
            "^(connect|reset|timeout|[45][0-9][0-9])$",
        )
    };
}

impl Scalar for RetryOn {
    fn read(text: &str) -> Result<Self, Unread> {
        match text {
            "connect" => Ok(RetryOn::Connect),
            "reset" => Ok(RetryOn::Reset),
            "timeout" => Ok(RetryOn::Timeout),
            _ => {
                let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
                let status = text.parse().ok().filter(|status| digits && (400..=599).contains(status));
                status.map(RetryOn::Status).ok_or_else(|| Unread::near(text, ["connect", "reset", "timeout"]))
            }
        }
    }
}

impl fmt::Display for RetryOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RetryOn::Connect => f.write_str("connect"),
            RetryOn::Reset => f.write_str("reset"),
            RetryOn::Timeout => f.write_str("timeout"),
            RetryOn::Status(status) => status.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn failures_and_statuses_read_back() {
        reads_back::<RetryOn>(&["connect", "reset", "timeout", "400", "503", "599"]);
    }

    #[test]
    fn what_is_no_failure_is_refused() {
        refused::<RetryOn>(&["", "200", "600", "5xx", "+503", "0503", "conect"]);
        assert_eq!(help::<RetryOn>("conect"), "did you mean `connect`?");
    }
}
