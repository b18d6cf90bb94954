//! How two templates stand to each other: which paths both match, and which of them wins there.
//!
//! A segment is a regular language of units (a character or an escape). Two templates overlap exactly when each pair
//! of segments does, which the product of their two automata and of the rules for canonical segments decides.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::{Segment, Template};

/// How the first of two templates stands to the second.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Relation {
    /// No path matches both.
    Disjoint,
    /// The same paths match both: only the names of variables differ.
    Identical,
    /// Every path that matches the first matches the second, which has more. The first one wins.
    MoreSpecific,
    /// Every path that matches the second matches the first, which has more. The second one wins.
    LessSpecific,
    /// Some paths match both, and each has paths of its own: people may expect either.
    Ambiguous {
        /// A canonical path that matches both.
        witness: String,
        /// Which one [`PathTrie::find`](super::PathTrie::find) gives for every such path.
        winner: Winner,
    },
}

/// One of two templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Winner {
    /// The one that was given first.
    First,
    /// The other one.
    Second,
}

/// How `a` stands to `b`.
pub fn compare(a: &Template, b: &Template) -> Relation {
    let Some(witness) = intersect(a, b) else {
        return Relation::Disjoint;
    };
    // The trie decides at the leftmost segment where the two differ, and segments are ordered as it tries them.
    let winner = match a.segments().cmp(b.segments()) {
        Ordering::Equal => return Relation::Identical,
        Ordering::Less => Winner::First,
        Ordering::Greater => Winner::Second,
    };
    if covers(b, a) {
        Relation::MoreSpecific
    } else if covers(a, b) {
        Relation::LessSpecific
    } else {
        Relation::Ambiguous { witness, winner }
    }
}

/// A canonical path that matches both templates, a short one, if there is any.
///
/// Cost: O(length of `a` × length of `b`) per pair of segments with variables; cheap when a pair of literals differs.
pub fn intersect(a: &Template, b: &Template) -> Option<String> {
    if a.segments().len() != b.segments().len() || literals_differ(a, b) {
        return None;
    }
    let mut path = String::new();
    for (a, b) in a.segments().iter().zip(b.segments()) {
        path.push('/');
        path.push_str(&common_segment(a, b)?);
    }
    Some(path)
}

/// Whether every path that matches `special` matches `general`.
///
/// A unit that occurs in no literal, in the place of each of `special`'s variables, can only fall to a variable of
/// `general`; and what a variable takes there may be any text. So one look decides.
fn covers(general: &Template, special: &Template) -> bool {
    let with_fresh_unit = |segment: &Segment| segment.literals().join("\u{1}");
    let mut pairs = general.segments().iter().zip(special.segments());
    pairs.all(|(general, special)| general.matches(&with_fresh_unit(special)))
}

fn literals_differ(a: &Template, b: &Template) -> bool {
    let mut pairs = a.segments().iter().zip(b.segments());
    pairs.any(|pair| matches!(pair, (Segment::Literal(a), Segment::Literal(b)) if a != b))
}

fn common_segment(a: &Segment, b: &Segment) -> Option<String> {
    match (a, b) {
        (Segment::Literal(literal), other) | (other, Segment::Literal(literal)) => {
            other.matches(literal).then(|| literal.clone())
        }
        (Segment::Variable, Segment::Variable) => Some(FILLER.to_owned()),
        (a, b) => common_text(&moves(a), &moves(b)),
    }
}

/// One move of a segment's automaton, from the state of its number to the next.
#[derive(Clone, Copy)]
enum Move<'t> {
    /// Over exactly this unit.
    Unit(&'t str),
    /// Over any unit.
    Any,
    /// Stay over any unit, or go on over nothing.
    AnyMore,
}

fn moves(segment: &Segment) -> Vec<Move<'_>> {
    let mut moves = Vec::new();
    for (index, literal) in segment.literals().into_iter().enumerate() {
        if index > 0 {
            moves.extend([Move::Any, Move::AnyMore]);
        }
        moves.extend(units(literal).map(Move::Unit));
    }
    moves
}

fn units(literal: &str) -> impl Iterator<Item = &str> {
    let mut rest = literal;
    std::iter::from_fn(move || {
        let length = if rest.starts_with('%') { 3 } else { 1 };
        let (unit, tail) = rest.split_at_checked(length)?;
        rest = tail;
        Some(unit)
    })
}

