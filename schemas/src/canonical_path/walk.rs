//! One pass over a path: each byte has a class, each class its rule.

use std::borrow::Cow;

use super::NotCanonical;

/// A pass in progress. `rewritten` holds the canonical form of `raw[..copied]` once something had to change.
pub(super) struct Walk<'a> {
    raw: &'a str,
    rewritten: String,
    copied: usize,
    dots: Dots,
    delimiters: Delimiters,
}

/// What becomes of an escape of a character that may as well stand raw in a path: `%40` for `@`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delimiters {
    Kept,
    Decoded,
}

/// Whether a segment that is `.` or `..` is an offence; a part of a longer segment may be one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dots {
    Refused,
    Allowed,
}

impl<'a> Walk<'a> {
    pub(super) fn over(raw: &'a str) -> Self {
        Self { raw, rewritten: String::new(), copied: 0, dots: Dots::Refused, delimiters: Delimiters::Kept }
    }

    /// Reads `%40` and its like as the character that they spell.
    pub(super) fn decoding_delimiters(self) -> Self {
        Self { delimiters: Delimiters::Decoded, ..self }
    }

    pub(super) fn over_part(raw: &'a str) -> Self {
        Self { dots: Dots::Allowed, ..Self::over(raw) }
    }

    /// Walks from `start`, where the first segment begins, to the end.
    pub(super) fn run(mut self, start: usize) -> Result<Cow<'a, str>, NotCanonical> {
        let bytes = self.raw.as_bytes();
        let (mut segment, mut at) = (start, start);
        loop {
            at += bytes[at..].iter().take_while(|&&byte| CLASSES[usize::from(byte)] == Class::Plain).count();
            let Some(&byte) = bytes.get(at) else {
                break;
            };
            match CLASSES[usize::from(byte)] {
                Class::Plain => at += 1,
                Class::Slash => {
                    if at == segment {
                        return Err(NotCanonical::EmptySegment { at });
                    }
                    self.end_segment(segment, at)?;
                    at += 1;
                    segment = at;
                }
                Class::Percent => at = self.escape(at)?,
                Class::Separator => return Err(NotCanonical::Separator { at }),
                Class::Parameter => return Err(NotCanonical::Parameter { at }),
                Class::Control => return Err(NotCanonical::Control { at }),
                Class::NotAllowed => return Err(NotCanonical::NotAllowed { at }),
            }
        }
        self.end_segment(segment, at)?;
        Ok(self.finish())
    }

    #[inline]
    fn end_segment(&self, start: usize, end: usize) -> Result<(), NotCanonical> {
        let segment = &self.raw.as_bytes()[start..end];
        let suspect = segment.len() <= 6 && matches!(segment.first(), Some(b'.' | b'%'));
        if suspect && self.dots == Dots::Refused && is_dot_segment(segment) {
            return Err(NotCanonical::DotSegment { at: start });
        }
        Ok(())
    }

    /// Judges the escape at `at` and says where the next unit begins.
    fn escape(&mut self, at: usize) -> Result<usize, NotCanonical> {
        let byte = self.decoded(at).ok_or(NotCanonical::MalformedEscape { at })?;
        match byte {
            b'/' | b'\\' => Err(NotCanonical::Separator { at }),
            b';' => Err(NotCanonical::Parameter { at }),
            0x00..=0x1F | 0x7F => Err(NotCanonical::Control { at }),
            b'%' if self.hex_after(at + 3).and_then(|next| self.hex_after(next)).is_some() => {
                Err(NotCanonical::DoubleEncoding { at })
            }
            0x80.. => self.utf8_sequence(at, byte),
            _ if is_unreserved(byte) || (self.delimiters == Delimiters::Decoded && is_delimiter(byte)) => {
                self.replace(at, at + 3);
                self.rewritten.push(char::from(byte));
                Ok(at + 3)
            }
            _ => Ok(self.keep(at)),
        }
    }

    /// The octet of the escape at `at`, if there is a whole one.
    fn decoded(&self, at: usize) -> Option<u8> {
        match self.raw.as_bytes().get(at..at + 3) {
            Some([b'%', high, low]) => Some(hex_value(*high)? << 4 | hex_value(*low)?),
            _ => None,
        }
    }

    /// If the canonical form has a hexadecimal digit at `at`, where the next unit begins: `%32` becomes `2`, so
    /// `%25%32F` is a double encoding as much as `%252F` is.
    fn hex_after(&self, at: usize) -> Option<usize> {
        let byte = *self.raw.as_bytes().get(at)?;
        if byte.is_ascii_hexdigit() {
            return Some(at + 1);
        }
        self.decoded(at).filter(u8::is_ascii_hexdigit).map(|_| at + 3)
    }

    /// Checks the escapes that spell one character beyond ASCII, beginning with `lead`.
    fn utf8_sequence(&mut self, start: usize, lead: u8) -> Result<usize, NotCanonical> {
        let width = match lead {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return Err(NotCanonical::NotUtf8 { at: start }),
        };
        let mut octets = [lead, 0, 0, 0];
        for (index, octet) in octets.iter_mut().enumerate().take(width).skip(1) {
            *octet = self.decoded(start + 3 * index).ok_or(NotCanonical::NotUtf8 { at: start })?;
        }
        if std::str::from_utf8(&octets[..width]).is_err() {
            return Err(NotCanonical::NotUtf8 { at: start });
        }
        Ok((0..width).fold(start, |at, _| self.keep(at)))
    }

    /// Keeps the escape at `at`, its digits in upper case.
    fn keep(&mut self, at: usize) -> usize {
        let end = at + 3;
        if self.raw.as_bytes()[at..end].iter().any(u8::is_ascii_lowercase) {
            self.replace(at, end);
            self.rewritten.push_str(&self.raw[at..end].to_ascii_uppercase());
        }
        end
    }

    /// Copies what is unchanged before `start`; the caller then writes what stands for `start..end`.
    fn replace(&mut self, start: usize, end: usize) {
        // The canonical form is never longer than the received one: one allocation is enough.
        if self.copied == 0 {
            self.rewritten.reserve_exact(self.raw.len());
        }
        self.rewritten.push_str(&self.raw[self.copied..start]);
        self.copied = end;
    }

    fn finish(mut self) -> Cow<'a, str> {
        if self.copied == 0 {
            return Cow::Borrowed(self.raw);
        }
        self.rewritten.push_str(&self.raw[self.copied..]);
        Cow::Owned(self.rewritten)
    }
}

