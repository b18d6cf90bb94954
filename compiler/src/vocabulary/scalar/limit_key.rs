//! Whose requests are counted together.

use std::fmt;

use super::{ClaimPath, HeaderName, Scalar, Syntax, Unread};

/// What tells the buckets of a limit apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitKey {
    /// `caller`: the consumer if authenticated, else the client's address.
    Caller,
    /// `ip`: the client's address; of IPv6 the first 64 bits.
    Ip,
    /// `consumer`: the authenticated consumer.
    Consumer,
    /// `claim:X`: a claim of the verified token.
    Claim(ClaimPath),
    /// `header:X`: the value of a request header.
    Header(HeaderName),
    /// `operation`: one bucket for all callers.
    Operation,
}

impl LimitKey {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "`caller`, `ip`, `consumer`, `claim:NAME`, `header:NAME` or `operation`",
        "^(caller|ip|consumer|operation|claim:[^\\s|]+|header:[^\\s:]+)$",
    );

    /// Whether it needs a verified identity: without one there is no bucket.
    pub fn needs_identity(&self) -> bool {
        matches!(self, LimitKey::Consumer | LimitKey::Claim(_))
    }
}

impl Scalar for LimitKey {
    fn read(text: &str) -> Result<Self, Unread> {
        match text.split_once(':') {
            Some(("claim", name)) => ClaimPath::read(name).map(LimitKey::Claim),
            Some(("header", name)) => HeaderName::read(name).map(LimitKey::Header),
            Some((other, _)) => Err(Unread::near(other, ["claim", "header"])),
            None => match text {
                "caller" => Ok(LimitKey::Caller),
                "ip" => Ok(LimitKey::Ip),
                "consumer" => Ok(LimitKey::Consumer),
                "operation" => Ok(LimitKey::Operation),
                "claim" | "header" => Err(Unread::help(format!("say which: `{text}:NAME`"))),
                other => Err(Unread::near(other, ["caller", "ip", "consumer", "operation"])),
            },
        }
    }
}

impl fmt::Display for LimitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LimitKey::Caller => f.write_str("caller"),
            LimitKey::Ip => f.write_str("ip"),
            LimitKey::Consumer => f.write_str("consumer"),
            LimitKey::Claim(path) => write!(f, "claim:{path}"),
            LimitKey::Header(name) => write!(f, "header:{name}"),
            LimitKey::Operation => f.write_str("operation"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn keys_read_back() {
        reads_back::<LimitKey>(&[
            "caller",
            "ip",
            "consumer",
            "claim:tenant.id",
            "header:x-team",
            "operation",
        ]);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        refused::<LimitKey>(&["", "user", "claim:", "header:a b", "claim", "ip:4", "Caller"]);
        assert_eq!(help::<LimitKey>("consumr"), "did you mean `consumer`?");
        assert_eq!(help::<LimitKey>("header"), "say which: `header:NAME`");
    }
}
