//! A folder as the compiler sees it, with files of its own over those on disk.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
};

use gw_compiler::{FileFault, Files};

/// A folder on disk, and files that hold instead of those that stand there.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    instead: BTreeMap<String, String>,
}

impl Folder {
    /// The folder as it stands on disk.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), instead: BTreeMap::new() }
    }

    /// The same folder, where `name` has this text.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.instead.insert(name.into(), text.into());
        self
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        if let Some(text) = self.instead.get(path) {
            return Ok(text.clone().into_bytes());
        }
        if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(FileFault::Outside);
        }
        std::fs::read(self.path.join(path)).map_err(|_| FileFault::Missing)
    }
}
