//! Roots of documents that others refer to: what stands there holds where the document is published, and only there.

use std::collections::BTreeSet;

use gw_syntax::{Diagnostic, NodeRef, Sink, SourceId, Tree};

use super::codes;
use super::finding::finding_at;
use super::openapi::grammar::Object;
use super::openapi::path_item::{ADDITIONAL, methods};
use super::openapi::version::Version;
use super::parsed::Reference;
use super::survey::report_root_beside;
use crate::load::SourceSet;

/// Reports policy keys of roots that are not published, and `security` that a reader of the other file may rely on.
pub(super) fn report(
    references: &[Reference],
    is_published: impl Fn(SourceId) -> bool,
    sources: &SourceSet<'_>,
    sink: &mut Sink,
) {
    let targets: BTreeSet<SourceId> =
        references.iter().filter_map(|reference| Some(reference.target?.source)).collect();
    for root in
        targets.into_iter().filter(|source| !is_published(*source)).filter_map(|source| root(sources, source))
    {
        report_root_beside(root, sink);
    }
    for reference in references.iter().filter(|reference| reference.object == Object::PathItem) {
        lost_security(reference, sources, sink);
    }
}

/// The root of a file that is a document.
fn root<'s>(sources: &'s SourceSet<'_>, source: SourceId) -> Option<NodeRef<'s>> {
    sources.tree(source).map(Tree::root).filter(|root| root.get("openapi").is_some())
}

/// Operations take the `security` of the document that is published (OpenAPI 3.1 section 4.8.10), not of the one
/// that they were written in.
fn lost_security(reference: &Reference, sources: &SourceSet<'_>, sink: &mut Sink) -> Option<()> {
    let target = reference.target.filter(|target| target.source != reference.holder.source)?;
    let (security, _) = root(sources, target.source)?.entry("security")?;
    let holder = sources.tree(reference.holder.source)?;
    let item = sources.tree(target.source)?.node(target.node);
    let known = methods(Version::declared(root(sources, target.source)?)?);
    let fixed = item.entries().filter(|(key, _)| key.scalar_text().is_some_and(|name| known.contains(&name)));
    let others = item.get(ADDITIONAL).into_iter().flat_map(NodeRef::entries);
    let mut operations = fixed.chain(others).map(|(_, operation)| operation);
    if holder.root().get("security").is_none()
        && operations.any(|operation| operation.get("security").is_none())
    {
        sink.push_with(&codes::SECURITY_LEFT_BEHIND, || {
            left_behind(holder.node(reference.value), security, sources.sources().path(target.source))
        });
    }
    Some(())
}

fn left_behind(value: NodeRef<'_>, security: NodeRef<'_>, file: &str) -> Diagnostic {
    let message =
        format!("`security` at the root of `{file}` does not hold for the operations behind this reference");
    finding_at(&codes::SECURITY_LEFT_BEHIND, value, message)
        .with_label(security.span(), "this one")
        .with_help("say `security` at the root of the document that is published, or at the operations")
}
