//! What makes a table an expression: scopes, types and cost.

use std::collections::BTreeSet;

use super::node::{Node, NodeId};
use super::types::{Input, Scalar, Type};
use super::{MAX_COST, MAX_INPUTS, MAX_LIST, MAX_LOOPS, MAX_NODES};

/// A promise that a table does not keep.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// It is larger than any expression may be.
    #[error("an expression is too large: {0}")]
    TooLarge(&'static str),
    /// It is no expression.
    #[error("an expression is broken: {0}")]
    Malformed(&'static str),
}

/// Checks a table, and works out its cost.
pub(super) fn check(inputs: &[Input], nodes: &[Node]) -> Result<u32, Broken> {
    within(inputs.len() <= MAX_INPUTS, "it reads too many values")?;
    let names: BTreeSet<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
    ensure(names.len() == inputs.len(), "it reads a value twice")?;
    within(nodes.len() <= MAX_NODES, "it has too many nodes")?;
    let mut checker = Checker { inputs, nodes, rows: Vec::with_capacity(nodes.len()), open: Vec::new() };
    for (at, node) in nodes.iter().enumerate() {
        let row = checker.row(at, node)?;
        checker.rows.push(row);
    }
    ensure(checker.open.is_empty(), "a loop has no end")?;
    let answer = checker.rows.last().and_then(|row| row.kind);
    ensure(answer == Some(Type::One(Scalar::Bool)), "its answer is no truth")?;
    let cost = checker.cost_from(0);
    within(cost <= u64::from(MAX_COST), "it takes too many steps")?;
    Ok(cost as u32)
}

fn within(holds: bool, bound: &'static str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken::TooLarge(bound)) }
}

fn ensure(holds: bool, promise: &'static str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken::Malformed(promise)) }
}

/// What is known of a node.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Its type; `None` once its loop is closed.
    kind: Option<Type>,
    /// How many elements it has at most, for a list.
    elements: u64,
    /// Steps; those of a body stand in its end.
    cost: u64,
}

struct Checker<'t> {
    inputs: &'t [Input],
    nodes: &'t [Node],
    rows: Vec<Row>,
    /// Loops that are not closed: their `Each`.
    open: Vec<usize>,
}

