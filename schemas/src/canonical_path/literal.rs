//! Literal text of a path template or a base path, in the form in which a request carries it.

use std::borrow::Cow;

use super::NotCanonical;
use super::walk::{CLASSES, Class, Walk};

/// The canonical form of literal text from a document: a base path, or the literal segments of a template.
///
/// What a client has to encode (space, quotes, `|`, `^`, non-ASCII text, …) is encoded here, what it need not encode
/// (`%40`) is decoded, and then the rules of [`canonicalize`](super::canonicalize) apply; the text need not begin
/// with `/`.
///
/// ```
/// use gw_artifact::canonical_path::{NotCanonical, canonicalize_literal};
///
/// assert_eq!(canonicalize_literal("/a b/café")?, "/a%20b/caf%C3%A9");
/// assert_eq!(canonicalize_literal("/users/%40me")?, "/users/@me");
/// assert_eq!(canonicalize_literal("/a;b"), Err(NotCanonical::Parameter { at: 2 }));
/// # Ok::<(), NotCanonical>(())
/// ```
///
/// # Errors
/// When no canonical request could ever carry the text: `;`, `\`, control characters, dot segments, `//`, a `%` that
/// is no escape, and `#` or `?`, which end a path ([`NotCanonical::NotAllowed`]). Positions are in `text`.
pub fn canonicalize_literal(text: &str) -> Result<String, NotCanonical> {
    let start = usize::from(text.starts_with('/'));
    canonical(text, |encoded| Walk::over(encoded).decoding_delimiters().run(start))
}

/// Like [`canonicalize_literal`] for a part of one segment, where `.` beside a variable is no dot segment.
pub(crate) fn canonicalize_part(text: &str) -> Result<String, NotCanonical> {
    canonical(text, |encoded| Walk::over_part(encoded).decoding_delimiters().run(0))
}

fn canonical(
    text: &str,
    walk: impl for<'a> Fn(&'a str) -> Result<Cow<'a, str>, NotCanonical>,
) -> Result<String, NotCanonical> {
    let encoded = encoded(text);
    match walk(&encoded) {
        Ok(canonical) => Ok(canonical.into_owned()),
        Err(offence) => Err(offence.moved_to(position_before_encoding(text, offence.at()))),
    }
}

fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if is_encoded_by_clients(byte) {
            encoded.push('%');
            encoded.extend([byte >> 4, byte & 0xF].map(hex_digit));
        } else {
            encoded.push(char::from(byte));
        }
    }
    encoded
}

/// A byte that a client turns into an escape when it is told to send it in a path.
fn is_encoded_by_clients(byte: u8) -> bool {
    CLASSES[usize::from(byte)] == Class::NotAllowed && !matches!(byte, b'#' | b'?')
}

fn hex_digit(value: u8) -> char {
    char::from(if value < 10 { b'0' + value } else { b'A' + value - 10 })
}

fn position_before_encoding(text: &str, at: usize) -> usize {
    let mut end = 0;
    let before = text.bytes().take_while(|&byte| {
        end += if is_encoded_by_clients(byte) { 3 } else { 1 };
        end <= at
    });
    before.count()
}
