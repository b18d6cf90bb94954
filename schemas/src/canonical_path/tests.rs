//! Each rule of the table, and the properties that hold for every text.

use proptest::prelude::*;

use super::*;

fn canonical(raw: &str) -> String {
    canonicalize(raw).unwrap_or_else(|offence| panic!("{raw}: {offence}")).as_str().to_owned()
}

fn refused(raw: &str) -> NotCanonical {
    canonicalize(raw).expect_err(raw)
}

#[test]
fn borrows_a_clean_path() {
    for path in ["/", "/a", "/a/", "/a/b.json", "/a-b_c~d/!$&'()*+,=:@", "/%20/%C3%A9", "/...", "/.a", "/a.."]
    {
        let canonical = canonicalize(path).unwrap();
        assert!(canonical.is_borrowed(), "{path}");
        assert_eq!(canonical.as_str(), path);
    }
}

#[test]
fn decodes_escaped_unreserved_characters() {
    assert_eq!(canonical("/%41%7a%30%2D%2e5%5f%7E"), "/Az0-.5_~");
    assert_eq!(canonical("/a%2Eb/%2E%2E%2E"), "/a.b/...");
}

#[test]
fn keeps_other_escapes_in_upper_case() {
    assert_eq!(canonical("/%3a%40x%c3%a9/%2b"), "/%3A%40x%C3%A9/%2B");
}

#[test]
fn refuses_dot_segments_however_they_are_spelled() {
    for path in
        ["/.", "/..", "/%2e", "/%2E%2e", "/.%2e", "/%2e.", "/./", "/../", "/%2E/", "/%2e%2E/a", "/../a"]
    {
        assert_eq!(refused(path), NotCanonical::DotSegment { at: 1 }, "{path}");
    }
    assert_eq!(refused("/a/.."), NotCanonical::DotSegment { at: 3 });
}

#[test]
fn refuses_empty_segments() {
    assert_eq!(refused("//"), NotCanonical::EmptySegment { at: 1 });
    assert_eq!(refused("/a//b"), NotCanonical::EmptySegment { at: 3 });
    assert_eq!(refused("/a//"), NotCanonical::EmptySegment { at: 3 });
}

#[test]
fn keeps_the_slash_at_the_end() {
    assert_eq!(canonical("/%61/"), "/a/");
}

#[test]
fn refuses_what_some_take_for_a_separator() {
    for path in ["/a%2Fb", "/a%2fb", "/a%5Cb", "/a%5cb", "/a\\b"] {
        assert_eq!(refused(path), NotCanonical::Separator { at: 2 }, "{path}");
    }
}

#[test]
fn refuses_parameters() {
    for path in ["/a;b", "/a%3Bb", "/a%3b"] {
        assert_eq!(refused(path), NotCanonical::Parameter { at: 2 }, "{path}");
    }
}

#[test]
fn refuses_control_characters_raw_and_escaped() {
    for byte in (0..0x20_u8).chain([0x7F]) {
        let raw = format!("/a{}", char::from(byte));
        assert_eq!(refused(&raw), NotCanonical::Control { at: 2 });
        assert_eq!(refused(&format!("/a%{byte:02X}")), NotCanonical::Control { at: 2 });
        assert_eq!(refused(&format!("/a%{byte:02x}")), NotCanonical::Control { at: 2 });
    }
}

#[test]
fn refuses_double_encodings_even_when_their_digits_are_escaped() {
    for path in ["/%252F", "/%252e", "/%25%32F", "/%252%46", "/%25%32%66", "/%2500"] {
        assert_eq!(refused(path), NotCanonical::DoubleEncoding { at: 1 }, "{path}");
    }
    for path in ["/%25", "/100%25", "/%25/", "/%25z0", "/%250z", "/%25%2525", "/%252"] {
        let expected = if path == "/%25%2525" { None } else { Some(path) };
        assert_eq!(canonicalize(path).ok().as_ref().map(CanonicalPath::as_str), expected, "{path}");
    }
}

#[test]
fn refuses_bytes_outside_pchar() {
    for character in " \"<>^`{|}#?[]é\u{80}".chars() {
        assert_eq!(refused(&format!("/a{character}")), NotCanonical::NotAllowed { at: 2 }, "{character}");
    }
}

#[test]
fn refuses_truncated_and_malformed_escapes() {
    for path in ["/a%", "/a%4", "/a%4/", "/a%zz", "/a%u0041", "/a%é", "/a%+1"] {
        assert_eq!(refused(path), NotCanonical::MalformedEscape { at: 2 }, "{path}");
    }
}

