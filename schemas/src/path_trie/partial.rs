//! Segments that mix text and variables: `{x}.json`, `{x}:cancel`, `{a}-{b}`, `pre{x}`.
//!
//! Matching is greedy without a choice to take back: the literal before the first variable and the one behind the
//! last are anchored, and each literal between is taken where it first occurs. That is complete: a later occurrence
//! would only leave less room for what follows. A variable takes one unit or more, where a unit is a character or a
//! whole escape; so no variable begins or ends inside of `%C3`.

use std::cmp::{Ordering, Reverse};
use std::ops::Range;

use super::Captures;

/// The literals around the variables of one segment: one more than there are variables, the outer two perhaps empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Partial {
    literals: Vec<String>,
}

impl Partial {
    /// INVARIANT: two literals at least, all canonical, none empty but the first and the last.
    pub(super) fn new(literals: Vec<String>) -> Self {
        Self { literals }
    }

    /// The literals, the outer two perhaps empty.
    pub fn literals(&self) -> &[String] {
        &self.literals
    }

    /// How many variables the segment has, at least one.
    pub fn variables(&self) -> usize {
        self.literals.len() - 1
    }

    pub(super) fn matches(&self, segment: &[u8]) -> bool {
        let parts = self.literals.iter().map(String::as_bytes);
        matches(parts, segment, 0..segment.len(), &mut Captures::new())
    }

    fn precedence(&self) -> impl Ord + '_ {
        let ends =
            [self.literals.first(), self.literals.last()].map(|end| Reverse(end.map_or(0, String::len)));
        let bytes: usize = self.literals.iter().map(String::len).sum();
        (ends, Reverse(bytes), self.literals.len(), &self.literals)
    }
}

impl Ord for Partial {
    /// The one that is tried first is less.
    fn cmp(&self, other: &Self) -> Ordering {
        self.precedence().cmp(&other.precedence())
    }
}

impl PartialOrd for Partial {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Whether literals with variables between them spell a segment of `path`; pushes what the variables stand for (also
/// when it fails half-way, the caller then truncates). Linear but for the search of short literals.
#[inline]
pub(super) fn matches<'l>(
    mut literals: impl DoubleEndedIterator<Item = &'l [u8]>,
    path: &[u8],
    segment: Range<usize>,
    captures: &mut Captures,
) -> bool {
    let offset = segment.start;
    let segment = &path[segment];
    let (Some(prefix), Some(suffix)) = (literals.next(), literals.next_back()) else {
        return false;
    };
    if segment.len() <= prefix.len() + suffix.len()
        || !segment.starts_with(prefix)
        || !segment.ends_with(suffix)
    {
        return false;
    }
    let end = segment.len() - suffix.len();
    let mut at = prefix.len();
    if !begins_unit(segment, end) {
        return false;
    }
    for literal in literals {
        let Some(found) = first_occurrence(literal, &segment[..end], at + unit_length(segment, at)) else {
            return false;
        };
        captures.push(offset + at..offset + found);
        at = found + literal.len();
    }
    captures.push(offset + at..offset + end);
    at < end
}

fn first_occurrence(literal: &[u8], text: &[u8], from: usize) -> Option<usize> {
    let last = text.len().checked_sub(literal.len())?;
    (from..=last).find(|&at| text[at..].starts_with(literal) && begins_unit(text, at))
}

/// Whether no escape reaches over `at`. A literal that begins at a unit ends at one.
fn begins_unit(text: &[u8], at: usize) -> bool {
    let is_percent = |back: usize| at.checked_sub(back).and_then(|at| text.get(at)) == Some(&b'%');
    !is_percent(1) && !is_percent(2)
}

fn unit_length(text: &[u8], at: usize) -> usize {
    if text.get(at) == Some(&b'%') { 3 } else { 1 }
}
