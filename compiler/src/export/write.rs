//! Writes a document: its own order of keys, without policy, with what the bundle and the gateway add.

use std::borrow::Cow;

use gw_syntax::{Kind, NodeRef};
use serde_json::Value;

use super::additions::Additions;
use super::bundle::Bundle;
use super::section::Section;
use super::text::Text;
use crate::load::MAX_FILE_BYTES;
use crate::parse::openapi::document::Document;
use crate::parse::openapi::grammar::{Object, Shape};
use crate::parse::survey::is_ours;

/// The longest document that is written, in bytes: what is read at most. Aliases of YAML are written out, and could be
/// more than all memory.
pub(super) const MAX_BYTES: usize = MAX_FILE_BYTES as usize;

/// Writes the document; `None` when it grows longer than [`MAX_BYTES`].
pub(super) fn write<'s>(
    document: Document<'s>,
    bundle: &Bundle<'s>,
    additions: &Additions<'s>,
) -> Option<String> {
    let mut writer = Writer { document, bundle, additions, text: Text::default(), open: Vec::new() };
    writer.open.push(Piece::Node(document.root(), Role::One(Object::Document), None));
    while let Some(piece) = writer.open.pop() {
        if writer.text.len() > MAX_BYTES {
            return None;
        }
        writer.piece(piece);
    }
    Some(writer.text.finish())
}

struct Writer<'a, 's> {
    document: Document<'s>,
    bundle: &'a Bundle<'s>,
    additions: &'a Additions<'s>,
    text: Text,
    /// What is still to be written, the next piece last.
    open: Vec<Piece<'s>>,
}

/// What a node is, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Nothing that OpenAPI looks into.
    Data,
    One(Object),
    List(Object),
    Map(Object),
    OneOrList(Object),
    /// A scheme of gw.yaml, whose authenticator is nobody's business.
    ProjectScheme,
    /// `discriminator.mapping`.
    Mapping,
    /// `operationRef` of a link.
    OperationRef,
}

