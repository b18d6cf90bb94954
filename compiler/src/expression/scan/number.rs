//! Whole numbers and percentages; what looks like one and is none.

use std::ops::Range;

use super::{Mistake, MistakeKind, Scanner, TokenKind, is_word_byte};
use crate::vocabulary::units;

impl Scanner<'_> {
    /// At a digit.
    pub(super) fn number(&mut self) -> Result<TokenKind, Mistake> {
        let start = self.at;
        if self.rest().starts_with("0x") || self.rest().starts_with("0X") {
            self.at += 2;
            self.at += self.run(|byte| byte.is_ascii_hexdigit());
            return self.whole(start, start + 2, 16);
        }
        self.at += self.run(|byte| byte.is_ascii_digit());
        let has_fraction = matches!(self.rest().as_bytes(), [b'.', b'0'..=b'9', ..]);
        if has_fraction {
            self.at += 1;
            self.at += self.run(|byte| byte.is_ascii_digit());
        }
        if self.rest().starts_with('%') {
            self.at += 1;
            return self.percent(start);
        }
        let has_exponent = matches!(self.rest().as_bytes(), [b'e' | b'E', b'0'..=b'9' | b'+' | b'-', ..]);
        if has_fraction || has_exponent {
            self.at += self.run(is_word_byte);
            return Err(fraction(&self.text[start..self.at], start..self.at));
        }
        self.whole(start, start, 10)
    }

    fn whole(&mut self, start: usize, digits: usize, radix: u32) -> Result<TokenKind, Mistake> {
        let value = u64::from_str_radix(&self.text[digits..self.at], radix);
        if self.rest().bytes().next().is_some_and(is_word_byte) || digits == self.at {
            self.at += self.run(is_word_byte);
            return Err(with_unit(&self.text[start..self.at], start..self.at));
        }
        // The least number has one more than the greatest; the parser sees its sign.
        if value.is_ok_and(|value| value <= i64::MIN.unsigned_abs()) {
            return Ok(TokenKind::Number);
        }
        let message = format!("`{}` does not fit into 64 bits", &self.text[start..self.at]);
        Err(Mistake::new(MistakeKind::BadLiteral, start..self.at, message))
    }

    fn percent(&self, start: usize) -> Result<TokenKind, Mistake> {
        let written = &self.text[start..self.at];
        if units::permille(written).is_some() {
            return Ok(TokenKind::Percent);
        }
        let message = format!("`{written}` is no percentage");
        Err(Mistake::new(MistakeKind::BadLiteral, start..self.at, message).with_help(
            "a percentage goes from `0%` to `100%`, with at most one digit behind the point; `%` is no operator",
        ))
    }
}

fn fraction(written: &str, range: Range<usize>) -> Mistake {
    let message = format!("`{written}` is a number with a fraction, which gw does not compute with");
    Mistake::new(MistakeKind::Unsupported, range, message)
        .with_help("write a whole number, or a percentage such as `30%` or `0.5%`")
}

/// A number with letters behind it: most likely a value with its unit.
fn with_unit(written: &str, range: Range<usize>) -> Mistake {
    let mistake = Mistake::new(MistakeKind::BadLiteral, range, format!("`{written}` is no number"));
    if units::millis(written).is_some() {
        return mistake.with_help(format!("a duration is written `duration(\"{written}\")`"));
    }
    if units::bytes(written).is_some() {
        return mistake.with_help(format!("a size is written `bytes(\"{written}\")`"));
    }
    mistake
}
