//! What one walk over a document finds: references, policy keys, and parts of the wrong shape.

use gw_syntax::{Diagnostic, NodeId, NodeRef, Sink, nearest};

use super::codes;
use super::conform::{Conformity, misplaced};
use super::finding::{finding_at, found};
use super::openapi::dialect::Dialect;
use super::openapi::grammar::Object;
use super::openapi::structure;
use super::openapi::version::Version;
use super::openapi::walk::{Needed, Place, Visitor};
use super::parsed::Reference;
use super::stray;
use crate::vocabulary::annotations::{PREFIX, annotation, annotations_at};
use crate::vocabulary::shape::Place as KeyPlace;

/// Looks at every object of one file.
pub(super) struct Survey<'s> {
    version: Version,
    sink: &'s mut Sink,
    found: Found,
}

/// What a survey gathers; nodes are those of the tree that was walked.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) references: Vec<Reference>,
    /// Values of `$dynamicRef`.
    pub(super) dynamic: Vec<Place>,
    /// Holder, name and node of keys that nothing enforces yet.
    pub(super) not_yet: Vec<(Place, String, NodeId)>,
}

impl<'s> Survey<'s> {
    pub(super) fn new(version: Version, sink: &'s mut Sink) -> Self {
        Survey { version, sink, found: Found::default() }
    }

    pub(super) fn into_found(self) -> Found {
        self.found
    }

    /// Keys beside a `$ref`.
    fn beside(&mut self, holder: NodeRef<'_>, object: Object, dialect: Dialect) {
        if object.holds_beside_reference(self.version) && object != Object::MediaType {
            structure::check(holder, object, (self.version, dialect), self.sink);
        } else {
            structure::check_beside(holder, object, self.version, self.sink);
        }
    }

    fn dynamic(&mut self, node: NodeRef<'_>, object: Object) {
        if object == Object::Schema && self.version >= Version::V3_1 {
            let value = node.get("$dynamicRef").filter(|value| value.as_str().is_some());
            self.found.dynamic.extend(value.map(Place::of));
        }
    }

    fn policy_keys(&mut self, node: NodeRef<'_>, object: Object) {
        for (key, value) in node.entries() {
            if let Some(name) = key.scalar_text().filter(|name| is_ours(name)) {
                self.policy_key(name, key, value, (node, object));
            }
        }
    }

    fn policy_key(
        &mut self,
        name: &str,
        key: NodeRef<'_>,
        value: NodeRef<'_>,
        (holder, object): (NodeRef<'_>, Object),
    ) {
        let row = name.strip_prefix(PREFIX).and_then(annotation);
        let Some(row) = row else {
            return self.sink.push_with(&codes::KEY_UNKNOWN, || unknown(name, key, object));
        };
        let place = key_place(object);
        if !place.is_some_and(|place| row.places.contains(&place)) {
            let here = place.map_or(object.described(), KeyPlace::described);
            return self.sink.push_with(&codes::KEY_MISPLACED, || misplaced(row, PREFIX, here, key));
        }
        let mut conformity = Conformity { sink: &mut *self.sink, not_yet: Vec::new() };
        conformity.key(row, name, key, value);
        let holder = Place::of(holder);
        let not_yet = conformity.not_yet.into_iter().map(|found| (holder, found.name, found.node.id()));
        self.found.not_yet.extend(not_yet);
    }
}

impl Visitor for Survey<'_> {
    fn object(&mut self, node: NodeRef<'_>, object: Object, dialect: Dialect) {
        self.policy_keys(node, object);
        self.dynamic(node, object);
        stray::report(node, object, self.version, self.sink);
        structure::check(node, object, (self.version, dialect), self.sink);
    }

    fn reference(&mut self, holder: NodeRef<'_>, value: NodeRef<'_>, object: Object, dialect: Dialect) {
        self.found.references.push(Reference {
            holder: Place::of(holder),
            value: value.id(),
            object,
            target: None,
        });
        stray::report(holder, object, self.version, self.sink);
        self.dynamic(holder, object);
        self.beside(holder, object, dialect);
        match object {
            // Keys beside these are merged with what the reference leads to.
            Object::PathItem | Object::Schema => self.policy_keys(holder, object),
            _ => {
                let ours = holder.entries().filter(|(key, _)| key.scalar_text().is_some_and(is_ours));
                for (key, _) in ours {
                    self.sink.push_with(&codes::KEY_MISPLACED, || beside_reference(key));
                }
            }
        }
    }

