//! Where in the path the variables of the matched template stand.

use std::fmt;
use std::ops::Range;

use super::MAX_VARIABLES;

/// Byte ranges of a path, in the order of the template's variables. Lives on the stack; reuse it.
#[derive(Clone, Copy)]
pub struct Captures {
    ranges: [(u16, u16); MAX_VARIABLES],
    len: u8,
}

impl Captures {
    /// None yet.
    pub const fn new() -> Self {
        Self { ranges: [(0, 0); MAX_VARIABLES], len: 0 }
    }

    /// How many variables the matched template has.
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// Whether the matched template has no variable, or nothing matched.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The byte range of the `index`-th variable.
    pub fn range(&self, index: usize) -> Option<Range<usize>> {
        self.ranges().get(index).map(|&(start, end)| usize::from(start)..usize::from(end))
    }

    /// The text of the `index`-th variable, still percent-encoded; `path` is the path that was matched.
    pub fn text<'p>(&self, index: usize, path: &'p str) -> Option<&'p str> {
        path.get(self.range(index)?)
    }

    /// The texts of all variables, still percent-encoded; `path` is the path that was matched.
    pub fn texts<'p>(&self, path: &'p str) -> impl Iterator<Item = &'p str> {
        (0..self.len()).filter_map(move |index| self.text(index, path))
    }

    #[inline]
    pub(super) fn push(&mut self, range: Range<usize>) {
        // INVARIANT: no template has more than MAX_VARIABLES and no path is longer than a u16.
        if let Some(free) = self.ranges.get_mut(usize::from(self.len)) {
            *free = (range.start as u16, range.end as u16);
            self.len += 1;
        }
    }

    #[inline]
    pub(super) fn truncate(&mut self, len: u8) {
        self.len = self.len.min(len);
    }

    /// Says how many are there already; what comes next is pushed behind them.
    #[inline]
    pub(super) fn resume_at(&mut self, len: u8) {
        self.len = len.min(MAX_VARIABLES as u8);
    }

    fn ranges(&self) -> &[(u16, u16)] {
        &self.ranges[..usize::from(self.len)]
    }
}

impl Default for Captures {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Captures {
    fn eq(&self, other: &Self) -> bool {
        self.ranges() == other.ranges()
    }
}

impl Eq for Captures {}

impl fmt::Debug for Captures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.ranges().iter().map(|(start, end)| start..end)).finish()
    }
}
