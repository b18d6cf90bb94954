//! Findings about selectors, of `apply` and of guardrails' exceptions: names that are not there, selectors that select
//! nothing, words without effect.
//!
//! What stands in a file that the project extends speaks to other projects, too: there these are mere notes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gw_artifact::model::LayerKind;
use gw_syntax::{CodeEntry, Diagnostic, Severity, Sink, Span, nearest};

use super::codes::{APPLY_WITHOUT_EFFECT, SELECTOR_EMPTY, SELECTOR_NAME_UNKNOWN};
use super::effective::Effective;
use super::resolved::{Applied, AppliedIndex, Operation, ProjectKind, Resolved, Security, Spanned};
use crate::parse::selection::Selection;
use crate::policy::auth::Auth;

/// Holds every entry against the operations of the project, which are complete.
pub(super) fn report(resolved: &Resolved, sink: &mut Sink) {
    if resolved.applied.is_empty() && resolved.guardrails.is_empty() {
        return;
    }
    let known = Known::of(resolved);
    exceptions(resolved, &known, sink);
    let effects = Effects::of(resolved);
    let selected = Selected::of(resolved);
    for (index, entry) in resolved.applied.iter().enumerate() {
        let unknown = known.report(&entry.select, entry.is_own, sink);
        let Some(selected) = selected.get(&index) else {
            if !unknown {
                sink.push(empty(entry));
            }
            continue;
        };
        for (key, span) in effects.missing(entry) {
            let finding = without_effect(entry, key, span, stronger(entry, selected.first, key));
            sink.push(finding.owned_by(selected.owner));
        }
    }
}

/// The operations that an entry selects.
struct Selected<'r> {
    first: &'r Operation,
    /// The team that owns all of them.
    owner: Option<&'r str>,
}

impl<'r> Selected<'r> {
    /// Those of each entry that selects any.
    fn of(resolved: &'r Resolved) -> BTreeMap<AppliedIndex, Self> {
        let mut all: BTreeMap<AppliedIndex, Self> = BTreeMap::new();
        for operation in &resolved.operations {
            let owner = Some(resolved.apis[operation.api].owner.as_str()).filter(|owner| !owner.is_empty());
            for index in operation.applied.iter() {
                let selected = all.entry(*index).or_insert(Selected { first: operation, owner });
                selected.owner = selected.owner.filter(|so_far| owner == Some(so_far));
            }
        }
        all
    }
}

fn empty(entry: &Applied) -> Diagnostic {
    finding(&SELECTOR_EMPTY, entry.is_own, entry.select.span, "this selects no operation".to_owned())
        .about(format!("apply {}", entry.select))
        .with_help("every key that is given must select an operation; remove one, or the whole entry")
}

/// A finding that weighs less where it is about a file that is extended.
fn finding(code: &CodeEntry, is_own: bool, span: Span, message: String) -> Diagnostic {
    let finding = Diagnostic::new(code, message).at(span);
    if is_own { finding } else { finding.with_severity(Severity::Info) }
}

/// Exceptions of guardrails that exempt nothing: a slip, or an operation that is gone.
fn exceptions(resolved: &Resolved, known: &Known<'_>, sink: &mut Sink) {
    let ProjectKind::Configured { file, .. } = resolved.project.kind else { return };
    for guardrail in &resolved.guardrails {
        let Some(except) = &guardrail.except else { continue };
        let is_own = guardrail.id.span.source == file;
        let mut exempt = resolved
            .operations
            .iter()
            .filter(|operation| except.selects(&resolved.apis[operation.api].name, operation));
        if !known.report(except, is_own, sink) && exempt.next().is_none() {
            let id = &guardrail.id.value;
            let message = format!("the guardrail `{id}` exempts no operation");
            sink.push(
                finding(&SELECTOR_EMPTY, is_own, except.span, message)
                    .about(format!("guardrail {id} except"))
                    .with_help("every key that is given must select an operation; remove what is not needed any more"),
            );
        }
    }
}

/// The names that selectors may use.
struct Known<'r> {
    operations: BTreeSet<&'r str>,
    tags: BTreeSet<&'r str>,
    apis: BTreeSet<&'r str>,
}

impl<'r> Known<'r> {
    fn of(resolved: &'r Resolved) -> Self {
        let ids = resolved.operations.iter().filter_map(|operation| operation.operation_id.as_ref());
        Known {
            operations: ids.map(|id| id.value.as_str()).collect(),
            tags: resolved
                .operations
                .iter()
                .flat_map(|operation| &operation.tags)
                .map(String::as_str)
                .collect(),
            apis: resolved.apis.iter().map(|api| api.name.as_str()).collect(),
        }
    }

