//! OpenAPI Overlays (1.0 and 1.1): laid over a document before anybody looks at it.
//!
//! What a stage behind sees is the result: one tree whose nodes know the file that each of them was written in. A
//! reference in an overlay is relative to the document that it is laid over.

mod apply;
mod document;
mod merge;

use std::collections::BTreeMap;

use gw_syntax::{Diagnostic, NodeId, NodeRef, Sink, SourceId, Tree};

use super::sources::{Named, SourceSet};
use crate::compile::Options;
use crate::parse::finding::finding_at;
use crate::resolve::codes;
use apply::Table;

/// What an entry of `apis` lays over its document.
struct Wish {
    /// The entry.
    api: NodeId,
    document: SourceId,
    /// The names of the overlays, and the files; `None` for one that could not be read.
    overlays: Vec<(String, Option<SourceId>)>,
}

/// Lays the overlays of a project's APIs over their documents, which have been read.
pub(super) fn lay(sources: &mut SourceSet<'_>, project: SourceId, options: &Options, sink: &mut Sink) {
    let wishes = wishes(sources, project, sink);
    let mut first: BTreeMap<SourceId, &Wish> = BTreeMap::new();
    for wish in &wishes {
        let before = first.entry(wish.document).or_insert(wish);
        let files = |wish: &Wish| wish.overlays.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        if files(before) != files(wish)
            && let Some(tree) = sources.tree(project)
        {
            sink.push_with(&codes::OVERLAYS_DIFFER, || {
                let document = sources.sources().path(wish.document);
                differ(tree.node(before.api), tree.node(wish.api), document)
            });
        }
    }
    for wish in first.into_values().filter(|wish| !wish.overlays.is_empty()) {
        if let Some(tree) = laid(sources, wish, options, sink) {
            sources.replace(tree);
        }
    }
}

/// Reads the overlays that `apis[].overlays` of a project file name.
fn wishes(sources: &mut SourceSet<'_>, project: SourceId, sink: &mut Sink) -> Vec<Wish> {
    let Some(tree) = sources.tree(project) else { return Vec::new() };
    let named: Vec<(NodeId, SourceId, Vec<Named>)> = tree
        .root()
        .get("apis")
        .into_iter()
        .flat_map(NodeRef::items)
        .filter_map(|api| {
            let document = sources.find_from(project, api.get("spec")?.as_str()?)?;
            let overlays = api.get("overlays").into_iter().flat_map(NodeRef::items);
            let overlays = overlays.filter(|name| name.as_str().is_some()).map(Named::by);
            Some((api.id(), document, overlays.collect()))
        })
        .collect();
    let mut open = |named: Named| {
        let file = sources.open_from(&named, sink);
        (file.map_or(named.text, |file| sources.sources().path(file).to_owned()), file)
    };
    let wish = |(api, document, overlays): (NodeId, SourceId, Vec<Named>)| Wish {
        api,
        document,
        overlays: overlays.into_iter().map(&mut open).collect(),
    };
    named.into_iter().map(wish).collect()
}

/// The document with the overlays on it.
fn laid(sources: &SourceSet<'_>, wish: &Wish, options: &Options, sink: &mut Sink) -> Option<Tree> {
    let path = sources.sources().path(wish.document);
    let mut table = Table::new(sources.tree(wish.document)?, options);
    for file in wish.overlays.iter().filter_map(|(_, file)| *file) {
        let Some(overlay) = sources.tree(file) else { continue };
        let from = sources.sources().path(file);
        let overlay = document::read(overlay.root(), (from, path), sink);
        for action in &overlay.actions {
            table.act(action, overlay.version, sink);
        }
    }
    table.finish(sink)
}

fn differ(first: NodeRef<'_>, second: NodeRef<'_>, document: &str) -> Diagnostic {
    let place = |api: NodeRef<'_>| {
        api.entry("overlays").or(api.entry("spec")).map_or(api.span(), |(key, _)| key.span())
    };
    let message = format!("`{document}` has other overlays here than in another API");
    finding_at(&codes::OVERLAYS_DIFFER, second, message)
        .at(place(second))
        .with_label(place(first), "the other API")
        .with_help(
            "one document has one meaning: copy the file, and lay each API's overlays over a copy of its own",
        )
}
