//! The evaluator: one pass over the table, back only to the next element of a list.
//!
//! Both sides of `&&`, `||` and `?:` are worked out, since nothing has an effect and each costs little; the faults of the
//! side that does not count are dropped.

use super::node::{Arithmetic, Comparison, Node, NodeId, Part, Quantifier};
use super::value::{Elements, Fault, List, Value, equal, field, order};
use super::{Expression, MAX_LIST, MAX_LOOPS, ON_STACK};

/// What a node came to.
pub(super) type Slot<'v> = Result<Value<'v>, Fault>;

/// Fills a slot for each node and gives them to `read`.
pub(super) fn evaluate<'v, R>(
    expression: &'v Expression,
    inputs: &[Option<Value<'v>>],
    read: impl FnOnce(&[Slot<'v>]) -> R,
) -> R {
    let count = expression.nodes.len();
    if count <= ON_STACK {
        let mut slots = [EMPTY; ON_STACK];
        run(expression, inputs, &mut slots[..count]);
        return read(&slots[..count]);
    }
    let mut slots = vec![EMPTY; count];
    run(expression, inputs, &mut slots);
    read(&slots)
}

const EMPTY: Slot<'static> = Err(Fault::Absent);

/// A list that is being looked through.
#[derive(Clone, Copy, Debug)]
struct Loop<'v> {
    list: Elements<'v>,
    next: usize,
    so_far: Result<bool, Fault>,
}

fn run<'v>(expression: &'v Expression, inputs: &[Option<Value<'v>>], slots: &mut [Slot<'v>]) {
    let mut loops: [Option<Loop<'v>>; MAX_LOOPS] = [None; MAX_LOOPS];
    let mut depth = 0;
    let mut at = 0;
    while let Some(node) = expression.nodes.get(at) {
        match node {
            Node::Each { list, end } => match begin(slots[usize::from(list.0)], expression, *end, slots) {
                Ok((first, begun)) => {
                    slots[at] = first;
                    loops[depth] = Some(begun);
                    depth += 1;
                    at += 1;
                }
                Err(answer) => {
                    slots[usize::from(end.0)] = answer;
                    at = usize::from(end.0) + 1;
                }
            },
            Node::Quantify { how, each, holds } => {
                let Some(begun) = &mut loops[depth - 1] else { return };
                begun.so_far = together(*how, begun.so_far, truth(slots[usize::from(holds.0)]));
                let decided = begun.so_far == Ok(*how == Quantifier::Exists);
                let next = if decided { None } else { element(begun.list, begun.next, slots) };
                if let Some(next) = next {
                    begun.next += 1;
                    slots[usize::from(each.0)] = next;
                    at = usize::from(each.0) + 1;
                } else {
                    slots[at] = begun.so_far.map(Value::Bool);
                    depth -= 1;
                    at += 1;
                }
            }
            node => {
                slots[at] = plain(node, expression, inputs, slots);
                at += 1;
            }
        }
    }
}

/// The first element and the loop over all; or the answer when there is nothing to look through.
fn begin<'v>(
    list: Slot<'v>,
    expression: &Expression,
    end: NodeId,
    slots: &[Slot<'v>],
) -> Result<(Slot<'v>, Loop<'v>), Slot<'v>> {
    let list = elements(list).map_err(Err)?;
    let all =
        matches!(expression.nodes.get(usize::from(end.0)), Some(Node::Quantify { how: Quantifier::All, .. }));
    let first = element(list, 0, slots).ok_or(Ok(Value::Bool(all)))?;
    Ok((first, Loop { list, next: 1, so_far: Ok(all) }))
}

fn together(how: Quantifier, so_far: Result<bool, Fault>, next: Result<bool, Fault>) -> Result<bool, Fault> {
    match how {
        Quantifier::All => and(so_far, next),
        Quantifier::Exists => or(so_far, next),
    }
}

fn plain<'v>(
    node: &'v Node,
    expression: &Expression,
    inputs: &[Option<Value<'v>>],
    slots: &[Slot<'v>],
) -> Slot<'v> {
    let at = |id: &NodeId| slots[usize::from(id.0)];
    let input = |index: u16| {
        let index = usize::from(index);
        let value = inputs.get(index).copied().flatten();
        value.filter(|value| value.is(expression.inputs[index].kind))
    };
    match node {
        Node::Bool(value) => Ok(Value::Bool(*value)),
        Node::Integer(value) => Ok(Value::Integer(*value)),
        Node::Permille(value) => Ok(Value::Permille(*value)),
        Node::Rate(value) => Ok(Value::Rate(*value)),
        Node::Duration(value) => Ok(Value::Duration(*value)),
        Node::Size(value) => Ok(Value::Size(*value)),
        Node::Text(text) => Ok(Value::Text(text)),
        Node::Input(index) => input(*index).ok_or(Fault::Absent),
        Node::Present(index) => Ok(Value::Bool(input(*index).is_some())),
        Node::List(ids) => {
            ids.iter().try_for_each(|id| at(id).map(drop))?;
            Ok(Value::List(List(Elements::Written(ids))))
        }
        Node::Field { of, name } => field(at(of)?, name)?.map(Value::Json).ok_or(Fault::Absent),
        Node::Has { of, name } => field(at(of)?, name).map(|field| Value::Bool(field.is_some())),
        Node::Not(of) => truth(at(of)).map(|truth| Value::Bool(!truth)),
        Node::Negate(of) => integer(at(of))?.checked_neg().map(Value::Integer).ok_or(Fault::Overflow),
        Node::And(left, right) => and(truth(at(left)), truth(at(right))).map(Value::Bool),
        Node::Or(left, right) => or(truth(at(left)), truth(at(right))).map(Value::Bool),
        Node::Choose { condition, yes, no } => at(if truth(at(condition))? { yes } else { no }),
        Node::Compare { how, left, right } => compare(*how, at(left)?, at(right)?).map(Value::Bool),
        Node::Arithmetic { how, left, right } => {
            arithmetic(*how, integer(at(left))?, integer(at(right))?).map(Value::Integer)
        }
        Node::In { item, list } => holds(at(item)?, at(list)?, slots).map(Value::Bool),
        Node::Count(of) => count(at(of)?).map(Value::Integer),
        Node::Contains { part, whole, piece } => contains(*part, at(whole)?, at(piece)?).map(Value::Bool),
        // The loop in `run` takes these.
        Node::Each { .. } | Node::Quantify { .. } => Err(Fault::WrongType),
    }
}

