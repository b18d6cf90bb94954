//! References that lead to an object of another kind: the fault is the reference, not what it leads to.

use std::collections::HashMap;

use gw_syntax::{Kind, NodeRef, Sink};

use super::codes;
use super::finding::{finding_at, first_line};
use super::openapi::grammar::{Object, Standing, standing};
use super::openapi::version::Version;
use super::openapi::walk::{Place, Visited};

/// What stands at the targets of references that were looked at. Working out a path costs time: once for each target.
#[derive(Debug, Default)]
pub(super) struct Misled {
    standing: HashMap<Place, Option<Standing>>,
}

impl Misled {
    /// Whether a reference leads to something else than stands in its place, which is reported. Where OpenAPI does not
    /// say what the target is, the reference says it.
    pub(super) fn report(
        &mut self,
        value: NodeRef<'_>,
        object: Object,
        target: NodeRef<'_>,
        visited: &Visited,
        sink: &mut Sink,
    ) -> bool {
        let root = target.tree().root();
        let Some(version) = Version::declared(root) else { return false };
        if visited.contains(target, object, version) {
            return false;
        }
        let known = self.standing.entry(Place::of(target));
        let Some(found) = *known.or_insert_with(|| standing(root, &target.pointer(), version)) else {
            return false;
        };
        if found.is_for(object) {
            return false;
        }
        // What would be published there, or has no keys at all, was never told as a warning.
        let decides = object == Object::PathItem || (object.decides() && target.kind() != Kind::Mapping);
        let entry = if decides { &codes::OPENAPI_SHAPE } else { &codes::REFERENCE_OTHER_KIND };
        sink.push_with(entry, || {
            let text = value.as_str().unwrap_or_default();
            let described = described(found, target);
            let message =
                format!("`{text}` leads to {described}, and this is the place of {}", object.described());
            finding_at(entry, value, message)
                .with_label(first_line(target), "it leads here")
                .with_help(help(text, object, target))
        });
        true
    }
}

fn described(found: Standing, target: NodeRef<'_>) -> String {
    match (found, target.kind()) {
        (Standing::Object(object), _) => object.described().to_owned(),
        (Standing::Several(object), Kind::Sequence) => {
            format!("a list whose items are {} each", object.described())
        }
        (Standing::Several(object), _) => format!("a mapping whose entries are {} each", object.described()),
        (Standing::Value, kind) => kind.described().to_owned(),
    }
}

fn help(text: &str, object: Object, target: NodeRef<'_>) -> String {
    match object {
        // Where the items of a list are meant and the parameter is the list, nobody but the author knows which.
        Object::Schema if target.get("schema").is_some_and(|schema| schema.get("items").is_none()) => {
            format!("its schema is `{text}/schema`")
        }
        _ => format!("refer to {}", object.described()),
    }
}
