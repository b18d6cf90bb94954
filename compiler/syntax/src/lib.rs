//! Text, trees, spans and findings; knows no OpenAPI.
//!
//! The front door is [`parse`]: it takes one file of a [`SourceMap`] and gives a [`Tree`] of nodes
//! that know their byte ranges, the same tree for YAML and for JSON. What is wrong with the text goes
//! to a [`Sink`] as located [`Diagnostic`]s; nothing here returns an error, panics on input, recurses
//! on its depth, or touches a file.
//!
//! ```
//! use gw_syntax::{Sink, SourceMap, parse};
//!
//! let mut sources = SourceMap::new();
//! let id = sources.add("orders.yaml", "info:\n  version: 3.0\n  tags: [a, b]\n");
//! let mut sink = Sink::new();
//! let tree = parse(&sources, id, &mut sink).expect("the text is well formed");
//!
//! let version = tree.root().get("info").and_then(|info| info.get("version")).expect("it is there");
//! assert_eq!(version.scalar_text(), Some("3.0"));
//! let at = sources.position(id, version.span().start);
//! assert_eq!((at.line, at.column), (2, 12));
//! assert!(sink.is_empty());
//!
//! let id = sources.add("twice.json", r#"{"a": 1, "a": 2}"#);
//! parse(&sources, id, &mut sink);
//! assert_eq!(sink.finish(&sources).diagnostics()[0].code.to_string(), "GW0107");
//! ```
//!
//! # Invariants
//!
//! - Equal text gives an equal tree and equal findings, in the same order.
//! - Time and memory are bounded by a small multiple of the text's size.
//! - A tree is returned only when every node in it means what the text says: after a finding that
//!   leaves the meaning open (a broken token, an unknown alias) there is none.
#![forbid(unsafe_code)]

pub mod code;
pub mod codes;
pub mod diagnostic;
pub mod fix;
mod json;
pub mod json_path;
mod line_index;
pub mod pointer;
mod reader;
pub mod sink;
pub mod source_map;
pub mod span;
pub mod suggest;
pub mod tree;
pub mod witness;
mod yaml;

pub use code::{Code, CodeEntry, Severity};
pub use diagnostic::{Diagnostic, Label};
pub use fix::Fix;
pub use pointer::Pointer;
pub use reader::{MAX_DEPTH, MAX_EXPANDED_NODES, MAX_SOURCE_BYTES, parse};
pub use sink::{Findings, MAX_PER_CODE, Sink, put_in_order};
pub use source_map::{Position, SourceId, SourceMap};
pub use span::Span;
pub use suggest::nearest;
pub use tree::{Edit, EditId, Kind, NodeId, NodeRef, TooDeepAt, Tree};
pub use witness::{Declaration, Shows, Witness};
