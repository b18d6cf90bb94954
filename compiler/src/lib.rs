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
//! ```
//! use std::collections::BTreeMap;
//!
//! use gw_compiler::{Entry, FileFault, Files, Options, Outcome, compile};
//!
//! struct Texts(BTreeMap<&'static str, String>);
//!
//! impl Files for Texts {
//!     fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
//!         self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(FileFault::Missing)
//!     }
//! }
//!
//! let document = r#"
//! openapi: 3.1.0
//! info: {title: pets, version: "1"}
//! paths:
//!   /pets:
//!     get:
//!       x-gw-auth: {public: true, reason: a public catalogue}
//!       responses: {"200": {description: the pets}}
//! "#;
//! let files = Texts(BTreeMap::from([("pets.yaml", document.to_owned())]));
//! let entry = Entry::Document { path: "pets.yaml".into() };
//! let compilation = compile(&entry, &files, &Options::default());
//! let Outcome::Sealed(sealed) = compilation.outcome else { panic!("{:?}", compilation.findings) };
//! assert_eq!(sealed.artifact.operations()[0].template, "/pets");
//!
//! // Without the annotation nothing says who may call, and the gate refuses.
//! let silent = document.replace("x-gw-auth: {public: true, reason: a public catalogue}", "deprecated: true");
//! let files = Texts(BTreeMap::from([("pets.yaml", silent)]));
//! let compilation = compile(&entry, &files, &Options::default());
//! assert_eq!(compilation.findings[0].code.to_string(), "GW0301");
//! ```
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
pub mod export;
pub mod expression;
mod findings;
mod json_text;
mod lint;
pub mod load;
mod lower;
mod owners;
pub mod parse;
mod pointers;
pub mod policy;
pub mod positions;
mod reach;
pub mod resolve;
pub mod vocabulary;
mod waivers;

pub use codes::{codes, explain};
pub use compile::{Compilation, Declared, Entry, Examples, Options, Outcome, Sealed, Summary, compile};
pub use load::{FileFault, Files, MAX_FILE_BYTES};
pub use vocabulary::json_schema::{SCHEMAS, schema};
pub use vocabulary::reference::render_reference;
pub use vocabulary::scalar::{Date, NotADate};
pub use waivers::Waived;
