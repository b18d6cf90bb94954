//! JSONPath (RFC 9535): a query that selects nodes of a document.
//!
//! [`JsonPath::parse`] reads the text and checks that it is well typed; [`JsonPath::select`] runs it over an
//! [`Edit`]. Neither recurses: nested queries, parentheses and calls stand on stacks of their own. A query has at
//! most [`MAX_PATH_BYTES`], nests at most [`MAX_PATH_NESTING`] deep, and ends when its [`Budget`] is spent.
//!
//! ```
//! use gw_syntax::json_path::{Budget, JsonPath};
//! use gw_syntax::{Edit, Sink, SourceMap, parse};
//!
//! let mut sources = SourceMap::new();
//! let id = sources.add("a.yaml", "paths: {/a: {get: {deprecated: true}}, /b: {get: {}}}");
//! let edit = Edit::new(&parse(&sources, id, &mut Sink::new()).expect("the text is well formed"));
//!
//! let path = JsonPath::parse("$.paths[?@.get.deprecated == true].get").expect("it is a JSONPath");
//! let found = path.select(&edit, &mut Budget::new(1_000)).expect("it is cheap");
//! assert_eq!(found.len(), 1);
//!
//! let fault = JsonPath::parse("$.paths[?count(@.get)]").unwrap_err();
//! assert_eq!(&"$.paths[?count(@.get)]"[fault.place.clone()], "count(@.get)");
//! ```

mod compare;
mod evaluate;
mod i_regexp;
mod lex;
mod parse;
mod program;

use std::ops::Range;

use crate::tree::{Edit, EditId};
use program::Program;

/// How long a query may be.
pub const MAX_PATH_BYTES: usize = 8 * 1024;

/// How deep brackets, parentheses and calls may be nested in each other.
pub const MAX_PATH_NESTING: usize = 32;

/// A query that can be run.
#[derive(Clone, Debug)]
pub struct JsonPath {
    program: Program,
}

/// Why a text is no JSONPath.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathFault {
    /// What is wrong, in the form of a finding's message.
    pub message: String,
    /// Where, in bytes of the text; on character boundaries.
    pub place: Range<usize>,
}

/// How much work queries may still do; a node that is looked at costs 1.
#[derive(Clone, Debug)]
pub struct Budget {
    left: u64,
}

/// The budget is spent, and the query not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exploded;

impl JsonPath {
    /// Reads a query.
    ///
    /// # Errors
    /// When it is not well formed and well typed (RFC 9535 section 2.1), or too long or too deeply nested for gw.
    pub fn parse(text: &str) -> Result<Self, PathFault> {
        Ok(JsonPath { program: parse::parse(text)? })
    }

    /// The nodes that it selects, in the order of the document; one that is selected in two ways is told twice.
    ///
    /// # Errors
    /// When the budget does not suffice.
    pub fn select(&self, document: &Edit, budget: &mut Budget) -> Result<Vec<EditId>, Exploded> {
        evaluate::evaluate(&self.program, document, budget)
    }
}

impl Budget {
    /// So much work.
    pub fn new(steps: u64) -> Self {
        Budget { left: steps }
    }

    /// What is left of it.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Spends some of it.
    ///
    /// # Errors
    /// When there is not that much; then all of it is gone.
    pub fn spend(&mut self, steps: usize) -> Result<(), Exploded> {
        let left = self.left.checked_sub(steps as u64);
        self.left = left.unwrap_or(0);
        left.map(drop).ok_or(Exploded)
    }
}
