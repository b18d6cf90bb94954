//! The page of a key, from the table that also drives the compiler.

use std::fmt::Write as _;

use gw_compiler::vocabulary::annotations::{ANNOTATIONS, PREFIX};
use gw_compiler::vocabulary::project::PROJECT;
use gw_compiler::vocabulary::{Key, Presence, Shape, Status};

/// The pages of every key that the name means: `x-gw-timeout`, `timeout`, `upstreams`, `upstreams.limits.requests`.
pub(super) fn pages(name: &str) -> Vec<String> {
    let policy = name.strip_prefix(PREFIX).unwrap_or(name);
    let mut pages = Vec::new();
    pages.extend(find(ANNOTATIONS, policy).map(|key| page(&format!("{PREFIX}{policy}"), key)));
    if policy == name {
        pages.extend(find(PROJECT, name).map(|key| page(&format!("{name} (gw.yaml)"), key)));
    }
    pages
}

/// Every key that is not inside another.
pub(super) fn names() -> Vec<String> {
    let policies = ANNOTATIONS.iter().map(|key| format!("{PREFIX}{}", key.name));
    policies.chain(PROJECT.iter().map(|key| key.name.to_owned())).collect()
}

/// Follows a dotted path through the table. Lists, and mappings by name, are stepped into without a word for it.
fn find(table: &'static [Key], path: &str) -> Option<&'static Key> {
    let mut table = table;
    let mut found = None;
    for name in path.split('.') {
        let key = table.iter().find(|key| key.name == name)?;
        found = Some(key);
        table = inner(&key.shape).unwrap_or(&[]);
    }
    found
}

/// The keys inside a value of this shape.
fn inner(shape: &'static Shape) -> Option<&'static [Key]> {
    match shape {
        Shape::Object(keys) => Some(keys),
        Shape::List(shape) | Shape::Map(shape) | Shape::MapBy(_, shape) => inner(shape),
        Shape::Either(shapes) => shapes.iter().find_map(inner),
        Shape::Policies(_) => Some(ANNOTATIONS),
        Shape::Any
        | Shape::Text
        | Shape::Word
        | Shape::Name
        | Shape::Flag
        | Shape::True
        | Shape::Integer { .. }
        | Shape::Duration
        | Shape::Size
        | Shape::Rate
        | Shape::Percent
        | Shape::Literal
        | Shape::Scalar(_)
        | Shape::Expression(_)
        | Shape::Choice(_) => None,
    }
}

fn page(title: &str, key: &'static Key) -> String {
    let mut text = format!("{title}\n\n{}\n\ntakes: {}\n", key.doc, key.shape.described());
    let places: Vec<&str> = key.places.iter().map(|place| place.described()).collect();
    if !places.is_empty() {
        line(&mut text, format_args!("stands at: {}", places.join(", ")));
    }
    if key.presence == Presence::Required {
        line(&mut text, format_args!("it must be there"));
    }
    if key.status == Status::NotYet {
        line(&mut text, format_args!("not enforced yet by this version: the compiler refuses it"));
    }
    let keys = inner(&key.shape).unwrap_or(&[]);
    if !keys.is_empty() {
        line(&mut text, format_args!("\nkeys inside:"));
        let width = keys.iter().map(|key| key.name.len()).max().unwrap_or(0);
        for key in keys {
            let later = if key.status == Status::NotYet { " (not yet)" } else { "" };
            line(&mut text, format_args!("  {:<width$}  {}{later}", key.name, key.doc));
        }
    }
    text
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a String takes whatever is written to it");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_inside_another_is_found_by_its_path() {
        assert!(pages("x-gw-timeout.connect")[0].starts_with("x-gw-timeout.connect\n"));
        assert!(pages("upstreams.limits.requests")[0].starts_with("upstreams.limits.requests (gw.yaml)\n"));
        assert!(pages("defaults.body-max")[0].contains("413"));
        assert_eq!(pages("upstreams.nothing"), Vec::<String>::new());
    }

    #[test]
    fn a_key_that_nothing_enforces_says_so() {
        assert!(pages("x-gw-cache")[0].contains("not enforced yet"));
    }
}
