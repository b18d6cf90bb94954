//! Byte offsets as lines and columns, all of a file in one pass: a minified document is one long line.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::Place;
use gw_syntax::{SourceId, SourceMap, Span};

/// The places of known spans.
pub(super) struct Places {
    /// Paths, sorted.
    pub(super) files: Vec<String>,
    known: BTreeMap<(SourceId, u32), Place>,
}

impl Places {
    /// Looks up the starts of all spans. O(bytes of their files + spans × log spans).
    pub(super) fn find(sources: &SourceMap, spans: impl IntoIterator<Item = Span>) -> Self {
        let mut offsets: BTreeMap<SourceId, BTreeSet<u32>> = BTreeMap::new();
        for span in spans {
            offsets.entry(span.source).or_default().insert(span.start);
        }
        let paths: BTreeSet<&str> = offsets.keys().map(|source| sources.path(*source)).collect();
        let files: Vec<String> = paths.into_iter().map(str::to_owned).collect();
        let mut known = BTreeMap::new();
        for (source, offsets) in offsets {
            let path = sources.path(source);
            let file = files.iter().position(|other| other == path).expect("its path was put there") as u32;
            for (offset, line, column) in positions(sources.text(source), &offsets) {
                known.insert((source, offset), Place { file, line, column });
            }
        }
        Self { files, known }
    }

    /// The place of a span that was among those looked up.
    pub(super) fn of(&self, span: Span) -> Option<Place> {
        self.known.get(&(span.source, span.start)).copied()
    }
}

/// Line and column of each offset, as [`SourceMap::position`] counts them.
fn positions(text: &str, offsets: &BTreeSet<u32>) -> Vec<(u32, u32, u32)> {
    let mut positions = Vec::with_capacity(offsets.len());
    let mut wanted = offsets.iter().copied().peekable();
    let (mut line, mut column) = (1, 1);
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        // A line break of two characters ends with the second.
        if before == '\n' || (before == '\r' && character != '\n') {
            (line, column) = (line + 1, 1);
        }
        while let Some(offset) = wanted.next_if(|offset| *offset as usize <= at) {
            positions.push((offset, line, column));
        }
        if wanted.peek().is_none() {
            return positions;
        }
        column += u32::from(!(at == 0 && character == '\u{feff}'));
        before = character;
    }
    if matches!(before, '\n' | '\r') {
        (line, column) = (line + 1, 1);
    }
    positions.extend(wanted.map(|offset| (offset, line, column)));
    positions
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_as_the_source_map_does(text in "\u{feff}?[aä𝄞\r\n]{0,40}") {
            let mut sources = SourceMap::new();
            let id = sources.add("a.yaml", text.as_str());
            let offsets: BTreeSet<u32> =
                text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect();
            for (offset, line, column) in positions(&text, &offsets) {
                let position = sources.position(id, offset);
                prop_assert_eq!((position.line, position.column), (line, column));
            }
            prop_assert_eq!(positions(&text, &offsets).len(), offsets.len());
        }
    }
}
