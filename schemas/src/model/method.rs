//! Request methods: those with a key of their own in OpenAPI, and any other token.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A request method that an OpenAPI path item can declare (OpenAPI 3.2 §4.9) and that is served.
///
/// `TRACE` is not: its answer tells the caller what the gateway told the upstream, and it must carry no credential
/// (RFC 9110 §9.3.8). Nor is `CONNECT`, which asks for a tunnel and has no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Method {
    /// RFC 9110 §9.3.1.
    Get,
    /// RFC 9110 §9.3.2.
    Head,
    /// RFC 9110 §9.3.3.
    Post,
    /// RFC 9110 §9.3.4.
    Put,
    /// RFC 9110 §9.3.5.
    Delete,
    /// RFC 9110 §9.3.7.
    Options,
    /// RFC 5789.
    Patch,
    /// The HTTP QUERY method: safe, idempotent, with a body.
    Query,
    /// Any other, from `additionalOperations` (OpenAPI 3.2 §4.9).
    Other(MethodToken),
}

impl Method {
    /// Every method that has a name of its own here, in the order in which `Allow` lists them; others come after.
    pub const NAMED: [Self; 8] =
        [Self::Get, Self::Head, Self::Post, Self::Put, Self::Delete, Self::Options, Self::Patch, Self::Query];

    /// Their names, in the same order.
    pub const NAMES: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "QUERY"];

    /// The method's name as it stands on the wire; methods are case-sensitive (RFC 9110 §9.1).
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Patch => "PATCH",
            Self::Query => "QUERY",
            Self::Other(token) => token.as_str(),
        }
    }

    /// The method of that name on the wire, if it is one that can be published. O(length), allocates nothing.
    pub fn from_wire(name: &str) -> Option<Self> {
        let named = Self::NAMED.into_iter().find(|method| method.as_str() == name);
        named.or_else(|| MethodToken::new(name).map(Self::Other))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The longest method that is published; the longest registered one has 17 bytes (`UPDATEREDIRECTREF`).
pub const MAX_METHOD_BYTES: usize = 23;

/// The name of a method that has no name here, held in place.
///
/// INVARIANT: a token of 1 to [`MAX_METHOD_BYTES`] bytes (RFC 9110 §5.6.2) that does not read like a method with a
/// name of its own, like `TRACE` or like `CONNECT` in any case, so that no two spellings mean one method.
#[derive(Clone, Copy)]
pub struct MethodToken {
    length: u8,
    bytes: [u8; MAX_METHOD_BYTES],
}

impl MethodToken {
    /// The token, if it is one that can be published.
    pub fn new(name: &str) -> Option<Self> {
        let fits = !name.is_empty() && name.len() <= MAX_METHOD_BYTES && name.bytes().all(is_token_byte);
        if !fits || reads_like_a_fixed_one(name) {
            return None;
        }
        let mut bytes = [0; MAX_METHOD_BYTES];
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        Some(MethodToken { length: name.len() as u8, bytes })
    }

    /// The name as it stands on the wire.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).expect("a token is ASCII")
    }
}

fn reads_like_a_fixed_one(name: &str) -> bool {
    let never = ["TRACE", "CONNECT"];
    never.into_iter().any(|fixed| fixed.eq_ignore_ascii_case(name))
        || Method::NAMED.iter().any(|method| method.as_str().eq_ignore_ascii_case(name))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl PartialEq for MethodToken {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for MethodToken {}

impl PartialOrd for MethodToken {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MethodToken {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for MethodToken {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for MethodToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for MethodToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MethodToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        MethodToken::new(&name).ok_or_else(|| serde::de::Error::custom("not a method that can be published"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_on_the_wire_is_one_method() {
        for method in Method::NAMED {
            assert_eq!(Method::from_wire(method.as_str()), Some(method));
        }
        assert_eq!(Method::NAMED.each_ref().map(Method::as_str), Method::NAMES);
        let purge = Method::from_wire("PURGE").expect("a token");
        assert_eq!((purge.as_str(), purge.to_string()), ("PURGE", "PURGE".to_owned()));
        assert!(purge > Method::Query && Method::from_wire("LOCK") < Some(purge));
    }

    #[test]
    fn what_is_never_published_is_no_method() {
        let long = "A".repeat(MAX_METHOD_BYTES + 1);
        for name in ["", "TRACE", "Trace", "CONNECT", "get", "Query", "A B", "A/B", "é", &long] {
            assert_eq!(Method::from_wire(name), None, "{name}");
        }
        assert!(Method::from_wire(&long[1..]).is_some());
    }
}
