//! What a document needs of other files, and where each part of it stands in one document.
//!
//! What is referred to in another file becomes a component with a name of its own, so that parts that refer to each
//! other in a circle stay finite, and what is used twice stands there once. A part that lies within another one stays
//! there. The path items of `paths` alone are put in place: few tools look behind a `$ref` for operations.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use gw_syntax::{NodeId, NodeRef, Pointer, SourceId};

use super::{Fault, section::Section};
use crate::load::SourceSet;
use crate::parse::openapi::dialect::Dialect;
use crate::parse::openapi::document::Document;
use crate::parse::openapi::grammar::Object;
use crate::parse::openapi::version::Version;
use crate::parse::openapi::walk::{Needed, Place, Visited, Visitor, walk};
use crate::parse::survey::is_ours;
use crate::resolve::token_from_path;

/// Where everything that a document refers to stands once it is one file.
#[derive(Debug)]
pub(super) struct Bundle<'s> {
    sources: &'s SourceSet<'s>,
    document: Document<'s>,
    /// What stands at nodes that are referred to, wherever they lie.
    objects: HashMap<Place, Object>,
    /// The components made of other files' parts.
    components: BTreeMap<Section, Vec<Component<'s>>>,
    /// Where they stand.
    placed: BTreeMap<Place, Vec<(Object, Pointer)>>,
}

/// A part of another file under its new name.
#[derive(Clone, Debug)]
pub(super) struct Component<'s> {
    pub(super) name: String,
    pub(super) node: NodeRef<'s>,
    pub(super) object: Object,
}

impl<'s> Bundle<'s> {
    /// Looks for everything that the document refers to.
    ///
    /// # Errors
    /// When a part belongs to a document of another version, in which its words mean something else.
    pub(super) fn of(document: Document<'s>, sources: &'s SourceSet<'s>) -> Result<Self, Fault> {
        let mut search = Search::new(document, sources);
        search.run()?;
        let Search { objects, foreign, .. } = search;
        let mut bundle =
            Bundle { sources, document, objects, components: BTreeMap::new(), placed: BTreeMap::new() };
        bundle.place(&foreign);
        Ok(bundle)
    }

    /// The version of the document, and of everything in it.
    pub(super) fn version(&self) -> Version {
        self.document.version()
    }

    /// What stands at a node that something refers to.
    pub(super) fn object_at(&self, node: NodeRef<'_>) -> Option<Object> {
        self.objects.get(&Place::of(node)).copied()
    }