    /// Reports the names of a selector that nothing has; whether there is one.
    fn report(&self, select: &Selection, is_own: bool, sink: &mut Sink) -> bool {
        let lists = [
            ("operationId", select.operations.as_ref(), &self.operations),
            ("tag", select.tags.as_ref(), &self.tags),
            ("API", select.apis.as_ref(), &self.apis),
        ];
        let mut unknown = false;
        for (what, names, known) in lists {
            for name in names.into_iter().flatten().filter(|name| !known.contains(name.value.as_str())) {
                unknown = true;
                sink.push(unknown_name(is_own, what, name, known));
            }
        }
        unknown
    }
}

fn unknown_name(is_own: bool, what: &str, name: &Spanned<String>, known: &BTreeSet<&str>) -> Diagnostic {
    let message = match what {
        "API" => format!("no API is called `{}`", name.value),
        _ => format!("no operation has the {what} `{}`", name.value),
    };
    let finding =
        finding(&SELECTOR_NAME_UNKNOWN, is_own, name.span, message).about(format!("{what} {}", name.value));
    match nearest(&name.value, known.iter().copied()) {
        Some(near) => finding.with_help(format!("did you mean `{near}`?")),
        None => finding.with_help("what is meant for it holds nowhere; mend the name or remove it"),
    }
}

/// The words of `apply` that hold for some operation, by key and place.
struct Effects {
    holding: BTreeSet<(&'static str, Span)>,
}

impl Effects {
    fn of(resolved: &Resolved) -> Self {
        let mut holding = BTreeSet::new();
        // Operations share policies; which of them were looked at is told by where they are kept.
        let mut seen: BTreeSet<*const Effective> = BTreeSet::new();
        for operation in resolved.operations.iter().filter(|operation| !operation.applied.is_empty()) {
            holding.extend(auth_that_covers(operation).map(|span| ("auth", span)));
            if seen.insert(Arc::as_ptr(&operation.policy)) {
                holding
                    .extend(applied_words(&operation.policy).into_iter().filter(|(key, _)| *key != "auth"));
            }
        }
        Effects { holding }
    }

    /// The keys of an entry that hold for no operation.
    fn missing<'e>(&self, entry: &'e Applied) -> Vec<(&'e str, Span)> {
        let mut holds: BTreeMap<&str, bool> = BTreeMap::new();
        for word in own_words(entry) {
            *holds.entry(word.0).or_default() |= self.holding.contains(&word);
        }
        let is_missing = |(key, _): &&(String, Span)| holds.get(key.as_str()) == Some(&false);
        entry.keys.iter().filter(is_missing).map(|(key, span)| (key.as_str(), *span)).collect()
    }
}

/// The words of an entry, as if it were alone.
fn own_words(entry: &Applied) -> Vec<(&'static str, Span)> {
    applied_words(&Effective::built_in().under(LayerKind::Apply, &entry.set))
}

/// The word that holds instead of an entry's for an operation that the entry selects.
fn stronger(entry: &Applied, selected: &Operation, key: &str) -> Option<Span> {
    let own = own_words(entry);
    let spoken = selected.policy.spoken();
    let mut winners = spoken.iter().filter(|spoken| root_of(spoken.key) == key).map(|spoken| spoken.words[0]);
    winners.find_map(|word| word.span.filter(|span| own.iter().all(|(_, own)| own != span)))
}

/// The words of `apply` that hold in a policy.
fn applied_words(policy: &Effective) -> Vec<(&'static str, Span)> {
    let spoken = policy.spoken();
    let holding =
        spoken.iter().flat_map(|spoken| spoken.words[..=spoken.beside].iter().map(|word| (spoken.key, word)));
    let applied = holding.filter(|(_, word)| word.kind == LayerKind::Apply);
    applied.filter_map(|(key, word)| Some((root_of(key), word.span?))).collect()
}

/// `timeout` of `timeout.connect`.
fn root_of(key: &'static str) -> &'static str {
    key.split_once('.').map_or(key, |(root, _)| root)
}

/// The place of an `auth` of `apply` that says who may call this operation: `public` covers only those whose document
/// declares no security, `delegated` only those whose document does.
fn auth_that_covers(operation: &Operation) -> Option<Span> {
    let winner = &operation.policy.auth.as_ref()?.winner;
    let Auth { public, delegated, .. } = &*winner.value;
    let covers = match operation.security {
        Security::Undeclared => public.is_some(),
        Security::Declared { .. } => delegated.is_some(),
    };
    winner.span.filter(|_| winner.kind == LayerKind::Apply && covers)
}

fn without_effect(entry: &Applied, key: &str, span: Span, stronger: Option<Span>) -> Diagnostic {
    let message = format!("`{key}` has no effect on any operation that this selects");
    let finding = finding(&APPLY_WITHOUT_EFFECT, entry.is_own, span, message)
        .about(format!("apply {} {key}", entry.select));
    let help = match (stronger, key) {
        (None, "auth") => {
            "here `public` covers only operations whose document declares no security, and `delegated` only those \
             whose document does"
        }
        _ => "stronger layers say something else about all of them: later entries of `apply`, and documents",
    };
    let finding = finding.with_help(help);
    match stronger {
        Some(span) => finding.with_label(span, "this is stronger"),
        None => finding,
    }
}
