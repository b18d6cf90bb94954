//! Sets of patterns for header values: text in which `*` stands for any text, compared without regard to ASCII case.
//!
//! A set is one automaton that reads a value once, whatever the value and however many patterns there are: no pattern
//! can be made slow by whom it judges. Its size is bounded when it is built, by the compiler and by the loader alike.

use std::cmp::Ordering;

use regex::bytes::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest pattern, in bytes.
pub const MAX_PATTERN_BYTES: usize = 256;
/// The most patterns of one set.
pub const MAX_PATTERNS: usize = 1024;
/// What the automaton of one set takes at most, in bytes.
pub const AUTOMATON_BYTES: usize = 256 * 1024;
/// What each thread that uses it keeps beside it at most, in bytes.
pub const CACHE_BYTES: usize = 256 * 1024;

/// A set of patterns, at least one.
///
/// INVARIANT: `patterns` are in order, each once, each [a pattern](is_pattern); `automaton` is made of them.
#[derive(Clone, Debug)]
pub struct PatternSet {
    patterns: Vec<String>,
    automaton: Regex,
}

/// Why patterns make no set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternDefect {
    /// There is none, or more than [`MAX_PATTERNS`].
    #[error("a set has 1 to {MAX_PATTERNS} patterns")]
    Count,
    /// One is not [a pattern](is_pattern).
    #[error("a pattern is 1 to {MAX_PATTERN_BYTES} bytes of visible ASCII and spaces")]
    Pattern,
    /// The automaton would be larger than [`AUTOMATON_BYTES`].
    #[error("the patterns are too many or too long to be read together")]
    Size,
}

/// Whether a text is a pattern: 1 to [`MAX_PATTERN_BYTES`] bytes of visible ASCII and spaces, none at its ends, since a
/// value has none there (RFC 9110 §5.5).
pub fn is_pattern(text: &str) -> bool {
    let is_visible = |byte: u8| (0x20..0x7f).contains(&byte);
    (1..=MAX_PATTERN_BYTES).contains(&text.len()) && text.bytes().all(is_visible) && text.trim() == text
}

impl PatternSet {
    /// The set of these patterns, whatever their order.
    ///
    /// # Errors
    /// When they are none, too many, too large, or no patterns.
    pub fn new(mut patterns: Vec<String>) -> Result<Self, PatternDefect> {
        if patterns.is_empty() || patterns.len() > MAX_PATTERNS {
            return Err(PatternDefect::Count);
        }
        if !patterns.iter().all(|pattern| is_pattern(pattern)) {
            return Err(PatternDefect::Pattern);
        }
        patterns.sort_unstable();
        patterns.dedup();
        let each: Vec<String> = patterns.iter().map(|pattern| expression(pattern)).collect();
        let automaton = RegexBuilder::new(&format!(r"\A(?:{})\z", each.join("|")))
            .unicode(false)
            .case_insensitive(true)
            .dot_matches_new_line(true)
            .size_limit(AUTOMATON_BYTES)
            .dfa_size_limit(CACHE_BYTES)
            .build()
            .map_err(|_| PatternDefect::Size)?;
        Ok(Self { patterns, automaton })
    }

    /// Whether one of the patterns is this whole value. O(value).
    pub fn matches(&self, value: &[u8]) -> bool {
        self.automaton.is_match(value)
    }

    /// The patterns, in order.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }
}

fn expression(pattern: &str) -> String {
    let literals: Vec<String> = pattern.split('*').map(regex::escape).collect();
    literals.join(".*")
}

impl PartialEq for PatternSet {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Eq for PatternSet {}

impl PartialOrd for PatternSet {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PatternSet {
    fn cmp(&self, other: &Self) -> Ordering {
        self.patterns.cmp(&other.patterns)
    }
}

/// The patterns alone; the automaton is made again.
impl Serialize for PatternSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.patterns.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PatternSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let patterns = Vec::<String>::deserialize(deserializer)?;
        let set = Self::new(patterns.clone()).map_err(serde::de::Error::custom)?;
        // Equal sets have equal bytes.
        if set.patterns == patterns {
            Ok(set)
        } else {
            Err(serde::de::Error::custom("patterns are out of order"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(patterns: &[&str]) -> PatternSet {
        PatternSet::new(patterns.iter().map(|&pattern| pattern.to_owned()).collect()).unwrap()
    }

    #[test]
    fn a_star_stands_for_any_text_and_all_else_for_itself() {
        let set = set(&["*sqlmap*", "curl/7.*", "a.b"]);
        for value in ["sqlmap", "Mozilla SQLMap/1.0", "curl/7.", "CURL/7.88", "a.b"] {
            assert!(set.matches(value.as_bytes()), "{value}");
        }
        for value in ["", "sqlma", "curl/8", "xcurl/7.1", "aXb", "a.bc", "a.b\n"] {
            assert!(!set.matches(value.as_bytes()), "{value}");
        }
        assert!(self::set(&["*"]).matches(b"") && self::set(&["*"]).matches(b"\xff\n"));
    }

    #[test]
    fn a_set_is_its_patterns_in_order() {
        assert_eq!(set(&["b", "a", "b"]), set(&["a", "b"]));
        let bytes = postcard::to_stdvec(&set(&["b", "a"])).unwrap();
        assert_eq!(postcard::from_bytes::<PatternSet>(&bytes).unwrap(), set(&["a", "b"]));
        let disordered = postcard::to_stdvec(&["b", "a"].map(str::to_owned).to_vec()).unwrap();
        assert!(postcard::from_bytes::<PatternSet>(&disordered).is_err());
    }

    #[test]
    fn what_cannot_be_read_in_bounds_is_no_set() {
        assert_eq!(PatternSet::new(vec![]), Err(PatternDefect::Count));
        for text in ["", " a", "a ", "a\tb", "ä"] {
            assert_eq!(PatternSet::new(vec![text.to_owned()]), Err(PatternDefect::Pattern), "{text:?}");
        }
        let long = |number: usize| format!("{number:0>255}");
        assert_eq!(PatternSet::new((0..MAX_PATTERNS).map(long).collect()), Err(PatternDefect::Size));
    }
}
