//! The folder that a command works in: which project is meant, what may be read, how files are written.

mod disk;
mod locate;
mod overlay;
mod write;

pub(crate) use disk::DiskFiles;
pub(crate) use locate::{Target, every_project_below, folders_below, is_project, locate, read_bounded};
pub(crate) use overlay::Overlay;
pub(crate) use write::{create_all, write_atomically};
