//! A byte range in one source.

use crate::source_map::SourceId;

/// A half-open range of bytes in one source, always on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file the range lies in.
    pub source: SourceId,
    /// The first byte, counted from 0.
    pub start: u32,
    /// The byte after the last, at least `start`.
    pub end: u32,
}

impl Span {
    /// The range from `start` to before `end`; an `end` before `start` gives the empty range at `start`.
    pub fn new(source: SourceId, start: u32, end: u32) -> Self {
        Span { source, start, end: end.max(start) }
    }

    /// The empty range at `offset`.
    pub fn at(source: SourceId, offset: u32) -> Self {
        Span { source, start: offset, end: offset }
    }

    /// How many bytes the range holds.
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest range that holds both; `self` when they lie in different files.
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return self;
        }
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_covers_both_ranges_of_one_file() {
        let (here, there) = (SourceId(0), SourceId(1));
        assert_eq!(Span::new(here, 4, 6).to(Span::new(here, 1, 2)), Span::new(here, 1, 6));
        assert_eq!(Span::new(here, 4, 6).to(Span::new(there, 1, 2)), Span::new(here, 4, 6));
    }

    #[test]
    fn a_reversed_range_is_empty() {
        assert!(Span::new(SourceId(0), 4, 1).is_empty());
    }
}
