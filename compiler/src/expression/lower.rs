//! Names, types and literals: from terms to the artifact's table.
//!
//! Terms come operands first, so that one pass suffices. A term that is wrong is said once: what is made of it says
//! nothing more.

mod calls;
mod operators;

use std::ops::Range;

use gw_artifact::expression::{Broken, Expression, Input, MAX_NODES, Node, NodeId, Quantifier, Scalar, Type};
use gw_syntax::nearest;

use super::Vocabulary;
use super::mistake::{Mistake, MistakeKind};
use super::read::{Shape, Term, TermId};

/// Lowers the terms of a text; the last one is the condition.
pub(super) fn lower(terms: &[Term], text: &str, vocabulary: Vocabulary) -> Result<Expression, Vec<Mistake>> {
    let mut lowering = Lowering {
        terms,
        text,
        vocabulary,
        meanings: Vec::with_capacity(terms.len()),
        inputs: Vec::new(),
        nodes: Vec::new(),
        open: Vec::new(),
        mistakes: Vec::new(),
    };
    for term in terms {
        let meaning = lowering.term(term);
        lowering.meanings.push(meaning);
    }
    lowering.finish()
}

/// How many mistakes of one expression are told.
const MAX_MISTAKES: usize = 8;

/// What a term means.
#[derive(Clone, Debug)]
enum Meaning {
    /// A value that a row gives.
    Value(NodeId, Type),
    /// A value that no row gives yet: a literal, or an input.
    Leaf(Node, Type),
    /// The beginning of names: `timeout` of `timeout.total`.
    Path(String),
    /// A field of a claim, which no row gives yet.
    Field(NodeId, String),
    /// The beginning of a loop.
    Entered(NodeId),
    /// It is wrong, and that was said.
    Wrong,
}

struct Lowering<'t> {
    terms: &'t [Term],
    text: &'t str,
    vocabulary: Vocabulary,
    meanings: Vec<Meaning>,
    inputs: Vec<Input>,
    nodes: Vec<Node>,
    /// Names of elements, innermost last.
    open: Vec<(&'t str, Meaning)>,
    mistakes: Vec<Mistake>,
}

/// A value that is used: its row, its type, its term.
#[derive(Clone, Copy, Debug)]
struct Operand {
    node: NodeId,
    kind: Type,
    term: TermId,
}

impl<'t> Lowering<'t> {
    fn term(&mut self, term: &'t Term) -> Meaning {
        let one = |node, scalar| Meaning::Leaf(node, Type::One(scalar));
        match &term.shape {
            Shape::Bool(value) => one(Node::Bool(*value), Scalar::Bool),
            Shape::Integer(value) => one(Node::Integer(*value), Scalar::Integer),
            Shape::Percent(share) => one(Node::Permille(u32::from(share.0)), Scalar::Permille),
            Shape::Text(value) => one(Node::Text(value.clone()), Scalar::Text),
            Shape::Name(name) => self.name(name, &term.range),
            Shape::List(elements) => self.list(elements, &term.range),
            Shape::Field(of, name) => self.field(*of, name, &term.range),
            Shape::Index(of, key) => self.index(*of, *key, &term.range),
            Shape::Operator(operator, operands) => self.operator(*operator, operands, &term.range),
            Shape::Call { name, name_range, style, arguments } => {
                self.call(name, name_range, *style, arguments)
            }
            Shape::Enter { list, variable } => self.enter(*list, variable),
            Shape::Leave { entered, name, body } => self.leave(*entered, name, *body),
        }
    }

    fn name(&mut self, name: &str, range: &Range<usize>) -> Meaning {
        if let Some((_, element)) = self.open.iter().rev().find(|(variable, _)| *variable == name) {
            return element.clone();
        }
        self.path(name.to_owned(), range)
    }

    /// A name with all its dots so far.
    fn path(&mut self, name: String, range: &Range<usize>) -> Meaning {
        if let Some(kind) = self.vocabulary.find(&name) {
            return self.input(&name, kind);
        }
        if self.vocabulary.below(&name).next().is_some() {
            return Meaning::Path(name);
        }
        let known: Vec<&str> = self.vocabulary.variables().iter().map(|variable| variable.name).collect();
        let help = match nearest(&name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("{} can read {}", self.vocabulary.described(), listed(&known)),
        };
        let message = format!("`{name}` is nothing that {} can read", self.vocabulary.described());
        self.wrong(Mistake::new(MistakeKind::UnknownName, range.clone(), message).with_help(help))
    }

