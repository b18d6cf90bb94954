//! Patterns for header values: text in which `*` stands for any text.

use std::fmt;

use gw_artifact::pattern_set::{MAX_PATTERN_BYTES, is_pattern};

use super::{Scalar, Syntax, Unread};

/// A pattern; letter case does not matter, so it is kept in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValuePattern(String);

impl ValuePattern {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax {
        numbers: true,
        ..Syntax::of::<Self>(
            "a pattern such as `*sqlmap*` or `curl/*`, in which `*` stands for any text",
            "^[ -~]+$",
        )
    };

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scalar for ValuePattern {
    fn read(text: &str) -> Result<Self, Unread> {
        if is_pattern(text) {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Err(Unread::help(format!(
            "it has 1 to {MAX_PATTERN_BYTES} bytes of visible ASCII, and no space at its ends"
        )))
    }
}

impl fmt::Display for ValuePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{reads_back, refused};
    use super::*;

    #[test]
    fn patterns_read_back_in_lower_case() {
        reads_back::<ValuePattern>(&["*", "*sqlmap*", "mozilla/5.0 (x11)"]);
        assert_eq!(ValuePattern::read("Curl/*").unwrap().as_str(), "curl/*");
        refused::<ValuePattern>(&["", " a", "a\tb", "ä"]);
    }
}
