//! Hosts, authorities and base paths as people write them.

use std::net::Ipv6Addr;

use gw_artifact::canonical_path::canonicalize_literal;
use gw_artifact::model::HostPattern;

/// Reads a host without port: a name, an address, or `*.` and a name.
pub(crate) fn host_pattern(text: &str) -> Option<HostPattern> {
    let text = text.to_ascii_lowercase();
    if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let address: Ipv6Addr = address.parse().ok()?;
        return Some(HostPattern::Exact(format!("[{address}]")));
    }
    if let Some(suffix) = text.strip_prefix("*.") {
        return is_host_name(suffix).then(|| HostPattern::Suffix(format!(".{suffix}")));
    }
    is_host_name(&text).then_some(HostPattern::Exact(text))
}

/// Reads a base path: `/v1`, `/v1/` and `/` are `/v1`, `/v1` and nothing. `None` when no request can have it.
pub(crate) fn base_path(text: &str) -> Option<String> {
    let text = text.strip_suffix('/').unwrap_or(text);
    if text.is_empty() {
        return Some(String::new());
    }
    let usable = text.starts_with('/') && !text.ends_with('/') && !text.contains(['{', '}']);
    if usable { canonicalize_literal(text).ok() } else { None }
}

/// Whether the text can stand in `Host`: a name or an address, and a port if need be (RFC 9110 section 7.2).
pub(crate) fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rfind(':') {
        Some(colon) if !text[colon..].contains(']') => (&text[..colon], Some(&text[colon + 1..])),
        _ => (text, None),
    };
    let port_reads = port.is_none_or(|port| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    port_reads && matches!(host_pattern(host), Some(HostPattern::Exact(_)))
}

fn is_host_name(name: &str) -> bool {
    let is_name_byte = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    !name.is_empty() && name.bytes().all(is_name_byte) && !name.starts_with('.') && !name.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_addresses_and_suffixes_in_lower_case() {
        let exact = |host: &str| Some(HostPattern::Exact(host.into()));
        assert_eq!(host_pattern("API.example.com"), exact("api.example.com"));
        assert_eq!(host_pattern("[0:0::1]"), exact("[::1]"));
        assert_eq!(host_pattern("*.Example.com"), Some(HostPattern::Suffix(".example.com".into())));
        for text in ["", "*", "*.", "a b", "a:80", "https://a", "a..b", ".a", "a*b", "[::1", "{host}"] {
            assert_eq!(host_pattern(text), None, "{text}");
        }
    }

    #[test]
    fn a_base_path_has_no_final_slash() {
        for (text, base) in [("/v1/", "/v1"), ("/", ""), ("", ""), ("/a b", "/a%20b")] {
            assert_eq!(base_path(text).as_deref(), Some(base), "{text}");
        }
        for text in ["v1", "/v1//", "//", "/a/../b", "/{x}", "/a?b", "/a#b", "/a;b"] {
            assert_eq!(base_path(text), None, "{text}");
        }
    }

    #[test]
    fn an_authority_may_have_a_port() {
        for text in ["orders.internal", "orders:8080", "127.0.0.1:80", "[::1]", "[::1]:443"] {
            assert!(is_authority(text), "{text}");
        }
        for text in ["", ":80", "a:", "a:0", "a:+1", "a:65536", "a/b", "a b", "*.a", "::1"] {
            assert!(!is_authority(text), "{text}");
        }
    }
}
