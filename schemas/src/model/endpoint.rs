//! Where one endpoint of a service listens, and the URL that says so.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// Where one endpoint listens, and what is spoken there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EndpointAddress {
    /// What is spoken there.
    pub scheme: EndpointScheme,
    /// A name or an address, without brackets; with TLS one that a certificate can be for.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

/// What an endpoint speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EndpointScheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}

impl EndpointScheme {
    /// `http` or `https`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that is not written (RFC 9110 §4.2.1, §4.2.2).
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl EndpointAddress {
    /// An endpoint that speaks plain HTTP.
    pub fn plain(host: impl Into<String>, port: u16) -> Self {
        Self { scheme: EndpointScheme::Http, host: host.into(), port }
    }

    /// The URL: `https://name:port`.
    pub fn url(&self) -> String {
        format!("{}://{self}", self.scheme.as_str())
    }
}

impl fmt::Display for EndpointAddress {
    /// Writes the authority: `name:port`, `[::1]:port`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Why a text is not the URL of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointDefect {
    /// The scheme is something else, or missing.
    #[error("an endpoint starts with `http://` or `https://`")]
    Scheme,
    /// There is no host, or it holds characters that no host name or address has.
    #[error("the host is missing or not a name or address")]
    Host,
    /// The host of an endpoint with TLS is no name or address that a certificate can be for.
    #[error("the host is not a name or address that a certificate can be for")]
    Name,
    /// The port is not a number from 1 to 65535.
    #[error("the port is not a number from 1 to 65535")]
    Port,
    /// There is something behind the authority.
    #[error("an endpoint is an address: it has no user, path, query or fragment")]
    Trailing,
}

impl std::str::FromStr for EndpointAddress {
    type Err = EndpointDefect;

    /// Reads `http://host[:port]` or `https://host[:port]`, with an optional final slash.
    fn from_str(text: &str) -> Result<Self, EndpointDefect> {
        let known = [EndpointScheme::Http, EndpointScheme::Https];
        let of =
            |scheme: EndpointScheme| Some((scheme, text.strip_prefix(scheme.as_str())?.strip_prefix("://")?));
        let (scheme, authority) = known.into_iter().find_map(of).ok_or(EndpointDefect::Scheme)?;
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        if authority.contains(['/', '?', '#', '@']) {
            return Err(EndpointDefect::Trailing);
        }
        let (host, port) = match authority.strip_prefix('[') {
            Some(rest) => {
                let (host, tail) = rest.split_once(']').ok_or(EndpointDefect::Host)?;
                host.parse::<Ipv6Addr>().map_err(|_| EndpointDefect::Host)?;
                let port = match tail {
                    "" => None,
                    tail => Some(tail.strip_prefix(':').ok_or(EndpointDefect::Port)?),
                };
                (host, port)
            }
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        };
        let is_host_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b':');
        if host.is_empty() || !host.bytes().all(is_host_byte) {
            return Err(EndpointDefect::Host);
        }
        let can_be_shown = host.parse::<IpAddr>().is_ok() || is_server_name(host);
        if scheme == EndpointScheme::Https && !can_be_shown {
            return Err(EndpointDefect::Name);
        }
        let port = match port {
            None => scheme.default_port(),
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse().ok().filter(|port| *port != 0).ok_or(EndpointDefect::Port)?
            }
            Some(_) => return Err(EndpointDefect::Port),
        };
        Ok(Self { scheme, host: host.to_ascii_lowercase(), port })
    }
}

/// Whether a text is a DNS name that TLS can ask for and a certificate can be for (RFC 6066 §3, RFC 6125 §1.5): labels of 1 to
/// 63 letters, digits, `-` and `_`, the last one no number, so that it is no address in any spelling.
pub fn is_server_name(text: &str) -> bool {
    let is_label = |label: &str| {
        let within = (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
        within && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    let is_number = |label: &str| {
        let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
        label.bytes().all(|b| b.is_ascii_digit())
            || hexadecimal.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    text.len() <= 253 && text.split('.').all(is_label) && !text.rsplit('.').next().is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_reads_back_as_written() {
        for (text, authority) in [
            ("http://127.0.0.1:9001", "127.0.0.1:9001"),
            ("http://orders.internal", "orders.internal:80"),
            ("http://[::1]:8080/", "[::1]:8080"),
            ("https://orders.internal", "orders.internal:443"),
            ("https://10.0.0.1:8443", "10.0.0.1:8443"),
            ("https://[::1]", "[::1]:443"),
        ] {
            let endpoint: EndpointAddress = text.parse().unwrap();
            assert_eq!(endpoint.to_string(), authority);
            assert_eq!(endpoint.url().parse(), Ok(endpoint));
        }
    }

    #[test]
    fn an_endpoint_that_is_no_address_is_refused() {
        for (text, defect) in [
            ("ftp://a", EndpointDefect::Scheme),
            ("https:/a", EndpointDefect::Scheme),
            ("https://a..b", EndpointDefect::Name),
            ("https://-a", EndpointDefect::Name),
            ("https://a.1", EndpointDefect::Name),
            ("https://a.0x1f", EndpointDefect::Name),
            ("https://1.2.3", EndpointDefect::Name),
            ("a:80", EndpointDefect::Scheme),
            ("http://", EndpointDefect::Host),
            ("http://a b", EndpointDefect::Host),
            ("http://[::1", EndpointDefect::Host),
            ("http://a:0", EndpointDefect::Port),
            ("http://a:+80", EndpointDefect::Port),
            ("http://a:65536", EndpointDefect::Port),
            ("http://a/base", EndpointDefect::Trailing),
            ("http://u@a", EndpointDefect::Trailing),
        ] {
            assert_eq!(text.parse::<EndpointAddress>(), Err(defect), "{text}");
        }
    }
}
