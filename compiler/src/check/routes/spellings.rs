//! Two spellings of one path that different callers may use.
//!
//! gw tells `/People`, `/people` and `/people/` apart; many services do not. Where paths that differ only in the case of
//! letters or in the slash at the end belong to operations with different callers, whoever is refused at one spelling
//! may try the other. Templates that overlap as they are written are not compared here: the trie decides about them.
//! (Escaped delimiters are no second spelling: templates have the plain one, and the runtime refuses the other.)
//!
//! Cost: nothing where all paths are in lower case without a final slash, else one more search for candidates.

use gw_artifact::path_trie::{Template, intersect};
use gw_syntax::{Diagnostic, Shows, Sink};

use super::ambiguous::methods_that_differ;
use super::budget::{Budget, Spent};
use super::door::Door;
use super::{Said, candidates};
use crate::check::Access;
use crate::check::codes::SPELLING_CHANGES_ACCESS;
use crate::check::witness::with_witness;
use crate::check::wording::pointer_of_path;

/// Reports each pair of such templates.
///
/// # Errors
/// When too many paths may be spellings of each other to compare them all.
pub(super) fn report(
    door: &Door<'_>,
    access: &[Option<Access>],
    budget: &mut Budget,
    said: &mut Said,
    sink: &mut Sink,
) -> Result<(), Spent> {
    let folded: Vec<(Template, bool)> = door.items.iter().map(|item| folded(&item.template)).collect();
    if !folded.iter().any(|(_, is_other)| *is_other) {
        return Ok(());
    }
    for (first, second) in candidates::pairs(folded.iter().map(|(template, _)| template), budget)? {
        let (first, second) = (first as usize, second as usize);
        let [one, other] = [first, second].map(|at| &door.items[at]);
        let is_spelling = (folded[first].1 || folded[second].1)
            && intersect(&folded[first].0, &folded[second].0).is_some()
            && intersect(&one.template, &other.template).is_none();
        if !is_spelling || methods_that_differ(door, access, one, other).is_empty() {
            continue;
        }
        let [a, b] = [one, other].map(|item| door.first_operation(item).path_span);
        if said.insert((SPELLING_CHANGES_ACCESS.code, a.min(b), a.max(b))) {
            sink.push_with(&SPELLING_CHANGES_ACCESS, || finding(door, access, (first, second)));
        }
    }
    Ok(())
}

/// The template in lower case and without a final slash, and whether that is another one.
fn folded(template: &Template) -> (Template, bool) {
    let mut text = String::new();
    for (at, piece) in template.shape().to_ascii_lowercase().split("{}").enumerate() {
        if at > 0 {
            text.extend(["{", &at.to_string(), "}"]);
        }
        text.push_str(piece);
    }
    let text = text.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(&text);
    match Template::parse(text) {
        Ok(folded) => {
            let is_other = folded.segments() != template.segments();
            (folded, is_other)
        }
        Err(_) => (template.clone(), false),
    }
}

fn finding(door: &Door<'_>, access: &[Option<Access>], (first, second): (usize, usize)) -> Diagnostic {
    let [one, other] = [first, second].map(|at| &door.items[at]);
    let method = methods_that_differ(door, access, one, other).first().copied();
    let [a, b] = [one, other].map(|item| door.first_operation(item));
    let message = format!(
        "`{}` and `{}` are one path to many services and differ in who may call them",
        one.template, other.template
    );
    let finding = Diagnostic::new(&SPELLING_CHANGES_ACCESS, message)
        .at(b.path_span)
        .with_pointer(pointer_of_path(b))
        .with_label(a.path_span, "this differs in case or in the slash at the end")
        .about(format!("{} {}", one.template.shape(), other.template.shape()))
        .with_help(
            "let both say the same in `security` and `x-gw-auth`, or keep one of the two paths: gw tells them apart, \
             but the service behind it may not",
        );
    let witness = method.zip(door.path_to(second)).and_then(|(method, path)| {
        let operation = door.declaration(other.answer(method)?);
        door.witness(method, &path, Shows::Reaches { operation, rather_than: None })
    });
    with_witness(finding, witness)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn folds(text: &str, to: &str) {
        let (template, is_other) = folded(&Template::parse(text).unwrap());
        assert_eq!(template.shape(), Template::parse(to).unwrap().shape());
        assert_eq!(is_other, template.segments() != Template::parse(text).unwrap().segments());
    }

    #[test]
    fn case_and_the_last_slash_are_one_spelling() {
        folds("/People/{Id}", "/people/{x}");
        folds("/people/", "/people");
        folds("/", "/");
        folds("/{a}.JSON/X{b}-Y{c}/", "/{a}.json/x{b}-y{c}");
        folds("/%C3%A9", "/%C3%A9");
    }
}
