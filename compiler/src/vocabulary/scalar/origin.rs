//! Origins of browsers' requests (RFC 6454 section 6.2).

use std::fmt;

use super::{Scalar, Syntax, Unread};
use crate::vocabulary::address::host_pattern;

/// Who may call from a browser.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// `*`: everyone.
    Any,
    /// `https://app.example.com`, `https://*.example.com:8443`: in lower case, as browsers send it.
    Named(String),
}

impl Origin {
    pub(in crate::vocabulary) const SYNTAX: Syntax = Syntax::of::<Self>(
        "an origin such as `https://app.example.com` or `https://*.example.com`, or `*`",
        "^(\\*|https?://[^/?#]+)$",
    );
}

impl Scalar for Origin {
    fn read(text: &str) -> Result<Self, Unread> {
        match text {
            "*" => return Ok(Origin::Any),
            "null" => return Err(Unread::help("every sandboxed page calls itself `null`: it names nobody")),
            _ => {}
        }
        let lower = text.to_ascii_lowercase();
        let Some((scheme, authority)) = lower.split_once("://") else {
            return Err(Unread::help(format!("an origin has a scheme: `https://{text}`")));
        };
        if !matches!(scheme, "http" | "https") {
            return Err(Unread::help("browsers send origins of `http` and `https`"));
        }
        if let Some((authority, _)) = authority.split_once('/') {
            return Err(Unread::help(format!("an origin has no path: `{scheme}://{authority}`")));
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        };
        host_pattern(host).ok_or(Unread::PLAIN)?;
        match (scheme, port) {
            ("http", Some("80")) | ("https", Some("443")) => {
                Err(Unread::help(format!("browsers leave the usual port out: `{scheme}://{host}`")))
            }
            (_, Some(port)) if !is_port(port) => Err(Unread::PLAIN),
            (_, Some(_) | None) => Ok(Origin::Named(lower)),
        }
    }
}

fn is_port(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    plain && text.parse::<u16>().is_ok()
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Any => f.write_str("*"),
            Origin::Named(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{help, reads_back, refused};
    use super::*;

    #[test]
    fn origins_read_back() {
        reads_back::<Origin>(&[
            "*",
            "https://app.example.com",
            "https://*.example.com",
            "http://localhost:3000",
        ]);
        reads_back::<Origin>(&["http://[::1]:3000"]);
        assert_eq!(Origin::read("HTTPS://App.example.com").unwrap().to_string(), "https://app.example.com");
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        refused::<Origin>(&[
            "",
            "null",
            "app.example.com",
            "ftp://a",
            "https://a/",
            "https://",
            "https://a:0",
            "**",
        ]);
        assert!(help::<Origin>("app.example.com").contains("`https://app.example.com`"));
        assert!(help::<Origin>("https://a:443").contains("`https://a`"));
    }
}
