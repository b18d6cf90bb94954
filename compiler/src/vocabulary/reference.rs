//! The reference page of every key, as Markdown, made from the key table.

use std::fmt::Write;

use super::annotations::{ANNOTATIONS, PREFIX};
use super::project::PROJECT;
use super::shape::{Choice, Key, Presence, Shape, Status};
use crate::expression;

/// The whole page: policy keys first, then `gw.yaml`, then what expressions are.
pub fn render_reference() -> String {
    let mut page = String::from(INTRODUCTION);
    page.push_str("\n## Policy keys\n");
    for key in ANNOTATIONS {
        section(&mut page, &format!("{PREFIX}{}", key.name), key);
    }
    page.push_str("\n## gw.yaml\n");
    for key in PROJECT {
        section(&mut page, key.name, key);
    }
    expression::reference::render(&mut page);
    page
}

/// The part of the page about one key: `x-gw-timeout`, `timeout` or a key of `gw.yaml`.
pub fn render_key(name: &str) -> Option<String> {
    let mut part = String::new();
    let bare = name.strip_prefix(PREFIX).unwrap_or(name);
    if let Some(key) = ANNOTATIONS.iter().find(|key| key.name == bare) {
        section(&mut part, &format!("{PREFIX}{bare}"), key);
    } else {
        section(&mut part, name, PROJECT.iter().find(|key| key.name == name)?);
    }
    Some(part.trim_start().to_owned())
}

const INTRODUCTION: &str = "\
# Keys

This page is generated from the key table of `gw-compiler`. Policy keys stand in OpenAPI documents with the
prefix `x-gw-`, and in `gw.yaml` below `defaults` and `apply` without it. Layers, weakest first: built-in,
`defaults`, `apply` in its order, the root of a document, the path item, the operation. Of two files, one that is
extended is weaker within a layer. A key that is *not enforced yet* is known and refused.
";

fn section(page: &mut String, name: &str, key: &Key) {
    let _ = writeln!(page, "\n### `{name}`{}\n\n{}\n", status(key.status), key.doc);
    if !key.places.is_empty() {
        let places: Vec<&str> = key.places.iter().map(|place| place.described()).collect();
        let _ = writeln!(page, "Where: {}.\n", places.join(", "));
    }
    let _ = writeln!(page, "Value: {}.", value(&key.shape));
    let mut tables = Vec::new();
    collect_tables(name, &key.shape, &mut tables);
    for (path, keys) in tables {
        table(page, &path, keys);
    }
}

fn table(page: &mut String, path: &str, keys: &[Key]) {
    let _ = writeln!(page, "\n| Key of `{path}` | Value | Meaning |\n|---|---|---|");
    for key in keys {
        let required = if key.presence == Presence::Required { " (required)" } else { "" };
        let (name, value, doc, status) = (key.name, value(&key.shape), key.doc, status(key.status));
        let _ = writeln!(page, "| `{name}`{required} | {value} | {doc}{status} |");
    }
}

/// The tables of keys below a shape, outermost first. The recursion follows the table.
fn collect_tables(path: &str, shape: &Shape, tables: &mut Vec<(String, &'static [Key])>) {
    match shape {
        Shape::List(item) => collect_tables(&format!("{path}[]"), item, tables),
        Shape::Map(item) | Shape::MapBy(_, item) => collect_tables(&format!("{path}.*"), item, tables),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| collect_tables(path, shape, tables)),
        Shape::Object(keys) => {
            tables.push((path.to_owned(), keys));
            keys.iter().for_each(|key| collect_tables(&format!("{path}.{}", key.name), &key.shape, tables));
        }
        Shape::Any
        | Shape::Text
        | Shape::Word
        | Shape::Literal
        | Shape::Name
        | Shape::Flag
        | Shape::True
        | Shape::Integer { .. }
        | Shape::Duration
        | Shape::Size
        | Shape::Rate
        | Shape::Percent
        | Shape::Expression(_)
        | Shape::Scalar(_)
        | Shape::Choice(_)
        | Shape::Policies(_) => {}
    }
}

fn value(shape: &Shape) -> String {
    match shape {
        Shape::Choice(choices) => choices.iter().map(choice).collect::<Vec<_>>().join(", "),
        Shape::Either(shapes) => shapes.iter().map(value).collect::<Vec<_>>().join("; or "),
        Shape::List(item) => format!("a list of: {}", value(item)),
        Shape::Map(item) => format!("a mapping from names to: {}", value(item)),
        Shape::MapBy(key, item) => format!("a mapping from {} to: {}", key.described, value(item)),
        Shape::Object(_) => "a mapping".into(),
        Shape::Policies(_) => "a mapping of policy keys".into(),
        scalar => scalar.described(),
    }
}

fn choice(choice: &Choice) -> String {
    format!("`{}`{}", choice.word, status(choice.status))
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Enforced => "",
        Status::NotYet => " *(not enforced yet)*",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_section() {
        let page = render_reference();
        for key in ANNOTATIONS {
            assert!(page.contains(&format!("\n### `{PREFIX}{}`", key.name)), "{}", key.name);
        }
        for key in PROJECT {
            assert!(page.contains(&format!("\n### `{}`", key.name)), "{}", key.name);
        }
    }

    #[test]
    fn a_key_is_explained_by_either_of_its_names() {
        insta::assert_snapshot!(render_key("x-gw-timeout").unwrap());
        assert_eq!(render_key("timeout"), render_key("x-gw-timeout"));
        assert!(render_key("upstreams").unwrap().contains("`least-request`"));
        assert_eq!(render_key("nonsense"), None);
    }
}
