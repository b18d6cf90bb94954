//! The key table: every key that gw knows, in one place.
//!
//! One row says what a key is called, where it may stand, what its value looks like, what it means and whether
//! something enforces it yet. The same rows drive parsing and "did you mean" ([`crate::parse`]), the JSON
//! Schemas ([`json_schema`]), the reference page ([`reference`]) and the gate's "not yet enforced".

pub mod annotations;
pub mod json_schema;
pub mod project;
pub mod reference;
pub mod shape;
pub mod units;

pub use shape::{Choice, Key, Place, Presence, Shape, Status};
