//! The compiled matcher: from a canonical path to the number of the template that matches it.
//!
//! A trie of segments, stored flat. In each segment a literal goes before a partial (`{x}.json`), a partial before a
//! whole variable (`{x}`); so the winner among all templates that match is the one that is more literal at the
//! leftmost segment where they differ. Among partials the order is total: longest literal prefix, longest literal
//! suffix, most literal bytes, fewest variables, then the literals' own order. [`Precedence`] makes exceptions. Inside a partial segment each variable
//! is as short as the literals behind it allow, from left to right.
//!
//! **Bound.** A child is reached over exactly one edge, and [`PathTrie::find`] never enters a node twice: after a
//! failure it goes back to the parent and tries only the edges behind the one it came from. One look-up therefore
//! costs at most one test per edge of the trie, whatever the path; a usual path takes one binary search per segment, and
//! one test for each partial among the siblings. There is no recursion and no stack: parent links and the path itself lead back.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use self::captures::Captures;
pub use self::flat::TrieDefect;
pub use self::overlap::{Relation, Winner, compare, intersect};
pub use self::partial::Partial;
pub use self::precedence::MAX_BEFORE;
pub use self::template::{MAX_TEMPLATE_BYTES, Segment, Template, TemplateDefect};
use crate::canonical_path::MAX_PATH_BYTES;

mod build;
mod captures;
mod flat;
mod overlap;
mod partial;
mod precedence;
mod template;
mod visits;

#[cfg(test)]
mod tests;

/// The most variables that one template may have.
pub const MAX_VARIABLES: usize = 32;

/// A set of templates, each with a number, ready to be matched.
///
/// INVARIANT: nodes stand breadth first and the children of a node stand together (literals in the order of their
/// text, then partials in the order of their precedence, then the variable); every position is in range; no path from
/// the root has more than [`MAX_VARIABLES`] variables. Both [`PathTrie::build`] and deserialising hold it.
#[derive(Clone, PartialEq, Eq)]
pub struct PathTrie {
    nodes: Vec<Node>,
    /// The first eight bytes of each literal edge's text, to search without leaving the cache line.
    heads: Vec<u64>,
    literals: Vec<Span>,
    /// Which of `parts` belong to a partial edge: one more literal than it has variables.
    partials: Vec<Span>,
    parts: Vec<Span>,
    text: String,
    /// In the order of the nodes that give way, each once; nearly always none.
    rules: Vec<precedence::Rule>,
}

#[derive(Clone, PartialEq, Eq)]
struct Node {
    parent: u32,
    first_child: u32,
    literals: Span,
    partials: Span,
    variable: bool,
    /// Variables between the root and here.
    variables: u8,
    value: Option<u32>,
}

/// `count` neighbours from `start` on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Span {
    start: u32,
    count: u32,
}

/// Why templates make no trie.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateConflict {
    /// Two templates match the same paths.
    #[error("`{first}` and `{second}` match the same paths")]
    Same {
        /// The template that came first.
        first: Template,
        /// The one that says the same.
        second: Template,
    },
    /// A rule of precedence names no other template, more than [`MAX_BEFORE`] of them, or one that is not there; or
    /// there are two for one template.
    #[error("a rule of precedence is empty, too long, given twice, or names what is not there")]
    Precedence,
}

/// Templates that go before another where both match a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedence {
    /// The position of the template that the order of segments would choose.
    pub gives_way: usize,
    /// The positions of those that go before it, the strongest first; at most [`MAX_BEFORE`].
    pub before: Vec<usize>,
}

impl PathTrie {
    /// Compiles templates, each with the value that [`find`](Self::find) gives for it. The order of the input makes
    /// no difference.
    ///
    /// # Errors
    /// When two templates are the same but for the names of their variables.
    pub fn build(templates: &[(Template, u32)]) -> Result<Self, TemplateConflict> {
        build::build(templates, &[])
    }

    /// The same, with exceptions to the order of segments: where a template that gives way would have a path, the
    /// first of those before it that match has it instead. Positions are those in `templates`.
    ///
    /// # Errors
    /// As [`build`](Self::build), and when a rule does not hold what [`Precedence`] says.
    pub fn build_with(templates: &[(Template, u32)], rules: &[Precedence]) -> Result<Self, TemplateConflict> {
        build::build(templates, rules)
    }

