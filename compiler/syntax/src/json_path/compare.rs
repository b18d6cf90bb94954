//! Values of a filter, and how they compare (RFC 9535 section 2.3.5.2.2).

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::program::{Comparison, Literal, Number};
use super::{Budget, Exploded};
use crate::tree::{Edit, EditId, Kind, number};

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'e> {
    /// The result of a query that selects nothing.
    Nothing,
    Null,
    Bool(bool),
    Number(Number),
    Text(&'e str),
    /// A mapping or a sequence.
    Container(EditId),
}

impl<'e> Value<'e> {
    pub(super) fn of(document: &'e Edit, id: EditId) -> Self {
        let text = document.text(id);
        match document.kind(id) {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(text.starts_with(['t', 'T'])),
            Kind::Integer => Value::Number(integer(text)),
            Kind::Float => Value::Number(Number::Float(number::float(text).unwrap_or(f64::NAN))),
            Kind::String => Value::Text(text),
            Kind::Sequence | Kind::Mapping => Value::Container(id),
        }
    }
}

impl<'p> From<&'p Literal> for Value<'p> {
    fn from(literal: &'p Literal) -> Self {
        match literal {
            Literal::Null => Value::Null,
            Literal::Bool(truth) => Value::Bool(*truth),
            Literal::Number(number) => Value::Number(*number),
            Literal::Text(text) => Value::Text(text),
        }
    }
}

/// Whether the comparison holds.
pub(super) fn compare(
    comparison: Comparison,
    (left, right): (Value<'_>, Value<'_>),
    document: &Edit,
    budget: &mut Budget,
) -> Result<bool, Exploded> {
    let mut equal = || equal((left, right), document, budget);
    Ok(match comparison {
        Comparison::Equal => equal()?,
        Comparison::Unequal => !equal()?,
        Comparison::Less => order(left, right) == Some(Ordering::Less),
        Comparison::Greater => order(left, right) == Some(Ordering::Greater),
        Comparison::LessOrEqual => order(left, right) == Some(Ordering::Less) || equal()?,
        Comparison::GreaterOrEqual => order(left, right) == Some(Ordering::Greater) || equal()?,
    })
}

fn order(left: Value<'_>, right: Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => order_of_numbers(left, right),
        // By Unicode scalar values, which is the order of UTF-8 bytes.
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn equal(pair: (Value<'_>, Value<'_>), document: &Edit, budget: &mut Budget) -> Result<bool, Exploded> {
    let (Value::Container(left), Value::Container(right)) = pair else { return Ok(scalars_equal(pair)) };
    let mut open = vec![(left, right)];
    while let Some((left, right)) = open.pop() {
        budget.spend(1 + document.len(left))?;
        if document.kind(left) != document.kind(right) || document.len(left) != document.len(right) {
            return Ok(false);
        }
        let items = document.items(left).iter().copied().zip(document.items(right).iter().copied());
        let entries = document.entries(right).iter().map(|(key, value)| (document.text(*key), *value));
        let by_key: BTreeMap<&str, EditId> = entries.collect();
        let entries = document.entries(left).iter();
        let entries = entries.map(|(key, value)| Some((*value, *by_key.get(document.text(*key))?)));
        for pair in items.map(Some).chain(entries) {
            let Some((left, right)) = pair else { return Ok(false) };
            match (Value::of(document, left), Value::of(document, right)) {
                (Value::Container(left), Value::Container(right)) => open.push((left, right)),
                scalars if scalars_equal(scalars) => {}
                _ => return Ok(false),
            }
        }
    }
    Ok(true)
}

fn scalars_equal(pair: (Value<'_>, Value<'_>)) -> bool {
    match pair {
        (Value::Nothing, Value::Nothing) | (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => order_of_numbers(left, right) == Some(Ordering::Equal),
        (Value::Text(left), Value::Text(right)) => left == right,
        _ => false,
    }
}

fn order_of_numbers(left: Number, right: Number) -> Option<Ordering> {
    match (left, right) {
        (Number::Integer(left), Number::Integer(right)) => Some(left.cmp(&right)),
        (left, right) => as_float(left).partial_cmp(&as_float(right)),
    }
}

fn as_float(number: Number) -> f64 {
    match number {
        Number::Integer(value) => value as f64,
        Number::Float(value) => value,
    }
}

/// An integer of a document, as a float where it is too long.
fn integer(text: &str) -> Number {
    let float = || Number::Float(number::float(text).unwrap_or(f64::NAN));
    number::integer(text).map_or_else(float, Number::Integer)
}
