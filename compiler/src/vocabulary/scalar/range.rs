//! Durations that grow: `5s..60s`.

use std::fmt;

use gw_artifact::model::Millis;

use super::super::units::millis;
use super::{Scalar, Syntax, Unread};

/// From one duration to a longer one, or always the same. INVARIANT: `from` is not longer than `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DurationRange {
    from: Millis,
    to: Millis,
}

impl DurationRange {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "a duration such as `5s`, or two such as `5s..60s`",
        "^[0-9]+(ms|s|m|h|d)(\\.\\.[0-9]+(ms|s|m|h|d))?$",
    );

    /// The shortest.
    pub fn from(self) -> Millis {
        self.from
    }

    /// The longest.
    pub fn to(self) -> Millis {
        self.to
    }
}

impl Scalar for DurationRange {
    fn read(text: &str) -> Result<Self, Unread> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let (from, to) = (millis(from).ok_or(Unread::PLAIN)?, millis(to).ok_or(Unread::PLAIN)?);
        if from > to {
            return Err(Unread::help(format!("the shorter one stands first: `{to}..{from}`")));
        }
        Ok(DurationRange { from, to })
    }
}

impl fmt::Display for DurationRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to { self.from.fmt(f) } else { write!(f, "{}..{}", self.from, self.to) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn ranges_and_single_durations_read_back() {
        reads_back::<DurationRange>(&["5s..30s", "250ms", "1ms..1h"]);
        assert_eq!(DurationRange::read("5s..5s").unwrap().to_string(), "5s");
    }

    #[test]
    fn what_is_no_range_is_refused() {
        refused::<DurationRange>(&[
            "",
            "..",
            "5s..",
            "..5s",
            "5s...6s",
            "5..6s",
            "60s..5s",
            "0s..1s",
            "1s..2s..3s",
        ]);
        assert!(help::<DurationRange>("60s..5s").contains("`5s..1m`"));
    }
}
