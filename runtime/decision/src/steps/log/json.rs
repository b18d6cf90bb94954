//! Writing one flat JSON object into a buffer.

use std::net::IpAddr;

use super::MAX_TEXT_BYTES;
use super::timestamp::rfc3339;
use crate::text::{push_address, push_decimal};

/// An object that is being written.
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
    is_first: bool,
}

/// A key as it stands in the line: with the comma before it and the colon behind it. Made by [`key!`].
#[derive(Clone, Copy)]
pub(super) struct Key(pub(super) &'static str);

/// The [`Key`] of this name, made by the compiler. Names are ours and need no escape.
macro_rules! key {
    ($name:literal) => {
        $crate::steps::log::json::Key(concat!(",\"", $name, "\":"))
    };
}
pub(super) use key;

/// A string value that is being written.
pub(super) struct Text<'o> {
    out: &'o mut Vec<u8>,
}

impl<'o> Object<'o> {
    pub(super) fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_first: true }
    }

    /// Closes the object and the line.
    pub(super) fn end(self) {
        self.out.extend_from_slice(b"}\n");
    }

    fn key(&mut self, key: Key) {
        let comma = usize::from(std::mem::take(&mut self.is_first));
        self.out.extend_from_slice(&key.0.as_bytes()[comma..]);
    }

    pub(super) fn number(&mut self, key: Key, number: u64) {
        self.key(key);
        push_decimal(self.out, number);
    }

    /// A number that is left out when it is zero.
    pub(super) fn count(&mut self, key: Key, number: u64) {
        self.optional_number(key, (number > 0).then_some(number));
    }

    pub(super) fn optional_number(&mut self, key: Key, number: Option<u64>) {
        if let Some(number) = number {
            self.number(key, number);
        }
    }

    pub(super) fn text(&mut self, key: Key, text: &str) {
        self.pieces(key, |value| value.push(text.as_bytes()));
    }

    pub(super) fn optional_text(&mut self, key: Key, text: Option<&str>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    /// A text of ours that needs no escape.
    pub(super) fn plain(&mut self, key: Key, text: &str) {
        self.digits(key, text.as_bytes());
    }

    /// Digits and letters, as bytes.
    pub(super) fn digits(&mut self, key: Key, digits: &[u8]) {
        self.key(key);
        self.out.push(b'"');
        self.out.extend_from_slice(digits);
        self.out.push(b'"');
    }

    /// A stranger's text, cut after so many bytes.
    pub(super) fn clipped(&mut self, key: Key, text: &[u8], most: usize) {
        self.pieces(key, |value| value.push(&text[..text.len().min(most)]));
    }

    pub(super) fn optional(&mut self, key: Key, text: Option<&[u8]>) {
        if let Some(text) = text {
            self.clipped(key, text, MAX_TEXT_BYTES);
        }
    }

    /// All values of a line that can stand several times, each cut, with commas between them; nothing without any.
    pub(super) fn joined<'v>(&mut self, key: Key, mut values: impl Iterator<Item = &'v [u8]>) {
        let Some(first) = values.next() else { return };
        self.pieces(key, |text| {
            let cut = |value: &'v [u8]| &value[..value.len().min(MAX_TEXT_BYTES)];
            text.push(cut(first));
            for value in values {
                text.push(b", ");
                text.push(cut(value));
            }
        });
    }

    pub(super) fn timestamp(&mut self, key: Key, unix_nanos: u64) {
        self.digits(key, &rfc3339(unix_nanos));
    }

    pub(super) fn optional_address(&mut self, key: Key, address: Option<IpAddr>) {
        let Some(address) = address else { return };
        self.key(key);
        self.out.push(b'"');
        push_address(self.out, address);
        self.out.push(b'"');
    }

    /// A string made of pieces.
    pub(super) fn pieces(&mut self, key: Key, write: impl FnOnce(&mut Text<'_>)) {
        self.key(key);
        self.out.push(b'"');
        write(&mut Text { out: self.out });
        self.out.push(b'"');
    }

    /// A list of `place:name`, or `place` alone; nothing without any.
    pub(super) fn list<'v>(&mut self, key: Key, items: impl Iterator<Item = (&'v str, &'v str)>) {
        let mut open: &[u8] = b"[\"";
        for (place, name) in items {
            if open.starts_with(b"[") {
                self.key(key);
            }
            self.out.extend_from_slice(open);
            open = b",\"";
            let mut text = Text { out: self.out };
            text.push(place.as_bytes());
            if !name.is_empty() {
                text.push(b":");
                text.push(name.as_bytes());
            }
            self.out.push(b'"');
        }
        if open.starts_with(b",") {
            self.out.push(b']');
        }
    }
}

impl Text<'_> {
    /// Appends bytes, escaped (RFC 8259 §7); what is not UTF-8 becomes U+FFFD. Controls beyond ASCII and line
    /// separators are escaped too: a terminal that shows the line obeys them.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        // Looking at every byte, whatever was found, is what the compiler turns into vector instructions.
        if bytes.iter().fold(true, |plain, &byte| plain & is_plain(byte)) {
            return self.out.extend_from_slice(bytes);
        }
        for chunk in bytes.utf8_chunks() {
            for character in chunk.valid().chars() {
                self.escape(character);
            }
            if !chunk.invalid().is_empty() {
                self.out.extend_from_slice("\u{fffd}".as_bytes());
            }
        }
    }

    fn escape(&mut self, character: char) {
        match character {
            '"' | '\\' => self.out.extend_from_slice(&[b'\\', character as u8]),
            '\0'..' ' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
                let digit = |shift: u32| b"0123456789abcdef"[(u32::from(character) >> shift & 0xf) as usize];
                self.out.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
            }
            _ => self.out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

fn is_plain(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte) && byte != b'"' && byte != b'\\'
}
