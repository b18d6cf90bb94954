//! Expressions: conditions in a subset of CEL, from text to the artifact's compiled form.
//!
//! | Part | Does |
//! |---|---|
//! | `scan` | refuses what is too large before anything parses it, and what gw's subset leaves out |
//! | `read` | the `cel` crate's parser, and its tree as a flat list whose parts know their bytes |
//! | `lower` | names, types and literals; gives [`gw_artifact::expression::Expression`] |
//!
//! Two things are not CEL's: `30%` is a percentage, and `has` takes any name. Both are rewritten, byte for byte, before
//! the parser sees the text, so that places in it stay what they are. `%` has no other meaning, so nothing is ambiguous.

mod findings;
mod lower;
mod mistake;
mod read;
pub(crate) mod reference;
mod scan;
#[cfg(test)]
mod tests;
mod vocabulary;

use gw_artifact::expression::Expression;

pub(crate) use findings::findings;
pub use mistake::{Mistake, MistakeKind};
pub(crate) use vocabulary::path_parameter;
pub use vocabulary::{Variable, Vocabulary};

/// The longest text of an expression, in bytes.
pub const MAX_BYTES: usize = 4096;
/// The most words, numbers, texts and signs of an expression.
pub const MAX_TOKENS: usize = 1000;
/// How many brackets may be open at once, and how many `?` there may be.
pub const MAX_NESTING: usize = 32;

/// Compiles a condition over the values that a vocabulary names.
///
/// Time and stack are bounded, whatever the text is: O(text²) in the parser's worst case, with at most [`MAX_BYTES`].
///
/// # Errors
/// What is wrong with it, at least one mistake, in the order of the text.
pub fn compile(text: &str, vocabulary: Vocabulary) -> Result<Expression, Vec<Mistake>> {
    let scanned = scan::scan(text)?;
    let terms = read::read(text, &scanned)?;
    lower::lower(&terms, text, vocabulary)
}
