//! Holds a file against the key table: unknown keys, missing keys, malformed values, keys that nothing acts on yet.

use gw_syntax::{Diagnostic, Kind, NodeRef, Sink, nearest};

use crate::codes;
use crate::units;
use crate::vocabulary::{Key, Presence, Shape, Status};

/// Checks a value; `name` is its path as people write it, empty for the file itself.
///
/// The recursion follows the shape, which is a small constant; never the input.
pub(crate) fn check(shape: &Shape, name: &str, value: NodeRef<'_>, sink: &mut Sink) {
    match shape {
        Shape::List(item) if value.kind() == Kind::Sequence => {
            let name = format!("{name}[]");
            value.items().for_each(|element| check(item, &name, element, sink));
        }
        Shape::Map(item) if value.kind() == Kind::Mapping => {
            let name = format!("{name}.*");
            value.entries().for_each(|(_, element)| check(item, &name, element, sink));
        }
        Shape::Object(keys) if value.kind() == Kind::Mapping => object(keys, name, value, sink),
        Shape::Either(shapes) => match shapes.iter().find(|shape| fits(shape, value)) {
            Some(shape) => check(shape, name, value, sink),
            None => sink.push(malformed(shape, name, value)),
        },
        shape if fits(shape, value) => {}
        shape => sink.push(malformed(shape, name, value)),
    }
}

fn object(keys: &[Key], name: &str, value: NodeRef<'_>, sink: &mut Sink) {
    for (key_node, element) in value.entries() {
        let written = key_node.scalar_text().unwrap_or_default();
        match keys.iter().find(|key| key.name == written) {
            Some(key) if key.status == Status::NotYet => sink.push(not_yet(key, name, key_node)),
            Some(key) => check(&key.shape, &joined(name, written), element, sink),
            None => sink.push(unknown(keys, name, key_node)),
        }
    }
    let missing = |key: &&Key| key.presence == Presence::Required && value.get(key.name).is_none();
    for key in keys.iter().filter(missing) {
        let help = format!("add `{}:` with {}", key.name, key.shape.described());
        sink.push(missing_key(name, key.name, value).with_help(help));
    }
}

/// The finding about a key that must be there.
pub(crate) fn missing_key(name: &str, key: &str, value: NodeRef<'_>) -> Diagnostic {
    Diagnostic::new(&codes::KEY_MISSING, format!("{} has no `{key}`", whole(name)))
        .at(gw_syntax::Span::at(value.span().source, value.span().start))
        .with_pointer(value.pointer())
        .about(joined(name, key))
}

fn not_yet(key: &Key, name: &str, key_node: NodeRef<'_>) -> Diagnostic {
    Diagnostic::new(&codes::NOT_YET, format!("`{}` is not enforced yet", key.name))
        .at(key_node.span())
        .with_pointer(key_node.pointer())
        .with_help("this version verifies no caller; send the credential itself and test that it is required")
        .about(joined(name, key.name))
}

fn unknown(keys: &[Key], name: &str, key_node: NodeRef<'_>) -> Diagnostic {
    let written = key_node.scalar_text().unwrap_or_default();
    let help = nearest(written, keys.iter().map(|key| key.name)).map_or_else(
        || {
            let names: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
            format!("it takes {}", names.join(", "))
        },
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::new(&codes::KEY_UNKNOWN, format!("`{written}` is not a key of {}", whole(name)))
        .at(key_node.span())
        .with_pointer(key_node.pointer())
        .with_help(help)
        .about(joined(name, written))
}

fn malformed(shape: &Shape, name: &str, value: NodeRef<'_>) -> Diagnostic {
    let found = match value.scalar_text() {
        Some(text) if !value.is_null() && text.len() <= 40 && !text.contains('\n') => format!("`{text}`"),
        _ => value.kind().described().to_owned(),
    };
    let message = format!("{} takes {}, and this is {found}", whole(name), shape.described());
    let finding = Diagnostic::new(&codes::VALUE_MALFORMED, message)
        .at(value.span())
        .with_pointer(value.pointer())
        .about(name.to_owned());
    let near = match (shape, value.scalar_text()) {
        (Shape::Choice(words), Some(text)) => nearest(text, words().iter().copied()),
        _ => None,
    };
    match near {
        Some(near) => finding.with_help(format!("did you mean `{near}`?")),
        None => finding,
    }
}

/// Whether a value is of the shape, as far as its outermost level shows.
fn fits(shape: &Shape, value: NodeRef<'_>) -> bool {
    let text = value.scalar_text();
    let has_text = |test: &dyn Fn(&str) -> bool| !value.is_null() && text.is_some_and(test);
    match shape {
        Shape::Any => true,
        Shape::Text => has_text(&|text| !text.trim().is_empty()),
        Shape::Word => has_text(&|_| true),
        Shape::True => value.as_bool() == Some(true),
        Shape::Integer(least, most) => {
            value.as_u64().is_some_and(|number| (*least..=*most).contains(&number))
        }
        Shape::Duration => has_text(&|text| units::nanos(text).is_some()),
        Shape::Size => has_text(&|text| units::bytes(text).is_some()),
        Shape::Address => has_text(&|text| units::address(text).is_some()),
        Shape::Date => has_text(&|text| text.parse::<gw_artifact::Date>().is_ok()),
        Shape::Choice(words) => has_text(&|text| words().contains(&text)),
        Shape::Null => value.is_null(),
        Shape::List(_) => value.kind() == Kind::Sequence,
        Shape::Map(_) | Shape::Object(_) => value.kind() == Kind::Mapping,
        Shape::Either(shapes) => shapes.iter().any(|shape| fits(shape, value)),
    }
}

fn whole(name: &str) -> String {
    if name.is_empty() { "the suite".to_owned() } else { format!("`{name}`") }
}

pub(crate) fn joined(name: &str, key: &str) -> String {
    if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
}