    fn input(&mut self, name: &str, kind: Type) -> Meaning {
        let index = self.inputs.iter().position(|input| input.name == name).unwrap_or_else(|| {
            self.inputs.push(Input { name: name.to_owned(), kind });
            self.inputs.len() - 1
        });
        Meaning::Leaf(Node::Input(index as u16), kind)
    }

    fn list(&mut self, elements: &[TermId], range: &Range<usize>) -> Meaning {
        let Some(operands) = self.operands(elements) else { return Meaning::Wrong };
        let [first, rest @ ..] = operands.as_slice() else {
            let message = "an empty list holds nothing that could be found in it";
            return self.wrong(Mistake::new(MistakeKind::IllTyped, range.clone(), message));
        };
        let Type::One(scalar) = first.kind else {
            let message = format!("a list cannot hold {}", first.kind);
            return self.ill_typed(first.term, message, None);
        };
        if let Some(other) = rest.iter().find(|other| other.kind != first.kind) {
            let message =
                format!("the list begins with {}, and this is {}", first.kind, self.described(*other));
            return self.ill_typed(other.term, message, None);
        }
        let ids = operands.iter().map(|operand| operand.node).collect();
        self.push(Node::List(ids), Type::List(scalar))
    }

    fn field(&mut self, of: TermId, name: &str, range: &Range<usize>) -> Meaning {
        if let Meaning::Path(path) = &self.meanings[of] {
            return self.path(format!("{path}.{name}"), range);
        }
        let Some(of) = self.operand(of) else { return Meaning::Wrong };
        if of.kind != Type::Json {
            let (whole, kind) = (self.written(of.term), of.kind);
            let message = format!("`{whole}` is {kind}, which has no field `{name}`");
            return self.wrong(Mistake::new(MistakeKind::IllTyped, range.clone(), message));
        }
        Meaning::Field(of.node, name.to_owned())
    }

    fn index(&mut self, of: TermId, key: TermId, range: &Range<usize>) -> Meaning {
        match &self.meanings[key] {
            Meaning::Leaf(Node::Text(name), _) => {
                let name = name.clone();
                self.field(of, &name, range)
            }
            Meaning::Wrong => Meaning::Wrong,
            _ => {
                let message = "gw's expressions take no element out of a list by its number";
                let mistake = Mistake::new(MistakeKind::Unsupported, range.clone(), message);
                self.wrong(mistake.with_help("ask with `in`, `exists` or `all`"))
            }
        }
    }

    fn enter(&mut self, list: TermId, variable: &'t str) -> Meaning {
        let operand = self.operand(list);
        let Some(Operand { node, kind: Type::List(scalar), .. }) = operand else {
            self.open.push((variable, Meaning::Wrong));
            return operand.map_or(Meaning::Wrong, |operand| {
                let message = format!("{} is no list to go through", self.described(operand));
                let help = (operand.kind == Type::Json).then_some("a claim is searched with `in`");
                self.ill_typed(list, message, help)
            });
        };
        // The end is put in when it is known.
        let begun = self.row(Node::Each { list: node, end: NodeId(0) });
        self.open.push((variable, Meaning::Value(begun, Type::One(scalar))));
        Meaning::Entered(begun)
    }

    fn leave(&mut self, entered: TermId, name: &str, body: TermId) -> Meaning {
        let body = self.truth(body);
        self.open.pop();
        let (Meaning::Entered(each), Some(holds)) = (&self.meanings[entered], body) else {
            return Meaning::Wrong;
        };
        let each = *each;
        let how = if name == "all" { Quantifier::All } else { Quantifier::Exists };
        let id = self.row(Node::Quantify { how, each, holds });
        if let Some(Node::Each { end, .. }) = self.nodes.get_mut(usize::from(each.0)) {
            *end = id;
        }
        Meaning::Value(id, Type::One(Scalar::Bool))
    }

