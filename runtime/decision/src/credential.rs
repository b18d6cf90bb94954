//! Credentials in a request: whether one is there, and where it must not be written.
//!
//! Verifying one is the work of authenticators, which this version does not have.

use gw_artifact::model::Scheme;

use crate::exchange::Tls;
use crate::head::Head;
use crate::text::query_pairs;

/// Whether the place that the scheme names is not empty; `tls` is what the connection's handshake told.
pub(crate) fn is_there(scheme: &Scheme, head: &Head<'_>, query: Option<&str>, tls: Option<&Tls>) -> bool {
    match scheme {
        Scheme::Authorization(scheme) => head.all("authorization").any(|value| has_scheme(value, scheme)),
        Scheme::Header(name) => head.all(name).any(|value| !value.trim_ascii().is_empty()),
        Scheme::Query(name) => {
            query_pairs(query.unwrap_or("")).any(|pair| pair.is_named(name) && !pair.value().is_empty())
        }
        Scheme::Cookie(name) => head.all("cookie").any(|value| has_cookie(value, name)),
        // The listener has verified it.
        Scheme::ClientCertificate => tls.is_some_and(|tls| tls.client.is_some()),
    }
}

/// The query parameter that can hold a credential of the scheme, for whoever must not write it: what stands in
/// `Authorization` can also come as `access_token` (RFC 6750 §2.3).
pub(crate) fn query_name(scheme: &Scheme) -> Option<&str> {
    match scheme {
        Scheme::Authorization(_) => Some("access_token"),
        Scheme::Query(name) => Some(name),
        Scheme::Header(_) | Scheme::Cookie(_) | Scheme::ClientCertificate => None,
    }
}

/// `scheme SP credential`; the scheme's letter case does not matter (RFC 9110 §11.1, §11.4).
fn has_scheme(value: &[u8], scheme: &str) -> bool {
    let Some((name, rest)) = value.split_at_checked(scheme.len()) else { return false };
    name.eq_ignore_ascii_case(scheme.as_bytes())
        && rest.first() == Some(&b' ')
        && !rest.trim_ascii().is_empty()
}

/// A pair of that name with a value (RFC 6265 §4.2.1). Names compare with case.
fn has_cookie(value: &[u8], name: &str) -> bool {
    value.split(|&byte| byte == b';').any(|pair| {
        let mut parts = pair.splitn(2, |&byte| byte == b'=');
        let is_named = parts.next().is_some_and(|found| found.trim_ascii() == name.as_bytes());
        let value = parts.next().unwrap_or(b"").trim_ascii();
        is_named && !value.is_empty() && value != b"\"\""
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::{Framing, Line, Version};

    fn there(scheme: &Scheme, name: &str, value: &str, query: Option<&str>) -> bool {
        let lines = [Line { name, value: value.as_bytes() }];
        let head =
            Head { method: "GET", target: "/", version: Version::Http11, lines: &lines, body: Framing::None };
        is_there(scheme, &head, query, None)
    }

    #[test]
    fn an_authorization_needs_its_scheme_and_a_credential() {
        let bearer = Scheme::Authorization("bearer".into());
        for value in ["Bearer t", "bearer t", "BEARER  t"] {
            assert!(there(&bearer, "authorization", value, None), "{value}");
        }
        for value in ["Bearer", "Bearer ", "Bearert", "Basic t", "", "t Bearer t"] {
            assert!(!there(&bearer, "authorization", value, None), "{value}");
        }
    }

    #[test]
    fn a_header_needs_a_value() {
        let key = Scheme::Header("x-api-key".into());
        assert!(there(&key, "x-api-key", "k", None));
        assert!(!there(&key, "x-api-key", " ", None));
        assert!(!there(&key, "x_api_key", "k", None));
    }

    #[test]
    fn a_query_parameter_is_found_whatever_its_escapes() {
        let key = Scheme::Query("api key".into());
        for query in ["api%20key=1", "a=&api+key=1", "%61pi%20key=1&b"] {
            assert!(there(&key, "host", "a", Some(query)), "{query}");
        }
        for query in ["api%20key=", "api%20key", "xapi+key=1", ""] {
            assert!(!there(&key, "host", "a", Some(query)), "{query}");
        }
        assert!(!there(&key, "host", "a", None));
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let session = Scheme::Cookie("sid".into());
        for value in ["sid=1", "a=b; sid=1", "a=b;sid=1=2"] {
            assert!(there(&session, "cookie", value, None), "{value}");
        }
        for value in ["sid=", "sid", "SID=1", "a=sid=1", "xsid=1", "sid=\"\""] {
            assert!(!there(&session, "cookie", value, None), "{value}");
        }
    }

    #[test]
    fn a_client_certificate_is_never_there() {
        assert!(!there(&Scheme::ClientCertificate, "authorization", "Bearer t", None));
    }
}
