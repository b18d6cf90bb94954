//! API keys: their files, and their sets at work.

mod file;
mod live;

pub use file::{Key, LineDefect, read, set};
pub(crate) use live::{KeySets, KeyView};
