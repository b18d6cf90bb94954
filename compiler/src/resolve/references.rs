//! Where every `$ref` leads in the end, and findings about those that lead nowhere.

use std::collections::HashMap;

use gw_syntax::{Diagnostic, NodeRef, Pointer, Sink, SourceId, Tree, nearest};

use super::{codes, passed_over};
use crate::load::SourceSet;
use crate::load::sources::Unreachable;
use crate::parse::Parsed;
use crate::parse::finding::finding_at;
use crate::parse::openapi::grammar::Object;
use crate::parse::openapi::walk::Place;
use crate::parse::parsed::Reference;

/// The references of a project, by the object that holds them.
#[derive(Debug)]
pub(super) struct References<'s> {
    sources: &'s SourceSet<'s>,
    /// Holders whose chain of references ends; those that dangle or run in a circle are not here.
    next: HashMap<Place, Place>,
}

impl<'s> References<'s> {
    /// Follows every reference of the project and reports those that lead nowhere.
    pub(super) fn check(parsed: &Parsed<'_>, sources: &'s SourceSet<'s>, sink: &mut Sink) -> Self {
        let mut next = HashMap::with_capacity(parsed.references.len());
        // Looking through a text costs time: once for each file.
        let mut ids: HashMap<SourceId, bool> = HashMap::new();
        let mut has_ids =
            |source| *ids.entry(source).or_insert_with(|| sources.sources().text(source).contains("$id"));
        for reference in &parsed.references {
            match reference.target {
                Some(target) => {
                    next.insert(reference.holder, target);
                    report_passed_over(reference, sources, sink);
                }
                None => report_dangling(reference, sources, || has_ids(reference.holder.source), sink),
            }
        }
        let mut references = References { sources, next };
        references.cut_cycles(parsed, sink);
        references.cut_long_chains(parsed, sink);
        references
    }

    /// What stands at a node once its references are followed; the node itself when it is none, and the
    /// last node that could be reached when a reference leads nowhere.
    pub(super) fn target<'a>(&'a self, node: NodeRef<'a>) -> NodeRef<'a> {
        let mut place = Place::of(node);
        while let Some(next) = self.next.get(&place) {
            place = *next;
        }
        self.node(place).unwrap_or(node)
    }

    /// Whether the references of a node end at one that leads nowhere.
    pub(super) fn is_lost(&self, node: NodeRef<'_>) -> bool {
        self.target(node).get("$ref").is_some_and(|text| text.as_str().is_some())
    }

    /// The node, and every node that its references lead to, one after the other, each with its path
    /// through its own file. `pointer` is that of the first.
    pub(super) fn chain<'a>(&'a self, node: NodeRef<'a>, pointer: Pointer) -> Vec<(NodeRef<'a>, Pointer)> {
        let mut chain = vec![(node, pointer)];
        let mut place = Place::of(node);
        while let Some(next) = self.next.get(&place).and_then(|next| self.node(*next)) {
            let holder = self.node(place).unwrap_or(node);
            chain.push((next, pointer_of_target(holder)));
            place = Place::of(next);
        }
        chain
    }

    fn node(&self, place: Place) -> Option<NodeRef<'_>> {
        Some(self.sources.tree(place.source)?.node(place.node))
    }

    /// Takes out every reference that leads back to itself, so that following always ends. Each reference
    /// is passed once.
    fn cut_cycles(&mut self, parsed: &Parsed<'_>, sink: &mut Sink) {
        // The round in which a holder was holders: a holder of this very round closes a circle.
        let mut rounds: HashMap<Place, usize> = HashMap::with_capacity(self.next.len());
        for (round, reference) in parsed.references.iter().enumerate() {
            let mut place = reference.holder;
            while let Some(next) = self.next.get(&place).copied() {
                match rounds.insert(place, round) {
                    None => place = next,
                    Some(earlier) if earlier == round => {
                        self.report_cycle(place, sink);
                        self.next.remove(&place);
                        break;
                    }
                    Some(_) => break,
                }
            }
        }
    }

    /// Takes out references that begin a chain of too many, so that following is cheap. Each is passed once.
    fn cut_long_chains(&mut self, parsed: &Parsed<'_>, sink: &mut Sink) {
        let mut steps: HashMap<Place, usize> = HashMap::with_capacity(self.next.len());
        for reference in &parsed.references {
            let mut holders = Vec::new();
            let mut place = reference.holder;
            while !steps.contains_key(&place) {
                let Some(next) = self.next.get(&place) else { break };
                holders.push(place);
                place = *next;
            }
            let mut count = steps.get(&place).copied().unwrap_or(0);
            for holder in holders.into_iter().rev() {
                count += 1;
                if count > MAX_STEPS {
                    self.report_long_chain(holder, sink);
                    self.next.remove(&holder);
                    count = 0;
                }
                steps.insert(holder, count);
            }
        }
    }

    fn report_long_chain(&self, place: Place, sink: &mut Sink) {
        let Some(value) = self.node(place).and_then(|holder| holder.get("$ref")) else { return };
        sink.push_with(&codes::REFERENCE_CYCLIC, || {
            let text = value.as_str().unwrap_or_default();
            let message = format!("the reference `{text}` goes on for more than {MAX_STEPS} steps");
            finding_at(&codes::REFERENCE_CYCLIC, value, message).with_help("refer to the definition itself")
        });
    }

    /// The references of a circle behind its first one, as far as people read.
    fn way_round(&self, place: Place) -> String {
        let mut texts = Vec::new();
        let mut step = self.next.get(&place).copied();
        while let Some(next) = step.filter(|next| *next != place && texts.len() < MAX_LABELS) {
            let text = self.node(next).and_then(|holder| holder.get("$ref")?.as_str());
            texts.extend(text.map(|text| format!("`{text}`")));
            step = self.next.get(&next).copied();
        }
        let more = if step.is_some_and(|next| next != place) { " and others" } else { "" };
        if texts.is_empty() { String::new() } else { format!(" through {}{more}", texts.join(", ")) }
    }

    fn report_cycle(&self, place: Place, sink: &mut Sink) {
        let Some(value) = self.node(place).and_then(|holder| holder.get("$ref")) else { return };
        sink.push_with(&codes::REFERENCE_CYCLIC, || {
            let text = value.as_str().unwrap_or_default();
            let message = format!("the reference `{text}` leads back to itself{}", self.way_round(place));
            let mut finding = finding_at(&codes::REFERENCE_CYCLIC, value, message)
                .with_help("at the end of the chain there must be a definition");
            let mut step = self.next.get(&place).copied();
            for _ in 0..MAX_LABELS {
                let Some(next) = step.filter(|next| *next != place) else { break };
                if let Some(value) = self.node(next).and_then(|holder| holder.get("$ref")) {
                    finding = finding.with_label(value.span(), "and goes on here");
                }
                step = self.next.get(&next).copied();
            }
            finding
        });
    }
}

