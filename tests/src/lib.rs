//! What needs more than one crate: verbs, conformance in two worlds, the house rules.
#![forbid(unsafe_code)]

pub mod authority;
mod folder;
mod gateway;
mod process;
mod project;
pub mod proxy_header;
pub mod server;
pub mod upstream;
pub mod wire;

pub use folder::Folder;
pub use gateway::{Gateway, Node};
pub use process::{Process, binary};
pub use project::{Project, compiled, complaints};

use std::path::{Path, PathBuf};

/// The folder of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
