//! What is left out of everything that gw writes.

use std::fmt;

use super::{ClaimPath, HeaderName, QueryName, Scalar, Syntax, Unread};

/// One place whose value is redacted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Redaction {
    /// `header:X`: a header, of requests and responses.
    Header(HeaderName),
    /// `query:X`: a query parameter.
    Query(QueryName),
    /// `path:X`: a path parameter, by its name in the template.
    Path(QueryName),
    /// `claim:X`: a claim of the token.
    Claim(ClaimPath),
}

impl Redaction {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "`header:NAME`, `query:NAME`, `path:NAME` or `claim:NAME`",
        "^(header:[^\\s:]+|query:\\S+|path:\\S+|claim:[^\\s|]+)$",
    );
}

impl Scalar for Redaction {
    fn read(text: &str) -> Result<Self, Unread> {
        match text.split_once(':') {
            Some(("header", name)) => HeaderName::read(name).map(Redaction::Header),
            Some(("query", name)) => QueryName::read(name).map(Redaction::Query),
            Some(("path", name)) => QueryName::read(name).map(Redaction::Path),
            Some(("claim", name)) => ClaimPath::read(name).map(Redaction::Claim),
            Some((other, _)) => Err(Unread::near(other, ["header", "query", "path", "claim"])),
            None if text.is_empty() => Err(Unread::PLAIN),
            None => Err(Unread::help(format!("say where it stands: `header:{text}`, `query:{text}`"))),
        }
    }
}

impl fmt::Display for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Redaction::Header(name) => write!(f, "header:{name}"),
            Redaction::Query(name) => write!(f, "query:{name}"),
            Redaction::Path(name) => write!(f, "path:{name}"),
            Redaction::Claim(path) => write!(f, "claim:{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn places_read_back() {
        reads_back::<Redaction>(&["header:authorization", "query:token", "path:iban", "claim:email"]);
    }

    #[test]
    fn what_is_no_place_is_refused() {
        refused::<Redaction>(&["", "token", "header:", "body:x", "query:a b"]);
        assert!(help::<Redaction>("token").contains("`query:token`"));
    }
}
