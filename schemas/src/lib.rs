//! The artifact: what the compiler promises the runtime.
//!
//! A project is compiled into one immutable file. [`Artifact`] is its value: whoever holds one holds tables
//! whose every id is in range and whose every promise was checked, once, by [`Artifact::new`].
#![forbid(unsafe_code)]

mod artifact;
pub mod canonical_path;
pub mod model;
pub mod path_trie;

pub use artifact::{Artifact, BrokenInvariant};
