//! What tells cached responses apart.

use std::fmt;

use super::{ClaimPath, HeaderName, QueryName, Scalar, Syntax, Unread};

/// One part of a cache key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CacheKey {
    /// `path`: the canonical path.
    Path,
    /// `host`: the public host.
    Host,
    /// `consumer`: the authenticated consumer.
    Consumer,
    /// `query:X`: a query parameter.
    Query(QueryName),
    /// `claim:X`: a claim of the verified token.
    Claim(ClaimPath),
    /// `header:X`: a request header.
    Header(HeaderName),
}

impl CacheKey {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "`path`, `host`, `consumer`, `query:NAME`, `claim:NAME` or `header:NAME`",
        "^(path|host|consumer|query:\\S+|claim:[^\\s|]+|header:[^\\s:]+)$",
    );

    /// Whether it tells callers apart by a verified identity.
    pub fn is_identity(&self) -> bool {
        matches!(self, CacheKey::Consumer | CacheKey::Claim(_))
    }
}

impl Scalar for CacheKey {
    fn read(text: &str) -> Result<Self, Unread> {
        match text.split_once(':') {
            Some(("query", name)) => QueryName::read(name).map(CacheKey::Query),
            Some(("claim", name)) => ClaimPath::read(name).map(CacheKey::Claim),
            Some(("header", name)) => HeaderName::read(name).map(CacheKey::Header),
            Some((other, _)) => Err(Unread::near(other, ["query", "claim", "header"])),
            None => match text {
                "path" => Ok(CacheKey::Path),
                "host" => Ok(CacheKey::Host),
                "consumer" => Ok(CacheKey::Consumer),
                "query" | "claim" | "header" => Err(Unread::help(format!("say which: `{text}:NAME`"))),
                other => Err(Unread::near(other, ["path", "host", "consumer"])),
            },
        }
    }
}

impl fmt::Display for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CacheKey::Path => f.write_str("path"),
            CacheKey::Host => f.write_str("host"),
            CacheKey::Consumer => f.write_str("consumer"),
            CacheKey::Query(name) => write!(f, "query:{name}"),
            CacheKey::Claim(path) => write!(f, "claim:{path}"),
            CacheKey::Header(name) => write!(f, "header:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn parts_read_back() {
        reads_back::<CacheKey>(&["path", "host", "consumer", "query:q", "claim:sub", "header:accept"]);
    }

    #[test]
    fn what_is_no_part_is_refused() {
        refused::<CacheKey>(&["", "method", "query:", "header:a b", "claim:a b", "query", "PATH"]);
        assert_eq!(help::<CacheKey>("querry:q"), "did you mean `query`?");
    }
}
