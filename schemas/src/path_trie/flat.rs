//! The trie as it is stored: counts and lengths only, so that no stored index can point astray.
//!
//! Nodes stand breadth first, and a node's edges and their texts in the order of its children: where everything
//! begins follows from what came before it. Reading adds up and compares the sums.

use serde::{Deserialize, Serialize};

use super::precedence::Rule;
use super::{MAX_VARIABLES, Node, Partial, PathTrie, Span, head};

#[derive(Default, Serialize, Deserialize)]
pub(super) struct Flat {
    pub(super) nodes: Vec<FlatNode>,
    /// The length of each literal edge's text.
    pub(super) literals: Vec<u32>,
    /// How many parts each partial edge has.
    pub(super) partials: Vec<u32>,
    /// The length of each part's text.
    pub(super) parts: Vec<u32>,
    /// Per node, the texts of its literals and then of its partials' parts.
    pub(super) text: String,
    /// Which nodes give way, and the nodes before them, the strongest first.
    pub(super) rules: Vec<(u32, Vec<u32>)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct FlatNode {
    pub(super) literals: u32,
    pub(super) partials: u32,
    pub(super) variable: bool,
    pub(super) value: Option<u32>,
}

/// Why stored bytes are no trie, or no trie for these tables.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrieDefect {
    /// The counts of nodes, edges and texts do not add up.
    #[error("the counts of the path trie do not add up")]
    Counts,
    /// Edges are not in their order, or one is there twice.
    #[error("the edges of the path trie are out of order")]
    Order,
    /// A text is not what a canonical path can hold.
    #[error("the path trie holds text that is not ASCII or lacks text between variables")]
    Text,
    /// A rule of precedence is out of order, too long, or names a node that ends no template.
    #[error("a rule of precedence of the path trie does not hold")]
    Precedence,
    /// More than [`MAX_VARIABLES`] variables on one path.
    #[error("the path trie has a path with more than {MAX_VARIABLES} variables")]
    TooManyVariables,
    /// A value that is in range of no table.
    #[error("the path trie has value {value}, but only {values} exist")]
    ValueOutOfRange {
        /// The value.
        value: u32,
        /// How many there are.
        values: usize,
    },
}

impl Flat {
    pub(super) fn push_text(&mut self, text: &str) -> u32 {
        self.text.push_str(text);
        text.len() as u32
    }
}

impl From<&PathTrie> for Flat {
    fn from(trie: &PathTrie) -> Self {
        let flat_node = |node: &Node| FlatNode {
            literals: node.literals.count,
            partials: node.partials.count,
            variable: node.variable,
            value: node.value,
        };
        let counts = |spans: &[Span]| spans.iter().map(|span| span.count).collect();
        Self {
            nodes: trie.nodes.iter().map(flat_node).collect(),
            literals: counts(&trie.literals),
            partials: counts(&trie.partials),
            parts: counts(&trie.parts),
            text: trie.text.clone(),
            rules: trie.rules.iter().map(|rule| (rule.gives_way, rule.before.clone())).collect(),
        }
    }
}

impl TryFrom<Flat> for PathTrie {
    type Error = TrieDefect;

    fn try_from(flat: Flat) -> Result<Self, TrieDefect> {
        if flat.nodes.is_empty() || u32::try_from(flat.nodes.len()).is_err() {
            return Err(TrieDefect::Counts);
        }
        if !flat.text.is_ascii() {
            return Err(TrieDefect::Text);
        }
        let mut reader = Reader::new(&flat);
        for index in 0..flat.nodes.len() {
            reader.node(index)?;
        }
        let Reader { mut trie, next_child, text, .. } = reader;
        let all_read = next_child as usize == flat.nodes.len()
            && trie.literals.len() == flat.literals.len()
            && trie.partials.len() == flat.partials.len()
            && trie.parts.len() == flat.parts.len()
            && text as usize == flat.text.len();
        trie.text = flat.text;
        if !all_read {
            return Err(TrieDefect::Counts);
        }
        let rules = flat.rules.into_iter().map(|(gives_way, before)| Rule { gives_way, before });
        trie.with_rules(rules.collect())
    }
}

/// Adds up what was read so far.
struct Reader<'f> {
    flat: &'f Flat,
    trie: PathTrie,
    next_child: u32,
    text: u32,
}