    /// The value of a term, as a row; `None` when it is wrong.
    fn operand(&mut self, term: TermId) -> Option<Operand> {
        let (node, kind) = match self.meanings[term].clone() {
            Meaning::Value(node, kind) => (node, kind),
            Meaning::Leaf(node, kind) => (self.row(node), kind),
            Meaning::Field(of, name) => (self.row(Node::Field { of, name }), Type::Json),
            Meaning::Path(path) => {
                let below: Vec<&str> = self.vocabulary.below(&path).collect();
                let message = format!("`{path}` is the beginning of several names");
                let range = self.terms[term].range.clone();
                let help = format!("write one of {}", listed(&below));
                self.wrong(Mistake::new(MistakeKind::UnknownName, range, message).with_help(help));
                return None;
            }
            Meaning::Entered(_) | Meaning::Wrong => return None,
        };
        Some(Operand { node, kind, term })
    }

    fn operands(&mut self, terms: &[TermId]) -> Option<Vec<Operand>> {
        let operands: Vec<Option<Operand>> = terms.iter().map(|term| self.operand(*term)).collect();
        operands.into_iter().collect()
    }

    /// The row of a term that must be true or false.
    fn truth(&mut self, term: TermId) -> Option<NodeId> {
        let operand = self.operand(term)?;
        if operand.kind == Type::One(Scalar::Bool) {
            return Some(operand.node);
        }
        let message = format!("{} is no condition", self.described(operand));
        let help = (operand.kind == Type::Json).then_some("compare the claim: `token.admin == true`");
        self.ill_typed(term, message, help);
        None
    }

    /// A row that gives a value of this type.
    fn push(&mut self, node: Node, kind: Type) -> Meaning {
        Meaning::Value(self.row(node), kind)
    }

    /// One more row. Past the bound it is only counted, which [`Self::finish`] tells.
    fn row(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId((self.nodes.len() - 1) as u16)
    }

    fn wrong(&mut self, mistake: Mistake) -> Meaning {
        if self.mistakes.len() < MAX_MISTAKES {
            self.mistakes.push(mistake);
        }
        Meaning::Wrong
    }

    fn ill_typed(&mut self, term: TermId, message: String, help: Option<&str>) -> Meaning {
        let mistake = Mistake::new(MistakeKind::IllTyped, self.terms[term].range.clone(), message);
        self.wrong(match help {
            Some(help) => mistake.with_help(help),
            None => mistake,
        })
    }

    fn written(&self, term: TermId) -> &'t str {
        &self.text[self.terms[term].range.clone()]
    }

    /// "`error_ratio` (a percentage)"; long parts by their type alone.
    fn described(&self, operand: Operand) -> String {
        let written = self.written(operand.term);
        if written.len() <= 40 && !written.contains('\n') {
            format!("`{written}` ({})", operand.kind)
        } else {
            operand.kind.to_string()
        }
    }

    fn finish(mut self) -> Result<Expression, Vec<Mistake>> {
        let answer = self.terms.len().checked_sub(1).and_then(|last| self.truth(last));
        let whole = 0..self.text.len();
        if answer.is_none() && self.mistakes.is_empty() {
            // Every term that is wrong was said; should one not be, the condition must not be lost without a word.
            let message = "the expression is written in a way that gw does not read";
            self.mistakes.push(Mistake::new(MistakeKind::Unsupported, whole.clone(), message));
        }
        if !self.mistakes.is_empty() {
            return Err(self.mistakes);
        }
        if self.nodes.len() > MAX_NODES {
            let message =
                format!("the expression has {} parts, and {MAX_NODES} is the most", self.nodes.len());
            return Err(vec![Mistake::new(MistakeKind::TooLarge, whole, message)]);
        }
        Expression::new(self.inputs, self.nodes).map_err(|broken| {
            let (Broken::TooLarge(why) | Broken::Malformed(why)) = broken;
            vec![Mistake::new(MistakeKind::TooLarge, whole, format!("the expression is too large: {why}"))]
        })
    }
}

/// Names in backticks, at most ten.
fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// How many names a help lists before it counts.
const LISTED: usize = 10;
