//! Parts of values, read by their type. A part that does not read is a finding of the shape's check by now.

use gw_artifact::model::Millis;
use gw_syntax::{Kind, NodeRef};

use super::MAX_ENTRIES;
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::Scalar;
use crate::vocabulary::units;

/// A value and the place of its node.
pub(super) fn spanned<T>(node: NodeRef<'_>, value: T) -> Spanned<T> {
    Spanned { value, span: node.span() }
}

/// What a scalar reads as.
pub(super) fn scalar<T: Scalar>(node: NodeRef<'_>) -> Option<Spanned<T>> {
    let takes_part = matches!(node.kind(), Kind::String | Kind::Integer | Kind::Float);
    let value = T::read(node.scalar_text().filter(|_| takes_part)?).ok()?;
    Some(spanned(node, value))
}

/// The scalar under a key.
pub(super) fn part<T: Scalar>(node: NodeRef<'_>, key: &str) -> Option<Spanned<T>> {
    node.get(key).and_then(scalar)
}

/// The scalars of a list.
pub(super) fn items<T: Scalar>(node: NodeRef<'_>) -> Vec<Spanned<T>> {
    node.items().take(MAX_ENTRIES).filter_map(scalar).collect()
}

/// The scalars of the list under a key; none where it is not there.
pub(super) fn list<T: Scalar>(node: NodeRef<'_>, key: &str) -> Vec<Spanned<T>> {
    node.get(key).map(items).unwrap_or_default()
}

/// The entries of a mapping.
pub(super) fn entries<K: Scalar, V: Scalar>(node: NodeRef<'_>) -> Vec<(Spanned<K>, Spanned<V>)> {
    let entries = node.entries().take(MAX_ENTRIES);
    entries.filter_map(|(key, value)| Some((scalar(key)?, scalar(value)?))).collect()
}

/// The entries of the mapping under a key; none where it is not there.
pub(super) fn map<K: Scalar, V: Scalar>(node: NodeRef<'_>, key: &str) -> Vec<(Spanned<K>, Spanned<V>)> {
    node.get(key).map(entries).unwrap_or_default()
}

/// The text under a key, trimmed and not empty.
pub(super) fn text(node: NodeRef<'_>, key: &str) -> Option<Spanned<String>> {
    let node = node.get(key)?;
    let text = node.as_str().map(str::trim).filter(|text| !text.is_empty())?;
    Some(spanned(node, text.to_owned()))
}

/// The texts of the list under a key.
pub(super) fn texts(node: NodeRef<'_>, key: &str) -> Vec<Spanned<String>> {
    let items = node.get(key).into_iter().flat_map(NodeRef::items).take(MAX_ENTRIES);
    items
        .filter_map(|item| {
            let text = item.as_str().map(str::trim).filter(|text| !text.is_empty())?;
            Some(spanned(item, text.to_owned()))
        })
        .collect()
}

/// The name under a key.
pub(super) fn name(node: NodeRef<'_>, key: &str) -> Option<Spanned<String>> {
    node.get(key).and_then(named)
}

/// A name.
pub(super) fn named(node: NodeRef<'_>) -> Option<Spanned<String>> {
    let name = node.as_str().filter(|text| units::is_name(text))?;
    Some(spanned(node, name.to_owned()))
}

/// The whole number under a key; numbers that do not fit do not read.
pub(super) fn count(node: NodeRef<'_>, key: &str) -> Option<Spanned<u32>> {
    node.get(key).and_then(counted)
}

/// A whole number.
pub(super) fn counted(node: NodeRef<'_>) -> Option<Spanned<u32>> {
    Some(spanned(node, u32::try_from(node.as_u64()?).ok()?))
}

/// The truth under a key.
pub(super) fn flag(node: NodeRef<'_>, key: &str) -> Option<Spanned<bool>> {
    let node = node.get(key)?;
    Some(spanned(node, node.as_bool()?))
}

/// The duration under a key.
pub(super) fn millis(node: NodeRef<'_>, key: &str) -> Option<Spanned<Millis>> {
    with(node.get(key)?, units::millis)
}

/// What a reader of texts makes of a scalar.
pub(super) fn with<T>(node: NodeRef<'_>, read: impl Fn(&str) -> Option<T>) -> Option<Spanned<T>> {
    Some(spanned(node, read(node.scalar_text()?)?))
}

/// Whether it is a mapping without entries, or a key with nothing behind it.
pub(super) fn is_empty_mapping(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), Kind::Mapping | Kind::Null) && node.is_empty()
}
