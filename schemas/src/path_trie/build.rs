//! From templates to the flat trie: a tree of maps first, then its nodes breadth first.

use std::collections::{BTreeMap, VecDeque};

use super::flat::{Flat, FlatNode, TrieDefect};
use super::{Partial, PathTrie, Precedence, Segment, Template, TemplateConflict};

pub(super) fn build(
    templates: &[(Template, u32)],
    rules: &[Precedence],
) -> Result<PathTrie, TemplateConflict> {
    let mut tree = Tree { branches: vec![Branch::default()] };
    for (index, (template, _)) in templates.iter().enumerate() {
        if let Some(first) = tree.insert(template, index) {
            return Err(TemplateConflict::Same {
                first: templates[first].0.clone(),
                second: template.clone(),
            });
        }
    }
    let (mut flat, leaves) = tree.flatten(templates);
    flat.rules = rules_in_nodes(rules, &leaves).ok_or(TemplateConflict::Precedence)?;
    flat.try_into().map_err(|defect| match defect {
        TrieDefect::Precedence => TemplateConflict::Precedence,
        _ => unreachable!("a tree has its children in order and its variables counted by `Template::parse`"),
    })
}

/// The rules in the order of the nodes that give way; `None` when one names a template that is not there.
fn rules_in_nodes(rules: &[Precedence], leaves: &[u32]) -> Option<Vec<(u32, Vec<u32>)>> {
    let node = |position: &usize| leaves.get(*position).copied();
    let rule = |rule: &Precedence| {
        Some((node(&rule.gives_way)?, rule.before.iter().map(node).collect::<Option<Vec<u32>>>()?))
    };
    let mut rules = rules.iter().map(rule).collect::<Option<Vec<_>>>()?;
    rules.sort();
    Some(rules)
}

/// Branches by their number; the root is the first.
struct Tree {
    branches: Vec<Branch>,
}

#[derive(Default)]
struct Branch {
    literals: BTreeMap<String, usize>,
    partials: BTreeMap<Partial, usize>,
    variable: Option<usize>,
    template: Option<usize>,
}

impl Tree {
    /// Inserts a template; gives the one that stands there already, if one does.
    fn insert(&mut self, template: &Template, index: usize) -> Option<usize> {
        let leaf = template.segments().iter().fold(0, |branch, segment| self.child(branch, segment));
        let place = &mut self.branches[leaf].template;
        let taken = *place;
        place.get_or_insert(index);
        taken
    }

    fn child(&mut self, branch: usize, segment: &Segment) -> usize {
        let fresh = self.branches.len();
        let from = &mut self.branches[branch];
        let child = match segment {
            Segment::Literal(literal) => *from.literals.entry(literal.clone()).or_insert(fresh),
            Segment::Partial(partial) => *from.partials.entry(partial.clone()).or_insert(fresh),
            Segment::Variable => *from.variable.get_or_insert(fresh),
        };
        if child == fresh {
            self.branches.push(Branch::default());
        }
        child
    }

    /// The flat trie without rules, and the node at which each template ends.
    fn flatten(&self, templates: &[(Template, u32)]) -> (Flat, Vec<u32>) {
        let mut flat = Flat::default();
        let mut leaves = vec![0; templates.len()];
        let mut queue = VecDeque::from([0]);
        while let Some(branch) = queue.pop_front().map(|index: usize| &self.branches[index]) {
            if let Some(template) = branch.template {
                leaves[template] = flat.nodes.len() as u32;
            }
            queue.extend(branch.literals.values().chain(branch.partials.values()).chain(&branch.variable));
            flat.nodes.push(FlatNode {
                literals: branch.literals.len() as u32,
                partials: branch.partials.len() as u32,
                variable: branch.variable.is_some(),
                value: branch.template.map(|template| templates[template].1),
            });
            for literal in branch.literals.keys() {
                let length = flat.push_text(literal);
                flat.literals.push(length);
            }
            for partial in branch.partials.keys() {
                flat.partials.push(partial.literals().len() as u32);
                for literal in partial.literals() {
                    let length = flat.push_text(literal);
                    flat.parts.push(length);
                }
            }
        }
        (flat, leaves)
    }
}
