//! Which objects OpenAPI is made of, which keys they have in each version, and what stands behind each key.
//!
//! One table drives the walk, the look at each object's shape, and "did you mean". It holds what the official
//! document schemas of 3.0, 3.1 and 3.2 hold, as far as a table can; the rest stands in [`super::structure`].

mod object;
mod schema;
mod standing;
mod tables;

pub use object::Object;
pub use schema::is_younger;
pub use standing::{Standing, standing};

use super::version::Version;

/// What stands behind a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything at all.
    Any,
    /// Text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number, at least 0.
    Count,
    /// A number.
    Number,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of anything, at least as long.
    Values(usize),
    /// A list of texts, at least as long.
    Words(usize),
    /// A mapping from names to texts.
    Texts,
    /// A mapping from names to anything.
    Mapping,
    /// The types of a schema: one of them, or a list of some.
    Types,
    /// An object.
    One(Object),
    /// A list of objects.
    List(Object),
    /// A mapping from names to objects.
    Map(Object),
    /// An object, or a list of them (`items` in older dialects of JSON Schema).
    OneOrList(Object),
}

/// One key of an object.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What stands behind it.
    pub shape: Shape,
    since: Version,
    until: Version,
    /// The versions in which it must be there: up to this one.
    required_until: Option<Version>,
}

impl Key {
    /// Whether a version has it.
    pub fn is_in(&self, version: Version) -> bool {
        self.since <= version && version <= self.until
    }

    /// The first version that has it.
    pub fn since(&self) -> Version {
        self.since
    }

    /// Whether it must be there.
    pub fn is_required(&self, version: Version) -> bool {
        self.is_in(version) && self.required_until.is_some_and(|until| version <= until)
    }

    const fn needed(mut self) -> Self {
        self.required_until = Some(Version::V3_2);
        self
    }

    const fn needed_until(mut self, version: Version) -> Self {
        self.required_until = Some(version);
        self
    }

    const fn from(mut self, version: Version) -> Self {
        self.since = version;
        self
    }

    const fn to(mut self, version: Version) -> Self {
        self.until = version;
        self
    }
}

const fn key(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, since: Version::V3_0, until: Version::V3_2, required_until: None }
}
