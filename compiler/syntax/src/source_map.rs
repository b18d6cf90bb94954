//! The texts of a compilation, by id, and where an offset lies in them.

use std::sync::{Arc, OnceLock};

use crate::line_index::LineIndex;

/// Names one file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A place for people: line and column, both counted from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1. `\n`, `\r\n` and a lone `\r` end a line.
    pub line: u32,
    /// The column, from 1, in Unicode scalar values (a tab counts as one).
    pub column: u32,
}

/// Every text that takes part, with the path it is shown under.
///
/// Texts are shared: a [`crate::Tree`] keeps its own alive, so a map may be dropped before its trees.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

#[derive(Clone, Debug)]
struct Source {
    path: String,
    text: Arc<String>,
    /// Where the first byte lies that is not UTF-8, if any; `text` holds U+FFFD from there on.
    invalid_utf8: Option<u32>,
    /// Built when a position is first asked for.
    lines: OnceLock<LineIndex>,
}

impl SourceMap {
    /// A map without texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a file's bytes under its project-relative path (with `/`) and names it.
    ///
    /// Bytes that are not UTF-8 are kept as U+FFFD, for display; [`crate::parse`] refuses such a file.
    /// Adding a path again gives a second, independent source.
    pub fn add(&mut self, path: &str, text: impl Into<Vec<u8>>) -> SourceId {
        let id = SourceId(self.sources.len() as u32);
        let (text, invalid_utf8) = decode(text.into());
        let source =
            Source { path: path.to_owned(), text: Arc::new(text), invalid_utf8, lines: OnceLock::new() };
        self.sources.push(source);
        id
    }

    /// The text of a source.
    pub fn text(&self, id: SourceId) -> &str {
        &self.source(id).text
    }

    /// The project-relative path of a source.
    pub fn path(&self, id: SourceId) -> &str {
        &self.source(id).path
    }

    /// The first source that was added under this path.
    pub fn find(&self, path: &str) -> Option<SourceId> {
        self.sources.iter().position(|source| source.path == path).map(|index| SourceId(index as u32))
    }

    /// All sources, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> + use<> {
        (0..self.sources.len() as u32).map(SourceId)
    }

    /// How many sources there are.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there is no source.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Line and column of a byte offset; an offset past the end is the place after the last character.
    ///
    /// A byte order mark at the start takes no column. O(log lines) after the first call per source, also
    /// in a document that is one long line.
    pub fn position(&self, id: SourceId, offset: u32) -> Position {
        let source = self.source(id);
        let index = source.lines.get_or_init(|| LineIndex::new(&source.text));
        index.position(&source.text, offset.min(source.text.len() as u32))
    }

    /// The text, to be kept beside a tree.
    pub(crate) fn shared_text(&self, id: SourceId) -> Arc<String> {
        Arc::clone(&self.source(id).text)
    }

    /// Where the first byte lies that is not UTF-8.
    pub(crate) fn invalid_utf8(&self, id: SourceId) -> Option<u32> {
        self.source(id).invalid_utf8
    }

    fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }
}

fn decode(bytes: Vec<u8>) -> (String, Option<u32>) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to() as u32;
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(valid))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn position(text: &str, offset: u32) -> (u32, u32) {
        let mut sources = SourceMap::new();
        let id = sources.add("a.yaml", text);
        let at = sources.position(id, offset);
        (at.line, at.column)
    }

    #[test]
    fn counts_columns_in_characters() {
        assert_eq!(position("äöü: 1", 6), (1, 4));
        assert_eq!(position("a\n𝄞b", 6), (2, 2));
    }

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        assert_eq!(position("a\r\nb", 3), (2, 1));
        assert_eq!(position("a\rb", 2), (2, 1));
        assert_eq!(position("a\n", 2), (2, 1));
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        assert_eq!(position("\u{feff}a: 1", 3), (1, 1));
        assert_eq!(position("\u{feff}a: 1", 6), (1, 4));
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(position("ab", 99), (1, 3));
        assert_eq!(position("", 0), (1, 1));
    }

    #[test]
    fn keeps_the_valid_part_of_broken_text() {
        let mut sources = SourceMap::new();
        let id = sources.add("a.yaml", b"ok: \xff!".to_vec());
        assert_eq!(sources.text(id), "ok: \u{fffd}!");
        assert_eq!(sources.invalid_utf8(id), Some(4));
    }

    #[test]
    fn finds_a_source_by_its_path() {
        let mut sources = SourceMap::new();
        sources.add("a.yaml", "");
        let second = sources.add("b.yaml", "");
        assert_eq!(sources.find("b.yaml"), Some(second));
        assert_eq!(sources.find("c.yaml"), None);
    }

    proptest! {
        #[test]
        fn positions_grow_with_offsets(text in "[aä𝄞\r\n]{0,40}") {
            let mut sources = SourceMap::new();
            let id = sources.add("a.yaml", text.as_str());
            let places: Vec<Position> =
                text.char_indices().map(|(offset, _)| sources.position(id, offset as u32)).collect();
            prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
