//! Codes of findings.

use gw_syntax::Code;

use super::{Scalar, Syntax, Unread};

/// The form of a code.
pub(in crate::vocabulary) const CODE: Syntax =
    Syntax::of::<Code>("a code such as `GW0401`", "^[Gg][Ww][0-9]{4}$");

impl Scalar for Code {
    fn read(text: &str) -> Result<Self, Unread> {
        text.parse().map_err(|_| Unread::PLAIN)
    }
}