/// Whether the canonical form of this segment would be `.` or `..`.
fn is_dot_segment(segment: &[u8]) -> bool {
    let dots: [&[u8]; 6] = [b".", b"..", b"%2e", b".%2e", b"%2e.", b"%2e%2e"];
    dots.iter().any(|dot| segment.eq_ignore_ascii_case(dot))
}

pub(super) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// What may stand raw in a path or escaped, and need not mean the same: `sub-delims` without `;`, `:` and `@`.
fn is_delimiter(byte: u8) -> bool {
    !is_unreserved(byte) && CLASSES[usize::from(byte)] == Class::Plain
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// What a raw byte means in a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Plain,
    Slash,
    Percent,
    Separator,
    Parameter,
    Control,
    NotAllowed,
}

/// The class of each byte: `pchar` of RFC 3986 without `;`, and who is refused why.
pub(super) static CLASSES: [Class; 256] = {
    let mut classes = [Class::NotAllowed; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => Class::Plain,
            b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@' => {
                Class::Plain
            }
            b'/' => Class::Slash,
            b'%' => Class::Percent,
            b'\\' => Class::Separator,
            b';' => Class::Parameter,
            0x00..=0x1F | 0x7F => Class::Control,
            _ => Class::NotAllowed,
        };
        byte += 1;
    }
    classes
};
