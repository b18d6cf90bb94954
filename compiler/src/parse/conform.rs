//! Holds a value against its row of the key table: unknown keys, wrong kinds, malformed values.

use gw_syntax::{Diagnostic, Kind, NodeRef, Sink, nearest};

use super::codes;
use super::finding::{finding_at, found};
use crate::expression::{self, Vocabulary};
use crate::vocabulary::annotations::{PREFIX, annotation, annotations_at};
use crate::vocabulary::scalar::Syntax;
use crate::vocabulary::{Choice, Key, Place, Presence, Shape, Status, units};

/// A key or value that the table says nothing enforces yet.
#[derive(Clone, Debug)]
pub(crate) struct NotYet<'t> {
    /// The name under which occurrences are grouped: `x-gw-rate-limit`, `upstreams.*.tls`, `balance: maglev`.
    pub(crate) name: String,
    /// The key, or the value.
    pub(crate) node: NodeRef<'t>,
}

/// What a check gathers.
#[derive(Debug)]
pub(crate) struct Conformity<'t, 's> {
    pub(crate) sink: &'s mut Sink,
    /// Outermost keys that are not enforced: what lies below one is not listed again.
    pub(crate) not_yet: Vec<NotYet<'t>>,
}

impl<'t> Conformity<'t, '_> {
    /// Checks the value of one key of the table. `name` is the key's path as people write it.
    pub(crate) fn key(&mut self, key: &Key, name: &str, key_node: NodeRef<'t>, value: NodeRef<'t>) {
        if key.status == Status::NotYet {
            self.not_yet.push(NotYet { name: name.to_owned(), node: key_node });
            let mut below = Conformity { sink: &mut *self.sink, not_yet: Vec::new() };
            below.value(&key.shape, name, value);
            return;
        }
        self.value(&key.shape, name, value);
    }

    /// Checks a value. The recursion follows the shape, which is a small constant; never the input.
    pub(crate) fn value(&mut self, shape: &Shape, name: &str, value: NodeRef<'t>) {
        match shape {
            Shape::Any => {}
            Shape::List(item) => self.list(item, name, value),
            Shape::Map(item) => self.map(&Shape::Name, item, name, value),
            Shape::MapBy(keys, item) => self.map(&Shape::Scalar(keys), item, name, value),
            Shape::Object(keys) => self.object(keys, name, value),
            Shape::Policies(place) => self.policies(*place, name, value),
            Shape::Either(shapes) => match shapes.iter().find(|shape| takes_kind(shape, value.kind())) {
                Some(shape) => self.value(shape, name, value),
                None => self.malformed(shape, name, value),
            },
            Shape::Choice(choices) => self.choice(choices, shape, name, value),
            Shape::Expression(vocabulary) if reads(shape, value) => self.expression(*vocabulary, value),
            scalar => {
                if !reads(scalar, value) {
                    self.malformed(scalar, name, value);
                }
            }
        }
    }

    fn list(&mut self, item: &Shape, name: &str, value: NodeRef<'t>) {
        if value.kind() != Kind::Sequence {
            return self.malformed(&Shape::List(&Shape::Any), name, value);
        }
        let name = format!("{name}[]");
        value.items().for_each(|element| self.value(item, &name, element));
    }

    fn map(&mut self, keys: &Shape, item: &Shape, name: &str, value: NodeRef<'t>) {
        if value.is_null() {
            return;
        }
        if value.kind() != Kind::Mapping {
            return self.malformed(&Shape::Map(&Shape::Any), name, value);
        }
        let name = format!("{name}.*");
        for (key, element) in value.entries() {
            let is_plain_name = matches!(keys, Shape::Name) && key.scalar_text().is_some_and(units::is_name);
            if !reads(keys, key) && !is_plain_name {
                self.malformed(keys, &name, key);
            }
            self.value(item, &name, element);
        }
    }

    fn object(&mut self, keys: &'static [Key], name: &str, value: NodeRef<'t>) {
        if value.is_null() {
            return self.required(keys, name, value);
        }
        if value.kind() != Kind::Mapping {
            return self.malformed(&Shape::Object(keys), name, value);
        }
        for (key_node, element) in value.entries() {
            let written = key_node.scalar_text().unwrap_or_default();
            match keys.iter().find(|key| key.name == written) {
                Some(key) => self.key(key, &joined(name, written), key_node, element),
                None => self.unknown(written, name, key_node, keys.iter().map(|key| key.name)),
            }
        }
        self.required(keys, name, value);
    }

    fn required(&mut self, keys: &[Key], name: &str, value: NodeRef<'t>) {
        let missing = |key: &&Key| key.presence == Presence::Required && value.get(key.name).is_none();
        for key in keys.iter().filter(missing) {
            self.sink.push_with(&codes::KEY_MISSING, || {
                finding_at(&codes::KEY_MISSING, value, format!("{} has no `{}`", whole(name), key.name))
                    .with_help(format!("add `{}:` with {}", key.name, key.shape.described()))
                    .about(joined(name, key.name))
            });
        }
    }

    fn policies(&mut self, place: Place, name: &str, value: NodeRef<'t>) {
        if value.is_null() {
            return;
        }
        if value.kind() != Kind::Mapping {
            return self.malformed(&Shape::Policies(place), name, value);
        }
        for (key_node, element) in value.entries() {
            let written = key_node.scalar_text().unwrap_or_default();
            let bare = written.strip_prefix(PREFIX).unwrap_or(written);
            match annotation(bare) {
                Some(key) if bare != written => self.prefixed(key, name, key_node),
                Some(key) if key.places.contains(&place) => {
                    self.key(key, &joined(name, written), key_node, element);
                }
                Some(key) => {
                    let here = place.described();
                    self.sink.push_with(&codes::KEY_MISPLACED, || misplaced(key, "", here, key_node));
                }
                None => self.unknown(written, name, key_node, annotations_at(place).map(|key| key.name)),
            }
        }
    }

    fn prefixed(&mut self, key: &Key, name: &str, key_node: NodeRef<'t>) {
        self.sink.push_with(&codes::KEY_UNKNOWN, || {
            let message = format!("{} is not a key of {}", found(key_node), whole(name));
            finding_at(&codes::KEY_UNKNOWN, key_node, message)
                .with_help(format!("in gw.yaml the key is written without its prefix: `{}`", key.name))
        });
    }

    fn choice(&mut self, choices: &[Choice], shape: &Shape, name: &str, value: NodeRef<'t>) {
        let written = value.scalar_text().unwrap_or_default();
        match choices.iter().find(|choice| choice.word == written) {
            Some(Choice { status: Status::Enforced, .. }) => {}
            Some(Choice { status: Status::NotYet, word }) => {
                self.not_yet.push(NotYet { name: format!("{name}: {word}"), node: value });
            }
            None => self.malformed(shape, name, value),
        }
    }

    fn expression(&mut self, vocabulary: Vocabulary, value: NodeRef<'t>) {
        let text = value.scalar_text().unwrap_or_default();
        let mistakes = expression::compile(text, vocabulary).err().unwrap_or_default();
        for finding in expression::findings(value, mistakes) {
            self.sink.push(finding);
        }
    }

    fn unknown(
        &mut self,
        written: &str,
        name: &str,
        key_node: NodeRef<'t>,
        known: impl Iterator<Item = &'static str> + Clone,
    ) {
        self.sink.push_with(&codes::KEY_UNKNOWN, || {
            let help = match nearest(written, known.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it takes {}", listed(known)),
            };
            let message = format!("`{written}` is not a key of {}", whole(name));
            finding_at(&codes::KEY_UNKNOWN, key_node, message).with_help(help)
        });
    }

    fn malformed(&mut self, shape: &Shape, name: &str, value: NodeRef<'t>) {
        self.sink.push_with(&codes::VALUE_MALFORMED, || malformed(shape, name, value));
    }
}

