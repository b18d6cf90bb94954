//! Policy values: what each key of the vocabulary means, typed.
//!
//! One file per key holds the type of its value, its reader, and its text. The shape of a value has been held
//! against the key table before a reader sees it (a part that does not read is a finding by then, and left out
//! here); a reader finds what one value says against itself. Whether a value fits its surroundings is for the
//! gate to say.
//!
//! - Each part of a value knows its place; a part that is `None` was not said.
//! - A value prints as people write it, in its shortest form, and the text reads back as the same value.
//! - Everything is bounded: lists and mappings hold at most [`MAX_ENTRIES`].

pub mod access;
pub mod auth;
pub mod authenticator;
pub mod cache;
pub mod circuit_breaker;
pub mod codes;
pub mod concurrency;
pub mod cors;
pub mod errors;
mod flow;
pub mod grpc;
pub mod log;
pub mod match_;
pub mod mirror;
mod parts;
pub mod precedence;
pub mod project;
pub mod quota;
pub mod rate_limit;
pub mod respond;
pub mod retry;
mod self_check;
pub mod stream;
pub mod sunset;
pub mod transform;
pub mod upstream;
pub mod validate;
pub mod waive;

/// The most entries of one list or mapping of a policy value.
pub const MAX_ENTRIES: usize = 256;

#[cfg(test)]
mod tests;
