//! A tree that can be changed: taken apart into nodes with links, changed, and flattened once.
//!
//! Taking apart costs O(nodes), aliases followed; each change costs what it touches; flattening costs
//! O(nodes) again. Every node keeps the file and the range that it was written at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::texts::{Origin, Texts};
use super::{Builder, Kind, Node, NodeId, NodeRef, Shape, TextPlace, TooDeep, Tree};
use crate::source_map::SourceId;
use crate::span::Span;

/// Names one node of one [`Edit`]. An id stays what it is under every change; that of a removed node names
/// what is no longer reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditId(u32);

/// A tree under change.
#[derive(Debug)]
pub struct Edit {
    texts: Texts,
    nodes: Vec<Part>,
    /// Where the texts of a tree begin among ours, by its file.
    known: BTreeMap<SourceId, Known>,
    /// What nodes have replaced.
    beneath: BTreeMap<EditId, Span>,
}

/// A node would be nested deeper than [`crate::MAX_DEPTH`]; it was written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooDeepAt(pub Span);

#[derive(Clone, Debug)]
struct Part {
    node: Node,
    kind: Kind,
    parent: Option<EditId>,
    children: Children,
}

#[derive(Clone, Debug)]
enum Children {
    None,
    Items(Vec<EditId>),
    Entries(Vec<(EditId, EditId)>),
}

#[derive(Clone, Debug)]
struct Known {
    /// Our origin for each of the tree's.
    origins: Vec<u16>,
    /// Where its side text begins in ours.
    side: u32,
}

impl Edit {
    /// Takes a tree apart. Aliases become copies, as a change at one place must not show at another.
    pub fn new(tree: &Tree) -> Self {
        let texts = Texts { side: String::new(), ..tree.texts.clone() };
        let mut edit = Edit { texts, nodes: Vec::new(), known: BTreeMap::new(), beneath: BTreeMap::new() };
        edit.nodes.reserve(tree.node_count());
        edit.import(tree.root());
        edit
    }

    /// The node of the whole document.
    pub fn root(&self) -> EditId {
        EditId(0)
    }

    /// How many nodes were ever made, those that were removed or never put in place included.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// What it is.
    pub fn kind(&self, id: EditId) -> Kind {
        self.part(id).kind
    }

    /// Where it is written.
    pub fn span(&self, id: EditId) -> Span {
        self.texts.span(&self.part(id).node)
    }

    /// The text of a scalar; empty for a container.
    pub fn text(&self, id: EditId) -> &str {
        let part = self.part(id);
        if part.kind.is_container() { "" } else { self.texts.text(&part.node) }
    }

    /// The items of a sequence; none for everything else.
    pub fn items(&self, id: EditId) -> &[EditId] {
        match &self.part(id).children {
            Children::Items(items) => items,
            Children::None | Children::Entries(_) => &[],
        }
    }

    /// Keys and values of a mapping; none for everything else.
    pub fn entries(&self, id: EditId) -> &[(EditId, EditId)] {
        match &self.part(id).children {
            Children::Entries(entries) => entries,
            Children::None | Children::Items(_) => &[],
        }
    }

    /// How many items or entries it has.
    pub fn len(&self, id: EditId) -> usize {
        match &self.part(id).children {
            Children::None => 0,
            Children::Items(items) => items.len(),
            Children::Entries(entries) => entries.len(),
        }
    }

    /// Takes a subtree of another tree (or of this one) in, in no place yet. O(its nodes, aliases followed).
    pub fn import(&mut self, node: NodeRef<'_>) -> EditId {
        let known = self.know(node.tree());
        let top = self.add(node, &known);
        let mut open = vec![(node, top)];
        while let Some((from, to)) = open.pop() {
            for item in from.items() {
                let id = self.add(item, &known);
                self.push_item(to, id);
                open.push((item, id));
            }
            for (key, value) in from.entries() {
                let (key, id) = (self.add(key, &known), self.add(value, &known));
                self.push_entry(to, key, id);
                open.push((value, id));
            }
        }
        top
    }

    /// Copies a subtree, in no place yet. O(its nodes).
    pub fn copy(&mut self, id: EditId) -> EditId {
        let top = self.duplicate(id);
        let mut open = vec![(id, top)];
        while let Some((from, to)) = open.pop() {
            for index in 0..self.len(from) {
                match &self.part(from).children {
                    Children::None => {}
                    Children::Items(items) => {
                        let item = items[index];
                        let twin = self.duplicate(item);
                        self.push_item(to, twin);
                        open.push((item, twin));
                    }
                    Children::Entries(entries) => {
                        let (key, value) = entries[index];
                        let (key, twin) = (self.duplicate(key), self.duplicate(value));
                        self.push_entry(to, key, twin);
                        open.push((value, twin));
                    }
                }
            }
        }
        top
    }

    /// How many nodes a subtree has, itself and its keys included; counting ends at `most`.
    pub fn size(&self, id: EditId, most: usize) -> usize {
        let (mut size, mut open) = (0, vec![id]);
        while let Some(id) = open.pop().filter(|_| size < most) {
            size += 1 + self.entries(id).len();
            open.extend(self.items(id));
            open.extend(self.entries(id).iter().map(|(_, value)| *value));
        }
        size.min(most)
    }

    /// Puts a node at the end of a sequence; nothing happens at anything else.
    pub fn push_item(&mut self, sequence: EditId, item: EditId) {
        if let Children::Items(items) = &mut self.part_mut(sequence).children {
            items.push(item);
            self.part_mut(item).parent = Some(sequence);
        }
    }

