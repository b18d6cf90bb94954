//! From text to terms: the parser of the `cel` crate, its tree as a flat list, and the place of each part.
//!
//! The parser does not tell places. Its tree keeps names and literals in the order of the text, so each of them gets the
//! next such token of the scan; that they are the same is checked one by one.

use std::ops::Range;

use cel::common::ast::operators as cel_operators;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr};
use cel::parser::PrattParser;

use super::mistake::{Mistake, MistakeKind};
use super::scan::{Scanned, Token, TokenKind};
use super::{MAX_NESTING, MAX_TOKENS};
use crate::vocabulary::units::{self, Permille};

/// Position of a [`Term`] in its list.
pub(super) type TermId = usize;

/// A part of an expression; the parts that it is made of stand before it.
#[derive(Debug)]
pub(super) struct Term {
    /// Its bytes in the text.
    pub(super) range: Range<usize>,
    pub(super) shape: Shape,
}

#[derive(Debug)]
pub(super) enum Shape {
    Bool(bool),
    Integer(i64),
    Percent(Permille),
    Text(String),
    Name(String),
    List(Vec<TermId>),
    Field(TermId, String),
    Index(TermId, TermId),
    Operator(Operator, Vec<TermId>),
    /// A call by its name; of `a.f(b)`, `a` comes first.
    Call {
        name: String,
        name_range: Range<usize>,
        style: Style,
        arguments: Vec<TermId>,
    },
    /// `list.all(name, …` up to its body.
    Enter {
        list: TermId,
        variable: String,
    },
    /// The end of the body.
    Leave {
        entered: TermId,
        name: &'static str,
        body: TermId,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `f(a)`
    Global,
    /// `a.f(b)`
    Member,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
    Negate,
    Choose,
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    In,
}

const OPERATORS: [(&str, Operator); 16] = [
    (cel_operators::LOGICAL_AND, Operator::And),
    (cel_operators::LOGICAL_OR, Operator::Or),
    (cel_operators::LOGICAL_NOT, Operator::Not),
    (cel_operators::NEGATE, Operator::Negate),
    (cel_operators::CONDITIONAL, Operator::Choose),
    (cel_operators::EQUALS, Operator::Equal),
    (cel_operators::NOT_EQUALS, Operator::NotEqual),
    (cel_operators::LESS, Operator::Less),
    (cel_operators::LESS_EQUALS, Operator::AtMost),
    (cel_operators::GREATER, Operator::Greater),
    (cel_operators::GREATER_EQUALS, Operator::AtLeast),
    (cel_operators::ADD, Operator::Add),
    (cel_operators::SUBSTRACT, Operator::Subtract),
    (cel_operators::MULTIPLY, Operator::Multiply),
    (cel_operators::DIVIDE, Operator::Divide),
    (cel_operators::IN, Operator::In),
];

/// The quantifiers; their second argument is read for each element.
const QUANTIFIERS: [&str; 2] = ["all", "exists"];

/// What CEL has besides, and gw leaves out: they make lists, or count.
const LEFT_OUT: [&str; 4] = ["map", "filter", "exists_one", "existsOne"];

/// Parses a scanned text.
pub(super) fn read(text: &str, scanned: &Scanned) -> Result<Vec<Term>, Vec<Mistake>> {
    let parser = PrattParser::new()
        .max_recursion_depth(MAX_NESTING as u16 + 1)
        .max_expression_node_count(2 * MAX_TOKENS)
        .error_recovery_limit(1);
    let tree = parser.parse(&scanned.text).map_err(|errors| {
        let place = errors.errors.iter().map(|error| error.pos).find(|pos| pos.0 > 0);
        vec![syntax_error(text, scanned, place)]
    })?;
    Reader { text, leaves: leaves(text, &scanned.tokens), next_leaf: 0, terms: Vec::new() }
        .read(&tree)
        .map_err(|mistake| vec![mistake])
}

/// Names and literals, in the order of the text; `in` is an operator.
fn leaves<'s>(text: &str, tokens: &'s [Token]) -> Vec<&'s Token> {
    let is_leaf = |token: &&Token| token.kind != TokenKind::Sign && &text[token.range.clone()] != "in";
    tokens.iter().filter(is_leaf).collect()
}

/// The parser's own words are not shown: they name its rules. The place is what counts.
fn syntax_error(text: &str, scanned: &Scanned, place: Option<(isize, isize)>) -> Mistake {
    let malformed =
        |range: Range<usize>, message: String| Mistake::new(MistakeKind::Malformed, range, message);
    if scanned.tokens.is_empty() {
        return malformed(0..text.len(), "the expression is empty".into());
    }
    let offset = place.map_or(0, |(line, column)| {
        let lines = scanned.text.split_inclusive('\n').take(line as usize - 1);
        lines.map(str::len).sum::<usize>() + (column.max(1) as usize - 1)
    });
    if let Some(token) = scanned.tokens.iter().find(|token| token.range.end > offset) {
        let written = &text[token.range.clone()];
        return malformed(token.range.clone(), format!("`{written}` cannot stand here in an expression"));
    }
    let last = scanned.tokens.last().map_or(0..text.len(), |token| token.range.clone());
    malformed(last, "the expression ends too early".into())
}

