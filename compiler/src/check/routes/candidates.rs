//! Which pairs of templates may match the same path, found without comparing all with all.
//!
//! A tree of segments in which every segment with a variable is one branch: a template can only meet those that its
//! walk reaches. Cost: the nodes that each walk touches; for templates that differ early in a literal, their length.

use std::collections::BTreeMap;

use gw_artifact::path_trie::{Segment, Template};

use super::budget::{Budget, Spent};

/// Pairs of positions, the later one first in the pair's second place, in ascending order.
///
/// # Errors
/// When the walks touch more nodes, or meet more templates, than the budget has steps.
pub(super) fn pairs<'t>(
    templates: impl Iterator<Item = &'t Template>,
    budget: &mut Budget,
) -> Result<Vec<(u32, u32)>, Spent> {
    let mut tree = Tree { nodes: vec![Node::default()] };
    let mut pairs = Vec::new();
    for (index, template) in templates.enumerate() {
        let mut met = tree.meets(template, budget)?;
        met.sort_unstable();
        pairs.extend(met.into_iter().map(|earlier| (earlier as u32, index as u32)));
        tree.insert(template, index);
    }
    Ok(pairs)
}

struct Tree<'t> {
    nodes: Vec<Node<'t>>,
}

#[derive(Default)]
struct Node<'t> {
    literals: BTreeMap<&'t str, usize>,
    open: Option<usize>,
    templates: Vec<usize>,
}

impl<'t> Tree<'t> {
    fn insert(&mut self, template: &'t Template, index: usize) {
        let mut node = 0;
        for segment in template.segments() {
            let fresh = self.nodes.len();
            let next = match segment {
                Segment::Literal(text) => *self.nodes[node].literals.entry(text).or_insert(fresh),
                Segment::Partial(_) | Segment::Variable => *self.nodes[node].open.get_or_insert(fresh),
            };
            if next == fresh {
                self.nodes.push(Node::default());
            }
            node = next;
        }
        self.nodes[node].templates.push(index);
    }

    fn meets(&self, template: &Template, budget: &mut Budget) -> Result<Vec<usize>, Spent> {
        let mut reached = vec![0];
        for segment in template.segments() {
            let nodes = reached.iter().map(|&node| &self.nodes[node]);
            reached = match segment {
                Segment::Literal(text) => nodes
                    .flat_map(|node| node.literals.get(text.as_str()).copied().into_iter().chain(node.open))
                    .collect(),
                Segment::Partial(_) | Segment::Variable => {
                    nodes.flat_map(|node| node.literals.values().copied().chain(node.open)).collect()
                }
            };
            budget.spend(reached.len())?;
        }
        budget.spend(reached.iter().map(|&node| self.nodes[node].templates.len()).sum())?;
        Ok(reached.iter().flat_map(|&node| self.nodes[node].templates.iter().copied()).collect())
    }
}

#[cfg(test)]
mod tests {
    use gw_artifact::path_trie::{Relation, compare};
    use proptest::prelude::*;

    use super::*;

    fn segment() -> impl Strategy<Value = &'static str> {
        prop_oneof![Just("a"), Just("b"), Just("ab"), Just("{N}"), Just("a{N}"), Just("{N}.b")]
    }

    fn templates() -> impl Strategy<Value = Vec<Template>> {
        let template = prop::collection::vec(segment(), 1..4).prop_map(|segments| {
            let mut text = String::new();
            for (index, segment) in segments.iter().enumerate() {
                text.push('/');
                text.push_str(&segment.replace('N', &format!("n{index}")));
            }
            Template::parse(&text).unwrap()
        });
        prop::collection::vec(template, 0..12)
    }

    proptest! {
        #[test]
        fn no_pair_that_overlaps_is_missed(templates in templates()) {
            let found = pairs(templates.iter(), &mut Budget::new()).unwrap();
            for second in 0..templates.len() {
                for first in 0..second {
                    let overlaps = compare(&templates[first], &templates[second]) != Relation::Disjoint;
                    prop_assert!(!overlaps || found.contains(&(first as u32, second as u32)));
                }
            }
        }
    }

    #[test]
    fn templates_that_differ_in_a_literal_are_no_pair() {
        let templates = ["/a/{x}", "/b/{x}", "/a/{x}/c", "/a/b"].map(|text| Template::parse(text).unwrap());
        assert_eq!(pairs(templates.iter(), &mut Budget::new()).unwrap(), [(0, 3)]);
    }
}