/// The finding about a value that is not what its key takes.
fn malformed(shape: &Shape, name: &str, value: NodeRef<'_>) -> Diagnostic {
    let message = format!("{} takes {}, and this is {}", whole(name), shape.described(), found(value));
    let finding = finding_at(&codes::VALUE_MALFORMED, value, message);
    let help = match (shape, value.scalar_text()) {
        (Shape::Scalar(syntax), Some(text)) if takes_scalar(syntax, value.kind()) => {
            (syntax.check)(text).err().and_then(|unread| unread.help)
        }
        (Shape::Choice(choices), Some(text)) => nearest(text, choices.iter().map(|choice| choice.word))
            .map(|near| format!("did you mean `{near}`?")),
        _ => keys_of(shape).map(|keys| format!("its keys are {}", listed(keys.iter().map(|key| key.name)))),
    };
    match help {
        Some(help) => finding.with_help(help),
        None => finding,
    }
}

/// The keys of a mapping that the shape takes.
fn keys_of(shape: &Shape) -> Option<&'static [Key]> {
    match shape {
        Shape::Object(keys) => Some(*keys).filter(|keys| !keys.is_empty()),
        Shape::Either(shapes) => shapes.iter().find_map(keys_of),
        _ => None,
    }
}

/// The finding about a policy key in a place where it cannot work.
pub(super) fn misplaced(key: &Key, prefix: &str, place: &str, key_node: NodeRef<'_>) -> Diagnostic {
    let written = format!("{prefix}{}", key.name);
    let places: Vec<&str> = key.places.iter().map(|place| place.described()).collect();
    finding_at(&codes::KEY_MISPLACED, key_node, format!("`{written}` has no effect at {place}"))
        .with_help(format!("it works at {}", listed(places.into_iter())))
}