    /// The value of the template that matches a canonical path, and what its variables stand for.
    ///
    /// Without a match the captures are empty. A path that is not canonical matches nothing or something meaningless:
    /// give it what [`CanonicalPath::as_str`](crate::canonical_path::CanonicalPath::as_str) gives. Allocates nothing.
    pub fn find(&self, path: &str, captures: &mut Captures) -> Option<u32> {
        captures.truncate(0);
        let path = path.as_bytes();
        if path.first() != Some(&b'/') || path.len() > MAX_PATH_BYTES {
            return None;
        }
        let (mut node, mut start, mut tried) = (ROOT, 1, 0);
        let mut end = segment_end(path, start);
        loop {
            if let Some(child) = self.next_child(node, path, start..end, tried, captures) {
                if end < path.len() {
                    (node, start, tried) = (child, end + 1, 0);
                    end = segment_end(path, start);
                    continue;
                }
                if let Some(value) = self.nodes[child as usize].value {
                    if self.rules.is_empty() {
                        return Some(value);
                    }
                    return self.nodes[self.preferred(child, path, captures) as usize].value;
                }
                tried = self.tried_after(node, child);
            } else {
                if node == ROOT {
                    captures.truncate(0);
                    return None;
                }
                let child = node;
                node = self.nodes[child as usize].parent;
                tried = self.tried_after(node, child);
                end = start - 1;
                start = segment_start(path, end);
            }
            captures.truncate(self.nodes[node as usize].variables);
        }
    }

    /// The values of all templates, each once.
    pub fn values(&self) -> impl Iterator<Item = u32> + '_ {
        self.nodes.iter().filter_map(|node| node.value)
    }

    /// Checks what the trie alone cannot know: that every value is less than `values`.
    ///
    /// # Errors
    /// When one is not.
    pub fn check(&self, values: usize) -> Result<(), TrieDefect> {
        match self.values().find(|&value| value as usize >= values) {
            Some(value) => Err(TrieDefect::ValueOutOfRange { value, values }),
            None => Ok(()),
        }
    }

    /// The next child of `node` that takes the segment, leaving out the first `tried` ones.
    #[inline]
    fn next_child(
        &self,
        node: u32,
        path: &[u8],
        segment: std::ops::Range<usize>,
        tried: u32,
        captures: &mut Captures,
    ) -> Option<u32> {
        let node = &self.nodes[node as usize];
        let (literals, partials) = (node.literals.count, node.partials.count);
        if tried == 0
            && literals > 0
            && let Some(index) = self.literal(node.literals, path, segment.clone())
        {
            return Some(node.first_child + index);
        }
        for index in tried.saturating_sub(literals)..partials {
            let parts = self.parts_of(self.partials[(node.partials.start + index) as usize]);
            if partial::matches(parts, path, segment.clone(), captures) {
                return Some(node.first_child + literals + index);
            }
            captures.truncate(node.variables);
        }
        if node.variable && tried <= literals + partials && !segment.is_empty() {
            captures.push(segment);
            return Some(node.first_child + literals + partials);
        }
        None
    }

    /// How many children of `node` are done with when `child` is.
    fn tried_after(&self, node: u32, child: u32) -> u32 {
        child - self.nodes[node as usize].first_child + 1
    }

    /// The literal edge with exactly the segment's text: a binary search.
    #[inline]
    fn literal(&self, edges: Span, path: &[u8], segment: std::ops::Range<usize>) -> Option<u32> {
        let head = head(path, segment.clone());
        let heads = &self.heads[edges.range()];
        let low = heads.partition_point(|&other| other < head);
        let alike = match heads.get(low + 1) {
            Some(&second) if second == head => heads[low..].partition_point(|&other| other == head),
            _ => usize::from(heads.get(low) == Some(&head)),
        };
        let texts = &self.literals[edges.range()][low..low + alike];
        let segment = &path[segment];
        let found = match texts {
            [] => None,
            [text] => (self.text_of(*text) == segment).then_some(0),
            texts => texts.binary_search_by(|&text| self.text_of(text).cmp(segment)).ok(),
        };
        found.map(|index| (low + index) as u32)
    }

    fn parts_of(&self, partial: Span) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.parts[partial.range()].iter().map(|&part| self.text_of(part))
    }

    fn text_of(&self, span: Span) -> &[u8] {
        &self.text.as_bytes()[span.range()]
    }
}

impl Span {
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.count as usize
    }
}

impl fmt::Debug for PathTrie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let templates = self.values().count();
        f.debug_struct("PathTrie").field("templates", &templates).finish_non_exhaustive()
    }
}

impl Serialize for PathTrie {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        flat::Flat::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PathTrie {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        flat::Flat::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}

#[inline]
fn segment_end(path: &[u8], start: usize) -> usize {
    path[start..].iter().position(|&byte| byte == b'/').map_or(path.len(), |length| start + length)
}

fn segment_start(path: &[u8], end: usize) -> usize {
    path[..end].iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1)
}

/// The first eight bytes as a number that sorts as the text does; shorter texts are filled with zeros.
#[inline]
fn head(path: &[u8], segment: std::ops::Range<usize>) -> u64 {
    let length = segment.len();
    match path[segment.start..].first_chunk::<8>() {
        Some(chunk) if length >= 8 => u64::from_be_bytes(*chunk),
        Some(chunk) => u64::from_be_bytes(*chunk) & !(u64::MAX >> (8 * length)),
        None => {
            let mut chunk = [0; 8];
            chunk[..length].copy_from_slice(&path[segment]);
            u64::from_be_bytes(chunk)
        }
    }
}

const ROOT: u32 = 0;