struct Reader<'t> {
    text: &'t str,
    leaves: Vec<&'t Token>,
    next_leaf: usize,
    terms: Vec<Term>,
}

/// What is to be done, last first.
enum Task<'t> {
    Visit(&'t IdedExpr),
    /// The target is read: now the name of the call, then its arguments.
    Member(&'t CallExpr),
    List(usize),
    Field(&'t SelectExpr),
    Index,
    Operator(Operator, usize),
    Call(Named, Style, usize),
    /// The list is read: now the variable and the body.
    Leave(TermId, &'static str),
}

struct Named {
    name: String,
    range: Range<usize>,
}

impl<'t> Reader<'t> {
    /// Walks the tree in the order of the text, without recursion.
    fn read(mut self, tree: &'t IdedExpr) -> Result<Vec<Term>, Mistake> {
        let mut tasks = vec![Task::Visit(tree)];
        let mut done: Vec<TermId> = Vec::new();
        while let Some(task) = tasks.pop() {
            let (range, shape) = match task {
                Task::Visit(tree) => match self.visit(tree, &mut tasks)? {
                    Some(leaf) => leaf,
                    None => continue,
                },
                Task::Member(call) => {
                    let name = self.name(&call.func_name)?;
                    match self.quantifier(call, &name)? {
                        None => {
                            tasks.push(Task::Call(name, Style::Member, call.args.len() + 1));
                            tasks.extend(call.args.iter().rev().map(Task::Visit));
                            continue;
                        }
                        Some((quantifier, variable, body)) => {
                            let list = pop(&mut done, 1)[0];
                            tasks.push(Task::Leave(self.terms.len(), quantifier));
                            tasks.push(Task::Visit(body));
                            let range = self.terms[list].range.start..name.range.end;
                            self.terms.push(Term { range, shape: Shape::Enter { list, variable } });
                            continue;
                        }
                    }
                }
                Task::List(count) => {
                    let elements = pop(&mut done, count);
                    (self.around(&elements, None), Shape::List(elements))
                }
                Task::Field(select) => {
                    let name = self.name(&select.field)?;
                    let of = pop(&mut done, 1);
                    (self.around(&of, Some(&name.range)), Shape::Field(of[0], name.name))
                }
                Task::Index => {
                    let parts = pop(&mut done, 2);
                    (self.around(&parts, None), Shape::Index(parts[0], parts[1]))
                }
                Task::Operator(operator, count) => {
                    let operands = pop(&mut done, count);
                    (self.around(&operands, None), Shape::Operator(operator, operands))
                }
                Task::Call(name, style, count) => {
                    let arguments = pop(&mut done, count);
                    let range = self.around(&arguments, Some(&name.range));
                    (range, Shape::Call { name: name.name, name_range: name.range, style, arguments })
                }
                Task::Leave(entered, name) => {
                    let body = pop(&mut done, 1)[0];
                    let range = self.terms[entered].range.start..self.terms[body].range.end;
                    (range, Shape::Leave { entered, name, body })
                }
            };
            done.push(self.terms.len());
            self.terms.push(Term { range, shape });
        }
        if self.next_leaf == self.leaves.len() { Ok(self.terms) } else { Err(self.unreadable()) }
    }

    /// A leaf gives its term; everything else says what is to be done.
    fn visit(
        &mut self,
        tree: &'t IdedExpr,
        tasks: &mut Vec<Task<'t>>,
    ) -> Result<Option<(Range<usize>, Shape)>, Mistake> {
        match &tree.expr {
            Expr::Literal(literal) => self.literal(literal).map(Some),
            Expr::Ident(name) => {
                let named = self.name(name)?;
                Ok(Some((named.range, Shape::Name(named.name))))
            }
            Expr::List(list) => {
                tasks.push(Task::List(list.elements.len()));
                tasks.extend(list.elements.iter().rev().map(Task::Visit));
                Ok(None)
            }
            Expr::Select(select) => {
                tasks.push(Task::Field(select));
                tasks.push(Task::Visit(&select.operand));
                Ok(None)
            }
            Expr::Call(call) => self.call(call, tasks).map(|()| None),
            // The scan refuses braces, and rewrites what the parser would make a loop.
            Expr::Unspecified | Expr::Comprehension(_) | Expr::Map(_) | Expr::Struct(_) => {
                Err(self.unreadable())
            }
        }
    }

    fn call(&mut self, call: &'t CallExpr, tasks: &mut Vec<Task<'t>>) -> Result<(), Mistake> {
        let operator = OPERATORS.iter().find(|(name, _)| *name == call.func_name);
        match (&call.target, operator) {
            (Some(target), _) => {
                tasks.push(Task::Member(call));
                tasks.push(Task::Visit(target));
                return Ok(());
            }
            (None, Some((_, operator))) => tasks.push(Task::Operator(*operator, call.args.len())),
            (None, None) if call.func_name == cel_operators::INDEX => tasks.push(Task::Index),
            (None, None) => {
                let name = self.name(&call.func_name)?;
                tasks.push(Task::Call(name, Style::Global, call.args.len()));
            }
        }
        tasks.extend(call.args.iter().rev().map(Task::Visit));
        Ok(())
    }

    /// The quantifier's name, variable and body; `None` for any other call.
    fn quantifier(
        &mut self,
        call: &'t CallExpr,
        name: &Named,
    ) -> Result<Option<(&'static str, String, &'t IdedExpr)>, Mistake> {
        if LEFT_OUT.contains(&name.name.as_str()) {
            let message = format!("gw's expressions have no `{}`", name.name);
            return Err(Mistake::new(MistakeKind::Unsupported, name.range.clone(), message)
                .with_help("ask with `exists` or `all`"));
        }
        let known = QUANTIFIERS.into_iter().find(|quantifier| *quantifier == name.name);
        let (Some(quantifier), [variable, body]) = (known, call.args.as_slice()) else { return Ok(None) };
        let Expr::Ident(variable) = &variable.expr else {
            let message = format!("`{quantifier}` takes a name for the element, then a condition");
            return Err(Mistake::new(MistakeKind::Malformed, name.range.clone(), message)
                .with_help(format!("write `list.{quantifier}(x, x == \"a\")`")));
        };
        let variable = self.name(variable)?;
        Ok(Some((quantifier, variable.name, body)))
    }

    fn literal(&mut self, literal: &LiteralValue) -> Result<(Range<usize>, Shape), Mistake> {
        let range = self.leaf()?.range.clone();
        let unsupported = |what: &str| {
            let message = format!("gw's expressions have no {what}");
            Err(Mistake::new(MistakeKind::Unsupported, range.clone(), message))
        };
        let shape = match literal {
            LiteralValue::Boolean(value) => Shape::Bool(*value.inner()),
            LiteralValue::Int(value) => Shape::Integer(*value.inner()),
            // The scan lets no unsigned number through, and puts one where a percentage stands.
            LiteralValue::UInt(_) => match units::permille(&self.text[range.clone()]) {
                Some(share) => Shape::Percent(share),
                None => return unsupported("unsigned numbers"),
            },
            LiteralValue::String(value) => Shape::Text(value.inner().to_owned()),
            LiteralValue::Null => {
                return unsupported("`null`").map_err(|mistake: Mistake| {
                    mistake.with_help("`has(name)` asks whether a value is there")
                });
            }
            LiteralValue::Double(_) => return unsupported("fractions"),
            LiteralValue::Bytes(_) => return unsupported("bytes"),
        };
        Ok((range, shape))
    }

    /// The next name of the text, which must be the one that the tree has, as far as the scan left it.
    fn name(&mut self, in_tree: &str) -> Result<Named, Mistake> {
        let token = self.leaf()?;
        let name = &self.text[token.range.clone()];
        let same = name == in_tree
            || in_tree
                .strip_suffix('_')
                .is_some_and(|kept| name.len() == in_tree.len() && name.starts_with(kept));
        if token.kind == TokenKind::Word && same {
            Ok(Named { name: name.to_owned(), range: token.range.clone() })
        } else {
            Err(self.unreadable())
        }
    }

    fn leaf(&mut self) -> Result<&'t Token, Mistake> {
        let token = self.leaves.get(self.next_leaf).copied().ok_or_else(|| self.unreadable())?;
        self.next_leaf += 1;
        Ok(token)
    }

    /// A tree that does not go with its text: a form of CEL that the subset has no place for.
    fn unreadable(&self) -> Mistake {
        let message = "the expression is written in a way that gw does not read";
        Mistake::new(MistakeKind::Unsupported, 0..self.text.len(), message)
    }

    /// The bytes from the first part to the last; of an empty list, where the next leaf would stand.
    fn around(&self, parts: &[TermId], also: Option<&Range<usize>>) -> Range<usize> {
        let ranges = parts.iter().map(|part| &self.terms[*part].range).chain(also);
        ranges.cloned().reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or(0..self.text.len())
    }
}

/// The last `count` results, in their order.
fn pop(done: &mut Vec<TermId>, count: usize) -> Vec<TermId> {
    done.split_off(done.len() - count)
}