    fn misshapen(&mut self, node: NodeRef<'_>, needed: Needed, object: Object, key: Option<&str>) {
        // These are findings already, or become one where they are used.
        let is_told = match object {
            Object::Document | Object::Operation if key == Some("security") => true,
            Object::SecurityRequirement => true,
            _ => false,
        };
        if is_told {
            return;
        }
        // An odd schema, or nothing at all, is no reason to refuse a document; an operation that is lost is one.
        let decides = object.decides() && (!node.is_null() || object == Object::Operation);
        let entry = if decides { &codes::OPENAPI_SHAPE } else { &codes::SLIP };
        let what = match key {
            Some(key) => format!("`{key}`"),
            None => object.described().to_owned(),
        };
        let needed = match needed {
            Needed::Mapping => "a mapping",
            Needed::List => "a list",
        };
        self.sink.push_with(entry, || {
            let message = format!("{what} is {needed}, and this is {}", found(node));
            finding_at(entry, node, message)
        });
    }
}

/// Whether a key claims to be gw's, however it is spelt: a policy key that is overlooked is a hole.
pub(crate) fn is_ours(name: &str) -> bool {
    let Some(head) = name.as_bytes().get(..4) else { return false };
    let boundary = name.as_bytes().get(4).is_none_or(|byte| matches!(byte, b'-' | b'_'));
    boundary && (head.eq_ignore_ascii_case(b"x-gw") || head.eq_ignore_ascii_case(b"x_gw"))
}

fn key_place(object: Object) -> Option<KeyPlace> {
    match object {
        Object::Document => Some(KeyPlace::Root),
        Object::PathItem => Some(KeyPlace::Path),
        Object::Operation => Some(KeyPlace::Operation),
        Object::SecurityScheme => Some(KeyPlace::SecurityScheme),
        Object::Schema => Some(KeyPlace::Schema),
        Object::Parameter => Some(KeyPlace::Parameter),
        Object::OutgoingPathItem
        | Object::OutgoingOperation
        | Object::Info
        | Object::Contact
        | Object::License
        | Object::Tag
        | Object::ExternalDocs
        | Object::Paths
        | Object::Server
        | Object::LinkServer
        | Object::ServerVariable
        | Object::Header
        | Object::RequestBody
        | Object::MediaType
        | Object::Encoding
        | Object::Responses
        | Object::Response
        | Object::Link
        | Object::Callback
        | Object::Example
        | Object::Discriminator
        | Object::Xml
        | Object::Components
        | Object::SecurityRequirement
        | Object::Flows
        | Object::ImplicitFlow
        | Object::TokenFlow
        | Object::CodeFlow
        | Object::DeviceFlow => None,
    }
}

fn unknown(name: &str, key: NodeRef<'_>, object: Object) -> Diagnostic {
    let here: Vec<String> = match key_place(object) {
        Some(place) => annotations_at(place).map(|row| format!("{PREFIX}{}", row.name)).collect(),
        None => Vec::new(),
    };
    let finding = finding_at(&codes::KEY_UNKNOWN, key, format!("`{name}` is not a key that gw knows"));
    match nearest(name, here.iter().map(String::as_str)) {
        Some(near) => finding.with_help(format!("did you mean `{near}`?")),
        None => finding.with_help("`gw explain` lists every key, and `gw explain KEY` says where it works"),
    }
}

/// Reports the policy keys at the root of a document that is referred to and not published.
pub(super) fn report_root_beside(root: NodeRef<'_>, sink: &mut Sink) {
    for (key, _) in root.entries() {
        let Some(name) = key.scalar_text().filter(|name| is_ours(name)) else { continue };
        sink.push_with(&codes::KEY_MISPLACED, || {
            let message = format!("`{name}` has no effect here: this document is referred to, not published");
            finding_at(&codes::KEY_MISPLACED, key, message)
                .with_help("move it to the operations or paths that are referred to, or to the document that is published")
        });
    }
}

fn beside_reference(key: NodeRef<'_>) -> Diagnostic {
    let name = key.scalar_text().unwrap_or_default();
    finding_at(&codes::KEY_MISPLACED, key, format!("`{name}` has no effect beside `$ref`"))
        .with_help("move it to where the reference leads")
}