    /// Puts an entry at the end of a mapping; nothing happens at anything else.
    pub fn push_entry(&mut self, mapping: EditId, key: EditId, value: EditId) {
        if let Children::Entries(entries) = &mut self.part_mut(mapping).children {
            entries.push((key, value));
            self.part_mut(value).parent = Some(mapping);
        }
    }

    /// Lets a scalar say what another scalar says, and remembers what stood there.
    pub fn overwrite(&mut self, scalar: EditId, with: EditId) {
        let beneath = self.span(scalar);
        let Part { node, kind, .. } = *self.part(with);
        let part = self.part_mut(scalar);
        (part.node, part.kind) = (node, kind);
        self.beneath.insert(scalar, beneath);
    }

    /// Takes these nodes out of the containers they stand in; the root stays. O(siblings).
    pub fn remove(&mut self, ids: &BTreeSet<EditId>) {
        let parents: BTreeSet<EditId> = ids.iter().filter_map(|id| self.part(*id).parent).collect();
        for parent in parents {
            match &mut self.part_mut(parent).children {
                Children::None => {}
                Children::Items(items) => items.retain(|item| !ids.contains(item)),
                Children::Entries(entries) => entries.retain(|(_, value)| !ids.contains(value)),
            }
        }
    }

    /// Makes a tree of what is reached from the root.
    ///
    /// # Errors
    /// When it is nested deeper than [`crate::MAX_DEPTH`].
    pub fn finish(self) -> Result<Tree, TooDeepAt> {
        let Edit { texts, nodes: parts, beneath, .. } = self;
        let spans = texts.clone_origins();
        let mut builder = Builder::over(texts, Vec::with_capacity(parts.len()));
        let mut places: Vec<(NodeId, Span)> = Vec::new();
        let mut open = vec![Step::Enter(EditId(0))];
        while let Some(step) = open.pop() {
            let Step::Enter(id) = step else {
                let Step::Leave(end) = step else { continue };
                builder.close(Some(end));
                continue;
            };
            let Part { node, kind, children, .. } = &parts[id.0 as usize];
            let made = if kind.is_container() {
                open.push(Step::Leave(node.end));
                let deep = |TooDeep| TooDeepAt(spans.span(node));
                builder.open_of(*kind, node.start, node.origin).map_err(deep)?
            } else {
                builder.placed(*node)
            };
            places.extend(beneath.get(&id).map(|span| (made, *span)));
            match children {
                Children::None => {}
                Children::Items(items) => open.extend(items.iter().rev().map(|item| Step::Enter(*item))),
                Children::Entries(entries) => {
                    let steps = entries.iter().rev().flat_map(|(key, value)| [*value, *key]);
                    open.extend(steps.map(Step::Enter));
                }
            }
        }
        let (mut tree, _) = builder.finish();
        tree.beneath = places;
        Ok(tree)
    }

    fn part(&self, id: EditId) -> &Part {
        &self.nodes[id.0 as usize]
    }

    fn part_mut(&mut self, id: EditId) -> &mut Part {
        &mut self.nodes[id.0 as usize]
    }

    fn add(&mut self, node: NodeRef<'_>, known: &Known) -> EditId {
        let kind = node.kind();
        let mut raw = *node.tree().raw(node.id());
        raw.origin = known.origins[usize::from(raw.origin)];
        if !kind.is_container() && raw.place == TextPlace::Side {
            raw.link += known.side;
        }
        let id = self.push(raw, kind);
        if let Some(span) = node.beneath() {
            self.beneath.insert(id, span);
        }
        id
    }

    fn duplicate(&mut self, id: EditId) -> EditId {
        let Part { node, kind, .. } = *self.part(id);
        let twin = self.push(node, kind);
        if let Some(span) = self.beneath.get(&id).copied() {
            self.beneath.insert(twin, span);
        }
        twin
    }

    fn push(&mut self, node: Node, kind: Kind) -> EditId {
        let id = EditId(self.nodes.len() as u32);
        let children = match kind {
            Kind::Sequence => Children::Items(Vec::new()),
            Kind::Mapping => Children::Entries(Vec::new()),
            Kind::Null | Kind::Bool | Kind::Integer | Kind::Float | Kind::String => Children::None,
        };
        let node = Node { shape: Shape::Known(kind), ..node };
        self.nodes.push(Part { node, kind, parent: None, children });
        id
    }

    /// Takes over the texts of a tree, once.
    fn know(&mut self, tree: &Tree) -> Known {
        if let Some(known) = self.known.get(&tree.source()) {
            return known.clone();
        }
        let side = self.texts.side.len() as u32;
        self.texts.side.push_str(&tree.texts.side);
        let origins = std::iter::once(&tree.texts.first).chain(&tree.texts.others);
        let origins = origins.map(|origin| self.texts.index_of(origin)).collect();
        let known = Known { origins, side };
        self.known.insert(tree.source(), known.clone());
        known
    }
}

enum Step {
    Enter(EditId),
    /// Closes the innermost container, which ends here.
    Leave(u32),
}

impl Texts {
    /// The origin of this file; a new one where there was none.
    fn index_of(&mut self, origin: &Origin) -> u16 {
        if self.first.source == origin.source {
            return 0;
        }
        let known = self.others.iter().position(|other| other.source == origin.source);
        let index = known.unwrap_or_else(|| {
            self.others.push(Origin { source: origin.source, text: Arc::clone(&origin.text) });
            self.others.len() - 1
        });
        u16::try_from(index + 1).expect("a project has at most 4,096 files")
    }

    /// The same files, without the text that stands in none.
    fn clone_origins(&self) -> Texts {
        Texts { first: self.first.clone(), others: self.others.clone(), side: String::new() }
    }
}

#[cfg(test)]
mod tests;
