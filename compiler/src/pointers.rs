//! Paths through files for findings that know only a place: editors go by places, tools by paths.

use std::collections::BTreeMap;

use gw_syntax::{Diagnostic, NodeId, Pointer, SourceId, Span, Tree};

use crate::load::SourceSet;

/// Adds the path of the node that stands at a finding's place, where the finding has none.
///
/// One pass over each file that has such a finding.
pub(crate) fn complete(findings: &mut [Diagnostic], sources: &SourceSet<'_>) {
    let mut wanted: BTreeMap<SourceId, BTreeMap<Span, Option<Pointer>>> = BTreeMap::new();
    for span in findings.iter().filter(|finding| finding.pointer.is_none()).filter_map(|finding| finding.span)
    {
        wanted.entry(span.source).or_default().insert(span, None);
    }
    for (source, places) in &mut wanted {
        if let Some(tree) = sources.tree(*source) {
            look_up(tree, places);
        }
    }
    for finding in findings.iter_mut().filter(|finding| finding.pointer.is_none()) {
        let Some(span) = finding.span else { continue };
        finding.pointer = wanted.get(&span.source).and_then(|places| places.get(&span)?.clone());
    }
}

/// The first node of a place is the outermost; a place without length at the start is the file itself.
fn look_up(tree: &Tree, places: &mut BTreeMap<Span, Option<Pointer>>) {
    if let Some(start) = places.get_mut(&Span::at(tree.source(), 0)) {
        *start = Some(Pointer::root());
    }
    for id in 0..tree.node_count() {
        let node = tree.node(NodeId(id as u32));
        if let Some(place) = places.get_mut(&node.span()).filter(|place| place.is_none()) {
            *place = Some(node.pointer());
        }
    }
}