/// A state of the product: where both automata stand, and what the canonical rules remember.
#[derive(Clone, Copy)]
struct State {
    a: usize,
    b: usize,
    canon: Canon,
}

/// What the units so far mean for the rules that reach over a unit: no dot segment, no double encoding.
#[derive(Clone, Copy)]
struct Canon {
    /// 0 to 2 dots and nothing else, or 3: something else.
    dots: usize,
    /// 0, 1 behind `%25`, 2 behind `%25` and a hexadecimal digit.
    escaped_percent: usize,
}

impl Canon {
    const START: Self = Self { dots: 0, escaped_percent: 0 };
    const COUNT: usize = 12;

    fn after(self, unit: &str) -> Option<Self> {
        let is_hex = unit.len() == 1 && unit.as_bytes()[0].is_ascii_hexdigit();
        let escaped_percent = match (self.escaped_percent, is_hex) {
            (2, true) => return None,
            (1, true) => 2,
            _ => usize::from(unit == "%25"),
        };
        let dots = if unit == "." { (self.dots + 1).min(3) } else { 3 };
        Some(Self { dots, escaped_percent })
    }

    fn is_servable(self) -> bool {
        self.dots == 3
    }

    fn index(self) -> usize {
        self.dots * 3 + self.escaped_percent
    }
}

/// Breadth-first search through the product. Where both automata take any unit, only [`FILLER`] is tried: the
/// canonical rules allow behind it what they allow behind any other.
fn common_text(a: &[Move<'_>], b: &[Move<'_>]) -> Option<String> {
    let index = |state: State| (state.a * (b.len() + 1) + state.b) * Canon::COUNT + state.canon.index();
    let mut seen = vec![false; (a.len() + 1) * (b.len() + 1) * Canon::COUNT];
    // Each visit knows which one led to it over which unit.
    let mut visits: Vec<(State, usize, &str)> = Vec::new();
    let mut queue = VecDeque::new();
    let start = State { a: 0, b: 0, canon: Canon::START };
    let mut visit = |state, from, unit, queue: &mut VecDeque<usize>, visits: &mut Vec<_>| {
        if !std::mem::replace(&mut seen[index(state)], true) {
            // A move over nothing keeps its distance from the start.
            match unit {
                "" => queue.push_front(visits.len()),
                _ => queue.push_back(visits.len()),
            }
            visits.push((state, from, unit));
        }
    };
    visit(start, 0, "", &mut queue, &mut visits);
    while let Some(here) = queue.pop_front() {
        let state = visits[here].0;
        if state.a == a.len() && state.b == b.len() && state.canon.is_servable() {
            return Some(spell(&visits, here));
        }
        let (step_a, step_b) = (a.get(state.a), b.get(state.b));
        if matches!(step_a, Some(Move::AnyMore)) {
            visit(State { a: state.a + 1, ..state }, here, "", &mut queue, &mut visits);
        }
        if matches!(step_b, Some(Move::AnyMore)) {
            visit(State { b: state.b + 1, ..state }, here, "", &mut queue, &mut visits);
        }
        let unit = match (step_a, step_b) {
            (None, _) | (_, None) => continue,
            (Some(Move::Unit(a)), Some(Move::Unit(b))) if a != b => continue,
            (Some(Move::Unit(unit)), _) | (_, Some(Move::Unit(unit))) => unit,
            _ => FILLER,
        };
        if let Some(canon) = state.canon.after(unit) {
            let next =
                |at: usize, step: Option<&Move<'_>>| at + usize::from(!matches!(step, Some(Move::AnyMore)));
            let state = State { a: next(state.a, step_a), b: next(state.b, step_b), canon };
            visit(state, here, unit, &mut queue, &mut visits);
        }
    }
    None
}

fn spell(visits: &[(State, usize, &str)], mut at: usize) -> String {
    let mut units = Vec::new();
    while at > 0 {
        let (_, from, unit) = visits[at];
        units.push(unit);
        at = from;
    }
    units.reverse();
    units.concat()
}

/// Neither a dot nor a hexadecimal digit.
const FILLER: &str = "x";
