//! The smallest parts of a query: space, names, strings, numbers.

use std::ops::Range;

use super::PathFault;
use super::program::{Literal, Number};

/// A place in the text of a query.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    pub(super) at: usize,
}

/// The whole numbers that every reader of JSON keeps exactly (RFC 7493 section 2.2).
const MOST: i64 = (1 << 53) - 1;

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Cursor { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes `token` where it stands here.
    pub(super) fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// The fault that something else stands here.
    pub(super) fn fault(&self, message: impl Into<String>) -> PathFault {
        let length = self.peek().map_or(0, char::len_utf8);
        fault(message, self.at..self.at + length)
    }

    /// A name after a dot: letters, digits, `_`, and everything beyond ASCII.
    pub(super) fn member_name(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii();
        let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        if length == 0 || rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.at += length;
        Some(&rest[..length])
    }

    /// The name of a function, or `true`, `false`, `null`.
    pub(super) fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// A whole number of an index or a slice; `None` where there is none.
    pub(super) fn integer(&mut self) -> Result<Option<i64>, PathFault> {
        let start = self.at;
        let digits = self.digits_with_sign();
        if digits.is_empty() {
            return Ok(None);
        }
        let place = start..self.at;
        if digits == "-" || digits == "-0" || has_leading_zero(digits) {
            return Err(fault(format!("`{digits}` is not a whole number of JSONPath"), place));
        }
        let value = digits.parse::<i64>().ok().filter(|value| (-MOST..=MOST).contains(value));
        value.map(Some).ok_or_else(|| fault("the number is too large: it has at most 53 bits", place))
    }

    /// A number that something is compared with.
    pub(super) fn number(&mut self) -> Result<Literal, PathFault> {
        let start = self.at;
        let digits = self.digits_with_sign();
        let mut wrong = digits.is_empty() || digits == "-" || has_leading_zero(digits);
        let mut whole = true;
        if self.take(".") {
            (whole, wrong) = (false, self.digits().is_empty() || wrong);
        }
        if self.take("e") || self.take("E") {
            let _ = self.take("+") || self.take("-");
            (whole, wrong) = (false, self.digits().is_empty() || wrong);
        }
        let text = &self.text[start..self.at];
        let integer = text.parse().ok().filter(|_| whole).map(Number::Integer);
        let number = integer.or_else(|| text.parse().ok().map(Number::Float));
        match number.filter(|_| !wrong) {
            Some(number) => Ok(Literal::Number(number)),
            None => Err(fault("this is not a number of JSON", start..self.at.max(start + 1))),
        }
    }

    /// A string in its quotes, which stand here.
    pub(super) fn string(&mut self) -> Result<String, PathFault> {
        let start = self.at;
        let quote = self.peek().unwrap_or('"');
        self.at += quote.len_utf8();
        let mut text = String::new();
        while let Some(c) = self.peek() {
            match c {
                c if c == quote => {
                    self.at += 1;
                    return Ok(text);
                }
                '\\' => text.push(self.escape(quote)?),
                c if c < ' ' => return Err(self.fault("a control character must be written as an escape")),
                c => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        Err(fault("the string is not closed", start..self.at))
    }

    fn escape(&mut self, quote: char) -> Result<char, PathFault> {
        let start = self.at;
        self.at += 1;
        let Some(kind) = self.peek() else { return Err(fault("the string is not closed", start..self.at)) };
        self.at += kind.len_utf8();
        match kind {
            'b' => Ok('\u{8}'),
            'f' => Ok('\u{c}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            '/' | '\\' => Ok(kind),
            kind if kind == quote => Ok(kind),
            'u' => self.unicode(start),
            _ => Err(fault("this is not an escape of JSONPath", start..self.at)),
        }
    }

    fn unicode(&mut self, start: usize) -> Result<char, PathFault> {
        let broken = |end: usize| fault("`\\u` takes four hexadecimal digits", start..end);
        let first = self.four_digits().ok_or_else(|| broken(self.at))?;
        let mut code = first;
        if (0xd800..0xdc00).contains(&first) && self.take("\\u") {
            let second = self.four_digits().ok_or_else(|| broken(self.at))?;
            if (0xdc00..0xe000).contains(&second) {
                code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            }
        }
        char::from_u32(code).ok_or_else(|| fault("this is half of a surrogate pair", start..self.at))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn digits_with_sign(&mut self) -> &'t str {
        let start = self.at;
        self.take("-");
        self.digits();
        &self.text[start..self.at]
    }

    fn digits(&mut self) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }
}

pub(super) fn fault(message: impl Into<String>, place: Range<usize>) -> PathFault {
    PathFault { message: message.into(), place }
}

fn has_leading_zero(digits: &str) -> bool {
    let digits = digits.trim_start_matches('-');
    digits.len() > 1 && digits.starts_with('0')
}