#[test]
fn refuses_escapes_that_are_not_utf8() {
    for path in [
        "/%80",
        "/%C3",
        "/%C3/%A9",
        "/%C3a",
        "/%FF",
        "/%C0%AF",
        "/%C0%AE",
        "/%E0%80%AF",
        "/%F0%80%80%AF",
        "/%ED%A0%80",
        "/%F4%90%80%80",
        "/%F5%80%80%80",
        "/%C3%C3",
        "/%E2%82",
    ] {
        assert_eq!(refused(path), NotCanonical::NotUtf8 { at: 1 }, "{path}");
    }
    assert_eq!(canonical("/%e2%82%ac/%f0%9f%98%80"), "/%E2%82%AC/%F0%9F%98%80");
}

#[test]
fn refuses_paths_without_a_slash_and_too_long_ones() {
    for path in ["", "*", "a", "%2F", "http://x/"] {
        assert_eq!(refused(path), NotCanonical::NoLeadingSlash, "{path}");
    }
    assert_eq!(refused(&format!("/{}", "a".repeat(MAX_PATH_BYTES))), NotCanonical::TooLong);
    assert_eq!(canonical(&format!("/{}", "a".repeat(MAX_PATH_BYTES - 1))).len(), MAX_PATH_BYTES);
}

#[test]
fn an_escaped_delimiter_is_kept_and_its_twin_is_raw() {
    for (escape, raw) in [
        ("%21", '!'),
        ("%24", '$'),
        ("%26", '&'),
        ("%27", '\''),
        ("%28", '('),
        ("%29", ')'),
        ("%2A", '*'),
        ("%2B", '+'),
        ("%2C", ','),
        ("%3A", ':'),
        ("%3D", '='),
        ("%40", '@'),
    ] {
        let path = format!("/a{escape}b%20");
        assert_eq!(canonicalize(&path).unwrap().as_str(), path);
        assert_eq!(twin(&path), Some(format!("/a{raw}b%20")));
        assert_eq!(canonicalize_literal(&path).unwrap(), format!("/a{raw}b%20"));
    }
    for path in ["/a%20b", "/a%22%3C%3E%5B%5D%5E%60%7B%7C%7D%25", "/caf%C3%A9", "/a@b:c", "/"] {
        assert_eq!(twin(path), None, "{path}");
    }
}

#[test]
fn literals_are_encoded_as_clients_do() {
    assert_eq!(canonicalize_literal("/a b").unwrap(), "/a%20b");
    assert_eq!(canonicalize_literal("/caf%c3%a9").unwrap(), "/caf%C3%A9");
    assert_eq!(canonicalize_literal("café").unwrap(), "caf%C3%A9");
    assert_eq!(canonicalize_literal("/a|b^c\"d<e>f`g[h]").unwrap(), "/a%7Cb%5Ec%22d%3Ce%3Ef%60g%5Bh%5D");
    assert_eq!(canonicalize_literal("").unwrap(), "");
}

#[test]
fn literals_that_no_request_can_carry_are_refused_where_they_stand() {
    assert_eq!(canonicalize_literal("/é;b"), Err(NotCanonical::Parameter { at: 3 }));
    assert_eq!(canonicalize_literal("/a\\b"), Err(NotCanonical::Separator { at: 2 }));
    assert_eq!(canonicalize_literal("/a#b"), Err(NotCanonical::NotAllowed { at: 2 }));
    assert_eq!(canonicalize_literal("/é é?b"), Err(NotCanonical::NotAllowed { at: 6 }));
    assert_eq!(canonicalize_literal("/a/../b"), Err(NotCanonical::DotSegment { at: 3 }));
    assert_eq!(canonicalize_literal(".."), Err(NotCanonical::DotSegment { at: 0 }));
    assert_eq!(canonicalize_literal("/100%"), Err(NotCanonical::MalformedEscape { at: 4 }));
    assert_eq!(canonicalize_literal("/a\u{7}"), Err(NotCanonical::Control { at: 2 }));
    assert_eq!(canonicalize_literal("/a//b"), Err(NotCanonical::EmptySegment { at: 3 }));
}

#[test]
fn a_prefix_is_empty_or_canonical_without_a_slash_at_its_end() {
    for prefix in ["", "/a", "/a/b%20c"] {
        assert!(is_canonical_prefix(prefix), "{prefix}");
    }
    for text in ["/", "/a/", "a", "/a//b", "/%41", "/a b"] {
        assert!(!is_canonical_prefix(text), "{text}");
    }
}