fn takes_kind(shape: &Shape, kind: Kind) -> bool {
    match shape {
        Shape::Any => true,
        Shape::List(_) => kind == Kind::Sequence,
        Shape::Map(_) | Shape::MapBy(..) | Shape::Object(_) | Shape::Policies(_) => kind == Kind::Mapping,
        Shape::Either(shapes) => shapes.iter().any(|shape| takes_kind(shape, kind)),
        _ => !kind.is_container(),
    }
}

/// Whether a scalar reads as what the shape wants; false for the shapes of lists and mappings.
fn reads(shape: &Shape, value: NodeRef<'_>) -> bool {
    let Some(text) = value.scalar_text() else { return false };
    match shape {
        Shape::Any => true,
        Shape::Text | Shape::Expression(_) => value.as_str().is_some_and(|text| !text.trim().is_empty()),
        Shape::Word => !value.is_null() && !text.is_empty(),
        Shape::Literal => matches!(value.kind(), Kind::String | Kind::Bool) || value.as_i64().is_some(),
        Shape::Name => value.as_str().is_some_and(units::is_name),
        Shape::Flag => value.as_bool().is_some(),
        Shape::True => value.as_bool() == Some(true),
        Shape::Integer { least, most } => {
            value.as_u64().is_some_and(|value| (*least..=*most).contains(&value))
        }
        Shape::Duration => units::millis(text).is_some(),
        Shape::Size => units::bytes(text).is_some(),
        Shape::Rate => units::rate(text).is_some(),
        Shape::Percent => units::permille(text).is_some(),
        Shape::Scalar(syntax) => takes_scalar(syntax, value.kind()) && (syntax.check)(text).is_ok(),
        Shape::Choice(choices) => choices.iter().any(|choice| choice.word == text),
        Shape::List(_)
        | Shape::Map(_)
        | Shape::MapBy(..)
        | Shape::Object(_)
        | Shape::Policies(_)
        | Shape::Either(_) => false,
    }
}

/// Whether a scalar of that kind may be text of a form: a plain number is, where the form allows one.
fn takes_scalar(syntax: &Syntax, kind: Kind) -> bool {
    match kind {
        Kind::String => true,
        Kind::Integer | Kind::Float => syntax.numbers,
        _ => false,
    }
}

fn joined(name: &str, key: &str) -> String {
    if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
}

fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(quoted_unless_described).collect::<Vec<_>>().join(", ")
}

/// Places come with their own words; names of keys get backticks.
fn quoted_unless_described(word: &str) -> String {
    if word.contains(' ') { word.to_owned() } else { format!("`{word}`") }
}

/// What a message calls the mapping with this path.
fn whole(name: &str) -> String {
    if name.is_empty() { "gw.yaml".to_owned() } else { format!("`{name}`") }
}
