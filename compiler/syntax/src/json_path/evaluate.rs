//! Running a query: a machine with a stack of queries and filters under way.

use std::collections::HashMap;

use regex::Regex;

use super::compare::{Value, compare};
use super::i_regexp::{Extent, compile};
use super::program::{Function, Op, Program, Selector, Start};
use super::{Budget, Exploded};
use crate::tree::{Edit, EditId};

/// What compiling a pattern costs, in looks at a node.
const PATTERN_COST: usize = 100_000;

/// The nodes that the program's first query selects.
pub(super) fn evaluate(
    program: &Program,
    document: &Edit,
    budget: &mut Budget,
) -> Result<Vec<EditId>, Exploded> {
    let mut machine = Machine { program, document, budget, patterns: HashMap::new() };
    let mut running = vec![Running::Query(QueryRun::new(0, document.root()))];
    while let Some(top) = running.pop() {
        match top {
            Running::Query(mut query) => match machine.advance(&mut query)? {
                Paused::AtFilter { filter, node } => {
                    running.push(Running::Query(query));
                    running.push(Running::Filter(FilterRun { filter, next: 0, node, operands: Vec::new() }));
                }
                Paused::Ended => match running.last_mut() {
                    Some(Running::Filter(filter)) => filter.operands.push(Operand::Nodes(query.nodes)),
                    _ => return Ok(query.nodes),
                },
            },
            Running::Filter(mut filter) => match machine.judge(&mut filter)? {
                Judged::AtQuery(query) => {
                    let start = match program.queries[query].start {
                        Start::Root => document.root(),
                        Start::Current => filter.node,
                    };
                    running.push(Running::Filter(filter));
                    running.push(Running::Query(QueryRun::new(query, start)));
                }
                Judged::Ended(truth) => {
                    if let (Some(Running::Query(query)), true) = (running.last_mut(), truth) {
                        query.found.push(filter.node);
                    }
                }
            },
        }
    }
    Ok(Vec::new())
}

struct Machine<'m> {
    program: &'m Program,
    document: &'m Edit,
    budget: &'m mut Budget,
    /// Patterns that were met; `None` for what is no I-Regexp.
    patterns: HashMap<(&'m str, bool), Option<Regex>>,
}

enum Running<'m> {
    Query(QueryRun),
    Filter(FilterRun<'m>),
}

/// A query under way: it applies the selectors of one segment to `nodes`, one after the other.
struct QueryRun {
    query: usize,
    segment: usize,
    nodes: Vec<EditId>,
    node: usize,
    selector: usize,
    /// How many children a filter has looked at.
    child: usize,
    found: Vec<EditId>,
}

/// A filter under way over one node.
struct FilterRun<'m> {
    filter: usize,
    next: usize,
    node: EditId,
    operands: Vec<Operand<'m>>,
}

enum Operand<'m> {
    Nodes(Vec<EditId>),
    Value(Value<'m>),
    Truth(bool),
}

/// Why a query pauses.
enum Paused {
    /// A filter must judge this node.
    AtFilter {
        filter: usize,
        node: EditId,
    },
    Ended,
}

/// Why a filter pauses.
enum Judged {
    AtQuery(usize),
    Ended(bool),
}

impl QueryRun {
    fn new(query: usize, start: EditId) -> Self {
        QueryRun { query, segment: 0, nodes: vec![start], node: 0, selector: 0, child: 0, found: Vec::new() }
    }
}

impl<'m> Machine<'m> {
    fn advance(&mut self, run: &mut QueryRun) -> Result<Paused, Exploded> {
        while let Some(segment) = self.program.queries[run.query].segments.get(run.segment) {
            if segment.descendants && (run.node, run.selector, run.child) == (0, 0, 0) {
                run.nodes = self.with_descendants(&run.nodes)?;
            }
            while let Some(node) = run.nodes.get(run.node).copied() {
                while let Some(selector) = segment.selectors.get(run.selector) {
                    if let Selector::Filter(filter) = selector {
                        if let Some(child) = self.child(node, run.child) {
                            self.budget.spend(1)?;
                            run.child += 1;
                            return Ok(Paused::AtFilter { filter: *filter, node: child });
                        }
                    } else {
                        self.select(node, selector, &mut run.found)?;
                    }
                    run.selector += 1;
                    run.child = 0;
                }
                run.node += 1;
                run.selector = 0;
            }
            run.nodes = std::mem::take(&mut run.found);
            run.segment += 1;
            run.node = 0;
        }
        Ok(Paused::Ended)
    }

    /// The nodes, each followed by all nodes below it.
    fn with_descendants(&mut self, nodes: &[EditId]) -> Result<Vec<EditId>, Exploded> {
        let mut all = Vec::new();
        let mut open: Vec<EditId> = nodes.iter().rev().copied().collect();
        while let Some(node) = open.pop() {
            self.budget.spend(1)?;
            all.push(node);
            open.extend(self.document.items(node).iter().rev());
            open.extend(self.document.entries(node).iter().rev().map(|(_, value)| *value));
        }
        Ok(all)
    }

    fn child(&self, node: EditId, index: usize) -> Option<EditId> {
        let item = self.document.items(node).get(index).copied();
        item.or_else(|| self.document.entries(node).get(index).map(|(_, value)| *value))
    }

