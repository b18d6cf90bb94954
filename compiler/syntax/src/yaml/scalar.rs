//! What a scalar is, by the core schema of YAML 1.2.2 (§10.3.2).

use super::events::{Style, TagMeaning};
use crate::tree::Kind;

/// The kind of a scalar without a tag: a string when it is quoted, else by its text.
pub(super) fn kind(text: &str, style: Style) -> Kind {
    match style {
        Style::Plain => plain_kind(text),
        Style::Marked => Kind::String,
    }
}

/// The kind of a scalar with a tag; `None` when the text does not fit it.
pub(super) fn tagged_kind(text: &str, style: Style, tag: TagMeaning) -> Option<Kind> {
    let plain = plain_kind(text);
    match (tag, plain) {
        (TagMeaning::String | TagMeaning::NonSpecific, _) => Some(Kind::String),
        (TagMeaning::Null, Kind::Null)
        | (TagMeaning::Bool, Kind::Bool)
        | (TagMeaning::Integer, Kind::Integer)
        | (TagMeaning::Float, Kind::Float) => Some(plain),
        (TagMeaning::Float, Kind::Integer) => Some(Kind::Float),
        (TagMeaning::Other, _) => Some(kind(text, style)),
        _ => None,
    }
}

fn plain_kind(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Kind::Bool,
        _ => number_kind(text).unwrap_or(Kind::String),
    }
}

fn number_kind(text: &str) -> Option<Kind> {
    let digits_only =
        |text: &str, digit: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(digit);
    if let Some(digits) = text.strip_prefix("0x") {
        return digits_only(digits, u8::is_ascii_hexdigit).then_some(Kind::Integer);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return digits_only(digits, |byte| (b'0'..=b'7').contains(byte)).then_some(Kind::Integer);
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Kind::Float);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(Kind::Float);
    }
    if digits_only(unsigned, u8::is_ascii_digit) {
        return Some(Kind::Integer);
    }
    is_float(unsigned).then_some(Kind::Float)
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some_digit = !whole.is_empty() || !fraction.is_empty();
    exponent_fits && some_digit && all_digits(whole) && all_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification_resolve() {
        let cases = [
            ("", Kind::Null),
            ("~", Kind::Null),
            ("NULL", Kind::Null),
            ("true", Kind::Bool),
            ("FALSE", Kind::Bool),
            ("0", Kind::Integer),
            ("0o7", Kind::Integer),
            ("0x3A", Kind::Integer),
            ("-19", Kind::Integer),
            ("0.", Kind::Float),
            ("-0.0", Kind::Float),
            (".5", Kind::Float),
            ("+12e03", Kind::Float),
            ("-2E+05", Kind::Float),
            (".inf", Kind::Float),
            ("-.Inf", Kind::Float),
            (".NAN", Kind::Float),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text, Style::Plain), expected, "{text}");
        }
    }

    #[test]
    fn what_older_yaml_read_otherwise_is_text() {
        for text in
            ["yes", "no", "on", "off", "y", "1_000", "0b1", "1:30", "-.nan", ".", "e5", "1e", "+", "-0x1"]
        {
            assert_eq!(kind(text, Style::Plain), Kind::String, "{text}");
        }
        assert_eq!(kind("0777", Style::Plain), Kind::Integer, "decimal, not octal");
    }

    #[test]
    fn quotes_make_a_string() {
        assert_eq!(kind("3.0", Style::Marked), Kind::String);
    }

    #[test]
    fn a_tag_decides_where_the_text_fits_it() {
        assert_eq!(tagged_kind("5", Style::Plain, TagMeaning::String), Some(Kind::String));
        assert_eq!(tagged_kind("5", Style::Marked, TagMeaning::Integer), Some(Kind::Integer));
        assert_eq!(tagged_kind("5", Style::Plain, TagMeaning::Float), Some(Kind::Float));
        assert_eq!(tagged_kind("five", Style::Plain, TagMeaning::Integer), None);
        assert_eq!(tagged_kind("five", Style::Plain, TagMeaning::Mapping), None);
    }
}
