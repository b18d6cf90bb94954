//! Calls: literals with units, and the few functions of texts and lists.

use std::ops::Range;

use gw_artifact::expression::{Node, Part, Scalar, Type};
use gw_artifact::model::Rate;
use gw_syntax::nearest;

use super::super::mistake::{Mistake, MistakeKind};
use super::super::read::{Style, TermId};
use super::{Lowering, Meaning, Operand};
use crate::vocabulary::units;

const BOOL: Type = Type::One(Scalar::Bool);
const TEXT: Type = Type::One(Scalar::Text);

/// What gw has: the name, and how it is called.
const FUNCTIONS: [(&str, &str); 10] = [
    ("has", "has(token.tenant)"),
    ("size", "size(tags)"),
    ("rate", "rate(\"1000/min\")"),
    ("duration", "duration(\"2s\")"),
    ("bytes", "bytes(\"1MiB\")"),
    ("startsWith", "path.startsWith(\"/admin\")"),
    ("endsWith", "path.endsWith(\"/export\")"),
    ("contains", "path.contains(\"{id}\")"),
    ("all", "tags.all(t, t != \"internal\")"),
    ("exists", "tags.exists(t, t.startsWith(\"team-\"))"),
];

/// What CEL has and gw leaves out.
const LEFT_OUT: [(&str, &str); 12] = [
    ("matches", "ask with `startsWith`, `endsWith` or `contains`"),
    ("int", "values have their types, and none is converted"),
    ("uint", "values have their types, and none is converted"),
    ("double", "values have their types, and none is converted"),
    ("string", "values have their types, and none is converted"),
    ("bool", "values have their types, and none is converted"),
    ("dyn", "values have their types, and none is converted"),
    ("type", "values have their types, and none is converted"),
    ("timestamp", "a condition cannot depend on the time of day"),
    ("optMap", "`has(name)` asks whether a value is there"),
    ("optFlatMap", "`has(name)` asks whether a value is there"),
    ("bind", "say it twice"),
];

impl Lowering<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        range: &Range<usize>,
        style: Style,
        arguments: &[TermId],
    ) -> Meaning {
        match (name, style, arguments) {
            ("has", Style::Global, [of]) => self.has(*of),
            ("rate" | "duration" | "bytes", Style::Global, [literal]) => self.literal(name, *literal),
            ("size", _, [of]) => self.count(*of),
            ("startsWith", Style::Member, [whole, piece]) => self.contains(Part::Start, *whole, *piece),
            ("endsWith", Style::Member, [whole, piece]) => self.contains(Part::End, *whole, *piece),
            ("contains", Style::Member, [whole, piece]) => self.contains(Part::Anywhere, *whole, *piece),
            _ => self.no_such_call(name, range),
        }
    }

    fn has(&mut self, of: TermId) -> Meaning {
        match self.meanings[of].clone() {
            Meaning::Leaf(Node::Input(input), _) => self.push(Node::Present(input), BOOL),
            Meaning::Field(of, name) => self.push(Node::Has { of, name }, BOOL),
            Meaning::Wrong => Meaning::Wrong,
            // It says which names there are.
            Meaning::Path(_) => self.operand(of).map_or(Meaning::Wrong, |_| Meaning::Wrong),
            Meaning::Leaf(..) | Meaning::Value(..) | Meaning::Entered(_) => {
                let message = "`has` takes the name of a value".to_owned();
                self.ill_typed(of, message, Some("it asks whether the value is there: `has(cache.ttl)`"))
            }
        }
    }

    /// A literal with a unit, which stands in a text.
    fn literal(&mut self, function: &str, literal: TermId) -> Meaning {
        let text = match &self.meanings[literal] {
            Meaning::Leaf(Node::Text(text), _) => text.clone(),
            Meaning::Wrong => return Meaning::Wrong,
            _ => {
                let message = format!("`{function}` takes a text between quotes, not a value");
                return self.ill_typed(literal, message, None);
            }
        };
        let (read, form) = match function {
            "rate" => (rate(&text), "a rate is a whole number, `/`, and `s`, `min`, `h`, `day` or `month`"),
            "duration" => (duration(&text), "a duration is a whole number and `ms`, `s`, `m`, `h` or `d`"),
            _ => (size(&text), "a size is a whole number and `B`, `KiB`, `MiB` or `GiB`"),
        };
        read.unwrap_or_else(|| {
            let range = self.terms[literal].range.clone();
            let message = format!("`{text}` is no {}", if function == "bytes" { "size" } else { function });
            self.wrong(Mistake::new(MistakeKind::BadLiteral, range, message).with_help(form))
        })
    }

    fn count(&mut self, of: TermId) -> Meaning {
        let Some(of) = self.operand(of) else { return Meaning::Wrong };
        if of.kind == TEXT || matches!(of.kind, Type::List(_)) {
            return self.push(Node::Count(of.node), Type::One(Scalar::Integer));
        }
        let message = format!("{} is neither text nor a list, and has no size", self.described(of));
        self.ill_typed(of.term, message, None)
    }

    fn contains(&mut self, part: Part, whole: TermId, piece: TermId) -> Meaning {
        let (whole, piece) = (self.operand(whole), self.operand(piece));
        let (Some(whole), Some(piece)) = (self.text_operand(whole), self.text_operand(piece)) else {
            return Meaning::Wrong;
        };
        self.push(Node::Contains { part, whole: whole.node, piece: piece.node }, BOOL)
    }

    fn text_operand(&mut self, operand: Option<Operand>) -> Option<Operand> {
        let operand = operand?;
        if operand.kind == TEXT {
            return Some(operand);
        }
        let message = format!("{} is no text", self.described(operand));
        let help = matches!(operand.kind, Type::List(Scalar::Text))
            .then_some("go through the list: `tags.exists(t, t.startsWith(\"team-\"))`");
        self.ill_typed(operand.term, message, help);
        None
    }

    fn no_such_call(&mut self, name: &str, range: &Range<usize>) -> Meaning {
        if let Some((_, help)) = LEFT_OUT.iter().find(|(left_out, _)| *left_out == name) {
            let message = format!("gw's expressions have no `{name}`");
            let mistake = Mistake::new(MistakeKind::Unsupported, range.clone(), message);
            return self.wrong(mistake.with_help(*help));
        }
        if let Some((_, form)) = FUNCTIONS.iter().find(|(function, _)| *function == name) {
            let message = format!("`{name}` is called in another way");
            let mistake = Mistake::new(MistakeKind::IllTyped, range.clone(), message);
            return self.wrong(mistake.with_help(format!("write `{form}`")));
        }
        let names = FUNCTIONS.iter().map(|(function, _)| *function);
        let help = match nearest(name, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", super::listed(&names.collect::<Vec<_>>())),
        };
        let mistake = Mistake::new(MistakeKind::UnknownName, range.clone(), format!("there is no `{name}`"));
        self.wrong(mistake.with_help(help))
    }
}

fn rate(text: &str) -> Option<Meaning> {
    let rate: Rate = text.parse().ok()?;
    Some(Meaning::Leaf(Node::Rate(rate), Type::One(Scalar::Rate)))
}

fn duration(text: &str) -> Option<Meaning> {
    let millis = units::millis(text)?;
    Some(Meaning::Leaf(Node::Duration(millis), Type::One(Scalar::Duration)))
}

fn size(text: &str) -> Option<Meaning> {
    Some(Meaning::Leaf(Node::Size(units::bytes(text)?), Type::One(Scalar::Size)))
}
