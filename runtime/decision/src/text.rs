//! Small pieces of text: numbers, and the pairs of a query. Nothing here allocates.

use std::borrow::Cow;
use std::io::Write;
use std::net::IpAddr;

/// Appends a number in decimal.
pub(crate) fn push_decimal(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends an address. The formatter of the standard library costs as much as the rest of a line.
pub(crate) fn push_address(out: &mut Vec<u8>, address: IpAddr) {
    match address {
        IpAddr::V4(address) => {
            for (at, octet) in address.octets().into_iter().enumerate() {
                if at > 0 {
                    out.push(b'.');
                }
                push_decimal(out, u64::from(octet));
            }
        }
        IpAddr::V6(address) => {
            // INVARIANT: writing into a `Vec` cannot fail.
            let _ = write!(out, "{address}");
        }
    }
}

/// How many elements a list has that stands in these lines, empty ones too (RFC 9110 §5.6.1).
pub(crate) fn list_length<'a>(lines: impl Iterator<Item = &'a [u8]>) -> usize {
    lines.map(|value| value.split(|&byte| byte == b',').count()).sum()
}

/// The `name=value` pairs of a query, in order; empty ones too.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = QueryPair<'_>> {
    query.split('&').map(QueryPair::of)
}

/// One pair of a query, as received.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueryPair<'q> {
    text: &'q str,
}

impl<'q> QueryPair<'q> {
    pub(crate) fn of(text: &'q str) -> Self {
        Self { text }
    }

    /// The name as received, escapes and all.
    pub(crate) fn name(self) -> &'q str {
        self.text.split_once('=').map_or(self.text, |(name, _)| name)
    }

    /// The value as received; empty when there is no `=`.
    pub(crate) fn value(self) -> &'q str {
        self.text.split_once('=').map_or("", |(_, value)| value)
    }

    /// The value, once its escapes are read. `+` is a space, as in forms.
    pub(crate) fn value_read(self) -> Cow<'q, [u8]> {
        let value = self.value();
        if value.contains(['%', '+']) {
            unescaped(value.bytes()).collect::<Vec<_>>().into()
        } else {
            value.as_bytes().into()
        }
    }

    /// Whether there is a `=`.
    pub(crate) fn has_value(self) -> bool {
        self.text.contains('=')
    }

    /// Whether the name, once its escapes are read, is this one. `+` is a space, as in forms.
    pub(crate) fn is_named(self, name: &str) -> bool {
        let raw = self.name();
        raw == name || (raw.contains(['%', '+']) && unescaped(raw.bytes()).eq(name.bytes()))
    }

    /// Whether some server could take the name for this one: escaped twice, in other letter case, with an index
    /// (`name[]`), with another byte where this one has no letter or digit. For what must not be written, never for
    /// what is accepted.
    pub(crate) fn could_be_named(self, name: &str) -> bool {
        let read = unescaped(unescaped(self.name().bytes())).skip_while(|byte| *byte == b' ');
        loosely(read).eq(loosely(name.bytes()))
    }
}

fn loosely(name: impl Iterator<Item = u8>) -> impl Iterator<Item = u8> {
    let name = name.take_while(|byte| !matches!(byte, b'[' | 0));
    name.map(|byte| if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'_' })
}

/// A piece of a path with its escapes read; `None` when they are no text. `+` stands for itself there.
pub(crate) fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(text.into());
    }
    // `+` means a space in queries only.
    let escaped = text.replace('+', "%2B");
    String::from_utf8(unescaped(escaped.bytes()).collect()).ok().map(Cow::Owned)
}

/// Bytes with their escapes read; a broken escape stands for itself.
fn unescaped(bytes: impl Iterator<Item = u8> + Clone) -> impl Iterator<Item = u8> + Clone {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let first = rest.next()?;
        if first == b'+' {
            return Some(b' ');
        }
        let mut ahead = rest.clone();
        let mut digit = || ahead.next().and_then(hex);
        if first == b'%'
            && let (Some(high), Some(low)) = (digit(), digit())
        {
            rest = ahead;
            return Some(high << 4 | low);
        }
        Some(first)
    })
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_every_length_of_number() {
        for number in [0, 9, 10, 12_345, u64::MAX] {
            let mut out = Vec::new();
            push_decimal(&mut out, number);
            assert_eq!(out, number.to_string().into_bytes());
        }
    }

    #[test]
    fn takes_pairs_apart() {
        let pairs: Vec<_> = query_pairs("a=1&b&=c&&d=e=f").map(|pair| (pair.name(), pair.value())).collect();
        assert_eq!(pairs, [("a", "1"), ("b", ""), ("", "c"), ("", ""), ("d", "e=f")]);
    }

    #[test]
    fn a_piece_of_a_path_is_read() {
        assert_eq!(decoded("a+b").as_deref(), Some("a+b"));
        assert_eq!(decoded("%C3%BC+%40").as_deref(), Some("ü+@"));
        assert_eq!(decoded("%FF"), None);
    }

    #[test]
    fn a_broken_escape_stands_for_itself() {
        assert!(unescaped(b"%zz%4".iter().copied()).eq(*b"%zz%4"));
        assert!(unescaped(b"%2b+".iter().copied()).eq(*b"+ "));
    }

    #[test]
    fn a_name_is_suspected_in_every_spelling() {
        let could_be = |text| QueryPair::of(text).could_be_named("api_key");
        for text in [
            "api_key=1",
            "API_KEY=1",
            "api%5Fkey=1",
            "api%255Fkey=1",
            "api_key[]=1",
            "api_key%5B%5D=1",
            "api_key%00=1",
            "api.key=1",
            "+api+key=1",
        ] {
            assert!(could_be(text), "{text}");
        }
        for text in ["api_keys=1", "xapi_key=1", "api=1", "=1", ""] {
            assert!(!could_be(text), "{text}");
        }
    }
}
