//! The types of expressions. A list holds scalars, so that no type contains itself.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A value that an expression reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its name as the source writes it: `auth.required`.
    pub name: String,
    /// What it holds.
    pub kind: Type,
}

/// The type of one value that has no parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scalar {
    /// `true` or `false`.
    Bool,
    /// A whole number of 64 bits.
    Integer,
    /// A share, in thousandths.
    Permille,
    /// So many per unit of time.
    Rate,
    /// A length of time.
    Duration,
    /// A size in bytes.
    Size,
    /// Text.
    Text,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Type {
    /// One value.
    One(Scalar),
    /// A list of values of one type.
    List(Scalar),
    /// Whatever JSON holds there: claims of a token. It can be asked for a field, compared and searched.
    Json,
}

impl Scalar {
    /// Whether values of this type have an order; all but truths do.
    pub fn is_ordered(self) -> bool {
        self != Scalar::Bool
    }

    /// Whether JSON has values of this type, so that a claim can be compared with it.
    pub fn is_in_json(self) -> bool {
        matches!(self, Scalar::Bool | Scalar::Integer | Scalar::Text)
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scalar::Bool => "true or false",
            Scalar::Integer => "a number",
            Scalar::Permille => "a percentage",
            Scalar::Rate => "a rate",
            Scalar::Duration => "a duration",
            Scalar::Size => "a size",
            Scalar::Text => "text",
        })
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::One(scalar) => scalar.fmt(f),
            Type::List(Scalar::Bool) => f.write_str("a list of truths"),
            Type::List(Scalar::Integer) => f.write_str("a list of numbers"),
            Type::List(Scalar::Permille) => f.write_str("a list of percentages"),
            Type::List(Scalar::Rate) => f.write_str("a list of rates"),
            Type::List(Scalar::Duration) => f.write_str("a list of durations"),
            Type::List(Scalar::Size) => f.write_str("a list of sizes"),
            Type::List(Scalar::Text) => f.write_str("a list of texts"),
            Type::Json => f.write_str("a claim"),
        }
    }
}