impl<'f> Reader<'f> {
    fn new(flat: &'f Flat) -> Self {
        let root = Node::below(0, 0);
        let trie = PathTrie {
            nodes: vec![root],
            heads: Vec::new(),
            literals: Vec::new(),
            partials: Vec::new(),
            parts: Vec::new(),
            text: String::new(),
            rules: Vec::new(),
        };
        Self { flat, trie, next_child: 1, text: 0 }
    }

    /// Reads a node's edges; its place among its parent's children is known already.
    fn node(&mut self, index: usize) -> Result<(), TrieDefect> {
        let stored = &self.flat.nodes[index];
        let parent = u32::try_from(index).map_err(|_| TrieDefect::Counts)?;
        let variables = self.trie.nodes.get(index).ok_or(TrieDefect::Counts)?.variables;
        let first_child = self.next_child;
        let literals = Span { start: self.trie.literals.len() as u32, count: stored.literals };
        for _ in 0..stored.literals {
            self.literal()?;
            self.child(parent, variables, 0)?;
        }
        self.literals_are_sorted(literals)?;
        let partials = Span { start: self.trie.partials.len() as u32, count: stored.partials };
        let mut last = None;
        for _ in 0..stored.partials {
            let partial = self.partial()?;
            self.child(parent, variables, partial.variables())?;
            if last.is_some_and(|last| last >= partial) {
                return Err(TrieDefect::Order);
            }
            last = Some(partial);
        }
        if stored.variable {
            self.child(parent, variables, 1)?;
        }
        let node = &mut self.trie.nodes[index];
        *node =
            Node { first_child, literals, partials, variable: stored.variable, value: stored.value, ..*node };
        Ok(())
    }

    fn child(&mut self, parent: u32, above: u8, own: usize) -> Result<(), TrieDefect> {
        let variables = usize::from(above) + own;
        if variables > MAX_VARIABLES {
            return Err(TrieDefect::TooManyVariables);
        }
        if self.next_child as usize >= self.flat.nodes.len() {
            return Err(TrieDefect::Counts);
        }
        self.next_child += 1;
        self.trie.nodes.push(Node::below(parent, variables as u8));
        Ok(())
    }

    fn literal(&mut self) -> Result<(), TrieDefect> {
        let length = *self.flat.literals.get(self.trie.literals.len()).ok_or(TrieDefect::Counts)?;
        let span = self.take_text(length)?;
        self.trie.heads.push(head(self.flat.text.as_bytes(), span.range()));
        self.trie.literals.push(span);
        Ok(())
    }

    fn partial(&mut self) -> Result<Partial, TrieDefect> {
        let count = *self.flat.partials.get(self.trie.partials.len()).ok_or(TrieDefect::Counts)?;
        if count < 2 || count as usize > MAX_VARIABLES + 1 {
            return Err(TrieDefect::TooManyVariables);
        }
        self.trie.partials.push(Span { start: self.trie.parts.len() as u32, count });
        let mut literals = Vec::with_capacity(count as usize);
        for index in 0..count {
            let length = *self.flat.parts.get(self.trie.parts.len()).ok_or(TrieDefect::Counts)?;
            let span = self.take_text(length)?;
            self.trie.parts.push(span);
            if length == 0 && index > 0 && index < count - 1 {
                return Err(TrieDefect::Text);
            }
            literals.push(self.flat.text[span.range()].to_owned());
        }
        Ok(Partial::new(literals))
    }

    fn take_text(&mut self, length: u32) -> Result<Span, TrieDefect> {
        let span = Span { start: self.text, count: length };
        self.text = self.text.checked_add(length).ok_or(TrieDefect::Counts)?;
        if self.text as usize > self.flat.text.len() { Err(TrieDefect::Counts) } else { Ok(span) }
    }

    fn literals_are_sorted(&self, literals: Span) -> Result<(), TrieDefect> {
        let text = |span: &Span| &self.flat.text[span.range()];
        let sorted = self.trie.literals[literals.range()].is_sorted_by(|a, b| text(a) < text(b));
        if sorted { Ok(()) } else { Err(TrieDefect::Order) }
    }
}

impl Node {
    fn below(parent: u32, variables: u8) -> Self {
        let none = Span { start: 0, count: 0 };
        Self {
            parent,
            first_child: 0,
            literals: none,
            partials: none,
            variable: false,
            variables,
            value: None,
        }
    }
}