impl Checker<'_> {
    fn row(&mut self, at: usize, node: &Node) -> Result<Row, Broken> {
        for operand in node.operands() {
            ensure(usize::from(operand.0) < at, "a node names one that is not before it")?;
            ensure(self.rows[usize::from(operand.0)].kind.is_some(), "a node names one in a closed loop")?;
        }
        match node {
            Node::Each { list, end } => self.begin(at, *list, *end),
            Node::Quantify { each, holds, .. } => self.end(at, *each, *holds),
            node => self.plain(node),
        }
    }

    fn begin(&mut self, at: usize, list: NodeId, end: NodeId) -> Result<Row, Broken> {
        let Type::List(element) = self.kind(list) else {
            return Err(Broken::Malformed("a loop goes over no list"));
        };
        let closed_by = matches!(
            self.nodes.get(usize::from(end.0)),
            Some(Node::Quantify { each, .. }) if usize::from(each.0) == at
        );
        ensure(closed_by && usize::from(end.0) > at, "a loop is closed by another one's end")?;
        within(self.open.len() < MAX_LOOPS, "its loops are nested too deeply")?;
        self.open.push(at);
        Ok(Row { kind: Some(Type::One(element)), elements: 0, cost: 1 })
    }

    fn end(&mut self, at: usize, each: NodeId, holds: NodeId) -> Result<Row, Broken> {
        let begun = usize::from(each.0);
        ensure(self.open.pop() == Some(begun), "loops are closed in another order than they are begun")?;
        let Some(Node::Each { list, end }) = self.nodes.get(begun) else {
            return Err(Broken::Malformed("a loop has no beginning"));
        };
        ensure(usize::from(end.0) == at, "a loop ends elsewhere")?;
        ensure(self.kind(holds) == Type::One(Scalar::Bool), "the answer for an element is no truth")?;
        let rounds = self.rows[usize::from(list.0)].elements.max(1);
        let cost = rounds.saturating_mul(self.cost_from(begun).saturating_add(1));
        for row in &mut self.rows[begun..] {
            *row = Row { kind: None, elements: 0, cost: 0 };
        }
        Ok(Row { kind: Some(Type::One(Scalar::Bool)), elements: 0, cost })
    }

    fn cost_from(&self, first: usize) -> u64 {
        self.rows[first..].iter().fold(0, |sum, row| sum.saturating_add(row.cost))
    }

    fn plain(&self, node: &Node) -> Result<Row, Broken> {
        let one = |scalar| Ok(Row { kind: Some(Type::One(scalar)), elements: 0, cost: 1 });
        match node {
            Node::Bool(_) => one(Scalar::Bool),
            Node::Integer(_) => one(Scalar::Integer),
            Node::Permille(_) => one(Scalar::Permille),
            Node::Rate(_) => one(Scalar::Rate),
            Node::Duration(_) => one(Scalar::Duration),
            Node::Size(_) => one(Scalar::Size),
            Node::Text(_) => one(Scalar::Text),
            Node::Input(index) => {
                let input = self.input(*index)?;
                let elements = if matches!(input.kind, Type::One(_)) { 0 } else { MAX_LIST as u64 };
                Ok(Row { kind: Some(input.kind), elements, cost: 1 })
            }
            Node::Present(index) => self.input(*index).and_then(|_| one(Scalar::Bool)),
            Node::List(ids) => {
                let Some(Type::One(scalar)) = ids.first().map(|id| self.kind(*id)) else {
                    return Err(Broken::Malformed("a list is empty or holds lists"));
                };
                self.all_of(scalar, ids)?;
                let elements = ids.len() as u64;
                Ok(Row { kind: Some(Type::List(scalar)), elements, cost: 1 + elements })
            }
            Node::Field { of, .. } => {
                ensure(self.kind(*of) == Type::Json, "a field is asked of something without fields")?;
                Ok(Row { kind: Some(Type::Json), elements: MAX_LIST as u64, cost: 1 })
            }
            Node::Has { of, .. } => {
                ensure(self.kind(*of) == Type::Json, "a field is asked of something without fields")?;
                one(Scalar::Bool)
            }
            Node::Not(of) => self.all_of(Scalar::Bool, &[*of]).and_then(|()| one(Scalar::Bool)),
            Node::Negate(of) => self.all_of(Scalar::Integer, &[*of]).and_then(|()| one(Scalar::Integer)),
            Node::And(left, right) | Node::Or(left, right) => {
                self.all_of(Scalar::Bool, &[*left, *right]).and_then(|()| one(Scalar::Bool))
            }
            Node::Choose { condition, yes, no } => {
                self.all_of(Scalar::Bool, &[*condition])?;
                ensure(self.kind(*yes) == self.kind(*no), "a choice is between two types")?;
                let elements =
                    self.rows[usize::from(yes.0)].elements.max(self.rows[usize::from(no.0)].elements);
                Ok(Row { kind: Some(self.kind(*yes)), elements, cost: 1 })
            }
            Node::Compare { how, left, right } => {
                let (left, right) = (self.kind(*left), self.kind(*right));
                let agree = match (left, right) {
                    (Type::One(left), Type::One(right)) => {
                        left == right && (how.is_equality() || left.is_ordered())
                    }
                    (Type::Json, Type::One(scalar)) | (Type::One(scalar), Type::Json) => {
                        how.is_equality() && scalar.is_in_json()
                    }
                    _ => false,
                };
                ensure(agree, "two types are compared")?;
                one(Scalar::Bool)
            }
            Node::Arithmetic { left, right, .. } => {
                self.all_of(Scalar::Integer, &[*left, *right]).and_then(|()| one(Scalar::Integer))
            }
            Node::In { item, list } => {
                let agree = match (self.kind(*item), self.kind(*list)) {
                    (Type::One(item), Type::List(element)) => item == element,
                    (Type::One(scalar), Type::Json) | (Type::Json, Type::List(scalar)) => scalar.is_in_json(),
                    _ => false,
                };
                ensure(agree, "a value is searched in what cannot hold it")?;
                let cost = 1 + self.rows[usize::from(list.0)].elements;
                Ok(Row { kind: Some(Type::One(Scalar::Bool)), elements: 0, cost })
            }
            Node::Count(of) => {
                let counted = matches!(self.kind(*of), Type::List(_) | Type::One(Scalar::Text));
                ensure(counted, "something is counted that has no parts")?;
                one(Scalar::Integer)
            }
            Node::Contains { whole, piece, .. } => {
                self.all_of(Scalar::Text, &[*whole, *piece]).and_then(|()| one(Scalar::Bool))
            }
            Node::Each { .. } | Node::Quantify { .. } => {
                Err(Broken::Malformed("a loop stands where none can"))
            }
        }
    }

    /// The type of an operand, which is in scope.
    fn kind(&self, id: NodeId) -> Type {
        self.rows[usize::from(id.0)].kind.unwrap_or(Type::Json)
    }

    fn all_of(&self, scalar: Scalar, ids: &[NodeId]) -> Result<(), Broken> {
        let agree = ids.iter().all(|id| self.kind(*id) == Type::One(scalar));
        ensure(agree, "an operand has a type that its operator does not take")
    }

    fn input(&self, index: u16) -> Result<&Input, Broken> {
        self.inputs.get(usize::from(index)).ok_or(Broken::Malformed("it reads a value that it does not name"))
    }
}
