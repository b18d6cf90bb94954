//! Values while an expression is evaluated: borrowed, copied freely, never stored.

use std::cmp::Ordering;

use super::NodeId;
use super::types::{Scalar, Type};
use crate::model::{Bytes, Millis, Rate};

/// A value.
#[derive(Clone, Copy, Debug)]
pub enum Value<'v> {
    /// A truth.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A share in thousandths.
    Permille(u32),
    /// A rate.
    Rate(Rate),
    /// A length of time.
    Duration(Millis),
    /// A size.
    Size(Bytes),
    /// Text.
    Text(&'v str),
    /// A list.
    List(List<'v>),
    /// Whatever JSON holds there.
    Json(&'v serde_json::Value),
}

/// The elements of a list.
#[derive(Clone, Copy, Debug)]
pub struct List<'v>(pub(super) Elements<'v>);

#[derive(Clone, Copy, Debug)]
pub(super) enum Elements<'v> {
    /// From outside.
    Given(&'v [Value<'v>]),
    /// Written in the expression.
    Written(&'v [NodeId]),
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An input or a field is not there.
    #[error("a value is not there")]
    Absent,
    /// A value is of another type than the expression expects: only JSON can do that.
    #[error("a value has another type than it is compared with")]
    WrongType,
    /// A result does not fit into 64 bits.
    #[error("a number is too large")]
    Overflow,
    /// Something is divided by zero.
    #[error("a number is divided by zero")]
    DivisionByZero,
    /// A list has more than [`super::MAX_LIST`] elements.
    #[error("a list is too long")]
    TooLong,
}

impl<'v> List<'v> {
    /// A list of these.
    pub fn new(elements: &'v [Value<'v>]) -> Self {
        Self(Elements::Given(elements))
    }
}

impl Value<'_> {
    /// Whether it is what an input of this type may hold, the elements of a list aside. O(1).
    pub(super) fn is(&self, kind: Type) -> bool {
        match (kind, self) {
            (Type::One(scalar), value) => value.scalar() == Some(scalar),
            (Type::List(_), Value::List(_)) | (Type::Json, Value::Json(_)) => true,
            (Type::List(_) | Type::Json, _) => false,
        }
    }

    fn scalar(&self) -> Option<Scalar> {
        match self {
            Value::Bool(_) => Some(Scalar::Bool),
            Value::Integer(_) => Some(Scalar::Integer),
            Value::Permille(_) => Some(Scalar::Permille),
            Value::Rate(_) => Some(Scalar::Rate),
            Value::Duration(_) => Some(Scalar::Duration),
            Value::Size(_) => Some(Scalar::Size),
            Value::Text(_) => Some(Scalar::Text),
            Value::List(_) | Value::Json(_) => None,
        }
    }
}

/// How two values of one type stand to each other. Text is compared by its code points, which is the order of UTF-8.
pub(super) fn order(left: Value<'_>, right: Value<'_>) -> Result<Ordering, Fault> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Ok(left.cmp(&right)),
        (Value::Integer(left), Value::Integer(right)) => Ok(left.cmp(&right)),
        (Value::Permille(left), Value::Permille(right)) => Ok(left.cmp(&right)),
        (Value::Rate(left), Value::Rate(right)) => Ok(left.compare(right)),
        (Value::Duration(left), Value::Duration(right)) => Ok(left.cmp(&right)),
        (Value::Size(left), Value::Size(right)) => Ok(left.cmp(&right)),
        (Value::Text(left), Value::Text(right)) => Ok(left.cmp(right)),
        _ => Err(Fault::WrongType),
    }
}

/// Whether two values are equal; a claim of another type than it is compared with is a fault, so that neither `==` nor
/// `!=` holds of it.
pub(super) fn equal(left: Value<'_>, right: Value<'_>) -> Result<bool, Fault> {
    match (left, right) {
        (Value::Json(claim), value) | (value, Value::Json(claim)) => equal_json(claim, value),
        (left, right) => order(left, right).map(Ordering::is_eq),
    }
}

fn equal_json(claim: &serde_json::Value, value: Value<'_>) -> Result<bool, Fault> {
    match (claim, value) {
        (serde_json::Value::Bool(claim), Value::Bool(value)) => Ok(*claim == value),
        (serde_json::Value::String(claim), Value::Text(value)) => Ok(claim == value),
        (serde_json::Value::Number(claim), Value::Integer(value)) => match claim.as_i64() {
            Some(claim) => Ok(claim == value),
            // Whole, but beyond 64 bits with a sign; a fraction is no number of ours.
            None if claim.is_u64() => Ok(false),
            None => Err(Fault::WrongType),
        },
        _ => Err(Fault::WrongType),
    }
}

/// A field of a JSON object.
pub(super) fn field<'v>(of: Value<'v>, name: &str) -> Result<Option<&'v serde_json::Value>, Fault> {
    match of {
        Value::Json(serde_json::Value::Object(fields)) => Ok(fields.get(name)),
        _ => Err(Fault::WrongType),
    }
}
