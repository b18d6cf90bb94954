//! Credentials in a request: whether one is there, what it is, and where it must not be written.

use std::borrow::Cow;

use gw_artifact::model::Scheme;

use crate::exchange::{ClientCertificate, Tls};
use crate::head::Head;
use crate::text::{QueryPair, query_pairs};

/// What stands in the place that a scheme names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found<'h> {
    /// Nothing.
    Nothing,
    /// A credential, its escapes read.
    Text(Cow<'h, [u8]>),
    /// The certificate that the listener has verified.
    Certificate(&'h ClientCertificate),
    /// Two credentials, of which the upstream and the gateway could each take another.
    Two,
}

/// The credential in the place that the scheme names; `tls` is what the connection's handshake told. Allocates only for a
/// credential in a query, where it has escapes.
pub(crate) fn find<'h>(
    scheme: &Scheme,
    head: &Head<'h>,
    query: Option<&'h str>,
    tls: Option<&'h Tls>,
) -> Found<'h> {
    match scheme {
        Scheme::Authorization(scheme) => {
            // Two lines are two credentials, whatever their schemes are.
            let lines = head.all("authorization").count();
            let credentials = head.all("authorization").filter_map(|value| after_scheme(value, scheme));
            match only(credentials.map(Cow::Borrowed)) {
                Found::Text(_) if lines > 1 => Found::Two,
                found => found,
            }
        }
        Scheme::Header(name) => {
            only(head.all(name).map(<[u8]>::trim_ascii).filter(|it| !it.is_empty()).map(Cow::Borrowed))
        }
        Scheme::Query(name) => {
            let pairs = query_pairs(query.unwrap_or("")).filter(|pair| pair.is_named(name));
            only(pairs.filter(|pair| !pair.value().is_empty()).map(QueryPair::value_read))
        }
        Scheme::Cookie(name) => {
            let pairs = head.all("cookie").flat_map(|value| cookies(value, name));
            only(pairs.map(Cow::Borrowed))
        }
        Scheme::ClientCertificate => {
            tls.and_then(|tls| tls.client.as_ref()).map_or(Found::Nothing, Found::Certificate)
        }
    }
}

fn only<'h>(mut credentials: impl Iterator<Item = Cow<'h, [u8]>>) -> Found<'h> {
    match (credentials.next(), credentials.next()) {
        (None, _) => Found::Nothing,
        (Some(credential), None) => Found::Text(credential),
        (Some(_), Some(_)) => Found::Two,
    }
}

/// Whether the place that the scheme names is not empty; `tls` is what the connection's handshake told.
pub(crate) fn is_there(scheme: &Scheme, head: &Head<'_>, query: Option<&str>, tls: Option<&Tls>) -> bool {
    match scheme {
        Scheme::Authorization(scheme) => {
            head.all("authorization").any(|value| after_scheme(value, scheme).is_some())
        }
        Scheme::Header(name) => head.all(name).any(|value| !value.trim_ascii().is_empty()),
        Scheme::Query(name) => {
            query_pairs(query.unwrap_or("")).any(|pair| pair.is_named(name) && !pair.value().is_empty())
        }
        Scheme::Cookie(name) => head.all("cookie").any(|value| cookies(value, name).next().is_some()),
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
fn after_scheme<'h>(value: &'h [u8], scheme: &str) -> Option<&'h [u8]> {
    let (name, rest) = value.split_at_checked(scheme.len())?;
    let credential = rest.trim_ascii();
    let is_there =
        name.eq_ignore_ascii_case(scheme.as_bytes()) && rest.first() == Some(&b' ') && !credential.is_empty();
    is_there.then_some(credential)
}

/// The values of pairs of that name that have one, without quotes (RFC 6265 §4.1.1, §4.2.1). Names compare with case.
fn cookies<'h>(line: &'h [u8], name: &str) -> impl Iterator<Item = &'h [u8]> {
    line.split(|&byte| byte == b';').filter_map(move |pair| {
        let mut parts = pair.splitn(2, |&byte| byte == b'=');
        let is_named = parts.next().is_some_and(|found| found.trim_ascii() == name.as_bytes());
        let value = parts.next().unwrap_or(b"").trim_ascii();
        let plain = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
        (is_named && !plain.is_empty()).then_some(plain)
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
    fn a_credential_is_found_as_it_was_meant() {
        let text = |value: &str| Found::Text(value.as_bytes().to_vec().into());
        let bearer = Scheme::Authorization("bearer".into());
        assert_eq!(found(&bearer, &[("authorization", "Bearer  t ")], None), text("t"));
        let key = Scheme::Header("x-api-key".into());
        assert_eq!(found(&key, &[("x-api-key", " k "), ("x-api-key", "")], None), text("k"));
        let query = Scheme::Query("key".into());
        assert_eq!(found(&query, &[], Some("a=1&k%65y=a%2Fb+c&key=")), text("a/b c"));
        let cookie = Scheme::Cookie("sid".into());
        assert_eq!(found(&cookie, &[("cookie", "a=b; sid=\"x=y\"")], None), text("x=y"));
    }

    #[test]
    fn of_two_credentials_none_is_taken() {
        let bearer = Scheme::Authorization("bearer".into());
        let lines = [("authorization", "Bearer t"), ("authorization", "Basic u")];
        assert_eq!(found(&bearer, &lines, None), Found::Two);
        let key = Scheme::Header("x-api-key".into());
        assert_eq!(found(&key, &[("x-api-key", "k"), ("x-api-key", "k")], None), Found::Two);
        assert_eq!(found(&Scheme::Query("key".into()), &[], Some("key=1&k%65y=2")), Found::Two);
        assert_eq!(found(&Scheme::Cookie("sid".into()), &[("cookie", "sid=1; sid=2")], None), Found::Two);
    }

    fn found(scheme: &Scheme, lines: &[(&str, &str)], query: Option<&str>) -> Found<'static> {
        let lines: Vec<_> =
            lines.iter().map(|(name, value)| Line { name, value: value.as_bytes() }).collect();
        let head =
            Head { method: "GET", target: "/", version: Version::Http11, lines: &lines, body: Framing::None };
        match find(scheme, &head, query, None) {
            Found::Text(text) => Found::Text(text.into_owned().into()),
            Found::Two => Found::Two,
            Found::Nothing | Found::Certificate(_) => Found::Nothing,
        }
    }

    #[test]
    fn a_client_certificate_is_never_there() {
        assert!(!there(&Scheme::ClientCertificate, "authorization", "Bearer t", None));
    }
}
