//! Names and values of header lines, and names of query parameters.

use std::fmt;

use super::{Scalar, Syntax, Unread};

/// The name of a header line (RFC 9110 section 5.1), in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeaderName(String);

/// The value of a header line (RFC 9110 section 5.5): visible ASCII and spaces between, not empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeaderValue(String);

/// The name of a query parameter, decoded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryName(String);

/// The longest name, in bytes.
const MAX_NAME: usize = 128;
/// The longest value, in bytes.
const MAX_VALUE: usize = 4096;

macro_rules! text_of {
    ($($name:ident)*) => {$(
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

text_of! { HeaderName HeaderValue QueryName }

impl HeaderName {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("the name of a header such as `x-user`", "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$");
}

impl HeaderValue {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax { numbers: true, ..Syntax::of::<Self>("the value of a header", "^[ -~]+$") };
}

impl QueryName {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("the name of a query parameter", "^\\S{1,128}$");
}

impl Scalar for HeaderName {
    fn read(text: &str) -> Result<Self, Unread> {
        let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if text == "*" {
            return Err(Unread::help("name each header: a wildcard names none"));
        }
        let reads = (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(is_token_byte);
        if reads { Ok(HeaderName(text.to_ascii_lowercase())) } else { Err(Unread::PLAIN) }
    }
}

impl Scalar for HeaderValue {
    fn read(text: &str) -> Result<Self, Unread> {
        let visible = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if !visible {
            return Err(Unread::help("it holds visible ASCII and spaces only (RFC 9110 section 5.5)"));
        }
        if text.trim() != text || !(1..=MAX_VALUE).contains(&text.len()) {
            return Err(Unread::help(format!("it has 1 to {MAX_VALUE} bytes, and no space at its ends")));
        }
        Ok(HeaderValue(text.to_owned()))
    }
}

impl Scalar for QueryName {
    fn read(text: &str) -> Result<Self, Unread> {
        let foreign = |c: char| c.is_whitespace() || c.is_control();
        let reads = (1..=MAX_NAME).contains(&text.len()) && !text.contains(foreign);
        if reads { Ok(QueryName(text.to_owned())) } else { Err(Unread::PLAIN) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{reads_back, refused};
    use super::*;

    #[test]
    fn names_and_values_read_back() {
        reads_back::<HeaderName>(&["x-user", "a.b_c~"]);
        reads_back::<HeaderValue>(&["a b", "max-age=60; private", "\"quoted\""]);
        reads_back::<QueryName>(&["q", "filter[name]", "größe"]);
        assert_eq!(HeaderName::read("X-User").unwrap().as_str(), "x-user");
    }

    #[test]
    fn what_is_no_name_or_value_is_refused() {
        refused::<HeaderName>(&["", "a b", "a:", "ä", "*", &"a".repeat(129)]);
        refused::<HeaderValue>(&["", " a", "a\r\nb: c", "ä", "a\tb", &"a".repeat(4097)]);
        refused::<QueryName>(&["", "a b", "a\n", &"a".repeat(129)]);
    }
}
