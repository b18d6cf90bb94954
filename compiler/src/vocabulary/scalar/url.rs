//! Addresses of services that the gateway asks.

use std::fmt;

use super::{Scalar, Syntax, Unread};
use crate::vocabulary::address::is_authority;

/// An absolute `http` or `https` URL without user and fragment, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpUrl(String);

/// The longest URL, in bytes.
const MAX_BYTES: usize = 2048;

impl HttpUrl {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("a URL such as `https://id.example.com/introspect`", "^https?://[^\\s#]+$");

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scalar for HttpUrl {
    fn read(text: &str) -> Result<Self, Unread> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or_else(|| Unread::help("it begins with `https://`, or with `http://`"))?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(Unread::help("credentials do not belong into a URL; name a secret"));
        }
        let visible = rest.bytes().all(|byte| byte.is_ascii_graphic()) && !rest.contains('#');
        let reads = visible && text.len() <= MAX_BYTES && is_authority(authority);
        if reads { Ok(HttpUrl(text.to_owned())) } else { Err(Unread::PLAIN) }
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn urls_read_back() {
        reads_back::<HttpUrl>(&["https://id.example.com/introspect?x=1", "http://[::1]:8080", "https://a"]);
    }

    #[test]
    fn what_is_no_url_is_refused() {
        refused::<HttpUrl>(&[
            "",
            "id.example.com",
            "ftp://a",
            "https://",
            "https://a b",
            "https://a#b",
            "https://u:p@a",
        ]);
        assert!(help::<HttpUrl>("https://u:p@a").contains("secret"));
    }
}
