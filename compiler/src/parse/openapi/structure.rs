//! Whether each object of a document keeps OpenAPI's own rules.
//!
//! What decides about requests is an error, and most of it stands elsewhere, where it is used. What is looked at here
//! serves people and other tools: it is told, and no reason to refuse a document.

mod nullable;
mod parameter;
mod rules;
mod security_scheme;
mod values;

use gw_syntax::{CodeEntry, Diagnostic, NodeRef, Sink, nearest};

use super::dialect::Dialect;
use super::grammar::{Key, Object, Shape};
use super::version::Version;
use crate::parse::codes;
use crate::parse::finding::finding_at;
use crate::parse::survey::is_ours;

/// Looks at one object that is no reference, or whose keys hold beside its `$ref`.
pub(in crate::parse) fn check(
    node: NodeRef<'_>,
    object: Object,
    (version, dialect): (Version, Dialect),
    sink: &mut Sink,
) {
    let mut look = Look { node, object, version, dialect, sink };
    // What the keys of somebody's own dialect take is not known here.
    if dialect == Dialect::Foreign && matches!(object, Object::Schema | Object::Discriminator | Object::Xml) {
        return rules::check_dialect(&mut look);
    }
    look.keys();
    look.required();
    rules::check(&mut look);
}

/// Looks at the keys beside a `$ref` that take no effect there (OpenAPI 3.0 section 4.7.23, 3.1 section 4.8.23).
pub(in crate::parse) fn check_beside(holder: NodeRef<'_>, object: Object, version: Version, sink: &mut Sink) {
    let mut look = Look { node: holder, object, version, dialect: Dialect::Current, sink };
    if object == Object::MediaType && version < Version::V3_2 {
        let Some((key, _)) = holder.entry("$ref") else { return };
        return look.other_version("$ref", key, "from 3.2 on");
    }
    for (key, value) in holder.entries() {
        let Some(name) = key.scalar_text().filter(|name| *name != "$ref" && !name.starts_with("x-")) else {
            continue;
        };
        match name {
            "summary" | "description" if version >= Version::V3_1 => look.value(name, Shape::Text, value),
            _ => look.beside(name, key),
        }
    }
}

/// One object that is looked at.
struct Look<'t, 's> {
    node: NodeRef<'t>,
    object: Object,
    version: Version,
    dialect: Dialect,
    sink: &'s mut Sink,
}

