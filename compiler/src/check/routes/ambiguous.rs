//! Pairs of templates that match a common path although neither is the more specific one.

use std::collections::BTreeSet;

use gw_artifact::model::Method;
use gw_artifact::path_trie::{Relation, Segment, Template, Winner, compare};
use gw_syntax::{CodeEntry, Diagnostic, Sink};

use super::door::{Door, FILLERS};
use super::{PathItem, Said};
use crate::check::Access;
use crate::check::codes::{AMBIGUITY_CHANGES_ACCESS, PATHS_AMBIGUOUS};
use crate::check::witness::with_witness;
use crate::check::wording::pointer_of_path;

/// An ambiguous pair.
struct Pair<'c> {
    winner: &'c PathItem,
    loser: &'c PathItem,
    /// A path that both match, and that the winner has; `None` when a third one had every path that was tried.
    path: Option<String>,
    /// The methods that both answer, but not to the same callers.
    differ: Vec<Method>,
}

pub(super) fn report(
    door: &Door<'_>,
    pairs: &[(u32, u32)],
    access: &[Option<Access>],
    said: &mut Said,
    sink: &mut Sink,
) {
    for &(first, second) in pairs {
        if door.order.decides(first as usize, second as usize) {
            continue;
        }
        let [first, second] = [first, second].map(|at| (at as usize, &door.items[at as usize]));
        let Relation::Ambiguous { witness, winner } = compare(&first.1.template, &second.1.template) else {
            continue;
        };
        let ((at, winner), (_, loser)) = match winner {
            Winner::First => (first, second),
            Winner::Second => (second, first),
        };
        let path =
            variants(&winner.template, &loser.template, witness).find(|path| door.item_of(path) == Some(at));
        if path.is_none() && is_one_path(&winner.template, &loser.template) {
            // A third template says who has the only path that both match.
            continue;
        }
        let [winning, losing] = [winner, loser].map(|item| door.first_operation(item).path_span);
        let pair = Pair { winner, loser, path, differ: methods_that_differ(door, access, winner, loser) };
        // The same paths may have more methods on another host, where other APIs join them: the code tells apart.
        if said.insert((pair.entry().code, winning, losing)) {
            sink.push_with(pair.entry(), || finding(door, &pair));
        }
    }
}

/// The path itself, then others in which whatever any text may stand for is another text.
fn variants(winner: &Template, loser: &Template, path: String) -> impl Iterator<Item = String> {
    let is_free: Vec<bool> = winner
        .segments()
        .iter()
        .zip(loser.segments())
        .map(|pair| matches!(pair, (Segment::Variable, Segment::Variable)))
        .collect();
    let variant = |filler: &&str| -> String {
        let segments = path.split('/').skip(1).zip(&is_free);
        segments.flat_map(|(segment, free)| ["/", if *free { filler } else { segment }]).collect()
    };
    let others: Vec<String> = FILLERS.iter().map(variant).collect();
    std::iter::once(path).chain(others)
}

/// Whether only one path matches both.
fn is_one_path(winner: &Template, loser: &Template) -> bool {
    let mut pairs = winner.segments().iter().zip(loser.segments());
    pairs.all(|pair| matches!(pair, (Segment::Literal(_), _) | (_, Segment::Literal(_))))
}

/// The methods that both answer, but not to the same callers.
pub(super) fn methods_that_differ(
    door: &Door<'_>,
    access: &[Option<Access>],
    winner: &PathItem,
    loser: &PathItem,
) -> Vec<Method> {
    let of = |row: usize| access[door.published[row].operation].as_ref();
    let differ = |method: &Method| match (winner.answer(*method), loser.answer(*method)) {
        (Some(ours), Some(theirs)) => match (of(ours), of(theirs)) {
            (Some(ours), Some(theirs)) => ours != theirs,
            // A finding stands already.
            (None, _) | (_, None) => false,
        },
        (None, _) | (_, None) => false,
    };
    let declared = winner.methods.keys().chain(loser.methods.keys()).copied();
    let answered: BTreeSet<Method> = declared.chain([Method::Head]).collect();
    answered.into_iter().filter(differ).collect()
}

impl Pair<'_> {
    fn entry(&self) -> &'static CodeEntry {
        if self.differ.is_empty() { &PATHS_AMBIGUOUS } else { &AMBIGUITY_CHANGES_ACCESS }
    }
}

fn finding(door: &Door<'_>, pair: &Pair<'_>) -> Diagnostic {
    let (first, second) = (&pair.winner.template, &pair.loser.template);
    let same = pair.path.as_ref().map_or_else(|| "the same requests".to_owned(), |path| format!("`{path}`"));
    let diagnostic = match pair.differ.first() {
        None => Diagnostic::new(
            &PATHS_AMBIGUOUS,
            format!("`{first}` and `{second}` both match {same}, and `{first}` wins"),
        )
        .with_help(
            "the path with the leftmost literal wins; rename one of them if callers may expect the other, or say \
             that one goes first with `x-gw-precedence: {over: …}`",
        ),
        Some(method) => {
            let same = pair.path.as_ref().map_or(same, |path| format!("`{method} {path}`"));
            Diagnostic::new(
                &AMBIGUITY_CHANGES_ACCESS,
                format!("`{first}` and `{second}` both match {same} and differ in who may call them"),
            )
            .with_help("rename one of the paths, or let both say the same in `security` and `x-gw-auth`")
        }
    };
    let [winning, losing] = [pair.winner, pair.loser].map(|item| door.first_operation(item));
    let diagnostic = diagnostic
        .at(losing.path_span)
        .with_pointer(pointer_of_path(losing))
        .with_label(winning.path_span, "this one wins")
        .about(format!("{} {}", first.shape(), second.shape()));
    let witness = pair.path.as_ref().zip(door.lost_by(pair.loser, pair.winner, pair.differ.iter()));
    with_witness(diagnostic, witness.and_then(|(path, (method, shows))| door.witness(method, path, shows)))
}
