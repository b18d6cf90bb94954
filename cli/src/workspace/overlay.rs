//! Files that are not written yet, over those of a folder.

use std::collections::BTreeMap;
use std::path::Path;

use gw_compiler::{FileFault, Files};

use super::DiskFiles;

/// Drafts first, then the folder; the folder need not exist.
#[derive(Debug)]
pub(crate) struct Overlay {
    drafts: BTreeMap<String, Vec<u8>>,
    below: Option<DiskFiles>,
}

impl Overlay {
    /// Lays drafts, by their path in the folder with `/`, over a folder.
    pub(crate) fn new(folder: &Path, drafts: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Self { drafts: drafts.into_iter().collect(), below: DiskFiles::new(folder).ok() }
    }

    /// Drafts alone.
    pub(crate) fn of(drafts: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Self { drafts: drafts.into_iter().collect(), below: None }
    }
}

impl Files for Overlay {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        match (self.drafts.get(path), &self.below) {
            (Some(draft), _) => Ok(draft.clone()),
            (None, Some(below)) => below.read(path),
            (None, None) => Err(FileFault::Missing),
        }
    }
}
