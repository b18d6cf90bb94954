//! From text to a program, with a stack of what is open instead of recursion.

use std::ops::Range;

use super::lex::{Cursor, fault};
use super::program::{
    Comparison, Function, Literal, Op, Parameter, Program, Query, Segment, Selector, Start,
};
use super::{MAX_PATH_BYTES, MAX_PATH_NESTING, PathFault};
use crate::suggest::nearest;

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Program, PathFault> {
    if text.len() > MAX_PATH_BYTES {
        let message = format!("the JSONPath has {} bytes, more than {MAX_PATH_BYTES}", text.len());
        return Err(fault(message, 0..text.len()));
    }
    let mut parser =
        Parser { cursor: Cursor::new(text), open: Vec::new(), depth: 0, program: Program::default() };
    if !parser.cursor.take("$") {
        return Err(parser.cursor.fault("a JSONPath begins with `$`"));
    }
    parser.begin_query(Start::Root);
    while let Some(innermost) = parser.open.last() {
        match innermost {
            Open::Query { id, at } => parser.segment(*id, *at)?,
            Open::Brackets { .. } => parser.selector()?,
            Open::Filter(_) => parser.condition()?,
        }
    }
    Ok(parser.program)
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    open: Vec<Open>,
    /// How many brackets, parentheses and calls are open.
    depth: usize,
    program: Program,
}

/// What is not complete yet; a filter stands on the brackets that hold it, these on their query.
enum Open {
    /// By position in [`Program::queries`], and where it begins.
    Query {
        id: usize,
        at: usize,
    },
    Brackets {
        at: usize,
        descendants: bool,
        selectors: Vec<Selector>,
    },
    Filter(Filter),
}

/// A filter that expects an operand next.
#[derive(Default)]
struct Filter {
    ops: Vec<Op>,
    pending: Vec<Pending>,
}

/// What waits for its right side. Jumps are patched once it is there.
enum Pending {
    And(usize),
    Or(usize),
    Not,
    /// An open parenthesis, and where it stands.
    Group(usize),
    Compare(Comparison),
    Call {
        function: Function,
        arguments: usize,
        at: usize,
    },
}

/// A complete operand, whose steps are written.
struct Operand {
    form: Form,
    place: Range<usize>,
}

#[derive(Clone, Copy)]
enum Form {
    Literal,
    /// By position in [`Program::queries`].
    Query(usize),
    /// A function that gives a value.
    Value(Function),
    /// A function that gives a truth.
    Truth(Function),
}