    /// The components of other files, by section.
    pub(super) fn components(&self) -> &BTreeMap<Section, Vec<Component<'s>>> {
        &self.components
    }

    /// What a reference is written as; as it stands where it leads to nothing that is known.
    pub(super) fn reference(&self, value: NodeRef<'s>, object: Object) -> Cow<'s, str> {
        let text = value.as_str().unwrap_or_default();
        let Ok(target) = self.sources.follow(value, object) else { return Cow::Borrowed(text) };
        let is_own = value.tree().source() == self.source() && is_kept(target, self.source());
        if is_own && (text.starts_with('#') || text.contains("://")) {
            return Cow::Borrowed(text);
        }
        self.pointer_to(target, object)
            .map_or(Cow::Borrowed(text), |pointer| Cow::Owned(pointer.to_fragment()))
    }

    /// The nodes that a path item of `paths` is made of: itself, and what its references into other files lead to.
    pub(super) fn path_item(&self, node: NodeRef<'s>) -> Vec<NodeRef<'s>> {
        let mut parts = vec![node];
        while let Some(next) = parts.last().and_then(|last| self.foreign_target(*last))
            && parts.len() < MAX_PARTS
        {
            parts.push(next);
        }
        parts
    }

    fn foreign_target(&self, holder: NodeRef<'s>) -> Option<NodeRef<'s>> {
        let value = reference_of(holder, Object::PathItem)?;
        let target = self.sources.follow(value, Object::PathItem).ok()?;
        (!is_kept(target, self.source())).then_some(target)
    }

    fn source(&self) -> SourceId {
        self.document.root().tree().source()
    }

    fn pointer_to(&self, target: NodeRef<'s>, object: Object) -> Option<Pointer> {
        if is_kept(target, self.source()) {
            return Some(target.pointer());
        }
        if let Some(own) = self.placed.get(&Place::of(target)) {
            let same = own.iter().find(|(its, _)| *its == object).or(own.first());
            return same.map(|(_, pointer)| pointer.clone());
        }
        // Parts that have a name do not overlap, so that only the last one before can lie around it.
        let (place, own) = self.placed.range(..Place::of(target)).next_back()?;
        let around = (place.source == target.tree().source()).then(|| target.tree().node(place.node))?;
        Some(own.first()?.1.join(&within(target, around)?))
    }

    /// Gives every part of another file a name, unless it lies within one that has a name.
    fn place(&mut self, foreign: &BTreeSet<(Place, Object)>) {
        let mut names = self.names();
        let mut outer: Option<NodeRef<'s>> = None;
        for (place, object) in foreign {
            let Some(tree) = self.sources.tree(place.source) else { continue };
            let node = tree.node(place.node);
            let is_within = outer
                .is_some_and(|outer| outer.tree().source() == place.source && within(node, outer).is_some());
            if is_within {
                continue;
            }
            outer = Some(node);
            let section = Section::of(*object, self.version());
            let wanted = self.name_of(node);
            let name = names.entry(section).or_default().take(&wanted);
            let pointer = Pointer::root().child("components").child(section.key()).child(&name);
            self.placed.entry(*place).or_default().push((*object, pointer));
            let component = Component { name, node, object: *object };
            self.components.entry(section).or_default().push(component);
        }
    }

    /// The names that the document's own components have.
    fn names(&self) -> BTreeMap<Section, Names> {
        Section::ALL.into_iter().map(|section| (section, Names::of(self.document, section))).collect()
    }

    /// A name for a part of a file: the last step to it, or that of the file.
    fn name_of(&self, node: NodeRef<'s>) -> String {
        let last = node.pointer().last().map(Cow::into_owned).unwrap_or_default();
        let is_index = last.bytes().all(|byte| byte.is_ascii_digit());
        let path = self.sources.sources().path(node.tree().source());
        // The way to a path item is its template, `/orders/{id}`, of which a name keeps the words.
        let name = if is_index { token_from_path(path) } else { as_name(&last) };
        if name.is_empty() { token_from_path(path) } else { name }
    }
}

/// How many references a path item may go through; the resolver refuses longer chains.
pub(super) const MAX_PARTS: usize = 64;

/// The names of one section of components.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// Those that a document has.
    pub(super) fn of(document: Document<'_>, section: Section) -> Self {
        let components = document.root().get("components").and_then(|node| node.get(section.key()));
        let names = components.into_iter().flat_map(NodeRef::entries);
        Names(names.filter_map(|(name, _)| name.scalar_text().map(str::to_owned)).collect())
    }

    /// The name, or with a number behind it when it is taken.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let numbered = (2u32..).map(|number| format!("{wanted}-{number}"));
        let mut candidates = std::iter::once(wanted.to_owned()).chain(numbered);
        let name = candidates.find(|name| !self.0.contains(name)).unwrap_or_default();
        self.0.insert(name.clone());
        name
    }
}

