//! Values as people write them on one line: YAML's flow style, with quotes only where they are needed.

use std::fmt::{Display, Write};

use crate::resolve::resolved::Spanned;

/// A mapping on one line, filled entry by entry.
#[derive(Debug, Default)]
pub(super) struct Flow(Vec<String>);

impl Flow {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A part whose text needs no quotes, when it was said.
    pub(super) fn plain<T: Display>(self, key: &str, value: Option<&Spanned<T>>) -> Self {
        self.raw(key, value.map(|value| value.value.to_string()))
    }

    /// A part that is text, when it was said.
    pub(super) fn text<T: Display>(self, key: &str, value: Option<&Spanned<T>>) -> Self {
        self.raw(key, value.map(|value| quoted(&value.value.to_string())))
    }

    /// A list, unless it is empty.
    pub(super) fn list<T: Display>(self, key: &str, items: &[Spanned<T>]) -> Self {
        let list = Some(items).filter(|items| !items.is_empty()).map(list);
        self.raw(key, list)
    }

    /// A mapping, unless it is empty.
    pub(super) fn map<K: Display, V: Display>(self, key: &str, entries: &[(Spanned<K>, Spanned<V>)]) -> Self {
        let map = Some(entries).filter(|entries| !entries.is_empty()).map(map);
        self.raw(key, map)
    }

    /// A part that is written already.
    pub(super) fn raw(mut self, key: &str, text: Option<String>) -> Self {
        self.0.extend(text.map(|text| format!("{key}: {text}")));
        self
    }

    /// A part before all others.
    pub(super) fn first(mut self, key: &str, value: &impl Display) -> Self {
        self.0.insert(0, format!("{key}: {value}"));
        self
    }

    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mapping.
    pub(super) fn finish(self) -> String {
        format!("{{{}}}", self.0.join(", "))
    }
}

/// A list of texts.
pub(super) fn list<T: Display>(items: &[Spanned<T>]) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(&item.value.to_string())).collect();
    format!("[{}]", items.join(", "))
}

/// A mapping from texts to texts.
pub(super) fn map<K: Display, V: Display>(entries: &[(Spanned<K>, Spanned<V>)]) -> String {
    let entry = |(key, value): &(Spanned<K>, Spanned<V>)| {
        format!("{}: {}", quoted(&key.value.to_string()), quoted(&value.value.to_string()))
    };
    let entries: Vec<String> = entries.iter().map(entry).collect();
    format!("{{{}}}", entries.join(", "))
}

/// A text, in quotes where without them it would read as something else.
pub(super) fn quoted(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { in_quotes(text) }
}

/// A text in double quotes.
pub(super) fn in_quotes(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}') => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether plain YAML in a flow mapping is this text, and no number, truth or null.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 3] = ["true", "false", "null"];
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_'));
    let inside = |c: char| c.is_ascii_alphanumeric() || "/_.-:%+=|@ ".contains(c);
    starts
        && text.chars().all(inside)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !is_number(text)
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok() || text.starts_with("0x") || text.starts_with("0o")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_stand_where_they_are_needed() {
        for plain in
            ["a", "10.0.0.0/8", "claim:sub", "/a/b", "report@1%", "two words", "5s..60s", "2027-01-31"]
        {
            assert_eq!(quoted(plain), plain);
        }
        for text in [
            "", "true", "Null", "a: b", "a:", "*", "{x}", "a, b", "- a", "#", "ä", "a #b", "::1", "502",
            "1e3", "0x1f", ".inf",
        ] {
            assert_eq!(quoted(text), format!("\"{text}\""));
        }
        assert_eq!(quoted("a\"\\\n\u{1}"), "\"a\\\"\\\\\\n\\u0001\"");
    }
}
