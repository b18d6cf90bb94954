//! What can be wrong with an expression, and where in its text.

use std::ops::Range;

use gw_syntax::CodeEntry;

use crate::parse::codes;

/// One thing that is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Which kind of thing.
    pub kind: MistakeKind,
    /// The bytes of the text that it is about.
    pub range: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// The kinds of mistakes; each has a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MistakeKind {
    /// The text is no expression.
    Malformed,
    /// The text is larger than any expression may be.
    TooLarge,
    /// It is CEL, and gw leaves it out.
    Unsupported,
    /// Operands have types that an operator does not take.
    IllTyped,
    /// A name that nothing has.
    UnknownName,
    /// A literal that does not read.
    BadLiteral,
}

impl MistakeKind {
    pub(super) fn code(self) -> &'static CodeEntry {
        match self {
            MistakeKind::Malformed => &codes::EXPRESSION_MALFORMED,
            MistakeKind::TooLarge => &codes::EXPRESSION_TOO_LARGE,
            MistakeKind::Unsupported => &codes::EXPRESSION_UNSUPPORTED,
            MistakeKind::IllTyped => &codes::EXPRESSION_ILL_TYPED,
            MistakeKind::UnknownName => &codes::EXPRESSION_NAME_UNKNOWN,
            MistakeKind::BadLiteral => &codes::EXPRESSION_LITERAL_MALFORMED,
        }
    }
}

impl Mistake {
    pub(super) fn new(kind: MistakeKind, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { kind, range, message: message.into(), help: None }
    }

    pub(super) fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}
