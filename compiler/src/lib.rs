//! From OpenAPI documents and policy annotations to a sealed artifact.
//!
//! The front door is [`compile()`]: it takes an [`Entry`] and the caller's [`Files`], runs the stages in their
//! order and gives a [`Compilation`]: all findings, and an artifact when the gate lets the project through.
//!
//! | Stage | Gives | Findings |
//! |---|---|---|
//! | [`load`] | every file, read once | GW00xx |
//! | [`parse`] | documents of the right shape | GW01xx |
//! | [`resolve`] | operations with their effective policy | GW02xx |
//! | check | proof that the gate lets them through | GW03xx |
//! | lint | advice | GW04xx to GW07xx |
//! | lower | tables | GW0000 |
//! | emit | the artifact and its bytes | |
//!
//! # Invariants
//!
//! - The compiler reads no file, clock, environment or socket: what it knows comes through [`Files`].
//! - A stage never stops at its first finding, and never recurses on the depth of its input.
#![forbid(unsafe_code)]

mod check;
mod codes;
mod compile;
mod emit;
mod lint;
pub mod load;
mod lower;
pub mod parse;
pub mod resolve;
pub mod vocabulary;

pub use codes::{codes, explain};
pub use compile::{Compilation, Entry, Examples, Options, Outcome, Sealed, Summary, compile};
pub use load::{FileFault, Files, MAX_FILE_BYTES};
pub use vocabulary::json_schema::{SCHEMAS, schema};
pub use vocabulary::reference::render_reference;