impl Parser<'_> {
    /// Begins a query, whose `$` or `@` has been passed.
    fn begin_query(&mut self, start: Start) {
        self.open.push(Open::Query { id: self.program.queries.len(), at: self.cursor.at - 1 });
        self.program.queries.push(Query { start, segments: Vec::new() });
    }

    fn deeper(&mut self) -> Result<(), PathFault> {
        self.depth += 1;
        if self.depth > MAX_PATH_NESTING {
            let message = format!("the JSONPath nests deeper than {MAX_PATH_NESTING} levels");
            return Err(self.cursor.fault(message));
        }
        Ok(())
    }

    /// One segment, or the end of the query.
    fn segment(&mut self, query: usize, start: usize) -> Result<(), PathFault> {
        let before = self.cursor.at;
        self.cursor.space();
        let at = self.cursor.at;
        let descendants = self.cursor.take("..");
        if self.cursor.take("[") {
            self.deeper()?;
            self.open.push(Open::Brackets { at, descendants, selectors: Vec::new() });
            return Ok(());
        }
        if descendants || self.cursor.take(".") {
            let selector = if self.cursor.take("*") {
                Selector::Wildcard
            } else if let Some(name) = self.cursor.member_name() {
                Selector::Name(name.to_owned())
            } else {
                return Err(self
                    .cursor
                    .fault("a name or `*` must follow; other names are written `['a-b']`"));
            };
            self.program.queries[query].segments.push(Segment { descendants, selectors: vec![selector] });
            return Ok(());
        }
        self.open.pop();
        if !self.open.is_empty() {
            self.filter().ops.push(Op::Query(query));
            return self.operand(Operand { form: Form::Query(query), place: start..before });
        }
        if before == self.cursor.at && self.cursor.rest().is_empty() {
            return Ok(());
        }
        self.cursor.at = before;
        Err(self.cursor.fault("a JSONPath goes on with `.` or `[`, or ends"))
    }

    /// One selector between brackets.
    fn selector(&mut self) -> Result<(), PathFault> {
        self.cursor.space();
        if self.cursor.take("?") {
            self.open.push(Open::Filter(Filter::default()));
            return Ok(());
        }
        let selector = match self.cursor.peek() {
            Some('*') => {
                self.cursor.at += 1;
                Selector::Wildcard
            }
            Some('\'' | '"') => Selector::Name(self.cursor.string()?),
            Some('-' | ':' | '0'..='9') => self.index_or_slice()?,
            _ => {
                let message = "a selector is a name in quotes, `*`, a number, a slice or a filter `?…`";
                return Err(self.cursor.fault(message));
            }
        };
        self.after_selector(selector)
    }

    fn index_or_slice(&mut self) -> Result<Selector, PathFault> {
        let start = self.cursor.integer()?;
        let after = self.cursor.at;
        self.cursor.space();
        if !self.cursor.take(":") {
            self.cursor.at = after;
            return start.map(Selector::Index).ok_or_else(|| self.cursor.fault("a number must follow"));
        }
        self.cursor.space();
        let end = self.cursor.integer()?;
        self.cursor.space();
        let mut step = None;
        if self.cursor.take(":") {
            self.cursor.space();
            step = self.cursor.integer()?;
        }
        Ok(Selector::Slice { start, end, step: step.unwrap_or(1) })
    }

    /// Takes a selector into the brackets, which are innermost, and closes them if they end.
    fn after_selector(&mut self, selector: Selector) -> Result<(), PathFault> {
        self.cursor.space();
        let Some(Open::Brackets { at, selectors, descendants }) = self.open.last_mut() else { return Ok(()) };
        selectors.push(selector);
        if self.cursor.take(",") {
            return Ok(());
        }
        if !self.cursor.take("]") {
            let message = match self.cursor.peek() {
                None => return Err(fault("the bracket is not closed", *at..self.cursor.at)),
                Some('=') => "compare with `==`",
                Some('&') => "a conjunction is written `&&`",
                Some('|') => "a disjunction is written `||`",
                Some(_) => "`,` or `]` must follow",
            };
            return Err(self.cursor.fault(message));
        }
        let segment = Segment { descendants: *descendants, selectors: std::mem::take(selectors) };
        self.open.pop();
        self.depth -= 1;
        if let Some(Open::Query { id, .. }) = self.open.last() {
            self.program.queries[*id].segments.push(segment);
        }
        Ok(())
    }

    /// The filter that is innermost.
    fn filter(&mut self) -> &mut Filter {
        match self.open.last_mut() {
            Some(Open::Filter(filter)) => filter,
            _ => unreachable!("a condition is only read in a filter"),
        }
    }

    /// The next operand of the innermost filter, or what stands before it.
    fn condition(&mut self) -> Result<(), PathFault> {
        self.cursor.space();
        let at = self.cursor.at;
        let expects_value =
            matches!(self.filter().pending.last(), Some(Pending::Compare(_) | Pending::Call { .. }));
        match self.cursor.peek() {
            Some('!' | '(') if expects_value => {
                Err(self.cursor.fault("a value is expected here, not a condition"))
            }
            Some('!') => {
                if matches!(self.filter().pending.last(), Some(Pending::Not)) {
                    return Err(self.cursor.fault("`!` stands twice"));
                }
                self.cursor.at += 1;
                self.filter().pending.push(Pending::Not);
                Ok(())
            }
            Some('(') => {
                self.deeper()?;
                self.cursor.at += 1;
                self.filter().pending.push(Pending::Group(at));
                Ok(())
            }
            Some('@' | '$') => {
                let start = if self.cursor.rest().starts_with('@') { Start::Current } else { Start::Root };
                self.cursor.at = at + 1;
                self.begin_query(start);
                Ok(())
            }
            Some('\'' | '"') => {
                let text = self.cursor.string()?;
                self.literal(Literal::Text(text), at)
            }
            Some('-' | '0'..='9') => {
                let number = self.cursor.number()?;
                self.literal(number, at)
            }
            Some('a'..='z') => self.word(at),
            _ => Err(self.cursor.fault("`@`, `$`, a literal or a function is expected here")),
        }
    }

    fn word(&mut self, at: usize) -> Result<(), PathFault> {
        let word = self.cursor.word();
        if !self.cursor.take("(") {
            return match word {
                "true" => self.literal(Literal::Bool(true), at),
                "false" => self.literal(Literal::Bool(false), at),
                "null" => self.literal(Literal::Null, at),
                _ => Err(fault(format!("`{word}` is no literal; text stands in quotes"), at..self.cursor.at)),
            };
        }
        let known = Function::ALL.iter().find(|(name, _)| *name == word);
        let Some((_, function)) = known else {
            let near = nearest(word, Function::ALL.iter().map(|(name, _)| *name));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = format!("JSONPath has no function `{word}`{near}");
            return Err(fault(message, at..at + word.len()));
        };
        self.deeper()?;
        self.filter().pending.push(Pending::Call { function: *function, arguments: 0, at });
        Ok(())
    }

    fn literal(&mut self, literal: Literal, at: usize) -> Result<(), PathFault> {
        self.filter().ops.push(Op::Literal(literal));
        let place = at..self.cursor.at;
        self.operand(Operand { form: Form::Literal, place })
    }

    /// Takes a complete operand: as an argument, as a side of a comparison, or as a condition of its own.
    fn operand(&mut self, mut operand: Operand) -> Result<(), PathFault> {
        loop {
            match self.filter().pending.pop() {
                Some(Pending::Call { function, arguments, at }) => {
                    let Some(result) = self.argument(&operand, (function, arguments, at))? else {
                        return Ok(());
                    };
                    operand = result;
                }
                Some(Pending::Compare(comparison)) => {
                    self.expect_value(&operand)?;
                    self.filter().ops.push(Op::Compare(comparison));
                    return self.settled();
                }
                other => {
                    let negated = matches!(other, Some(Pending::Not));
                    self.filter().pending.extend(other);
                    return self.compared_or_alone(&operand, negated);
                }
            }
        }
    }

    /// Takes an argument; gives the result of the call where it was the last.
    fn argument(
        &mut self,
        argument: &Operand,
        (function, arguments, at): (Function, usize, usize),
    ) -> Result<Option<Operand>, PathFault> {
        let name = function.name();
        let Some(parameter) = function.parameters().get(arguments) else {
            let message = format!("`{name}` takes no more arguments");
            return Err(fault(message, argument.place.clone()));
        };
        match (parameter, argument.form) {
            (Parameter::Value, _) => self.expect_value(argument)?,
            (Parameter::Nodes, Form::Query(_)) => {}
            (Parameter::Nodes, _) => {
                return Err(fault(format!("`{name}` takes a query"), argument.place.clone()));
            }
        }
        self.cursor.space();
        let arguments = arguments + 1;
        if self.cursor.take(",") {
            self.filter().pending.push(Pending::Call { function, arguments, at });
            return Ok(None);
        }
        if !self.cursor.take(")") {
            return Err(self.cursor.fault("`,` or `)` must follow"));
        }
        let place = at..self.cursor.at;
        if arguments < function.parameters().len() {
            return Err(fault(format!("`{name}` takes another argument"), place));
        }
        self.depth -= 1;
        self.filter().ops.push(Op::Call(function));
        let form = if function.gives_truth() { Form::Truth(function) } else { Form::Value(function) };
        Ok(Some(Operand { form, place }))
    }

    fn expect_value(&self, operand: &Operand) -> Result<(), PathFault> {
        let message = match operand.form {
            Form::Literal | Form::Value(_) => return Ok(()),
            Form::Query(id) if self.program.queries[id].is_singular() => return Ok(()),
            Form::Query(_) => "a value is expected here, and this query can select several nodes".to_owned(),
            Form::Truth(function) => {
                format!("a value is expected here, and `{}` gives true or false", function.name())
            }
        };
        Err(fault(message, operand.place.clone()))
    }

    fn compared_or_alone(&mut self, operand: &Operand, negated: bool) -> Result<(), PathFault> {
        self.cursor.space();
        let at = self.cursor.at;
        let comparison = COMPARISONS.iter().find(|(sign, _)| self.cursor.take(sign));
        if let Some((_, comparison)) = comparison {
            if negated {
                let message = "`!` before a comparison needs parentheses: `!(@.a == 1)`";
                return Err(fault(message, at..self.cursor.at));
            }
            self.expect_value(operand)?;
            self.filter().pending.push(Pending::Compare(*comparison));
            return Ok(());
        }
        match operand.form {
            Form::Query(_) => self.filter().ops.push(Op::Exists),
            Form::Truth(_) => {}
            Form::Literal => {
                return Err(fault("a literal must be compared with something", operand.place.clone()));
            }
            Form::Value(function) => {
                let message = format!("what `{}` gives must be compared with something", function.name());
                return Err(fault(message, operand.place.clone()));
            }
        }
        self.settled()
    }

    /// What follows a complete condition: a connective, a parenthesis, or the end of the filter.
    fn settled(&mut self) -> Result<(), PathFault> {
        loop {
            if matches!(self.filter().pending.last(), Some(Pending::Not)) {
                self.filter().pending.pop();
                self.filter().ops.push(Op::Not);
            }
            self.cursor.space();
            if self.cursor.take("&&") {
                self.filter().connect(Strength::And);
                return Ok(());
            }
            if self.cursor.take("||") {
                self.filter().connect(Strength::Or);
                return Ok(());
            }
            self.filter().reduce(Strength::Or);
            let Some(Pending::Group(group)) = self.filter().pending.pop() else { return self.end_filter() };
            if !self.cursor.take(")") {
                return Err(fault("the parenthesis is not closed", group..self.cursor.at));
            }
            self.depth -= 1;
        }
    }

    fn end_filter(&mut self) -> Result<(), PathFault> {
        if self.cursor.rest().starts_with(')') {
            return Err(self.cursor.fault("there is no parenthesis to close"));
        }
        if let Some(Open::Filter(filter)) = self.open.pop() {
            self.program.filters.push(filter.ops);
        }
        self.after_selector(Selector::Filter(self.program.filters.len() - 1))
    }
}

/// Which connectives bind at least as strongly.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strength {
    And,
    Or,
}

impl Filter {
    /// Completes connectives, and begins the right side of another one.
    fn connect(&mut self, strength: Strength) {
        self.reduce(strength);
        let jump = self.ops.len();
        let (op, pending) = match strength {
            Strength::And => (Op::AndThen(0), Pending::And(jump)),
            Strength::Or => (Op::OrElse(0), Pending::Or(jump)),
        };
        self.ops.push(op);
        self.pending.push(pending);
    }

    /// Completes the connectives that bind at least as strongly as this one, up to a parenthesis.
    fn reduce(&mut self, strength: Strength) {
        let target = self.ops.len();
        while let Some(pending) = self.pending.last() {
            let jump = match pending {
                Pending::And(jump) => *jump,
                Pending::Or(jump) if strength == Strength::Or => *jump,
                _ => return,
            };
            self.pending.pop();
            if let Op::AndThen(to) | Op::OrElse(to) = &mut self.ops[jump] {
                *to = target;
            }
        }
    }
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::Unequal),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];
