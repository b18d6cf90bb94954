//! Small pieces of text: numbers, and the pairs of a query. Nothing here allocates.

/// Appends a number in decimal.
pub(crate) fn push_decimal(out: &mut Vec<u8>, mut number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// How many elements a list has that stands in these lines, empty ones too (RFC 9110 §5.6.1).
pub(crate) fn list_length<'a>(lines: impl Iterator<Item = &'a [u8]>) -> usize {
    lines.map(|value| value.split(|&byte| byte == b',').count()).sum()
}

/// The `name=value` pairs of a query, in order; empty ones too.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = QueryPair<'_>> {
    query.split('&').map(|text| QueryPair { text })
}

/// One pair of a query, as received.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueryPair<'q> {
    text: &'q str,
}

impl<'q> QueryPair<'q> {
    /// The name as received, escapes and all.
    pub(crate) fn name(self) -> &'q str {
        self.text.split_once('=').map_or(self.text, |(name, _)| name)
    }

    /// The value as received; empty when there is no `=`.
    pub(crate) fn value(self) -> &'q str {
        self.text.split_once('=').map_or("", |(_, value)| value)
    }

    /// Whether there is a `=`.
    pub(crate) fn has_value(self) -> bool {
        self.text.contains('=')
    }

    /// Whether the name, once its escapes are read, is this one. `+` is a space, as in forms.
    pub(crate) fn is_named(self, name: &str) -> bool {
        let raw = self.name();
        raw == name || (raw.contains(['%', '+']) && unescaped(raw.as_bytes()).eq(name.bytes()))
    }
}

/// Bytes with their escapes read; a broken escape stands for itself.
fn unescaped(mut rest: &[u8]) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let (&first, tail) = rest.split_first()?;
        rest = tail;
        match first {
            b'+' => Some(b' '),
            b'%' => match tail {
                [high, low, after @ ..] => match (hex(*high), hex(*low)) {
                    (Some(high), Some(low)) => {
                        rest = after;
                        Some(high << 4 | low)
                    }
                    _ => Some(first),
                },
                _ => Some(first),
            },
            _ => Some(first),
        }
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
    fn a_broken_escape_stands_for_itself() {
        assert!(unescaped(b"%zz%4").eq(*b"%zz%4"));
        assert!(unescaped(b"%2b+").eq(*b"+ "));
    }
}