    fn select(&mut self, node: EditId, selector: &Selector, found: &mut Vec<EditId>) -> Result<(), Exploded> {
        let document = self.document;
        let (items, entries) = (document.items(node), document.entries(node));
        match selector {
            Selector::Name(name) => {
                let place = entries.iter().position(|(key, _)| document.text(*key) == name);
                self.budget.spend(1 + place.map_or(entries.len(), |place| place))?;
                found.extend(place.map(|place| entries[place].1));
            }
            Selector::Wildcard => {
                self.budget.spend(1 + document.len(node))?;
                found.extend(items);
                found.extend(entries.iter().map(|(_, value)| *value));
            }
            Selector::Index(index) => {
                self.budget.spend(1)?;
                let length = items.len() as i64;
                let index = if *index < 0 { length + index } else { *index };
                found.extend(usize::try_from(index).ok().and_then(|index| items.get(index)));
            }
            Selector::Slice { start, end, step } => {
                let before = found.len();
                found.extend(slice(items, (*start, *end, *step)));
                self.budget.spend(1 + found.len() - before)?;
            }
            // Judged child by child, in `advance`.
            Selector::Filter(_) => {}
        }
        Ok(())
    }

    fn judge(&mut self, run: &mut FilterRun<'m>) -> Result<Judged, Exploded> {
        let program = self.program;
        while let Some(op) = program.filters[run.filter].get(run.next) {
            self.budget.spend(1)?;
            run.next += 1;
            let result = match op {
                Op::Query(query) => return Ok(Judged::AtQuery(*query)),
                Op::Literal(literal) => Operand::Value(literal.into()),
                Op::Call(function) => self.call(*function, run)?,
                Op::Compare(comparison) => {
                    let right = self.value(run.operands.pop());
                    let left = self.value(run.operands.pop());
                    Operand::Truth(compare(*comparison, (left, right), self.document, self.budget)?)
                }
                Op::Exists => Operand::Truth(truth(run.operands.pop())),
                Op::Not => Operand::Truth(!truth(run.operands.pop())),
                Op::AndThen(target) | Op::OrElse(target) => {
                    let truth = truth(run.operands.pop());
                    if truth != matches!(op, Op::OrElse(_)) {
                        continue;
                    }
                    run.next = *target;
                    Operand::Truth(truth)
                }
            };
            run.operands.push(result);
        }
        Ok(Judged::Ended(truth(run.operands.pop())))
    }

    fn call(&mut self, function: Function, run: &mut FilterRun<'m>) -> Result<Operand<'m>, Exploded> {
        let integer = |count: usize| Value::Number(super::program::Number::Integer(count as i128));
        let last = run.operands.pop();
        Ok(match function {
            Function::Count => Operand::Value(integer(nodes(last).len())),
            Function::Value => {
                let only = <[EditId; 1]>::try_from(nodes(last));
                Operand::Value(only.map_or(Value::Nothing, |[node]| Value::of(self.document, node)))
            }
            Function::Length => Operand::Value(match self.value(last) {
                Value::Text(text) => {
                    self.budget.spend(text.len() / 64)?;
                    integer(text.chars().count())
                }
                Value::Container(node) => integer(self.document.len(node)),
                Value::Nothing | Value::Null | Value::Bool(_) | Value::Number(_) => Value::Nothing,
            }),
            Function::Match | Function::Search => {
                let pattern = self.value(last);
                let text = self.value(run.operands.pop());
                Operand::Truth(self.matches(text, pattern, function == Function::Match)?)
            }
        })
    }

    fn matches(&mut self, text: Value<'m>, pattern: Value<'m>, whole: bool) -> Result<bool, Exploded> {
        let (Value::Text(text), Value::Text(pattern)) = (text, pattern) else { return Ok(false) };
        if !self.patterns.contains_key(&(pattern, whole)) {
            self.budget.spend(PATTERN_COST)?;
            let extent = if whole { Extent::Whole } else { Extent::Part };
            self.patterns.insert((pattern, whole), compile(pattern, extent));
        }
        self.budget.spend(text.len() / 16)?;
        let compiled = self.patterns.get(&(pattern, whole)).and_then(Option::as_ref);
        Ok(compiled.is_some_and(|regex| regex.is_match(text)))
    }

    /// An operand as a value: that of the only node, where it is nodes.
    fn value(&self, operand: Option<Operand<'m>>) -> Value<'m> {
        match operand {
            Some(Operand::Value(value)) => value,
            Some(Operand::Nodes(nodes)) => {
                nodes.first().map_or(Value::Nothing, |node| Value::of(self.document, *node))
            }
            Some(Operand::Truth(_)) | None => Value::Nothing,
        }
    }
}

fn nodes(operand: Option<Operand<'_>>) -> Vec<EditId> {
    match operand {
        Some(Operand::Nodes(nodes)) => nodes,
        Some(Operand::Value(_) | Operand::Truth(_)) | None => Vec::new(),
    }
}

fn truth(operand: Option<Operand<'_>>) -> bool {
    match operand {
        Some(Operand::Truth(truth)) => truth,
        Some(Operand::Nodes(nodes)) => !nodes.is_empty(),
        Some(Operand::Value(_)) | None => false,
    }
}

/// A slice by RFC 9535 section 2.3.4.2.2.
fn slice(
    items: &[EditId],
    (start, end, step): (Option<i64>, Option<i64>, i64),
) -> impl Iterator<Item = EditId> {
    let length = items.len() as i64;
    let from_end = |index: i64| if index < 0 { length + index } else { index };
    let (low, high) = if step >= 0 { (0, length) } else { (-1, length - 1) };
    let bound =
        |index: Option<i64>, missing: i64| index.map_or(missing, |index| from_end(index).clamp(low, high));
    let (first, last) = if step >= 0 {
        (bound(start, 0), bound(end, length))
    } else {
        (bound(start, length - 1), bound(end, -1))
    };
    let mut next = first;
    std::iter::from_fn(move || {
        let more = (step > 0 && next < last) || (step < 0 && next > last);
        let index = usize::try_from(next).ok().filter(|_| more)?;
        next += step;
        items.get(index).copied()
    })
}
