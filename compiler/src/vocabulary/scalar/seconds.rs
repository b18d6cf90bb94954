//! What browsers are told: long times, in whole seconds.

use super::super::units::{Seconds, seconds};
use super::{Scalar, Syntax, Unread};

/// The form of a time in whole seconds.
pub(in crate::vocabulary) const SECONDS: Syntax = Syntax::of::<Seconds>(
    "a duration in whole seconds such as `30s`, `1h` or `365d`",
    "^[0-9]+(ms|s|m|h|d)$",
);

impl Scalar for Seconds {
    fn read(text: &str) -> Result<Self, Unread> {
        seconds(text).ok_or(Unread::PLAIN)
    }
}
