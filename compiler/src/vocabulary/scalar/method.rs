//! Request methods as they stand on the wire.

use std::fmt;

use gw_artifact::model::Method;

use super::{Scalar, Syntax, Unread};

/// A method that can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MethodName(pub Method);

impl MethodName {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("a method such as `GET` or `PURGE`", "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,23}$");
}

impl Scalar for MethodName {
    fn read(text: &str) -> Result<Self, Unread> {
        if let Some(method) = Method::from_wire(text) {
            return Ok(Self(method));
        }
        match text.to_ascii_uppercase().as_str() {
            "TRACE" | "CONNECT" => Err(Unread::help("gw never serves it")),
            upper if Method::NAMES.contains(&upper) => {
                Err(Unread::help(format!("methods are compared as they stand: `{upper}`")))
            }
            _ => Err(Unread::PLAIN),
        }
    }
}

impl fmt::Display for MethodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn what_is_served_reads_back() {
        reads_back::<MethodName>(&["GET", "QUERY", "PURGE", "x-move"]);
        refused::<MethodName>(&["", "get", "TRACE", "connect", "a b"]);
        assert!(help::<MethodName>("get").contains("`GET`") && help::<MethodName>("trace").contains("never"));
    }
}