#[derive(Debug)]
enum Piece<'s> {
    /// A node, and the template of `paths` that it stands below.
    Node(NodeRef<'s>, Role, Option<&'s str>),
    /// A published operation with its key, and the template of `paths` that it stands below.
    Operation(NodeRef<'s>, NodeRef<'s>, Option<&'s str>),
    Key(Cow<'s, str>),
    String(Cow<'s, str>),
    Value(Value),
    Open(char),
    Close(char),
}

impl<'s> Writer<'_, 's> {
    fn piece(&mut self, piece: Piece<'s>) {
        match piece {
            Piece::Key(key) => self.text.key(&key),
            Piece::String(text) => self.text.string(&text),
            Piece::Open(bracket) => self.text.open(bracket),
            Piece::Close(bracket) => self.text.close(bracket),
            Piece::Value(value) => self.value(value),
            Piece::Node(node, role, template) => self.node(node, self.role(node, role), template),
            Piece::Operation(key, node, template) => self.operation(key, node, template),
        }
    }

    /// What something refers to is what the reference says, also where OpenAPI looks into nothing.
    fn role(&self, node: NodeRef<'s>, role: Role) -> Role {
        match (role, self.bundle.object_at(node)) {
            (Role::Data, Some(object)) => Role::One(object),
            (Role::OneOrList(object), _) if node.kind() == Kind::Mapping => Role::One(object),
            _ => role,
        }
    }

    fn node(&mut self, node: NodeRef<'s>, role: Role, template: Option<&'s str>) {
        match (node.kind(), role) {
            (Kind::Mapping, Role::One(object)) => self.object(node, object, template),
            (Kind::Mapping, _) => self.mapping(node, role, template),
            (Kind::Sequence, _) => self.sequence(node, role),
            (Kind::String, Role::Mapping) => {
                self.text.string(&self.bundle.reference(node, Object::Schema));
            }
            (Kind::String, Role::OperationRef) => {
                self.text.string(&self.bundle.reference(node, Object::Operation));
            }
            _ => self.text.scalar(node),
        }
    }

    fn object(&mut self, node: NodeRef<'s>, object: Object, template: Option<&'s str>) {
        let mut pieces = vec![Piece::Open('{')];
        match object {
            Object::Document => self.root(node, &mut pieces),
            Object::Paths => self.paths(node, &mut pieces),
            Object::Components if Some(node.id()) == self.components().map(NodeRef::id) => {
                self.all_components(Some(node), &mut pieces);
            }
            _ => self.entries(node, object, template, &mut pieces),
        }
        pieces.push(Piece::Close('}'));
        self.push(pieces);
    }

    /// The entries of an object but policy.
    fn entries(
        &self,
        node: NodeRef<'s>,
        object: Object,
        template: Option<&'s str>,
        pieces: &mut Vec<Piece<'s>>,
    ) {
        for (key, value) in node.entries() {
            let name = key.scalar_text().unwrap_or_default();
            match &self.additions.servers {
                _ if is_ours(name) || self.is_foreign_name(node, object, name) => {}
                Some(servers) if object == Object::Document && name == "servers" => {
                    add(name.to_owned(), servers.clone(), pieces);
                }
                _ if self.is_replaced(object, name) => {}
                _ => self.entry((key, value), object, template, pieces),
            }
        }
    }

    fn entry(
        &self,
        (key, value): (NodeRef<'s>, NodeRef<'s>),
        object: Object,
        template: Option<&'s str>,
        pieces: &mut Vec<Piece<'s>>,
    ) {
        let name = key.scalar_text().unwrap_or_default();
        pieces.push(Piece::Key(Cow::Borrowed(name)));
        let is_reference = name == "$ref" && object.may_be_reference() && value.as_str().is_some();
        pieces.push(match self.role_at(object, name) {
            _ if is_reference => Piece::String(self.bundle.reference(value, object)),
            role => place(key, value, role, template),
        });
    }

    fn role_at(&self, object: Object, name: &str) -> Role {
        match (object, name) {
            (Object::Discriminator, "mapping") => return Role::Mapping,
            (Object::Link, "operationRef") => return Role::OperationRef,
            _ => {}
        }
        match object.shape_at(name, self.bundle.version()) {
            Some(Shape::One(object)) => Role::One(object),
            Some(Shape::List(object)) => Role::List(object),
            Some(Shape::Map(object)) => Role::Map(object),
            Some(Shape::OneOrList(object)) => Role::OneOrList(object),
            _ => Role::Data,
        }
    }

    fn root(&self, node: NodeRef<'s>, pieces: &mut Vec<Piece<'s>>) {
        self.entries(node, Object::Document, None, pieces);
        if let Some(servers) = self.additions.servers.as_ref().filter(|_| node.get("servers").is_none()) {
            add("servers".to_owned(), servers.clone(), pieces);
        }
        if self.components().is_none() && self.has_own_components() {
            pieces.extend([Piece::Key(Cow::Borrowed("components")), Piece::Open('{')]);
            self.all_components(None, pieces);
            pieces.push(Piece::Close('}'));
        }
    }

    /// Whether a key names a schema of another file. What is referred to by name is referred to by its place now, and below
    /// an `$id` that place would be looked for in vain (JSON Schema 2020-12 section 8.2.1).
    fn is_foreign_name(&self, node: NodeRef<'s>, object: Object, name: &str) -> bool {
        let is_foreign = node.tree().source() != self.document.root().tree().source();
        is_foreign && object == Object::Schema && matches!(name, "$id" | "$anchor")
    }

    /// Keys in whose place something else is written, or nothing.
    fn is_replaced(&self, object: Object, name: &str) -> bool {
        match (object, name) {
            (Object::PathItem | Object::Operation, "servers") => self.additions.servers.is_some(),
            (Object::Document, "components") => self.components().is_none() && self.has_own_components(),
            _ => false,
        }
    }

    fn paths(&self, node: NodeRef<'s>, pieces: &mut Vec<Piece<'s>>) {
        for (key, item) in node.entries() {
            let name = key.scalar_text().unwrap_or_default();
            if name.starts_with("x-") || item.kind() != Kind::Mapping {
                if !is_ours(name) {
                    self.entry((key, item), Object::Paths, None, pieces);
                }
                continue;
            }
            pieces.extend([Piece::Key(Cow::Borrowed(name)), Piece::Open('{')]);
            self.path_item(item, name, pieces);
            pieces.push(Piece::Close('}'));
        }
    }

    /// A path item with what its references into other files lead to; a key of several parts is the first one's.
    fn path_item(&self, item: NodeRef<'s>, template: &'s str, pieces: &mut Vec<Piece<'s>>) {
        let parts = self.bundle.path_item(item);
        let mut written: Vec<&str> = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let is_last = index + 1 == parts.len();
            for (key, value) in part.entries() {
                let name = key.scalar_text().unwrap_or_default();
                let is_passed = name == "$ref" && !is_last && value.as_str().is_some();
                let is_out = is_ours(name) || self.is_replaced(Object::PathItem, name);
                if !is_passed && !is_out && !written.contains(&name) {
                    written.push(name);
                    self.entry((key, value), Object::PathItem, Some(template), pieces);
                }
            }
        }
    }

    fn operation(&mut self, key: NodeRef<'s>, node: NodeRef<'s>, template: Option<&'s str>) {
        if node.kind() != Kind::Mapping {
            return self.node(node, Role::Data, template);
        }
        let added = self.additions.of(key, template);
        let mut pieces = vec![Piece::Open('{')];
        let mut has_responses = false;
        for (key, value) in node.entries() {
            let name = key.scalar_text().unwrap_or_default();
            if name == "responses" && value.kind() == Kind::Mapping {
                has_responses = true;
                pieces.extend([Piece::Key(Cow::Borrowed(name)), Piece::Open('{')]);
                self.entries(value, Object::Responses, None, &mut pieces);
                added.responses().for_each(|(status, value)| add(status, value, &mut pieces));
                pieces.push(Piece::Close('}'));
            } else if !is_ours(name) && !self.is_replaced(Object::Operation, name) {
                self.entry((key, value), Object::Operation, None, &mut pieces);
            }
        }
        if !has_responses && added.responses().next().is_some() {
            pieces.extend([Piece::Key(Cow::Borrowed("responses")), Piece::Open('{')]);
            added.responses().for_each(|(status, value)| add(status, value, &mut pieces));
            pieces.push(Piece::Close('}'));
        }
        if let Some(servers) = added.servers {
            add("servers".to_owned(), servers, &mut pieces);
        }
        pieces.push(Piece::Close('}'));
        self.push(pieces);
    }

    /// The document's components, if it has any.
    fn components(&self) -> Option<NodeRef<'s>> {
        self.document.root().get("components").filter(|node| node.kind() == Kind::Mapping)
    }

    fn has_own_components(&self) -> bool {
        Section::ALL.into_iter().any(|section| self.has_own(section))
    }

    fn has_own(&self, section: Section) -> bool {
        self.bundle.components().contains_key(&section)
            || self.additions.components(section).next().is_some()
            || (section == Section::SecuritySchemes && !self.additions.schemes.is_empty())
    }

    fn all_components(&self, node: Option<NodeRef<'s>>, pieces: &mut Vec<Piece<'s>>) {
        let mut written = Vec::new();
        for (key, value) in node.into_iter().flat_map(NodeRef::entries) {
            let name = key.scalar_text().unwrap_or_default();
            match Section::named(name).filter(|section| self.has_own(*section)) {
                _ if is_ours(name) => {}
                Some(section) if value.kind() == Kind::Mapping || value.is_null() => {
                    written.push(section);
                    self.section(section, Some(value), pieces);
                }
                _ => self.entry((key, value), Object::Components, None, pieces),
            }
        }
        let missing = |section: &Section| self.has_own(*section) && !written.contains(section);
        Section::ALL.into_iter().filter(missing).for_each(|section| self.section(section, None, pieces));
    }

    fn section(&self, section: Section, node: Option<NodeRef<'s>>, pieces: &mut Vec<Piece<'s>>) {
        let object = match self.role_at(Object::Components, section.key()) {
            Role::Map(object) => Role::One(object),
            _ => Role::Data,
        };
        pieces.extend([Piece::Key(Cow::Borrowed(section.key())), Piece::Open('{')]);
        for (key, value) in node.into_iter().flat_map(NodeRef::entries) {
            pieces.push(Piece::Key(Cow::Borrowed(key.scalar_text().unwrap_or_default())));
            pieces.push(Piece::Node(value, object, None));
        }
        for component in self.bundle.components().get(&section).into_iter().flatten() {
            pieces.push(Piece::Key(Cow::Owned(component.name.clone())));
            pieces.push(Piece::Node(component.node, Role::One(component.object), None));
        }
        for (name, value) in self.additions.components(section) {
            add(name.to_owned(), value.clone(), pieces);
        }
        if section == Section::SecuritySchemes {
            for (name, node) in &self.additions.schemes {
                pieces.push(Piece::Key(Cow::Borrowed(name)));
                pieces.push(Piece::Node(*node, Role::ProjectScheme, None));
            }
        }
        pieces.push(Piece::Close('}'));
    }

    fn mapping(&mut self, node: NodeRef<'s>, role: Role, template: Option<&'s str>) {
        let of_values = match role {
            Role::Map(object) => Role::One(object),
            Role::Mapping => Role::Mapping,
            _ => Role::Data,
        };
        let mut pieces = vec![Piece::Open('{')];
        for (key, value) in node.entries() {
            let name = key.scalar_text().unwrap_or_default();
            if role != Role::ProjectScheme || name != "authenticator" {
                pieces.extend([Piece::Key(Cow::Borrowed(name)), place(key, value, of_values, template)]);
            }
        }
        pieces.push(Piece::Close('}'));
        self.push(pieces);
    }

    fn sequence(&mut self, node: NodeRef<'s>, role: Role) {
        let role = match role {
            Role::List(object) | Role::OneOrList(object) => Role::One(object),
            _ => Role::Data,
        };
        let items = node.items().map(|item| Piece::Node(item, role, None));
        let pieces = std::iter::once(Piece::Open('[')).chain(items).chain([Piece::Close(']')]).collect();
        self.push(pieces);
    }

    /// A value of our own, a few levels deep.
    fn value(&mut self, value: Value) {
        let mut pieces = Vec::new();
        match value {
            Value::Object(entries) => {
                pieces.push(Piece::Open('{'));
                entries.into_iter().for_each(|(key, value)| add(key, value, &mut pieces));
                pieces.push(Piece::Close('}'));
            }
            Value::Array(items) => {
                pieces.push(Piece::Open('['));
                pieces.extend(items.into_iter().map(Piece::Value));
                pieces.push(Piece::Close(']'));
            }
            scalar => self.text.plain(&scalar),
        }
        self.push(pieces);
    }

    /// Queues pieces in their order.
    fn push(&mut self, pieces: Vec<Piece<'s>>) {
        self.open.extend(pieces.into_iter().rev());
    }
}

fn place<'s>(key: NodeRef<'s>, value: NodeRef<'s>, role: Role, template: Option<&'s str>) -> Piece<'s> {
    match role {
        Role::One(Object::Operation) => Piece::Operation(key, value, template),
        _ => Piece::Node(value, role, template),
    }
}

fn add(key: String, value: Value, pieces: &mut Vec<Piece<'_>>) {
    pieces.extend([Piece::Key(Cow::Owned(key)), Piece::Value(value)]);
}
