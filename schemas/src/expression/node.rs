//! The rows of an expression's table.

use serde::{Deserialize, Serialize};

use crate::model::{Bytes, Millis, Rate};

/// Position of a node in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeId(pub u16);

/// One row. Operands are earlier rows; only [`Node::Each`] looks forward, to its own end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Node {
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
    Text(String),
    /// The input at this position.
    Input(u16),
    /// Whether the input at this position is there.
    Present(u16),
    /// A list of these, at least one, all of one type.
    List(Vec<NodeId>),
    /// A field of a JSON object; a fault where it is not there.
    Field {
        /// The object.
        of: NodeId,
        /// The field's name.
        name: String,
    },
    /// Whether a JSON object has a field; a fault where it is no object.
    Has {
        /// The object.
        of: NodeId,
        /// The field's name.
        name: String,
    },
    /// `!a`.
    Not(NodeId),
    /// `-a`.
    Negate(NodeId),
    /// `a && b`.
    And(NodeId, NodeId),
    /// `a || b`.
    Or(NodeId, NodeId),
    /// `condition ? yes : no`.
    Choose {
        /// The condition.
        condition: NodeId,
        /// The value where it is true.
        yes: NodeId,
        /// The value where it is false.
        no: NodeId,
    },
    /// Two values of one type compared.
    Compare {
        /// How.
        how: Comparison,
        /// What stands on the left.
        left: NodeId,
        /// What stands on the right.
        right: NodeId,
    },
    /// Two whole numbers combined, checked.
    Arithmetic {
        /// How.
        how: Arithmetic,
        /// What stands on the left.
        left: NodeId,
        /// What stands on the right.
        right: NodeId,
    },
    /// Whether a list holds a value.
    In {
        /// The value.
        item: NodeId,
        /// The list.
        list: NodeId,
    },
    /// How many characters a text or elements a list has.
    Count(NodeId),
    /// Whether a text has another one as its part.
    Contains {
        /// Where.
        part: Part,
        /// The longer text.
        whole: NodeId,
        /// The shorter text.
        piece: NodeId,
    },
    /// The element of a list that the rows up to `end` speak about, each element in its turn.
    Each {
        /// The list.
        list: NodeId,
        /// The [`Node::Quantify`] that closes it.
        end: NodeId,
    },
    /// The answer over all elements; after it no row may name the rows from `each` to here.
    Quantify {
        /// How the answers for the elements are put together.
        how: Quantifier,
        /// The [`Node::Each`] that it closes.
        each: NodeId,
        /// The answer for one element.
        holds: NodeId,
    },
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// How two whole numbers are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, toward zero.
    Divide,
}

/// Where a text is searched for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// `startsWith`
    Start,
    /// `endsWith`
    End,
    /// `contains`
    Anywhere,
}

/// How answers for elements are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantifier {
    /// `all`: yes for an empty list.
    All,
    /// `exists`: no for an empty list.
    Exists,
}

impl Node {
    /// The rows that it names, the end of a [`Node::Each`] aside.
    pub(super) fn operands(&self) -> impl Iterator<Item = NodeId> {
        let (few, many): ([Option<NodeId>; 3], &[NodeId]) = match self {
            Node::Bool(_)
            | Node::Integer(_)
            | Node::Permille(_)
            | Node::Rate(_)
            | Node::Duration(_)
            | Node::Size(_)
            | Node::Text(_)
            | Node::Input(_)
            | Node::Present(_) => ([None; 3], &[]),
            Node::List(ids) => ([None; 3], ids),
            Node::Field { of, .. }
            | Node::Has { of, .. }
            | Node::Not(of)
            | Node::Negate(of)
            | Node::Count(of)
            | Node::Each { list: of, .. } => ([Some(*of), None, None], &[]),
            Node::And(left, right)
            | Node::Or(left, right)
            | Node::Compare { left, right, .. }
            | Node::Arithmetic { left, right, .. } => ([Some(*left), Some(*right), None], &[]),
            Node::Choose { condition, yes, no } => ([Some(*condition), Some(*yes), Some(*no)], &[]),
            Node::In { item, list } => ([Some(*item), Some(*list), None], &[]),
            Node::Contains { whole, piece, .. } => ([Some(*whole), Some(*piece), None], &[]),
            Node::Quantify { each, holds, .. } => ([Some(*each), Some(*holds), None], &[]),
        };
        few.into_iter().flatten().chain(many.iter().copied())
    }
}

impl Comparison {
    /// Whether it asks for equality only.
    pub fn is_equality(self) -> bool {
        matches!(self, Comparison::Equal | Comparison::NotEqual)
    }
}