/// `&&` in either order: a side that is false decides, whatever the other one is.
fn and(left: Result<bool, Fault>, right: Result<bool, Fault>) -> Result<bool, Fault> {
    match (left, right) {
        (Ok(false), _) | (_, Ok(false)) => Ok(false),
        (Err(fault), _) | (_, Err(fault)) => Err(fault),
        (Ok(true), Ok(true)) => Ok(true),
    }
}

/// `||` in either order: a side that is true decides, whatever the other one is.
fn or(left: Result<bool, Fault>, right: Result<bool, Fault>) -> Result<bool, Fault> {
    match (left, right) {
        (Ok(true), _) | (_, Ok(true)) => Ok(true),
        (Err(fault), _) | (_, Err(fault)) => Err(fault),
        (Ok(false), Ok(false)) => Ok(false),
    }
}

pub(super) fn truth(slot: Slot<'_>) -> Result<bool, Fault> {
    match slot? {
        Value::Bool(truth) => Ok(truth),
        _ => Err(Fault::WrongType),
    }
}

fn integer(slot: Slot<'_>) -> Result<i64, Fault> {
    match slot? {
        Value::Integer(number) => Ok(number),
        _ => Err(Fault::WrongType),
    }
}

fn compare(how: Comparison, left: Value<'_>, right: Value<'_>) -> Result<bool, Fault> {
    match how {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => equal(left, right).map(|equal| !equal),
        Comparison::Less => order(left, right).map(std::cmp::Ordering::is_lt),
        Comparison::AtMost => order(left, right).map(std::cmp::Ordering::is_le),
        Comparison::Greater => order(left, right).map(std::cmp::Ordering::is_gt),
        Comparison::AtLeast => order(left, right).map(std::cmp::Ordering::is_ge),
    }
}

fn arithmetic(how: Arithmetic, left: i64, right: i64) -> Result<i64, Fault> {
    let result = match how {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide if right == 0 => return Err(Fault::DivisionByZero),
        Arithmetic::Divide => left.checked_div(right),
    };
    result.ok_or(Fault::Overflow)
}

fn elements(list: Slot<'_>) -> Result<Elements<'_>, Fault> {
    let Value::List(List(elements)) = list? else { return Err(Fault::WrongType) };
    let count = match elements {
        Elements::Given(values) => values.len(),
        Elements::Written(ids) => ids.len(),
    };
    if count <= MAX_LIST { Ok(elements) } else { Err(Fault::TooLong) }
}

fn element<'v>(list: Elements<'v>, index: usize, slots: &[Slot<'v>]) -> Option<Slot<'v>> {
    match list {
        Elements::Given(values) => values.get(index).map(|value| Ok(*value)),
        Elements::Written(ids) => ids.get(index).map(|id| slots[usize::from(id.0)]),
    }
}

/// Whether a list holds a value. In a claim, elements of other types than the value are passed over.
fn holds(item: Value<'_>, list: Value<'_>, slots: &[Slot<'_>]) -> Result<bool, Fault> {
    if let Value::Json(claim) = list {
        let serde_json::Value::Array(elements) = claim else { return Err(Fault::WrongType) };
        if elements.len() > MAX_LIST {
            return Err(Fault::TooLong);
        }
        return Ok(elements.iter().any(|element| equal(Value::Json(element), item) == Ok(true)));
    }
    let list = elements(Ok(list))?;
    let mut found = false;
    let mut index = 0;
    while let Some(element) = element(list, index, slots) {
        found |= equal(element?, item)?;
        index += 1;
    }
    Ok(found)
}

fn count(of: Value<'_>) -> Result<i64, Fault> {
    let count = match of {
        Value::Text(text) => text.chars().count(),
        list => match elements(Ok(list))? {
            Elements::Given(values) => values.len(),
            Elements::Written(ids) => ids.len(),
        },
    };
    i64::try_from(count).map_err(|_| Fault::Overflow)
}

fn contains(part: Part, whole: Value<'_>, piece: Value<'_>) -> Result<bool, Fault> {
    let (Value::Text(whole), Value::Text(piece)) = (whole, piece) else { return Err(Fault::WrongType) };
    Ok(match part {
        Part::Start => whole.starts_with(piece),
        Part::End => whole.ends_with(piece),
        Part::Anywhere => whole.contains(piece),
    })
}
