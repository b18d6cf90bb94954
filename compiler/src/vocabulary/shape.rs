//! What a row of the key table can say: places, shapes of values, and whether they are enforced.

use super::scalar::Syntax;
use crate::expression::Vocabulary;

/// Whether something in the runtime acts on a key or a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is enforced.
    Enforced,
    /// It is part of the vocabulary, and the gate refuses it until something enforces it.
    NotYet,
}

/// Whether a mapping can do without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    Required,
    /// It may be left out.
    Optional,
}

/// A place where a policy key may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// `defaults` of `gw.yaml`.
    Defaults,
    /// `apply[].set` of `gw.yaml`.
    Apply,
    /// The root of an OpenAPI document.
    Root,
    /// A path item.
    Path,
    /// An operation.
    Operation,
    /// A security scheme.
    SecurityScheme,
    /// A schema.
    Schema,
    /// A parameter.
    Parameter,
}

/// One row: a key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The key as it is written; policy keys stand here without their `x-gw-`.
    pub name: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it must be there.
    pub presence: Presence,
    /// Whether it is enforced.
    pub status: Status,
    /// Where it may stand; empty for a key inside a value, which stands where its table is used.
    pub places: &'static [Place],
    /// What it means, in one or two sentences.
    pub doc: &'static str,
}

/// What a value looks like. Shapes nest a few levels and never refer back to themselves.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Anything, taken as JSON.
    Any,
    /// Text that is not empty.
    Text,
    /// Any scalar, taken as it is written: `1`, `2.0`, `beta`.
    Word,
    /// A JSON value without parts: text, a whole number, `true`, `false`.
    Literal,
    /// A name: letters, digits, `-`, `_` and `.`, at most 64.
    Name,
    /// `true` or `false`.
    Flag,
    /// Only `true`: the key is left out otherwise.
    True,
    /// A whole number in this range.
    Integer {
        /// The least that is allowed.
        least: u64,
        /// The most that is allowed.
        most: u64,
    },
    /// `250ms`, `30s`, `5m`, `1h`, `365d`.
    Duration,
    /// `512B`, `64KiB`, `1MiB`, `1GiB`.
    Size,
    /// `100/s`, `100/min`, `1000/h`, `5000/day`, `10000/month`.
    Rate,
    /// `20%`, `0.5%`.
    Percent,
    /// A condition over the values of this vocabulary.
    Expression(Vocabulary),
    /// A scalar of another form.
    Scalar(&'static Syntax),
    /// One of these words.
    Choice(&'static [Choice]),
    /// A list of these.
    List(&'static Shape),
    /// A mapping from names that the author chooses.
    Map(&'static Shape),
    /// A mapping whose keys have a form of their own.
    MapBy(&'static Syntax, &'static Shape),
    /// A mapping with these keys.
    Object(&'static [Key]),
    /// A mapping with the policy keys that may stand at this place.
    Policies(Place),
    /// One of these: at most one of them is a scalar, one a list and one a mapping.
    Either(&'static [Shape]),
}

/// One word of a [`Shape::Choice`].
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The word.
    pub word: &'static str,
    /// Whether it is enforced.
    pub status: Status,
}

impl Key {
    /// An optional key that is enforced.
    pub(super) const fn enforced(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Key { name, shape, presence: Presence::Optional, status: Status::Enforced, places: &[], doc }
    }

    /// An optional key that nothing enforces yet.
    pub(super) const fn not_yet(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Key { status: Status::NotYet, ..Self::enforced(name, shape, doc) }
    }

    /// The same key, which must be there.
    pub(super) const fn required(self) -> Self {
        Key { presence: Presence::Required, ..self }
    }

    /// The same key, for these places.
    pub(super) const fn at(self, places: &'static [Place]) -> Self {
        Key { places, ..self }
    }
}

impl Choice {
    /// A word that is enforced.
    pub(super) const fn enforced(word: &'static str) -> Self {
        Choice { word, status: Status::Enforced }
    }

    /// A word that nothing enforces yet.
    pub(super) const fn not_yet(word: &'static str) -> Self {
        Choice { word, status: Status::NotYet }
    }
}

impl Shape {
    /// What the value is, in words that follow "takes": `a duration such as `2s``.
    pub fn described(&self) -> String {
        match self {
            Shape::Any => "any value".into(),
            Shape::Text => "text that is not empty".into(),
            Shape::Word => "a word or a number".into(),
            Shape::Literal => "text, a whole number, `true` or `false`".into(),
            Shape::Name => "a name of letters, digits, `-`, `_` and `.`, at most 64 characters".into(),
            Shape::Flag => "`true` or `false`".into(),
            Shape::True => "`true`, or the key is left out".into(),
            Shape::Integer { least, most } if least == most => format!("`{least}`"),
            Shape::Integer { least, most } if *most >= u64::from(u32::MAX) => {
                format!("a whole number, at least {least}")
            }
            Shape::Integer { least, most } => format!("a whole number from {least} to {most}"),
            Shape::Duration => "a duration such as `250ms`, `30s` or `1h`".into(),
            Shape::Size => "a size such as `64KiB` or `1MiB`".into(),
            Shape::Rate => "a rate such as `100/min`".into(),
            Shape::Percent => "a percentage such as `20%`".into(),
            Shape::Expression(vocabulary) => format!("a condition such as `{}`", vocabulary.example()),
            Shape::Scalar(syntax) => syntax.described.into(),
            Shape::Choice(choices) => described_choices(choices),
            Shape::List(_) => "a list".into(),
            Shape::Map(_) | Shape::MapBy(..) | Shape::Object(_) | Shape::Policies(_) => "a mapping".into(),
            Shape::Either(shapes) => {
                let each: Vec<String> = shapes.iter().map(Shape::described).collect();
                each.join(", or ")
            }
        }
    }
}

impl Place {
    /// What people call the place: `the root of a document`.
    pub const fn described(self) -> &'static str {
        match self {
            Place::Defaults => "`defaults` of gw.yaml",
            Place::Apply => "`apply` of gw.yaml",
            Place::Root => "the root of a document",
            Place::Path => "a path item",
            Place::Operation => "an operation",
            Place::SecurityScheme => "a security scheme",
            Place::Schema => "a schema",
            Place::Parameter => "a parameter",
        }
    }
}

fn described_choices(choices: &[Choice]) -> String {
    let words: Vec<String> = choices.iter().map(|choice| format!("`{}`", choice.word)).collect();
    match words.as_slice() {
        [only] => only.clone(),
        many => format!("one of {}", many.join(", ")),
    }
}
