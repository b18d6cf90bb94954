//! Paths with variables, and places in a JSON body.

use std::fmt;

use gw_artifact::path_trie::Template;
use gw_syntax::Pointer;

use super::{Scalar, Syntax, Unread};

/// A path template as it is written: `/orders/{id}`. INVARIANT: [`Template::parse`] reads it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathTemplate(String);

/// A JSON pointer to a value below the root (RFC 6901): `/user/name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PointerText(String);

impl PathTemplate {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("a path such as `/orders/{id}`", "^/[^?#]*$");

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PointerText {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("a JSON pointer such as `/user/name`", "^(/([^~]|~[01])*)+$");

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scalar for PathTemplate {
    fn read(text: &str) -> Result<Self, Unread> {
        match Template::parse(text) {
            Ok(_) => Ok(PathTemplate(text.to_owned())),
            Err(defect) => Err(Unread::help(defect.to_string())),
        }
    }
}

impl Scalar for PointerText {
    fn read(text: &str) -> Result<Self, Unread> {
        let reads = (1..=MAX_BYTES).contains(&text.len()) && Pointer::parse(text).is_some();
        if reads { Ok(PointerText(text.to_owned())) } else { Err(Unread::PLAIN) }
    }
}

/// The longest pointer, in bytes.
const MAX_BYTES: usize = 512;

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PointerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn paths_and_pointers_read_back() {
        reads_back::<PathTemplate>(&["/", "/a/{x}/c", "/a/{x}.json"]);
        reads_back::<PointerText>(&["/a", "/a/0/b~1c", "/"]);
    }

    #[test]
    fn what_is_no_path_or_pointer_is_refused() {
        refused::<PathTemplate>(&["", "a", "/a?b", "/{x", "/{a}{b}", "/a//b", "/../a"]);
        refused::<PointerText>(&["", "a", "/a~2", "$.a"]);
        assert_eq!(help::<PathTemplate>("a"), "the path does not begin with `/`");
    }
}
