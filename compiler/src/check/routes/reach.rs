//! Templates that no request reaches.
//!
//! The trie alone hides none: of two templates the more special one goes first. A declared precedence may put a template
//! before another that it covers. Several templates together cover no more than one of them does: a text that stands in
//! none of them, in the place of each variable, falls to variables only.

use gw_artifact::path_trie::{Relation, compare};
use gw_syntax::{CodeEntry, Diagnostic, Sink};

use super::door::Door;
use super::wishes::Wishes;
use super::{PathItem, Said};
use crate::check::codes::OPERATION_UNREACHABLE;
use crate::check::witness::with_witness;
use crate::check::wording::pointer_of_path;
use crate::resolve::resolved::Precedence;

const ENTRY: &CodeEntry = &OPERATION_UNREACHABLE;

/// Reports each template of a site that has no path of its own.
pub(super) fn report(door: &Door<'_>, wishes: &Wishes<'_>, said: &mut Said, sink: &mut Sink) {
    for rule in &door.order.rules {
        let hidden = &door.items[rule.gives_way].template;
        let covers = |at: &&usize| compare(&door.items[**at].template, hidden) == Relation::LessSpecific;
        let wish =
            rule.before.iter().find(covers).and_then(|&at| Some((at, door.order.wish(at, rule.gives_way)?)));
        let Some((first, wish)) = wish else { continue };
        let (place, wish) = (door.first_operation(&door.items[rule.gives_way]).path_span, wishes.said(wish));
        if said.insert((ENTRY.code, place, wish.over.span)) {
            sink.push_with(ENTRY, || covered(door, rule.gives_way, first, wish));
        }
    }
}

fn covered(door: &Door<'_>, hidden: usize, first: usize, wish: &Precedence) -> Diagnostic {
    let (at, [hidden, first]) = (first, [hidden, first].map(|at| &door.items[at]));
    let message = format!(
        "no request reaches `{}`: `{}` goes before it and matches all of it",
        hidden.template, first.template
    );
    let finding = finding(door, hidden, message)
        .with_label(wish.over.span, "it gives way here")
        .with_help("remove this `x-gw-precedence`, or the path that it hides");
    let path = door.path_between(&hidden.template, at);
    let shows = door.lost_by(hidden, first, hidden.methods.keys());
    with_witness(
        finding,
        path.zip(shows).and_then(|(path, (method, shows))| door.witness(method, &path, shows)),
    )
}

fn finding(door: &Door<'_>, hidden: &PathItem, message: String) -> Diagnostic {
    let operation = door.first_operation(hidden);
    Diagnostic::new(ENTRY, message)
        .at(operation.path_span)
        .with_pointer(pointer_of_path(operation))
        .about(hidden.template.shape())
}
