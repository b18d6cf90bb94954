//! From byte offsets to lines and columns, fast also where a document is one long line.

use crate::source_map::Position;

/// How many bytes lie between two counts of characters; bounds the cost of a column.
const STRIDE: usize = 4096;

/// The lines of one text.
#[derive(Clone, Debug)]
pub(crate) struct LineIndex {
    /// The offset at which each line starts.
    starts: Vec<u32>,
    /// How many bytes before each multiple of [`STRIDE`] do not begin a character.
    continuations: Vec<u32>,
}

impl LineIndex {
    pub(crate) fn new(text: &str) -> Self {
        let mut continuations = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut seen = 0;
        for stride in text.as_bytes().chunks(STRIDE) {
            continuations.push(seen);
            seen += continuations_in(stride);
        }
        continuations.push(seen);
        LineIndex { starts: line_starts(text.as_bytes()), continuations }
    }

    /// The place of `offset`, which is at most the length of the text this index was made for.
    pub(crate) fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts[line];
        let mut column = offset - start - (self.before(text, offset) - self.before(text, start));
        if line == 0 && offset > 0 && text.starts_with('\u{feff}') {
            column -= 1;
        }
        Position { line: line as u32 + 1, column: column + 1 }
    }

    /// How many bytes before `offset` do not begin a character.
    fn before(&self, text: &str, offset: u32) -> u32 {
        let stride = offset as usize / STRIDE;
        self.continuations[stride] + continuations_in(&text.as_bytes()[stride * STRIDE..offset as usize])
    }
}

fn line_starts(bytes: &[u8]) -> Vec<u32> {
    let mut starts = vec![0];
    for (index, byte) in bytes.iter().enumerate() {
        let ends_line = *byte == b'\n' || (*byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'));
        if ends_line {
            starts.push(index as u32 + 1);
        }
    }
    starts
}

fn continuations_in(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 == 0b1000_0000).count() as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same by counting characters from the start.
    fn counted(text: &str, offset: usize) -> Position {
        let mut at = Position { line: 1, column: 1 };
        let mut characters = text[..offset].chars().peekable();
        while let Some(character) = characters.next() {
            let next = characters.peek().copied().or_else(|| text[offset..].chars().next());
            match character {
                '\n' => at = Position { line: at.line + 1, column: 1 },
                '\r' if next != Some('\n') => at = Position { line: at.line + 1, column: 1 },
                _ => at.column += 1,
            }
        }
        at
    }

    proptest! {
        #[test]
        fn agrees_with_counting(text in "[aä𝄞\r\n]{0,40}") {
            let index = LineIndex::new(&text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                prop_assert_eq!(index.position(&text, offset as u32), counted(&text, offset));
            }
        }
    }

    #[test]
    fn long_lines_are_counted_in_strides() {
        let text = format!("ä\n{}", "aä".repeat(10_000));
        let index = LineIndex::new(&text);
        for offset in [0, 3, 4095, 4098, 8193, 30_000, text.len()] {
            assert_eq!(index.position(&text, offset as u32), counted(&text, offset), "{offset}");
        }
    }
}
