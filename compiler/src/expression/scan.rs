//! The text before it is parsed: its bounds, its words, and what gw's subset leaves out.
//!
//! One pass, no recursion, O(bytes). What comes out is at most [`MAX_TOKENS`] tokens in at most [`MAX_BYTES`] bytes with
//! at most [`MAX_NESTING`] brackets open, which is what the parser's time and stack depend on.

mod number;

use std::ops::Range;

use super::mistake::{Mistake, MistakeKind};
use super::{MAX_BYTES, MAX_NESTING, MAX_TOKENS};

/// A text that may be parsed.
#[derive(Debug)]
pub(super) struct Scanned {
    /// The text for the parser: as long as the original, `30%` a percentage written as an unsigned number and
    /// CEL's macros written as plain calls.
    pub(super) text: String,
    /// Every token.
    pub(super) tokens: Vec<Token>,
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or a keyword.
    Word,
    /// A whole number.
    Number,
    /// A percentage.
    Percent,
    /// A text with its quotes.
    Text,
    /// An operator or a bracket.
    Sign,
}

/// Names that CEL's parser rewrites when they are called; gw reads the calls itself.
const MACROS: [&str; 9] =
    ["has", "exists", "all", "exists_one", "existsOne", "map", "filter", "optMap", "optFlatMap"];

/// Signs of two bytes, then those of one.
const SIGNS: [&str; 21] = [
    "&&", "||", "==", "!=", "<=", ">=", "!", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", ".", "?",
    ":",
];

pub(super) fn scan(text: &str) -> Result<Scanned, Vec<Mistake>> {
    if text.len() > MAX_BYTES {
        let message = format!("the expression has {} bytes, and {MAX_BYTES} is the most", text.len());
        return Err(vec![Mistake::new(MistakeKind::TooLarge, 0..text.len(), message).with_help(SPLIT)]);
    }
    let mut scanner = Scanner { text, at: 0, tokens: Vec::new() };
    scanner.tokens().map_err(|mistake| vec![mistake])?;
    let tokens = scanner.tokens;
    Ok(Scanned { text: rewritten(text, &tokens), tokens })
}

const SPLIT: &str = "say it shorter, or split it into several conditions";

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
}

impl Scanner<'_> {
    fn tokens(&mut self) -> Result<(), Mistake> {
        let mut open = 0_usize;
        let mut choices = 0;
        while let Some(byte) = self.rest().bytes().next() {
            if byte.is_ascii_whitespace() {
                self.at += 1;
                continue;
            }
            let start = self.at;
            let kind = self.token(byte)?;
            match &self.text[start..self.at] {
                "(" | "[" => open += 1,
                ")" | "]" => open = open.saturating_sub(1),
                "?" => choices += 1,
                _ => {}
            }
            let range = start..self.at;
            if open > MAX_NESTING || choices > MAX_NESTING {
                let message = format!("the expression is nested more than {MAX_NESTING} levels deep");
                return Err(Mistake::new(MistakeKind::TooLarge, range, message).with_help(SPLIT));
            }
            self.tokens.push(Token { kind, range: range.clone() });
            if self.tokens.len() > MAX_TOKENS {
                let message = format!("the expression has more than {MAX_TOKENS} words and signs");
                return Err(Mistake::new(MistakeKind::TooLarge, range, message).with_help(SPLIT));
            }
        }
        Ok(())
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn token(&mut self, first: u8) -> Result<TokenKind, Mistake> {
        if let Some(quote) = self.prefixed_quote() {
            return self.text_literal(quote);
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        if first.is_ascii_alphabetic() || first == b'_' {
            self.at += self.run(is_word_byte);
            return Ok(TokenKind::Word);
        }
        if self.rest().starts_with("//") {
            return Err(self
                .unsupported(2, "comments")
                .with_help("write it as a comment of the file around it"));
        }
        if let Some(sign) = SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) {
            self.at += sign.len();
            return Ok(TokenKind::Sign);
        }
        Err(self.stray(first))
    }

    /// How many bytes at the place satisfy this.
    fn run(&self, is: fn(u8) -> bool) -> usize {
        self.rest().bytes().take_while(|byte| is(*byte)).count()
    }

    /// Where the quote of a text stands, behind its prefix, and whether the text is raw.
    fn prefixed_quote(&self) -> Option<(usize, bool)> {
        let prefix = self.run(|byte| byte.is_ascii_alphabetic());
        let is_quote = |at: usize| matches!(self.rest().as_bytes().get(at), Some(b'"' | b'\''));
        let letters = &self.rest()[..prefix];
        let known = matches!(
            letters,
            "" | "r" | "R" | "b" | "B" | "br" | "bR" | "Br" | "BR" | "rb" | "rB" | "Rb" | "RB"
        );
        (known && is_quote(prefix)).then(|| (prefix, letters.contains(['r', 'R'])))
    }

    fn text_literal(&mut self, (prefix, raw): (usize, bool)) -> Result<TokenKind, Mistake> {
        if self.rest()[..prefix].contains(['b', 'B']) {
            return Err(self.unsupported(prefix + 1, "bytes").with_help("write text, without the `b`"));
        }
        let from_quote = &self.rest()[prefix..];
        let one = &from_quote[..1];
        let three = one.repeat(3);
        let quote = if from_quote.starts_with(&three) { three.as_str() } else { one };
        let mut at = quote.len();
        while let Some(byte) = from_quote.as_bytes().get(at) {
            if from_quote.as_bytes()[at..].starts_with(quote.as_bytes()) {
                self.at += prefix + at + quote.len();
                return Ok(TokenKind::Text);
            }
            at += if *byte == b'\\' && !raw { 2 } else { 1 };
        }
        let range = self.at..self.text.len();
        Err(Mistake::new(MistakeKind::Malformed, range, "a text has no closing quote"))
    }

    fn unsupported(&self, length: usize, what: &str) -> Mistake {
        let message = format!("gw's expressions have no {what}");
        Mistake::new(MistakeKind::Unsupported, self.at..self.at + length, message)
    }

    fn stray(&self, first: u8) -> Mistake {
        match first {
            b'{' | b'}' => self.unsupported(1, "mappings"),
            b'%' => {
                self.unsupported(1, "remainder").with_help("a percentage is written without a space: `30%`")
            }
            b'`' => self.unsupported(1, "quoted names"),
            _ => {
                let length = self.rest().chars().next().map_or(1, char::len_utf8);
                let written = &self.rest()[..length];
                let message = format!("`{written}` means nothing in an expression");
                let mistake = Mistake::new(MistakeKind::Malformed, self.at..self.at + length, message);
                match first {
                    b'=' => mistake.with_help("equality is written `==`"),
                    b'&' => mistake.with_help("both conditions together are written `&&`"),
                    b'|' => mistake.with_help("either of two conditions is written `||`"),
                    _ => mistake,
                }
            }
        }
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The text as the parser gets it; every token keeps its place.
fn rewritten(text: &str, tokens: &[Token]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for (index, token) in tokens.iter().enumerate() {
        let last = token.range.end - 1;
        let called = || tokens.get(index + 1).is_some_and(|next| &text[next.range.clone()] == "(");
        match token.kind {
            TokenKind::Percent => {
                bytes[token.range.start..last].fill(b'0');
                bytes[last] = b'u';
            }
            TokenKind::Word if MACROS.contains(&&text[token.range.clone()]) && called() => bytes[last] = b'_',
            TokenKind::Word | TokenKind::Number | TokenKind::Text | TokenKind::Sign => {}
        }
    }
    String::from_utf8(bytes).expect("ASCII bytes are replaced by ASCII bytes")
}
