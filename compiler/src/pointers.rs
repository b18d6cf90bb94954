//! Paths through files for findings that know only a place: editors go by places, tools by paths.

use std::collections::BTreeMap;

use gw_syntax::{Diagnostic, Label, NodeId, Pointer, SourceId, Span, Tree};

use crate::load::SourceSet;

/// Adds the path of the node that stands at a finding's place, where the finding has none.
///
/// One pass over each tree that has nodes of a file with such a finding. What an overlay brought into a document has
/// its path there; what stands in no document, as the actions of an overlay, has that of its own file.
pub(crate) fn complete(findings: &mut [Diagnostic], sources: &SourceSet<'_>) {
    let mut wanted: BTreeMap<SourceId, BTreeMap<Span, Option<Pointer>>> = BTreeMap::new();
    for span in findings.iter().filter(|finding| finding.pointer.is_none()).filter_map(|finding| finding.span)
    {
        wanted.entry(span.source).or_default().insert(span, None);
    }
    for tree in sources.edited() {
        for file in tree.origins().skip(1) {
            if let Some(places) = wanted.get_mut(&file) {
                look_up(tree, places);
            }
        }
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

/// Where a finding is about what an overlay says over something else, shows what that was.
pub(crate) fn show_beneath(findings: &mut [Diagnostic], sources: &SourceSet<'_>) {
    let edited: Vec<&Tree> = sources.edited().collect();
    for finding in findings {
        let (Some(span), Some(pointer)) = (finding.span, &finding.pointer) else { continue };
        let files = |tree: &&&Tree| tree.origins().skip(1).any(|file| file == span.source);
        let beneath = edited.iter().filter(files).find_map(|tree| {
            let value = tree.root().at_pointer(pointer)?.id();
            // The key of an entry stands right before its value.
            let key = NodeId(value.0.saturating_sub(1));
            let node = [value, key].map(|id| tree.node(id)).into_iter().find(|node| node.span() == span)?;
            node.beneath()
        });
        if let Some(beneath) = beneath {
            finding.labels.push(Label { span: beneath, text: "the overlay says it over this".to_owned() });
        }
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
