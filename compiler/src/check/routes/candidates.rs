//! Which pairs of templates may match the same path, found without comparing all with all.
//!
//! A tree of segments: a template can only meet those that its walk reaches. Cost: the nodes that each walk touches;
//! for templates that differ early in a literal, or at the ends of a segment such as `{id}:cancel`, their length.

use std::collections::BTreeMap;

use gw_artifact::path_trie::{Partial, Segment, Template};

use super::budget::{Budget, Spent};
use super::ends::Ends;

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
    partials: Ends,
    variable: Option<usize>,
    templates: Vec<usize>,
}

impl Node<'_> {
    /// The nodes below that the segment can meet.
    fn meets(&self, segment: &Segment, budget: &mut Budget) -> Result<Vec<usize>, Spent> {
        let mut met: Vec<usize> = self.variable.into_iter().collect();
        match segment {
            Segment::Literal(text) => {
                met.extend(self.literals.get(text.as_str()));
                met.extend(self.partials.of_literal(text, budget)?);
            }
            Segment::Partial(partial) => {
                budget.spend(self.literals.len())?;
                met.extend(
                    self.literals.iter().filter(|(text, _)| has_ends(text, partial)).map(|(_, node)| node),
                );
                met.extend(self.partials.of_partial(partial, budget)?);
            }
            Segment::Variable => met.extend(self.literals.values().copied().chain(self.partials.all())),
        }
        budget.spend(met.len())?;
        Ok(met)
    }
}

/// Whether the text begins and ends as the segment does.
fn has_ends(text: &str, partial: &Partial) -> bool {
    let [prefix, .., suffix] = partial.literals() else { return false };
    text.starts_with(prefix.as_str()) && text.ends_with(suffix.as_str())
}

impl<'t> Tree<'t> {
    fn insert(&mut self, template: &'t Template, index: usize) {
        let mut node = 0;
        for segment in template.segments() {
            let fresh = self.nodes.len();
            let here = &mut self.nodes[node];
            let next = match segment {
                Segment::Literal(text) => *here.literals.entry(text).or_insert(fresh),
                Segment::Partial(partial) => here.partials.node(partial, fresh),
                Segment::Variable => *here.variable.get_or_insert(fresh),
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
            let mut next = Vec::new();
            for node in reached {
                next.extend(self.nodes[node].meets(segment, budget)?);
            }
            reached = next;
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
        prop::sample::select(vec![
            "a", "b", "ab", "axb", "a.b", "{N}", "a{N}", "ab{N}", "{N}b", "{N}.b", "a{N}b", "a{N}.b",
            "a-{N}b",
        ])
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
    fn segments_that_contradict_each_other_at_an_end_are_no_pair() {
        let texts = (0..3000).flat_map(|n| [format!("/v1/{{id}}:verb{n};"), format!("/v1/noun{n};{{id}}")]);
        let texts: Vec<String> = texts.map(|text| text.replace(';', "-")).collect();
        let (verbs, nouns): (Vec<&String>, Vec<&String>) =
            texts.iter().partition(|text| text.contains("verb"));
        for texts in [verbs, nouns] {
            let templates: Vec<Template> = texts.iter().map(|text| Template::parse(text).unwrap()).collect();
            assert_eq!(pairs(templates.iter(), &mut Budget::new()).unwrap(), []);
        }
    }

    #[test]
    fn templates_that_differ_in_a_literal_are_no_pair() {
        let templates = ["/a/{x}", "/b/{x}", "/a/{x}/c", "/a/b"].map(|text| Template::parse(text).unwrap());
        assert_eq!(pairs(templates.iter(), &mut Budget::new()).unwrap(), [(0, 3)]);
    }
}
