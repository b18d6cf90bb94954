//! Pairs of templates that match a common path although neither is the more specific one.

use gw_artifact::model::Method;
use gw_artifact::path_trie::{Relation, Winner, compare};
use gw_syntax::{Diagnostic, Sink};

use super::{PathItem, Published, Said, operation_of};
use crate::check::codes::{AMBIGUITY_CHANGES_ACCESS, PATHS_AMBIGUOUS};
use crate::check::wording::pointer_of_path;
use crate::check::{Access, Context};
use crate::resolve::resolved::Operation;

pub(super) fn report(
    context: &Context<'_>,
    published: &[Published],
    items: &[PathItem],
    pairs: &[(u32, u32)],
    access: &[Option<Access>],
    said: &mut Said,
    sink: &mut Sink,
) {
    for &(first, second) in pairs {
        let (first, second) = (&items[first as usize], &items[second as usize]);
        let Relation::Ambiguous { witness, winner } = compare(&first.template, &second.template) else {
            continue;
        };
        let (winner, loser) = match winner {
            Winner::First => (first, second),
            Winner::Second => (second, first),
        };
        let [winning, losing] =
            [winner, loser].map(|item| first_operation(context, published, item).path_span);
        // The same paths may have more methods on another host, where other APIs join them: the code tells apart.
        let differ = methods_that_differ(published, access, winner, loser);
        let entry = if differ.is_empty() { &PATHS_AMBIGUOUS } else { &AMBIGUITY_CHANGES_ACCESS };
        if said.insert((entry.code, winning, losing)) {
            sink.push(finding(context, published, winner, loser, &witness, &differ));
        }
    }
}

fn first_operation<'r>(context: &Context<'r>, published: &[Published], item: &PathItem) -> &'r Operation {
    let row = item.methods.values().next().expect("a path item is made with its first method");
    operation_of(context, &published[*row])
}

/// The methods that both answer, but not to the same callers.
fn methods_that_differ(
    published: &[Published],
    access: &[Option<Access>],
    winner: &PathItem,
    loser: &PathItem,
) -> Vec<Method> {
    let of = |row: usize| access[published[row].operation].as_ref();
    let differ = |method: &Method| match (answer(winner, *method), answer(loser, *method)) {
        (Some(ours), Some(theirs)) => match (of(ours), of(theirs)) {
            (Some(ours), Some(theirs)) => ours != theirs,
            // A finding stands already.
            (None, _) | (_, None) => false,
        },
        (None, _) | (_, None) => false,
    };
    Method::ALL.into_iter().filter(differ).collect()
}

/// The row that answers a method; `HEAD` falls to `GET`.
fn answer(item: &PathItem, method: Method) -> Option<usize> {
    let declared = |method| item.methods.get(&method).copied();
    declared(method).or_else(|| (method == Method::Head).then(|| declared(Method::Get)).flatten())
}

fn finding(
    context: &Context<'_>,
    published: &[Published],
    winner: &PathItem,
    loser: &PathItem,
    witness: &str,
    differ: &[Method],
) -> Diagnostic {
    let (first, second) = (&winner.template, &loser.template);
    let diagnostic = match differ.first() {
        None => Diagnostic::new(
            &PATHS_AMBIGUOUS,
            format!("`{first}` and `{second}` both match `{witness}`, and `{first}` wins"),
        )
        .with_help(
            "the path with the leftmost literal wins; rename one of them if callers may expect the other",
        ),
        Some(method) => Diagnostic::new(
            &AMBIGUITY_CHANGES_ACCESS,
            format!(
                "`{first}` and `{second}` both match `{method} {witness}` and differ in who may call them"
            ),
        )
        .with_help("rename one of the paths, or let both say the same in `security` and `x-gw-auth`"),
    };
    let [winning, losing] = [winner, loser].map(|item| first_operation(context, published, item));
    diagnostic
        .at(losing.path_span)
        .with_pointer(pointer_of_path(losing))
        .with_label(winning.path_span, "this one wins")
        .about(format!("{} {}", winner.template.shape(), loser.template.shape()))
}
