//! Templates that go before the one that the order of segments would choose.
//!
//! A rule says: where `gives_way` would have a path, the first of `before` that matches it has it instead. One look is
//! enough when the rules come from an order of all templates: then what heads a list beats all else that matches.
//!
//! Cost: a look-up that ends at a template with a rule tries at most [`MAX_BEFORE`] templates, each in O(path).

use super::{Captures, PathTrie, ROOT, TrieDefect, partial, segment_start};

/// The most templates that may go before one other.
pub const MAX_BEFORE: usize = 16;

/// One rule, in nodes of the trie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The node that would have the path.
    pub(super) gives_way: u32,
    /// The nodes that may have it instead, the strongest first.
    pub(super) before: Vec<u32>,
}

impl PathTrie {
    /// The node that has the path for which the segments' order chose `node`; the captures are those of the result.
    pub(super) fn preferred(&self, node: u32, path: &[u8], captures: &mut Captures) -> u32 {
        let Ok(at) = self.rules.binary_search_by_key(&node, |rule| rule.gives_way) else { return node };
        let mut own = Captures::new();
        for &other in &self.rules[at].before {
            if self.leads_to(other, path, &mut own) {
                *captures = own;
                return other;
            }
        }
        node
    }

    /// Whether the path matches the template that ends at `leaf`: from its last segment back to the root.
    fn leads_to(&self, leaf: u32, path: &[u8], captures: &mut Captures) -> bool {
        let (mut node, mut end) = (leaf, path.len());
        while node != ROOT {
            if end == 0 {
                return false;
            }
            let start = segment_start(path, end);
            let parent = self.nodes[node as usize].parent;
            captures.resume_at(self.nodes[parent as usize].variables);
            if !self.edge_matches(parent, node, path, start..end, captures) {
                return false;
            }
            (node, end) = (parent, start - 1);
        }
        captures.resume_at(self.nodes[leaf as usize].variables);
        end == 0
    }

    /// Whether the edge from `parent` to `child` takes the segment; pushes what its variables stand for.
    fn edge_matches(
        &self,
        parent: u32,
        child: u32,
        path: &[u8],
        segment: std::ops::Range<usize>,
        captures: &mut Captures,
    ) -> bool {
        let parent = &self.nodes[parent as usize];
        let index = child - parent.first_child;
        if index < parent.literals.count {
            let text = self.literals[(parent.literals.start + index) as usize];
            return self.text_of(text) == &path[segment];
        }
        match (index - parent.literals.count, parent.partials) {
            (index, partials) if index < partials.count => {
                let parts = self.parts_of(self.partials[(partials.start + index) as usize]);
                partial::matches(parts, path, segment, captures)
            }
            _ if segment.is_empty() => false,
            _ => {
                captures.push(segment);
                true
            }
        }
    }

    /// Takes the rules over; each names templates of this trie.
    ///
    /// # Errors
    /// When the rules are not in the order of their nodes, are too long, or name a node that ends no template.
    pub(super) fn with_rules(mut self, rules: Vec<Rule>) -> Result<Self, TrieDefect> {
        let ends_template =
            |node: &u32| self.nodes.get(*node as usize).is_some_and(|node| node.value.is_some());
        let is_sound = |rule: &Rule| {
            (1..=MAX_BEFORE).contains(&rule.before.len())
                && ends_template(&rule.gives_way)
                && rule.before.iter().all(|node| ends_template(node) && *node != rule.gives_way)
        };
        if !rules.is_sorted_by(|a, b| a.gives_way < b.gives_way) || !rules.iter().all(is_sound) {
            return Err(TrieDefect::Precedence);
        }
        self.rules = rules;
        Ok(self)
    }
}
