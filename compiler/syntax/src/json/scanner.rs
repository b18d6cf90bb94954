//! From the characters of a JSON text to nodes, in one pass and without recursion.

use super::Refusal;
use super::string::{self, StringText};
use crate::codes;
use crate::pointer::Pointer;
use crate::reader::{Input, MAX_DEPTH, quoted};
use crate::tree::{Builder, Duplicate, Kind, TextPlace, Tree};

/// The state of one pass. INVARIANT: `at` is at most the text's length and on a character boundary
/// whenever a refusal is made.
#[derive(Debug)]
pub(super) struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    builder: Builder,
}

/// What stands after a value.
#[derive(Debug)]
enum Next {
    Value,
    End,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(input: &'t Input) -> Self {
        let text = input.text.as_str();
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let builder = Builder::new(input.source, input.text.clone());
        Scanner { text, bytes: text.as_bytes(), at, builder }
    }

    /// The tree and the keys that stand twice, or why there is none and how far the reading came.
    pub(super) fn read(mut self) -> Result<(Tree, Vec<Duplicate>), (Refusal, Pointer)> {
        match self.scan() {
            Ok(()) => Ok(self.builder.finish()),
            Err(refusal) => Err((refusal, self.builder.pointer())),
        }
    }

    fn scan(&mut self) -> Result<(), Refusal> {
        loop {
            self.value()?;
            if matches!(self.after_value()?, Next::End) {
                return Ok(());
            }
        }
    }

    /// Reads one scalar, or all the openings before the next scalar or empty container.
    fn value(&mut self) -> Result<(), Refusal> {
        loop {
            self.skip_space();
            let start = self.at;
            let (kind, close) = match self.peek() {
                Some(b'{') => (Kind::Mapping, b'}'),
                Some(b'[') => (Kind::Sequence, b']'),
                Some(b'"') => return self.string(),
                Some(b'-' | b'0'..=b'9') => return self.number(),
                Some(b't') => return self.word("true", Kind::Bool),
                Some(b'f') => return self.word("false", Kind::Bool),
                Some(b'n') => return self.word("null", Kind::Null),
                _ => return Err(self.expected("a value")),
            };
            self.builder.open(kind, start as u32).map_err(|_| self.too_deep())?;
            self.at += 1;
            self.skip_space();
            if self.peek() == Some(close) {
                self.at += 1;
                self.builder.close(Some(self.at as u32));
                return Ok(());
            }
            if kind == Kind::Mapping {
                self.key()?;
            }
        }
    }

    /// Reads closings up to the next comma, and the key after it in a mapping.
    fn after_value(&mut self) -> Result<Next, Refusal> {
        loop {
            self.skip_space();
            let Some((kind, _)) = self.builder.innermost() else {
                return self.end().map(|()| Next::End);
            };
            match (self.peek(), kind) {
                (Some(b','), Kind::Mapping) => {
                    self.at += 1;
                    self.skip_space();
                    return self.key().map(|()| Next::Value);
                }
                (Some(b','), _) => {
                    self.at += 1;
                    return Ok(Next::Value);
                }
                (Some(b'}'), Kind::Mapping) | (Some(b']'), Kind::Sequence) => {
                    self.at += 1;
                    self.builder.close(Some(self.at as u32));
                }
                (_, Kind::Mapping) => return Err(self.expected("`,` or `}`")),
                _ => return Err(self.expected("`,` or `]`")),
            }
        }
    }

    fn key(&mut self) -> Result<(), Refusal> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key in double quotes"));
        }
        self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:` after the key"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        match string::find_end(self.text, start)? {
            StringText::Plain { end } => {
                self.builder.scalar(Kind::String, TextPlace::Inside, start as u32, end as u32);
                self.at = end;
            }
            StringText::Escaped { end } => {
                let inner = start + 1..end - 1;
                let (text, from, to) = (self.text, start as u32, end as u32);
                self.builder
                    .side_scalar(Kind::String, from, to, |side| string::unescape(text, inner, side))?;
                self.at = end;
            }
        }
        Ok(())
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    fn number(&mut self) -> Result<(), Refusal> {
        let start = self.at;
        self.skip_if(b"-");
        if !self.skip_if(b"0") {
            self.digits(start)?;
        }
        let mut kind = Kind::Integer;
        if self.skip_if(b".") {
            kind = Kind::Float;
            self.digits(start)?;
        }
        if self.skip_if(b"eE") {
            kind = Kind::Float;
            self.skip_if(b"+-");
            self.digits(start)?;
        }
        if self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'.') {
            return Err(self.bad_number(start));
        }
        self.builder.scalar(kind, TextPlace::Whole, start as u32, self.at as u32);
        Ok(())
    }

    fn digits(&mut self, start: usize) -> Result<(), Refusal> {
        let first = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == first { Err(self.bad_number(start)) } else { Ok(()) }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<(), Refusal> {
        let end = self.at + word.len();
        let whole = self.bytes[self.at..].starts_with(word.as_bytes());
        if !whole || self.bytes.get(end).is_some_and(u8::is_ascii_alphanumeric) {
            return Err(self.expected("a value"));
        }
        self.builder.scalar(kind, TextPlace::Whole, self.at as u32, end as u32);
        self.at = end;
        Ok(())
    }

    fn end(&self) -> Result<(), Refusal> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.expected("the end of the file")) }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_if(&mut self, any_of: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| any_of.contains(&byte));
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn expected(&self, what: &str) -> Refusal {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return self.unfinished(what) };
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let found = &rest[..word.max(first.len_utf8())];
        let message = format!("expected {what}, found {}", quoted(found));
        let end = self.at + found.chars().take(60).map(char::len_utf8).sum::<usize>();
        let refusal = Refusal::new(&codes::JSON_SYNTAX, message, self.at, end);
        match (first, self.bytes[..self.at].trim_ascii_end().last()) {
            ('}' | ']', Some(b',')) => refusal.with_help("remove the comma before it"),
            ('/' | '#', _) => refusal.with_help("remove the comment; JSON has none"),
            ('\'', _) => refusal.with_help("use double quotes"),
            ('}' | ']', _) => self.with_opening(refusal),
            _ => refusal,
        }
    }

    fn unfinished(&self, what: &str) -> Refusal {
        let message = format!("expected {what}, but the file ends");
        self.with_opening(Refusal::new(&codes::JSON_SYNTAX, message, self.at, self.at))
    }

    fn with_opening(&self, refusal: Refusal) -> Refusal {
        match self.builder.innermost() {
            Some((_, opened)) => refusal.opened_at(opened),
            None => refusal,
        }
    }

    fn bad_number(&self, start: usize) -> Refusal {
        let rest = &self.text[start..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len()).min(60);
        let message = format!("{} is not a JSON number", quoted(&rest[..end]));
        Refusal::new(&codes::JSON_SYNTAX, message, start, start + end)
            .with_help("write it like `12`, `-0.5` or `1e9`, or in quotes when it is text")
    }

    fn too_deep(&self) -> Refusal {
        let message = format!("nested deeper than {MAX_DEPTH} levels");
        Refusal::new(&codes::NESTING_TOO_DEEP, message, self.at, self.at + 1)
    }
}
