//! Finding the files that a project needs: its documents, and what their `$ref`s lead to.

use std::collections::{BTreeSet, VecDeque};

use gw_syntax::{NodeId, NodeRef, Sink, SourceId};

use super::sources::{Named, SourceSet};
use crate::parse::openapi::dialect::Dialect;
use crate::parse::openapi::grammar::Object;
use crate::parse::openapi::version::Version;
use crate::parse::openapi::walk::{Needed, Place, Visited, Visitor, walk};
use crate::policy::MAX_ENTRIES;

/// Reads the documents that `apis[].spec` of a project file names.
pub(super) fn documents(sources: &mut SourceSet<'_>, project: SourceId, sink: &mut Sink) -> Vec<SourceId> {
    let Some(tree) = sources.tree(project) else { return Vec::new() };
    let specs: Vec<Named> = tree
        .root()
        .get("apis")
        .into_iter()
        .flat_map(NodeRef::items)
        .filter_map(|api| api.get("spec"))
        .filter(|spec| spec.as_str().is_some())
        .map(Named::by)
        .collect();
    specs.iter().filter_map(|spec| sources.open_from(spec, sink)).collect()
}

/// Reads the files of `address-lists` of a project file, which are plain text.
pub(super) fn address_lists(sources: &mut SourceSet<'_>, project: SourceId, sink: &mut Sink) {
    let lists = sources.tree(project).and_then(|tree| tree.root().get("address-lists"));
    let entries = lists.into_iter().flat_map(NodeRef::entries).take(MAX_ENTRIES);
    let files: Vec<Named> = entries
        .filter_map(|(_, list)| list.get("file"))
        .filter(|file| file.as_str().is_some())
        .map(Named::by)
        .collect();
    for file in &files {
        sources.open_text_from(file, sink);
    }
}

/// Reads the files that a project file extends, those that these extend, and so on.
pub(super) fn extended(sources: &mut SourceSet<'_>, project: SourceId, sink: &mut Sink) {
    let mut known = BTreeSet::from([project]);
    let mut open = VecDeque::from([project]);
    while let Some(source) = open.pop_front() {
        for named in extends(sources, source) {
            if known.len() > MAX_EXTENDED {
                return sink.push(sources.too_many_extended(&named));
            }
            open.extend(sources.open_from(&named, sink).filter(|source| known.insert(*source)));
        }
    }
}

/// How many files a project may extend, directly and through others.
const MAX_EXTENDED: usize = 64;

fn extends(sources: &SourceSet<'_>, source: SourceId) -> Vec<Named> {
    let list = sources.tree(source).and_then(|tree| tree.root().get("extends"));
    let items = list.into_iter().flat_map(NodeRef::items);
    items.filter(|item| item.as_str().is_some()).take(MAX_EXTENDED + 1).map(Named::by).collect()
}

/// Reads every file that can be reached from these documents.
pub(super) fn discover(sources: &mut SourceSet<'_>, documents: &[SourceId], sink: &mut Sink) {
    let mut visited = Visited::default();
    let root = NodeId(0);
    // A document of another version is not read later on; what it refers to is read here all the same.
    let mut open: Vec<(Place, Object, Version)> = documents
        .iter()
        .map(|source| (Place { source: *source, node: root }, Object::Document, Version::V3_2))
        .collect();
    // A name by which no file is called yet may be that of a schema in a file that is read later.
    let mut late: Vec<(Place, Object, Version)> = Vec::new();
    loop {
        let Some((place, object, version)) = open.pop() else {
            let Some((value, object, version)) = late.pop() else { break };
            let found = target(sources, (value, object), sink).map(|target| (target, object, version));
            open.extend(found);
            continue;
        };
        let Some(tree) = sources.tree(place.source) else { continue };
        let mut outward = Outward::default();
        let version = version.of_target(tree.root());
        walk(tree.node(place.node), object, version, &mut visited, &mut outward);
        // A file is reported where it is named first.
        outward.references.sort_unstable_by_key(|(value, _)| *value);
        for (value, object) in outward.references {
            let value = Place { source: place.source, node: value };
            if is_far(sources, value) {
                late.push((value, object, version));
            } else if let Some(target) = target(sources, (value, object), sink) {
                open.push((target, object, version));
            }
        }
    }
}

/// The node that a `$ref` leads to; reads its file where nobody asked for it before.
fn target(
    sources: &mut SourceSet<'_>,
    (reference, object): (Place, Object),
    sink: &mut Sink,
) -> Option<Place> {
    let value = sources.tree(reference.source)?.node(reference.node);
    if !sources.knows_file_of(value) {
        let named = Named::by(value);
        sources.open_reference(&named, sink)?;
    }
    let value = sources.tree(reference.source)?.node(reference.node);
    sources.follow(value, object).ok().map(Place::of)
}

/// Whether a reference names something by a URI that nothing read so far is called by.
fn is_far(sources: &SourceSet<'_>, reference: Place) -> bool {
    let Some(tree) = sources.tree(reference.source) else { return false };
    let value = tree.node(reference.node);
    value.as_str().is_some_and(|text| text.contains(':')) && !sources.knows_file_of(value)
}

/// Collects the values of references.
#[derive(Default)]
struct Outward {
    references: Vec<(NodeId, Object)>,
}

impl Visitor for Outward {
    fn object(&mut self, _: NodeRef<'_>, _: Object, _: Dialect) {}

    fn reference(&mut self, _: NodeRef<'_>, value: NodeRef<'_>, object: Object, _: Dialect) {
        self.references.push((value.id(), object));
    }

    fn misshapen(&mut self, _: NodeRef<'_>, _: Needed, _: Object, _: Option<&str>) {}
}
