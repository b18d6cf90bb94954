//! Header lines that belong to one hop or to the gateway: no caller speaks through them, and none is a credential.

/// Whether every hop has its own line of that name (RFC 9110 §7.6.1); `name` is in lower case.
pub fn is_hop_by_hop_header(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-connection"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "http2-settings"
    )
}

/// Whether a request's line of that name (in lower case) never reaches an upstream as the caller wrote it.
///
/// These are the lines of one hop, those that the gateway sets itself, those that make some servers run another
/// operation than the one that was judged (`x-http-method-override`, `x-original-url`), and twins of all of these:
/// names that are the same to a server which reads every byte but letters and digits as `-`, as CGI does.
pub fn is_dropped_header(name: &str) -> bool {
    let is_twin_of = |dropped: &&str| reads_as(name.as_bytes(), dropped.as_bytes());
    let is_listed = match name.len() {
        2 => name == "te",
        4 => name == "host",
        6 => name == "expect",
        7 => matches!(name, "trailer" | "upgrade"),
        9 => name == "forwarded" || is_twin_of(&"x-real-ip"),
        10 => name == "connection" || is_twin_of(&"keep-alive"),
        12 => is_twin_of(&"x-request-id"),
        13 => ["x-http-method", "x-rewrite-url"].iter().any(is_twin_of),
        // The length itself is checked against the body, and stays.
        14 if name == "content-length" => false,
        14 => ["content-length", "http2-settings", "x-original-url"].iter().any(is_twin_of),
        16 => is_twin_of(&"proxy-connection"),
        17 => ["transfer-encoding", "x-method-override"].iter().any(is_twin_of),
        18 => is_twin_of(&"proxy-authenticate"),
        19 => is_twin_of(&"proxy-authorization"),
        22 => is_twin_of(&"x-http-method-override"),
        _ => false,
    };
    is_listed || is_forwarded(name)
}

/// Whether a header of that name (in lower case) can hold no credential: gw sets, drops, counts down or logs it.
pub fn is_reserved_header(name: &str) -> bool {
    is_dropped_header(name)
        || matches!(name, "content-length" | "max-forwards" | "traceparent" | "tracestate" | "via")
}

/// `x-forwarded-` and anything behind it.
fn is_forwarded(name: &str) -> bool {
    const PREFIX: &[u8] = b"x-forwarded-";
    name.as_bytes().get(..PREFIX.len()).is_some_and(|start| reads_as(start, PREFIX))
}

/// Whether some server takes one name for the other (both in lower case), because it reads every byte that is no letter or
/// digit as `-`.
pub fn is_twin_header(name: &str, other: &str) -> bool {
    let same = |(a, b): (u8, u8)| a == b || !a.is_ascii_alphanumeric() && !b.is_ascii_alphanumeric();
    name.len() == other.len() && name.bytes().zip(other.bytes()).all(same)
}

/// Whether a name is `reserved` once every byte that is no letter or digit is read as `-`.
fn reads_as(name: &[u8], reserved: &[u8]) -> bool {
    let same =
        |(byte, reserved): (&u8, &u8)| byte == reserved || *reserved == b'-' && !byte.is_ascii_alphanumeric();
    name.len() == reserved.len() && name.iter().zip(reserved).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET_OR_DROPPED: [&str; 24] = [
        "connection",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-forwarded-",
        "x-forwarded-access-token",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
        "x-original-url",
        "x-real-ip",
        "x-request-id",
    ];

    #[test]
    fn what_gw_sets_or_drops_is_dropped_in_every_spelling() {
        for name in SET_OR_DROPPED.into_iter().chain(["x-rewrite-url"]) {
            for fold in ['-', '_', '.', '!', '~'] {
                let twin = name.replace('-', &fold.to_string());
                assert!(is_dropped_header(&twin), "{twin}");
                assert!(is_reserved_header(&twin), "{twin}");
            }
        }
        for twin in ["content_length", "content.length"] {
            assert!(is_dropped_header(twin), "{twin}");
        }
    }

    #[test]
    fn a_twin_differs_in_bytes_that_are_no_letter_or_digit() {
        for twin in ["x-user", "x_user", "x.user"] {
            assert!(is_twin_header(twin, "x-user") && is_twin_header("x-user", twin), "{twin}");
        }
        for other in ["xuser", "x-users", "x-uses", "x0user"] {
            assert!(!is_twin_header(other, "x-user"), "{other}");
        }
    }

    #[test]
    fn lines_of_one_hop_are_dropped() {
        for name in SET_OR_DROPPED.into_iter().filter(|name| is_hop_by_hop_header(name)) {
            assert!(is_dropped_header(name), "{name}");
        }
    }

    #[test]
    fn callers_have_their_own_names() {
        for name in [
            "accept",
            "authorization",
            "content-type",
            "content_type",
            "cookie",
            "user-agent",
            "x-api-key",
            "x-forwarded",
            "x-forwardedfor",
            "x-request-ids",
            "x0real0ip",
        ] {
            assert!(!is_dropped_header(name) && !is_reserved_header(name), "{name}");
        }
        assert!(!is_dropped_header("content-length") && is_reserved_header("content-length"));
    }
}
