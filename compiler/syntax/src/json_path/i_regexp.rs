//! I-Regexp (RFC 9485): the regular expressions that every engine reads alike, checked and handed to `regex`,
//! which matches in linear time.

use std::iter::Peekable;
use std::str::Chars;

use regex::{Regex, RegexBuilder};

/// How long a pattern may be.
const MAX_PATTERN_BYTES: usize = 1024;

/// How much memory a compiled pattern may take.
const MAX_COMPILED_BYTES: usize = 256 * 1024;

/// What a pattern must cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The whole text: `match`.
    Whole,
    /// Any part of it: `search`.
    Part,
}

/// Compiles a pattern; `None` when it is no I-Regexp, or too large.
pub(super) fn compile(pattern: &str, extent: Extent) -> Option<Regex> {
    if pattern.len() > MAX_PATTERN_BYTES {
        return None;
    }
    let translated = translate(pattern)?;
    let text = match extent {
        Extent::Whole => format!(r"\A(?:{translated})\z"),
        Extent::Part => translated,
    };
    RegexBuilder::new(&text).size_limit(MAX_COMPILED_BYTES).build().ok()
}

/// The pattern in the words of `regex`; `None` when it is no I-Regexp.
fn translate(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.chars().peekable();
    let mut groups = 0usize;
    // Whether something stands before that a quantifier can repeat.
    let mut repeatable = false;
    while let Some(c) = chars.next() {
        repeatable = match c {
            '(' => {
                groups += 1;
                out.push_str("(?:");
                false
            }
            ')' => {
                groups = groups.checked_sub(1)?;
                out.push(')');
                true
            }
            '|' => {
                out.push('|');
                false
            }
            '*' | '+' | '?' => {
                repeatable.then(|| out.push(c))?;
                false
            }
            '{' => {
                repeatable.then(|| out.push('{'))?;
                quantity(&mut chars, &mut out)?;
                false
            }
            '.' => {
                out.push_str(r"[^\n\r]");
                true
            }
            '[' => {
                class(&mut chars, &mut out)?;
                true
            }
            '\\' => {
                escape(&mut chars, &mut out)?;
                true
            }
            ']' | '}' => return None,
            // Normal characters of the grammar, and anchors in every engine it maps to (RFC 9485 section 5).
            '^' | '$' => {
                out.push(c);
                true
            }
            c => {
                push_literal(c, &mut out);
                true
            }
        };
    }
    (groups == 0).then_some(out)
}

/// `{2}`, `{2,}`, `{2,3}`, behind its brace.
fn quantity(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    digits(chars, out).then_some(())?;
    if chars.next_if_eq(&',').is_some() {
        out.push(',');
        digits(chars, out);
    }
    out.push(chars.next_if_eq(&'}')?);
    Some(())
}

fn digits(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> bool {
    let before = out.len();
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        out.push(digit);
    }
    out.len() > before
}

/// A character class, behind its bracket.
fn class(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    out.push('[');
    if chars.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut empty = true;
    loop {
        match chars.next()? {
            ']' if !empty => break,
            // A hyphen stands for itself only at either end.
            '-' if empty || chars.peek() == Some(&']') => out.push_str(r"\-"),
            '\\' if matches!(chars.peek(), Some('p' | 'P')) => escape(chars, out)?,
            first => {
                class_char(first, chars, out)?;
                let mut ahead = chars.clone();
                if ahead.next() == Some('-') && ahead.peek().is_some_and(|next| *next != ']') {
                    chars.next();
                    out.push('-');
                    let last = chars.next()?;
                    class_char(last, chars, out)?;
                }
            }
        }
        empty = false;
    }
    out.push(']');
    Some(())
}

fn class_char(c: char, chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    match c {
        '[' | ']' | '-' => None,
        '\\' if matches!(chars.peek(), Some('p' | 'P')) => None,
        '\\' => escape(chars, out),
        c => {
            push_literal(c, out);
            Some(())
        }
    }
}

/// What follows a backslash.
fn escape(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    match chars.next()? {
        c @ ('n' | 'r' | 't') => out.extend(['\\', c]),
        c @ ('(' | ')' | '*' | '+' | '-' | '.' | '?' | '[' | '\\' | ']' | '^' | '{' | '|' | '}') => {
            push_literal(c, out);
        }
        c @ ('p' | 'P') => {
            chars.next_if_eq(&'{')?;
            let name: String =
                std::iter::from_fn(|| chars.next_if(char::is_ascii_alphabetic)).take(3).collect();
            chars.next_if_eq(&'}')?;
            CATEGORIES.contains(&name.as_str()).then_some(())?;
            out.extend(['\\', c, '{']);
            out.push_str(&name);
            out.push('}');
        }
        _ => return None,
    }
    Some(())
}

fn push_literal(c: char, out: &mut String) {
    if c.is_ascii_punctuation() && !matches!(c, '<' | '>') {
        out.push('\\');
    }
    out.push(c);
}

/// The categories of RFC 9485 section 4.
const CATEGORIES: [&str; 36] = [
    "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe",
    "Pf", "Pi", "Po", "Ps", "Z", "Zl", "Zp", "Zs", "S", "Sc", "Sk", "Sm", "So", "C", "Cc", "Cf", "Cn", "Co",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(pattern: &str, text: &str) -> Option<bool> {
        compile(pattern, Extent::Whole).map(|regex| regex.is_match(text))
    }

    #[test]
    fn what_the_grammar_allows_is_matched() {
        for (pattern, text, matches) in [
            ("a.c", "abc", true),
            ("a.c", "a\nc", false),
            ("(ab|cd){2}", "abcd", true),
            ("[a-c&&~~]+", "a&~", true),
            ("[^-a]", "-", false),
            ("[a-]", "-", true),
            (r"[\p{L}\-]+", "ä-b", true),
            (r"\p{Lu}\P{Lu}", "Ab", true),
            ("a{2,}", "aa", true),
            ("a{1,2}", "aaa", false),
            ("", "", true),
            ("a#b /<>", "a#b /<>", true),
            (r"\(\)\[\]\{\}\|\^", "()[]{}|^", true),
        ] {
            assert_eq!(whole(pattern, text), Some(matches), "{pattern}");
        }
    }

    #[test]
    fn what_other_engines_add_is_refused() {
        for pattern in [
            r"\d",
            r"\w",
            r"\b",
            "(?i)a",
            "(?:a)",
            "a**",
            "a+?",
            "*",
            "a|*",
            "[",
            "[]",
            "[a",
            "[a-b-c]",
            "]",
            "}",
            "{1}",
            "a{,2}",
            "a{x}",
            "(",
            ")",
            r"\",
            r"\p{Greek}",
            r"\pL",
            r"\p{Lx}",
            "[[a]]",
            r"\$",
            r"[a-\p{L}]",
        ] {
            assert!(compile(pattern, Extent::Part).is_none(), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_explodes_is_refused() {
        assert!(compile("((a{100}){100}){100}", Extent::Part).is_none());
        assert!(compile(&"a".repeat(MAX_PATTERN_BYTES + 1), Extent::Part).is_none());
        assert!(compile(&"(".repeat(MAX_PATTERN_BYTES), Extent::Part).is_none());
    }
}
