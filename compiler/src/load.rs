//! Load: every file of the project is read once and has an id (GW00xx).

pub mod files;

pub use files::{FileFault, Files, MAX_FILE_BYTES};
