//! The `WWW-Authenticate` lines of a 401 (RFC 9110 §11.6.1): what a caller could have sent.
//!
//! | Place of the credential | Challenge |
//! |---|---|
//! | `Authorization: Basic` | `Basic realm="PROJECT", charset="UTF-8"` (RFC 7617 §2) |
//! | `Authorization` with another scheme | `Bearer realm="PROJECT"` (RFC 6750 §3), `Digest realm="PROJECT"` … |
//! | an API key | `ApiKey realm="PROJECT", in="header", name="x-api-key"`; no scheme is registered for it, and a 401 must carry a challenge |
//! | a client certificate | `ClientCertificate realm="PROJECT"`, for the same reason |

use std::collections::BTreeSet;

use gw_artifact::model::Scheme;

use crate::check::Demand;

/// One line for each place of a credential, sorted. `project` is a token and needs no escapes.
pub(super) fn challenges(demand: &Demand, project: &str) -> Vec<String> {
    let places: BTreeSet<&Scheme> = demand.iter().flatten().map(|needed| &needed.place).collect();
    let lines: BTreeSet<String> = places.into_iter().map(|place| challenge(place, project)).collect();
    lines.into_iter().collect()
}

fn challenge(place: &Scheme, project: &str) -> String {
    match place {
        Scheme::Authorization(scheme) if scheme == "basic" => {
            format!("Basic realm=\"{project}\", charset=\"UTF-8\"")
        }
        Scheme::Authorization(scheme) => format!("{} realm=\"{project}\"", capitalized(scheme)),
        Scheme::Header(name) => api_key(project, "header", name),
        Scheme::Query(name) => api_key(project, "query", name),
        Scheme::Cookie(name) => api_key(project, "cookie", name),
        Scheme::ClientCertificate => format!("ClientCertificate realm=\"{project}\""),
    }
}

/// The name is left out where a quoted string could not carry it as it is.
fn api_key(project: &str, place: &str, name: &str) -> String {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'));
    if is_plain {
        format!("ApiKey realm=\"{project}\", in=\"{place}\", name=\"{name}\"")
    } else {
        format!("ApiKey realm=\"{project}\", in=\"{place}\"")
    }
}

fn capitalized(scheme: &str) -> String {
    let mut letters = scheme.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Needed;

    fn lines(places: &[Scheme]) -> Vec<String> {
        let alone = |place: &Scheme| BTreeSet::from([Needed::unverified(place.clone())]);
        challenges(&places.iter().map(alone).collect(), "shop")
    }

    #[test]
    fn each_place_of_a_credential_has_its_line() {
        let places = [
            Scheme::Authorization("bearer".into()),
            Scheme::Authorization("basic".into()),
            Scheme::Header("x-api-key".into()),
            Scheme::ClientCertificate,
        ];
        let expected = [
            "ApiKey realm=\"shop\", in=\"header\", name=\"x-api-key\"",
            "Basic realm=\"shop\", charset=\"UTF-8\"",
            "Bearer realm=\"shop\"",
            "ClientCertificate realm=\"shop\"",
        ];
        assert_eq!(lines(&places), expected);
    }

    #[test]
    fn a_name_that_cannot_be_quoted_is_left_out() {
        assert_eq!(lines(&[Scheme::Query("a\"b".into())]), ["ApiKey realm=\"shop\", in=\"query\""]);
        assert_eq!(lines(&[Scheme::Cookie("clé".into())]), ["ApiKey realm=\"shop\", in=\"cookie\""]);
    }
}
