//! A change to the text that settles a finding.

use crate::span::Span;

/// One replacement that a tool can apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
    /// What the change does, for a menu: `rename the key to retry`.
    pub title: String,
}