/// Paths of bytes that matter, so that random ones meet the rules.
fn crooked_path() -> impl Strategy<Value = String> {
    let unit = prop_oneof![
        6 => "[a-zA-F0-9._~-]",
        2 => Just("/".to_owned()),
        3 => "%[0-9a-fA-F]{2}",
        1 => Just("%25".to_owned()),
        1 => Just("%2e".to_owned()),
        1 => Just("%c3%A9".to_owned()),
        1 => "[!$&:@ ;\\\\%é]",
    ];
    prop::collection::vec(unit, 0..16).prop_map(|units| format!("/{}", units.concat()))
}

proptest! {
    #[test]
    fn is_idempotent(raw in crooked_path()) {
        if let Ok(once) = canonicalize(&raw) {
            let twice = canonicalize(once.as_str()).unwrap();
            prop_assert!(twice.is_borrowed());
            prop_assert_eq!(twice.as_str(), once.as_str());
        }
    }

    #[test]
    fn is_borrowed_exactly_when_unchanged(raw in crooked_path()) {
        if let Ok(path) = canonicalize(&raw) {
            prop_assert_eq!(path.is_borrowed(), path.as_str() == raw);
        }
    }

    #[test]
    fn accepts_exactly_what_breaks_no_rule(raw in crooked_path()) {
        prop_assert_eq!(canonicalize(&raw).is_ok(), breaks_no_rule(&raw));
    }

    #[test]
    fn clean_paths_are_borrowed_unchanged(raw in "(/[a-zA-Z0-9_~!$&'()*+,=:@-][a-zA-Z0-9._~-]{0,8}){1,6}/?") {
        let path = canonicalize(&raw).unwrap();
        prop_assert!(path.is_borrowed());
        prop_assert_eq!(path.as_str(), raw.as_str());
    }

    #[test]
    fn decodes_to_the_same_octets(raw in crooked_path()) {
        if let Ok(path) = canonicalize(&raw) {
            prop_assert_eq!(octets(path.as_str()), octets(&raw));
        }
    }

    #[test]
    fn any_text_is_judged(raw in "\\PC*", literal in "\\PC*") {
        let _ = canonicalize(&raw);
        if let Ok(canonical) = canonicalize_literal(&literal) {
            prop_assert_eq!(canonicalize_literal(&canonical).unwrap(), canonical.clone());
            if canonical.starts_with('/') {
                prop_assert!(canonicalize(&canonical).unwrap().is_borrowed());
            }
        }
    }

    #[test]
    fn an_offence_lies_inside_the_path(raw in crooked_path(), literal in "\\PC*") {
        if let Err(offence) = canonicalize(&raw) {
            prop_assert!(offence.at() <= raw.len());
        }
        if let Err(offence) = canonicalize_literal(&literal) {
            prop_assert!(literal.is_char_boundary(offence.at()));
        }
    }
}

/// The table once more, slowly: on the raw bytes what they may be, and on the decoded text what it may say.
fn breaks_no_rule(raw: &str) -> bool {
    let raw_is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/%-._~!$&'()*+,=:@".contains(&byte);
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let is_escape = |bytes: &[u8]| is_hex(bytes.get(1)) && is_hex(bytes.get(2));
    let escapes = |bytes: &[u8]| -> Vec<bool> {
        (0..bytes.len()).filter(|&at| bytes[at] == b'%').map(|at| is_escape(&bytes[at..])).collect()
    };
    if !raw.bytes().all(raw_is_allowed) || escapes(raw.as_bytes()).contains(&false) {
        return false;
    }
    let Ok(decoded) = String::from_utf8(octets(raw)) else {
        return false;
    };
    let segments: Vec<&str> = decoded.split('/').skip(1).collect();
    segments.len() == raw.matches('/').count()
        && !segments.iter().any(|segment| matches!(*segment, "." | ".."))
        && !segments[..segments.len() - 1].contains(&"")
        && !decoded.contains(|c: char| c.is_ascii_control() || c == '\\' || c == ';')
        && !escapes(decoded.as_bytes()).contains(&true)
}

/// An independent percent-decoder.
fn octets(path: &str) -> Vec<u8> {
    let mut rest = path.as_bytes();
    let mut octets = Vec::new();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            octets.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            octets.push(*first);
            rest = tail;
        }
    }
    octets
}
