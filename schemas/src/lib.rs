//! The artifact: what the compiler promises the runtime.
//!
//! A project is compiled into one immutable file. [`Artifact`] is its value: whoever holds one holds tables
//! whose every id is in range and whose every promise was checked, once, by [`Artifact::new`].
#![forbid(unsafe_code)]

pub mod address_set;
mod artifact;
pub mod bounds;
pub mod canonical_path;
mod date;
mod decode;
mod defect;
mod digest;
mod draft;
mod encode;
pub mod envelope;
pub mod expression;
pub mod manifest;
pub mod model;
pub mod path_trie;
pub mod pattern_set;
pub mod provenance;
mod source_check;
mod version;

pub use artifact::{Artifact, BrokenInvariant};
pub use date::{Date, NotADate};
pub use decode::{Loaded, decode, decode_cold};
pub use defect::Defect;
pub use digest::{Digest, NotADigest};
pub use draft::{Candidate, Contested, Draft};
pub use encode::{Encoded, encode};
pub use manifest::Manifest;
pub use provenance::Provenance;
pub use version::FORMAT_VERSION;