/// How many references may follow each other. Real documents have one or two.
const MAX_STEPS: usize = 32;

/// How many steps of a circle are shown.
const MAX_LABELS: usize = 4;

fn report_passed_over(reference: &Reference, sources: &SourceSet<'_>, sink: &mut Sink) {
    let tree = sources.tree(reference.holder.source).filter(|_| reference.object == Object::Schema);
    if let Some(tree) = tree {
        passed_over::report(tree.node(reference.value), sources, sink);
    }
}

fn report_dangling(
    reference: &Reference,
    sources: &SourceSet<'_>,
    has_ids: impl FnOnce() -> bool,
    sink: &mut Sink,
) {
    let Some(tree) = sources.tree(reference.holder.source) else { return };
    let value = tree.node(reference.value);
    let text = value.as_str().unwrap_or_default();
    let unreachable = match sources.follow(value, reference.object) {
        // The file is a finding already; and what can be followed does not dangle.
        Err(Unreachable::File) | Ok(_) => return,
        Err(unreachable) => unreachable,
    };
    if reference.object == Object::Schema && is_for_schemas(&unreachable, has_ids()) {
        return sink.push_with(&codes::SCHEMA_REFERENCE_UNREAD, || unread(value, text));
    }
    sink.push_with(&codes::REFERENCE_DANGLING, || {
        let help = match unreachable {
            Unreachable::Node { tree, pointer } => suggestion(text, tree, &pointer),
            Unreachable::File | Unreachable::NoPointer => {
                "what follows `#` is a path through the document: `#/components/schemas/Order`".to_owned()
            }
        };
        let message = format!("the reference `{text}` leads to nothing");
        finding_at(&codes::REFERENCE_DANGLING, value, message).with_help(help)
    });
}

/// Whether the reference goes by a name that only schemas have: that of an anchor, or a path in a file whose schemas
/// have an `$id`, at which paths begin anew (JSON Schema 2020-12 section 8.2).
fn is_for_schemas(unreachable: &Unreachable<'_>, has_ids: bool) -> bool {
    match unreachable {
        Unreachable::File => false,
        Unreachable::NoPointer => true,
        Unreachable::Node { .. } => has_ids,
    }
}

fn unread(value: NodeRef<'_>, text: &str) -> Diagnostic {
    let message = format!("the reference `{text}` goes by an `$anchor` or `$id` that no schema has");
    finding_at(&codes::SCHEMA_REFERENCE_UNREAD, value, message)
        .with_help("nothing is enforced by it; `#/components/schemas/NAME` leads to a schema of this file")
}

/// The path that a holder's `$ref` names.
fn pointer_of_target(holder: NodeRef<'_>) -> Pointer {
    let text = holder.get("$ref").and_then(NodeRef::as_str).unwrap_or_default();
    let fragment = text.find('#').map_or("", |at| &text[at..]);
    Pointer::parse(fragment).unwrap_or_default()
}

/// What the author may have meant: the name beside the one that is not there.
fn suggestion(text: &str, tree: &Tree, pointer: &Pointer) -> String {
    let file = text.split('#').next().unwrap_or_default();
    let mut node = tree.root();
    let mut reached = Pointer::root();
    for token in pointer.tokens() {
        let Some(next) = node.at_pointer(&Pointer::root().child(&token)) else {
            let names = node.entries().filter_map(|(key, _)| key.scalar_text());
            return match nearest(&token, names) {
                Some(near) => format!("did you mean `{file}#{}`?", reached.child(near)),
                None if reached.is_root() => format!("the root of the document has no `{token}`"),
                None => format!("`{file}#{reached}` has no `{token}`"),
            };
        };
        node = next;
        reached.push(&token);
    }
    String::new()
}
