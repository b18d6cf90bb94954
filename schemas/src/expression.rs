//! Compiled expressions: a typed, total subset of CEL in a flat table, and its evaluator.
//!
//! An [`Expression`] is a list of [`Node`]s; a node names earlier nodes only, and the last one is the answer, a
//! [`Value::Bool`]. There is no recursion and no float. Whoever holds an `Expression` holds one that is well typed and
//! whose cost is bounded: [`Expression::new`] and decoding check it, the evaluator relies on it.
//!
//! # Faults
//! A division by zero, an overflow, a value that is not there or has another type than expected is a [`Fault`], and
//! faults spread as errors do in CEL: `&&` and `||` absorb them where the other side decides alone, in either order;
//! `exists` and `all` likewise. What is left at the end is a fault, **not** false, so that `!` cannot turn a fault into
//! a yes. [`Expression::holds`] is the door for deciders: a fault does not hold.
//!
//! # Cost
//! A step is one visit of one node, or one look at one element of a list. [`Expression::cost`] is the most steps that an
//! evaluation can take, worked out when the expression is made and at most [`MAX_COST`]. Up to [`ON_STACK`] nodes an
//! evaluation allocates nothing.

mod blame;
mod check;
mod evaluate;
mod node;
mod types;
mod value;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use check::Broken;
pub use node::{Arithmetic, Comparison, Node, NodeId, Part, Quantifier};
pub use types::{Input, Scalar, Type};
pub use value::{Fault, List, Value};

/// The most nodes of an expression.
pub const MAX_NODES: usize = 512;
/// The most values that an expression reads.
pub const MAX_INPUTS: usize = 64;
/// The longest list that is looked through; a longer one is a [`Fault::TooLong`].
pub const MAX_LIST: usize = 256;
/// The most steps of one evaluation.
pub const MAX_COST: u32 = 1 << 18;
/// How many `exists` and `all` may stand inside each other.
pub const MAX_LOOPS: usize = 4;
/// Up to that many nodes, intermediate values stand on the stack.
pub const ON_STACK: usize = 64;

/// A condition over named values.
///
/// INVARIANT: what [`Expression::new`] checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Expression {
    inputs: Vec<Input>,
    nodes: Vec<Node>,
    cost: u32,
}

/// What an expression looks like in an artifact.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stored {
    inputs: Vec<Input>,
    nodes: Vec<Node>,
}

impl Expression {
    /// The only way to make one: checks that nodes name earlier nodes that are in scope, that types agree, that the last
    /// node is a truth, and that the cost is at most [`MAX_COST`].
    ///
    /// # Errors
    /// The first promise that the table breaks, in words.
    pub fn new(inputs: Vec<Input>, nodes: Vec<Node>) -> Result<Self, Broken> {
        let cost = check::check(&inputs, &nodes)?;
        Ok(Self { inputs, nodes, cost })
    }

    /// The values that it reads; an evaluation is given them in this order.
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The table; the last node is the answer.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The most steps that an evaluation takes.
    pub fn cost(&self) -> u32 {
        self.cost
    }

    /// The answer for these values: one for each of [`Expression::inputs`], `None` for what is not there.
    ///
    /// # Errors
    /// The fault that nothing absorbed. A value that is missing in `inputs`, or is of another type than declared, counts
    /// as not there; an element of a list is judged when it is looked at.
    pub fn evaluate(&self, inputs: &[Option<Value<'_>>]) -> Result<bool, Fault> {
        evaluate::evaluate(self, inputs, |slots| match slots.last() {
            Some(Ok(Value::Bool(answer))) => Ok(*answer),
            Some(Err(fault)) => Err(*fault),
            Some(Ok(_)) | None => Err(Fault::WrongType),
        })
    }

    /// Whether the answer for these values is yes; a fault is a no.
    #[must_use]
    pub fn holds(&self, inputs: &[Option<Value<'_>>]) -> bool {
        self.evaluate(inputs) == Ok(true)
    }

    /// The inputs that made the answer what it is, in their order: of `a && b` that is not true, only the sides that are
    /// not true; of `a ? b : c` the condition and what was chosen. For messages; it allocates.
    pub fn decided_by(&self, inputs: &[Option<Value<'_>>]) -> Vec<usize> {
        evaluate::evaluate(self, inputs, |slots| blame::blame(self, slots))
    }
}

impl From<Expression> for Stored {
    fn from(expression: Expression) -> Self {
        Self { inputs: expression.inputs, nodes: expression.nodes }
    }
}

impl TryFrom<Stored> for Expression {
    type Error = Broken;

    fn try_from(stored: Stored) -> Result<Self, Broken> {
        Self::new(stored.inputs, stored.nodes)
    }
}
