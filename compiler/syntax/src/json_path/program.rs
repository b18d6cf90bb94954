//! A query as it is run: flat tables, and filters in postfix order with jumps.

/// A query and everything that is nested in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    /// The first is the query itself; the others stand in filters.
    pub(super) queries: Vec<Query>,
    pub(super) filters: Vec<Vec<Op>>,
}

/// A path from a node.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) start: Start,
    pub(super) segments: Vec<Segment>,
}

/// Where a query begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// `$`.
    Root,
    /// `@`.
    Current,
}

/// One step of a query.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// `..`: from every node below, and the node itself.
    pub(super) descendants: bool,
    pub(super) selectors: Vec<Selector>,
}

#[derive(Clone, Debug)]
pub(super) enum Selector {
    Name(String),
    Wildcard,
    Index(i64),
    Slice {
        start: Option<i64>,
        end: Option<i64>,
        step: i64,
    },
    /// By position in [`Program::filters`].
    Filter(usize),
}

/// One step of a filter; each takes its operands from a stack and leaves its result there.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// Leaves the nodes of a query, by position in [`Program::queries`].
    Query(usize),
    Literal(Literal),
    Call(Function),
    Compare(Comparison),
    /// Whether there is any node.
    Exists,
    Not,
    /// Goes on when the top is true, and takes it away; jumps when it is false.
    AndThen(usize),
    /// Goes on when the top is false, and takes it away; jumps when it is true.
    OrElse(usize),
}

#[derive(Clone, Debug)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
}

/// A number, exact where that is possible.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Integer(i128),
    Float(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The functions of RFC 9535 section 2.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Length,
    Count,
    Match,
    Search,
    Value,
}

/// What a function takes (RFC 9535 section 2.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Value,
    Nodes,
}

impl Function {
    pub(super) const ALL: [(&'static str, Function); 5] = [
        ("length", Function::Length),
        ("count", Function::Count),
        ("match", Function::Match),
        ("search", Function::Search),
        ("value", Function::Value),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }

    pub(super) fn parameters(self) -> &'static [Parameter] {
        match self {
            Function::Length => &[Parameter::Value],
            Function::Count | Function::Value => &[Parameter::Nodes],
            Function::Match | Function::Search => &[Parameter::Value, Parameter::Value],
        }
    }

    /// Whether it gives a truth; else a value.
    pub(super) fn gives_truth(self) -> bool {
        matches!(self, Function::Match | Function::Search)
    }
}

impl Query {
    /// Whether it can never select more than one node (RFC 9535 section 2.3.5.1).
    pub(super) fn is_singular(&self) -> bool {
        self.segments.iter().all(|segment| {
            let one = matches!(segment.selectors.as_slice(), [Selector::Name(_) | Selector::Index(_)]);
            one && !segment.descendants
        })
    }
}
