//! The inside of a JSON string: where it ends, and what its escapes stand for.

use std::ops::Range;

use super::Refusal;
use crate::codes;

/// A string whose closing quote was found; `end` is the byte after it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum StringText {
    /// The text between the quotes is the string.
    Plain { end: usize },
    /// It has escapes.
    Escaped { end: usize },
}

/// Finds the end of the string whose opening quote stands at `start`.
pub(super) fn find_end(text: &str, start: usize) -> Result<StringText, Refusal> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    let mut escaped = false;
    loop {
        match bytes[at..].iter().position(|byte| STOPS[*byte as usize]).map(|skip| at + skip) {
            None => return Err(unclosed(start, bytes.len())),
            Some(quote) if bytes[quote] == b'"' => {
                let end = quote + 1;
                return Ok(if escaped { StringText::Escaped { end } } else { StringText::Plain { end } });
            }
            Some(backslash) if bytes[backslash] == b'\\' => {
                escaped = true;
                at = (backslash + 2).min(bytes.len());
            }
            Some(control) => return Err(control_character(start, control, bytes[control])),
        }
    }
}

/// Appends what the characters in `inner` stand for.
pub(super) fn unescape(text: &str, inner: Range<usize>, out: &mut String) -> Result<(), Refusal> {
    let mut at = inner.start;
    while let Some(skip) = text[at..inner.end].find('\\') {
        out.push_str(&text[at..at + skip]);
        at = escape(text, at + skip, inner.end, out)?;
    }
    out.push_str(&text[at..inner.end]);
    Ok(())
}

/// Appends one escape whose backslash stands at `start`; the offset after it.
fn escape(text: &str, start: usize, end: usize, out: &mut String) -> Result<usize, Refusal> {
    let character = match text.as_bytes()[start + 1] {
        byte @ (b'"' | b'\\' | b'/') => char::from(byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(text, start, end, out),
        _ => return Err(bad_escape(text, start, 1)),
    };
    out.push(character);
    Ok(start + 2)
}

/// Appends one `\uXXXX`, or two that form a surrogate pair.
fn unicode_escape(text: &str, start: usize, end: usize, out: &mut String) -> Result<usize, Refusal> {
    let unit = code_unit(text, start, end).ok_or_else(|| bad_escape(text, start, 5))?;
    if let Some(character) = char::from_u32(unit) {
        out.push(character);
        return Ok(start + 6);
    }
    let low = code_unit(text, start + 6, end).filter(|low| (0xdc00..0xe000).contains(low));
    let (Some(low), true) = (low, unit < 0xdc00) else {
        return Err(lone_surrogate(start));
    };
    let scalar = 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    out.push(char::from_u32(scalar).ok_or_else(|| lone_surrogate(start))?);
    Ok(start + 12)
}

fn code_unit(text: &str, start: usize, end: usize) -> Option<u32> {
    let digits = text[..end].get(start..start + 6)?.strip_prefix("\\u")?;
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex { u32::from_str_radix(digits, 16).ok() } else { None }
}

fn unclosed(start: usize, end: usize) -> Refusal {
    Refusal::new(&codes::JSON_SYNTAX, "the string is not closed before the file ends", end, end)
        .opened_at(start as u32)
}

fn control_character(start: usize, at: usize, byte: u8) -> Refusal {
    if byte == b'\n' || byte == b'\r' {
        let message = "the string is not closed before the line ends";
        return Refusal::new(&codes::JSON_SYNTAX, message, at, at)
            .opened_at(start as u32)
            .with_help("close it with `\"`, or write the line break as `\\n`");
    }
    let message = format!("the string holds the control character U+{byte:04X}");
    let help = if byte == b'\t' { "write it as `\\t`" } else { "write it as a `\\u` escape, or remove it" };
    Refusal::new(&codes::CONTROL_CHARACTER, message, at, at + 1).with_help(help)
}

fn bad_escape(text: &str, start: usize, length: usize) -> Refusal {
    let shown: String = text[start..].chars().take(1 + length).take_while(|c| *c != '"').collect();
    let message = format!("`{shown}` is not an escape of JSON");
    Refusal::new(&codes::JSON_SYNTAX, message, start, start + shown.len()).with_help(
        "escapes are `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\u` with four digits",
    )
}

fn lone_surrogate(start: usize) -> Refusal {
    Refusal::new(&codes::JSON_SYNTAX, "half of a surrogate pair stands alone", start, start + 6)
        .with_help("characters above U+FFFF are written as two escapes, like `\\ud83d\\ude00`")
}

/// The bytes at which a run of plain string text stops.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        stops[byte] = true;
        byte += 1;
    }
    stops[b'"' as usize] = true;
    stops[b'\\' as usize] = true;
    stops
};