/// The characters that a component's name may have (OpenAPI 3.1 section 4.8.7), others as `-`.
fn as_name(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = text.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
    name.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// Whether a node stands in the exported document where it stands in the source.
fn is_kept(node: NodeRef<'_>, document: SourceId) -> bool {
    node.tree().source() == document && !node.pointer().tokens().any(|token| is_ours(&token))
}

/// The way from a node to one that lies within it, unless that way is taken out.
fn within(inner: NodeRef<'_>, outer: NodeRef<'_>) -> Option<Pointer> {
    if inner.id() <= outer.id() || inner.id() >= outer.end() {
        return None;
    }
    let (inner, outer) = (inner.pointer(), outer.pointer());
    let tail = Pointer::parse(inner.as_str().strip_prefix(outer.as_str())?)?;
    let is_open = !tail.tokens().any(|token| is_ours(&token));
    is_open.then_some(tail)
}

fn reference_of(node: NodeRef<'_>, object: Object) -> Option<NodeRef<'_>> {
    let value = node.get("$ref").filter(|_| object.may_be_reference())?;
    value.as_str().is_some().then_some(value)
}

/// How a part of another file is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// It stays, or becomes a component.
    Component,
    /// A path item of `paths`, put in place.
    InPlace,
}

/// Follows all references of a document, each once.
struct Search<'s> {
    document: Document<'s>,
    sources: &'s SourceSet<'s>,
    visited: Visited,
    seen: BTreeSet<(Place, Object, Way)>,
    open: Vec<(NodeRef<'s>, Object, Way)>,
    objects: HashMap<Place, Object>,
    foreign: BTreeSet<(Place, Object)>,
}

impl<'s> Search<'s> {
    fn new(document: Document<'s>, sources: &'s SourceSet<'s>) -> Self {
        Search {
            document,
            sources,
            visited: Visited::default(),
            seen: BTreeSet::new(),
            open: vec![(document.root(), Object::Document, Way::Component)],
            objects: HashMap::new(),
            foreign: BTreeSet::new(),
        }
    }

    fn run(&mut self) -> Result<(), Fault> {
        let items: HashSet<Place> = self.document.paths().map(|(_, item)| Place::of(item)).collect();
        while let Some((node, object, way)) = self.open.pop() {
            if !self.seen.insert((Place::of(node), object, way)) {
                continue;
            }
            if let Some(value) = reference_of(node, object) {
                self.refers(value, object, way)?;
            }
            let mut found = Found::default();
            walk(node, object, self.document.version(), &mut self.visited, &mut found);
            for (holder, value, object) in
                found.0.into_iter().filter(|(holder, ..)| *holder != Place::of(node))
            {
                let in_place = object == Object::PathItem && items.contains(&holder);
                let way = if in_place { Way::InPlace } else { Way::Component };
                self.refers(node.tree().node(value), object, way)?;
            }
        }
        Ok(())
    }

    /// Takes over what a reference leads to; that it leads nowhere is a finding of the resolver.
    fn refers(&mut self, value: NodeRef<'s>, object: Object, way: Way) -> Result<(), Fault> {
        let Ok(target) = self.sources.follow(value, object) else { return Ok(()) };
        let document = self.document.root().tree().source();
        if is_kept(target, document) {
            self.objects.insert(Place::of(target), object);
            self.open.push((target, object, Way::Component));
            return Ok(());
        }
        let version = self.document.version().of_target(target);
        if version != self.document.version() {
            let file = self.sources.sources().path(target.tree().source()).to_owned();
            return Err(Fault::Versions {
                file,
                its: version.as_str(),
                document: self.document.version().as_str(),
            });
        }
        if way == Way::Component {
            self.objects.insert(Place::of(target), object);
            self.foreign.insert((Place::of(target), object));
        }
        self.open.push((target, object, way));
        Ok(())
    }
}

/// The references of one file: holder, value, and what stands there.
#[derive(Default)]
struct Found(Vec<(Place, NodeId, Object)>);

impl Visitor for Found {
    /// A discriminator names schemas, or refers to them.
    fn object(&mut self, node: NodeRef<'_>, object: Object, _: Dialect) {
        if object == Object::Discriminator {
            let named = node.get("mapping").into_iter().flat_map(NodeRef::entries);
            let texts = named.filter(|(_, value)| value.as_str().is_some());
            self.0.extend(texts.map(|(_, value)| (Place::of(node), value.id(), Object::Schema)));
        }
    }

    fn reference(&mut self, holder: NodeRef<'_>, value: NodeRef<'_>, object: Object, _: Dialect) {
        self.0.push((Place::of(holder), value.id(), object));
    }

    fn misshapen(&mut self, _: NodeRef<'_>, _: Needed, _: Object, _: Option<&str>) {}
}
