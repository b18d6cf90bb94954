//! Where one endpoint of a service listens, and the URL that says so.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where one endpoint listens, in plain HTTP.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EndpointAddress {
    /// A name or an address, without brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
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
    #[error("an endpoint starts with `http://`; TLS to upstreams is not enforced yet")]
    Scheme,
    /// There is no host, or it holds characters that no host name or address has.
    #[error("the host is missing or not a name or address")]
    Host,
    /// The port is not a number from 1 to 65535.
    #[error("the port is not a number from 1 to 65535")]
    Port,
    /// There is something behind the authority.
    #[error("an endpoint is an address: it has no user, path, query or fragment")]
    Trailing,
}

impl std::str::FromStr for EndpointAddress {
    type Err = EndpointDefect;

    /// Reads `http://host[:port]`, with an optional final slash; the port is 80 unless said.
    fn from_str(text: &str) -> Result<Self, EndpointDefect> {
        let authority = text.strip_prefix("http://").ok_or(EndpointDefect::Scheme)?;
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        if authority.contains(['/', '?', '#', '@']) {
            return Err(EndpointDefect::Trailing);
        }
        let (host, port) = match authority.strip_prefix('[') {
            Some(rest) => {
                let (host, tail) = rest.split_once(']').ok_or(EndpointDefect::Host)?;
                host.parse::<std::net::Ipv6Addr>().map_err(|_| EndpointDefect::Host)?;
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
        let port = match port {
            None => 80,
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                digits.parse().ok().filter(|port| *port != 0).ok_or(EndpointDefect::Port)?
            }
            Some(_) => return Err(EndpointDefect::Port),
        };
        Ok(Self { host: host.to_ascii_lowercase(), port })
    }
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
        ] {
            assert_eq!(text.parse::<EndpointAddress>().unwrap().to_string(), authority);
        }
    }

    #[test]
    fn an_endpoint_that_is_no_address_is_refused() {
        for (text, defect) in [
            ("https://a", EndpointDefect::Scheme),
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
