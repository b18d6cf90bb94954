//! Operators and their types.

use std::ops::Range;

use gw_artifact::expression::{Arithmetic, Comparison, Node, Scalar, Type};

use super::super::mistake::{Mistake, MistakeKind};
use super::super::read::{Operator, TermId};
use super::{Lowering, Meaning, Operand};

const BOOL: Type = Type::One(Scalar::Bool);
const INTEGER: Type = Type::One(Scalar::Integer);

impl Lowering<'_> {
    pub(super) fn operator(
        &mut self,
        operator: Operator,
        operands: &[TermId],
        range: &Range<usize>,
    ) -> Meaning {
        match (operator, operands) {
            (Operator::Not, [of]) => {
                self.truth(*of).map_or(Meaning::Wrong, |of| self.push(Node::Not(of), BOOL))
            }
            (Operator::And | Operator::Or, [left, right]) => {
                let (Some(left), Some(right)) = (self.truth(*left), self.truth(*right)) else {
                    return Meaning::Wrong;
                };
                let node =
                    if operator == Operator::And { Node::And(left, right) } else { Node::Or(left, right) };
                self.push(node, BOOL)
            }
            (Operator::Choose, [condition, yes, no]) => self.choose(*condition, *yes, *no),
            (Operator::Negate, [of]) => {
                let of = self.operand(*of);
                self.number(of).map_or(Meaning::Wrong, |of| self.push(Node::Negate(of.node), INTEGER))
            }
            (Operator::In, [item, list]) => self.search(*item, *list, range),
            (_, [left, right]) => match (comparison(operator), arithmetic(operator)) {
                (Some(how), _) => self.compare(how, *left, *right, range),
                (None, Some(how)) => self.arithmetic(how, *left, *right),
                (None, None) => Meaning::Wrong,
            },
            _ => Meaning::Wrong,
        }
    }

    fn choose(&mut self, condition: TermId, yes: TermId, no: TermId) -> Meaning {
        let condition = self.truth(condition);
        let (yes, no) = (self.operand(yes), self.operand(no));
        let (Some(condition), Some(yes), Some(no)) = (condition, yes, no) else { return Meaning::Wrong };
        if yes.kind != no.kind {
            let message = format!("the choice is between {} and {}", yes.kind, no.kind);
            return self.ill_typed(no.term, message, None);
        }
        self.push(Node::Choose { condition, yes: yes.node, no: no.node }, yes.kind)
    }

    fn compare(&mut self, how: Comparison, left: TermId, right: TermId, range: &Range<usize>) -> Meaning {
        let (Some(left), Some(right)) = (self.operand(left), self.operand(right)) else {
            return Meaning::Wrong;
        };
        let comparable = match (left.kind, right.kind) {
            (Type::One(left), Type::One(right)) => left == right && (how.is_equality() || left.is_ordered()),
            (Type::Json, Type::One(scalar)) | (Type::One(scalar), Type::Json) => {
                how.is_equality() && scalar.is_in_json()
            }
            _ => false,
        };
        if comparable {
            return self.push(Node::Compare { how, left: left.node, right: right.node }, BOOL);
        }
        let message = format!("{} cannot be compared with {}", self.described(left), self.described(right));
        let mistake = Mistake::new(MistakeKind::IllTyped, range.clone(), message);
        let help = self.remedy(left, right).or_else(|| self.remedy(right, left));
        self.wrong(match help {
            Some(help) => mistake.with_help(help),
            None => mistake,
        })
    }

    /// How the second operand could be written so that it goes with the first.
    fn remedy(&self, left: Operand, right: Operand) -> Option<String> {
        let written = self.written(right.term);
        Some(match (left.kind, right.kind) {
            (BOOL, BOOL) => "truths have no order: compare them with `==` or `!=`".to_owned(),
            (Type::One(Scalar::Permille), INTEGER) => format!("a percentage is written `{written}%`"),
            (Type::One(Scalar::Rate), _) => "a rate is written `rate(\"1000/min\")`".to_owned(),
            (Type::One(Scalar::Duration), _) => "a duration is written `duration(\"2s\")`".to_owned(),
            (Type::One(Scalar::Size), _) => "a size is written `bytes(\"1MiB\")`".to_owned(),
            (Type::List(_), Type::One(_)) => {
                format!("ask whether the list holds it: `{written} in {}`", self.written(left.term))
            }
            (Type::Json, _) => {
                "a claim can be compared with text, numbers and truths, by `==` and `!=` only".to_owned()
            }
            _ => return None,
        })
    }

    fn search(&mut self, item: TermId, list: TermId, range: &Range<usize>) -> Meaning {
        let (Some(item), Some(list)) = (self.operand(item), self.operand(list)) else {
            return Meaning::Wrong;
        };
        let agree = match (item.kind, list.kind) {
            (Type::One(item), Type::List(element)) => item == element,
            (Type::One(scalar), Type::Json) | (Type::Json, Type::List(scalar)) => scalar.is_in_json(),
            _ => false,
        };
        if agree {
            return self.push(Node::In { item: item.node, list: list.node }, BOOL);
        }
        let message = format!("{} cannot stand in {}", self.described(item), self.described(list));
        let mistake = Mistake::new(MistakeKind::IllTyped, range.clone(), message);
        let both_text = item.kind == list.kind && item.kind == Type::One(Scalar::Text);
        self.wrong(if both_text {
            let (whole, piece) = (self.written(list.term), self.written(item.term));
            mistake.with_help(format!("to look into text, write `{whole}.contains({piece})`"))
        } else {
            mistake
        })
    }

    fn arithmetic(&mut self, how: Arithmetic, left: TermId, right: TermId) -> Meaning {
        let (left, right) = (self.operand(left), self.operand(right));
        let (Some(left), Some(right)) = (self.number(left), self.number(right)) else {
            return Meaning::Wrong;
        };
        self.push(Node::Arithmetic { how, left: left.node, right: right.node }, INTEGER)
    }

    /// An operand that must be a whole number.
    fn number(&mut self, operand: Option<Operand>) -> Option<Operand> {
        let operand = operand?;
        if operand.kind == INTEGER {
            return Some(operand);
        }
        let message = format!("gw computes with whole numbers only, not with {}", operand.kind);
        self.ill_typed(operand.term, message, None);
        None
    }
}

fn comparison(operator: Operator) -> Option<Comparison> {
    Some(match operator {
        Operator::Equal => Comparison::Equal,
        Operator::NotEqual => Comparison::NotEqual,
        Operator::Less => Comparison::Less,
        Operator::AtMost => Comparison::AtMost,
        Operator::Greater => Comparison::Greater,
        Operator::AtLeast => Comparison::AtLeast,
        _ => return None,
    })
}

fn arithmetic(operator: Operator) -> Option<Arithmetic> {
    Some(match operator {
        Operator::Add => Arithmetic::Add,
        Operator::Subtract => Arithmetic::Subtract,
        Operator::Multiply => Arithmetic::Multiply,
        Operator::Divide => Arithmetic::Divide,
        _ => return None,
    })
}
