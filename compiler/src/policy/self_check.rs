//! What a value says against itself.

use std::fmt::Display;

use gw_syntax::{Kind, NodeRef, Sink, Span};

use super::codes::{CONTRADICTS_ITSELF, SAYS_NOTHING, STANDS_TWICE, TOO_MANY_ENTRIES};
use super::{MAX_ENTRIES, parts};
use crate::parse::codes::VALUE_MALFORMED;
use crate::parse::finding::{finding_at, found};
use crate::resolve::resolved::Spanned;

/// Two parts of one value cannot both hold.
pub(super) fn contradiction(
    at: NodeRef<'_>,
    message: &str,
    beside: Option<(Span, &str)>,
    help: &str,
    sink: &mut Sink,
) {
    sink.push_with(&CONTRADICTS_ITSELF, || {
        let finding = finding_at(&CONTRADICTS_ITSELF, at, message).with_help(help);
        match beside {
            Some((span, text)) => finding.with_label(span, text),
            None => finding,
        }
    });
}

/// A value that reads as its form, and that its key does not take.
pub(super) fn malformed(at: NodeRef<'_>, takes: &str, help: Option<&str>, sink: &mut Sink) {
    sink.push_with(&VALUE_MALFORMED, || {
        let finding = finding_at(&VALUE_MALFORMED, at, format!("{takes}, and this is {}", found(at)));
        match help {
            Some(help) => finding.with_help(help),
            None => finding,
        }
    });
}

/// A mapping without entries, or a list without items, where something must be said.
pub(super) fn says_nothing(at: NodeRef<'_>, message: &str, help: &str, sink: &mut Sink) {
    sink.push_with(&SAYS_NOTHING, || finding_at(&SAYS_NOTHING, at, message).with_help(help));
}

/// Reports a list under this key that is empty, too long, or has an item twice.
pub(super) fn list<T: Ord + Display>(node: NodeRef<'_>, key: &str, items: &[Spanned<T>], sink: &mut Sink) {
    if let Some(list) = node.get(key) {
        list_itself(list, key, items, sink);
    }
}

/// The same about the list itself.
pub(super) fn list_itself<T: Ord + Display>(
    list: NodeRef<'_>,
    name: &str,
    items: &[Spanned<T>],
    sink: &mut Sink,
) {
    if list.kind() == Kind::Sequence && list.is_empty() {
        let help = "name at least one, or remove the key";
        says_nothing(list, &format!("the list `{name}` is empty"), help, sink);
    }
    too_many(list, name, sink);
    twice(list, items.iter(), sink);
}

/// Reports a mapping under this key that is empty, too long, or whose keys mean the same.
pub(super) fn map<K: Ord + Display, V>(
    node: NodeRef<'_>,
    key: &str,
    entries: &[(Spanned<K>, V)],
    sink: &mut Sink,
) {
    let Some(map) = node.get(key) else { return };
    if parts::is_empty_mapping(map) {
        let help = "add an entry, or remove the key";
        says_nothing(map, &format!("the mapping `{key}` is empty"), help, sink);
    }
    too_many(map, key, sink);
    twice(map, entries.iter().map(|(key, _)| key), sink);
}

/// More entries than are kept.
pub(super) fn too_many(node: NodeRef<'_>, name: &str, sink: &mut Sink) {
    if node.len() > MAX_ENTRIES {
        sink.push_with(&TOO_MANY_ENTRIES, || {
            let message = format!("`{name}` has {} entries; at most {MAX_ENTRIES} are kept", node.len());
            finding_at(&TOO_MANY_ENTRIES, node, message)
        });
    }
}

/// An entry that says what another one says already.
pub(super) fn repeated(at: NodeRef<'_>, message: &str, first: Span, sink: &mut Sink) {
    sink.push_with(&STANDS_TWICE, || {
        finding_at(&STANDS_TWICE, at, message).with_label(first, "the same").with_help("keep one of them")
    });
}

/// Entries that are the same once they are read; each repetition is told with the one before it.
fn twice<'i, T: Ord + Display + 'i>(
    of: NodeRef<'_>,
    items: impl Iterator<Item = &'i Spanned<T>>,
    sink: &mut Sink,
) {
    let mut sorted: Vec<&Spanned<T>> = items.collect();
    sorted.sort_by(|a, b| (&a.value, a.span).cmp(&(&b.value, b.span)));
    let same = |pair: &&[&Spanned<T>]| pair[0].value == pair[1].value;
    for pair in sorted.windows(2).filter(same) {
        sink.push_with(&STANDS_TWICE, || {
            finding_at(&STANDS_TWICE, of, format!("`{}` stands here twice", pair[1].value))
                .at(pair[1].span)
                .with_label(pair[0].span, "the same")
                .with_help("keep one of them")
        });
    }
}
