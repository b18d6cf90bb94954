//! Mistakes of an expression as findings about the scalar that holds it.

use gw_syntax::{Diagnostic, NodeRef, Span};

use super::mistake::Mistake;
use crate::parse::finding::{finding_at, first_line};

/// The finding for each mistake. Its place is exact where the scalar's text stands in the file as it is, else it is the
/// scalar.
pub(crate) fn findings(node: NodeRef<'_>, mistakes: Vec<Mistake>) -> Vec<Diagnostic> {
    let start = start_of_text(node);
    let finding = |mistake: Mistake| {
        let exact = start.map(|start| {
            let at = |offset: usize| start + offset as u32;
            Span::new(node.span().source, at(mistake.range.start), at(mistake.range.end))
        });
        let finding = finding_at(mistake.kind.code(), node, mistake.message);
        let finding = finding.at(exact.unwrap_or_else(|| first_line(node)));
        match mistake.help {
            Some(help) => finding.with_help(help),
            None => finding,
        }
    };
    mistakes.into_iter().map(finding).collect()
}

/// Where the text of a scalar begins: with the scalar, or behind its quote. `None` where escapes or folded lines make it
/// another text than that of the file.
fn start_of_text(node: NodeRef<'_>) -> Option<u32> {
    let (span, text) = (node.span(), node.scalar_text()?);
    let written = node.source_text();
    let inside = |quotes: usize| written.get(quotes..written.len().checked_sub(quotes)?);
    if inside(0) == Some(text) {
        return Some(span.start);
    }
    (written.starts_with(['"', '\'']) && inside(1) == Some(text)).then(|| span.start + 1)
}