impl<'t> Look<'t, '_> {
    fn get(&self, key: &str) -> Option<NodeRef<'t>> {
        self.node.get(key)
    }

    /// Each key: whether OpenAPI knows it, and what stands behind it.
    fn keys(&mut self) {
        for (key, value) in self.node.entries() {
            let Some(name) = key.scalar_text() else { continue };
            match self.object.shape_at(name, self.version) {
                Some(shape) => self.value(name, self.in_dialect(name, shape), value),
                None => self.unknown(name, key),
            }
        }
    }

    /// What stands behind a key in the dialect of this place.
    fn in_dialect(&self, name: &str, shape: Shape) -> Shape {
        match (self.object, self.dialect, name) {
            (Object::Schema, Dialect::Draft4, "exclusiveMinimum" | "exclusiveMaximum") => Shape::Flag,
            _ => shape,
        }
    }

    /// What must be there.
    fn required(&mut self) {
        let (node, version) = (self.node, self.version);
        if self.object.may_be_reference() && node.get("$ref").is_some() {
            return;
        }
        let missing = self.object.keys().iter().filter(|key| key.is_required(version));
        for key in missing.filter(|key| node.get(key.name).is_none()) {
            // The gate says so where something is published there.
            if (self.object, key.name) == (Object::Server, "url") {
                continue;
            }
            let entry =
                if self.object == Object::Parameter { &codes::PARAMETER_UNPLACED } else { &codes::SLIP };
            let message = format!("{} has no `{}`", self.object.described(), key.name);
            self.push(entry, self.node, message, "OpenAPI demands it");
        }
    }

    fn value(&mut self, name: &str, shape: Shape, value: NodeRef<'t>) {
        if is_reported_elsewhere(self.object, name, shape, value) {
            return;
        }
        let Err(misfit) = values::fits(shape, value, self.version) else { return };
        let message = format!("`{name}` {}", misfit.message);
        let entry = match (self.object, name) {
            (Object::Parameter, "in" | "name") => &codes::PARAMETER_UNPLACED,
            _ if misfit.other_version => &codes::OTHER_VERSION,
            _ => &codes::SLIP,
        };
        self.push(entry, value, message, misfit.help);
    }

    fn unknown(&mut self, name: &str, key: NodeRef<'t>) {
        let reported = matches!(self.object, Object::PathItem | Object::OutgoingPathItem) || name == "$ref";
        if name.starts_with("x-") || is_ours(name) || reported || self.object.named().is_some() {
            return;
        }
        let others: Vec<&Key> = self.object.keys().iter().filter(|row| row.name == name).collect();
        if let Some(row) = others.first() {
            let since = format!("from {} on", row.since().as_str());
            let when = if row.since() > self.version { since.as_str() } else { "in 3.0 only" };
            return self.other_version(name, key, when);
        }
        if !self.object.is_open(self.version) {
            let (object, version) = (self.object, self.version);
            self.sink.push_with(&codes::OPENAPI_KEY_UNKNOWN, || {
                let message = format!(
                    "`{name}` is not a key of {} in OpenAPI {}",
                    object.described(),
                    version.as_str()
                );
                let known = object.keys().iter().filter(|row| row.is_in(version)).map(|row| row.name);
                let help = match nearest(name, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "a key of your own begins with `x-`".to_owned(),
                };
                finding_at(&codes::OPENAPI_KEY_UNKNOWN, key, message).with_help(help)
            });
        }
    }

    fn other_version(&mut self, name: &str, key: NodeRef<'t>, when: &str) {
        let (node, object, version) = (self.node, self.object, self.version);
        self.sink.push_with(&codes::OTHER_VERSION, || {
            let message = format!("`{name}` is a key of {} {when}", object.described());
            let help = match (name, version) {
                ("nullable", _) => nullable::instead(node),
                _ => format!("this document is read as OpenAPI {}", version.as_str()),
            };
            finding_at(&codes::OTHER_VERSION, key, message).with_help(help)
        });
    }

    fn beside(&mut self, name: &str, key: NodeRef<'t>) {
        let help = match (self.object, name) {
            // It adds to a `type` beside it alone, and what the reference leads to would still keep `null` out (3.0.3).
            (Object::Schema, "nullable") => "remove it, or let `null` in where the reference leads",
            // At the end of the reference it would be said of everything that refers to it.
            (Object::Schema, _) => "write `allOf: [{$ref: …}]` and leave it beside that, or remove it",
            _ => "remove it, or move it to where the reference leads",
        };
        self.push(&codes::BESIDE_REFERENCE, key, format!("`{name}` means nothing beside `$ref`"), help);
    }

    /// Reports keys that stand together although each excludes the other.
    fn exclusive(&mut self, first: &str, second: &str) {
        let (Some(_), Some((key, _))) = (self.node.get(first), self.node.entry(second)) else { return };
        let message = format!("{} has `{first}` or `{second}`, not both", self.object.described());
        self.push(&codes::KEYS_EXCLUSIVE, key, message, "keep the one that is meant");
    }

    fn slip(&mut self, node: NodeRef<'t>, message: impl Into<String>, help: &'static str) {
        self.push(&codes::SLIP, node, message, help);
    }

    fn push(&mut self, entry: &CodeEntry, node: NodeRef<'t>, message: impl Into<String>, help: &'static str) {
        let make = || -> Diagnostic { finding_at(entry, node, message).with_help(help) };
        self.sink.push_with(entry, make);
    }
}

/// Whether what stands at a key is reported where it is used: twice would be noise.
fn is_reported_elsewhere(object: Object, name: &str, shape: Shape, value: NodeRef<'_>) -> bool {
    match object {
        Object::PathItem => value.is_null() && matches!(shape, Shape::One(Object::Operation)),
        Object::Document | Object::Operation => value.is_null() && name == "security",
        Object::SecurityScheme => matches!(name, "type" | "in" | "name" | "scheme"),
        _ => name == "$ref",
    }
}
