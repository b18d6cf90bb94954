//! Which files a compilation read, and whether one of them has changed since.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::SystemTime;

use gw_compiler::{FileFault, Files};

use crate::workspace::DiskFiles;

/// Files that remember what was asked of them, also what was not there.
#[derive(Debug)]
pub(crate) struct Recorded<'f> {
    files: &'f DiskFiles,
    asked: RefCell<BTreeMap<String, Stamp>>,
}

/// The state of every file that a compilation depends on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Watch {
    stamps: BTreeMap<String, Stamp>,
}

/// A file at one moment. The cheap half is looked at first; the digest decides.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<(SystemTime, u64)>,
    digest: u64,
}

impl<'f> Recorded<'f> {
    /// Nothing was asked yet.
    pub(crate) fn new(files: &'f DiskFiles) -> Self {
        Self { files, asked: RefCell::default() }
    }

    /// What was asked, to be watched from now on.
    pub(crate) fn watch(self) -> Watch {
        Watch { stamps: self.asked.into_inner() }
    }
}

impl Files for Recorded<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        let modified = modified(self.files.root(), path);
        let content = self.files.read(path);
        let stamp = Stamp { modified, digest: digest(&content) };
        self.asked.borrow_mut().insert(path.to_owned(), stamp);
        content
    }
}

impl Watch {
    /// Whether the content of some file is another than it was. Touching a file changes nothing.
    pub(crate) fn has_changed(&mut self, files: &DiskFiles) -> bool {
        self.stamps.iter_mut().any(|(path, stamp)| {
            let now = modified(files.root(), path);
            if now == stamp.modified {
                return false;
            }
            stamp.modified = now;
            digest(&files.read(path)) != stamp.digest
        })
    }
}

fn modified(root: &Path, path: &str) -> Option<(SystemTime, u64)> {
    let about = root.join(path).metadata().ok()?;
    Some((about.modified().ok()?, about.len()))
}

fn digest(content: &Result<Vec<u8>, FileFault>) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.as_ref().ok().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;

    fn later(path: &Path) {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() + Duration::from_secs(10)).unwrap();
    }

    #[test]
    fn a_change_of_content_is_seen_and_a_touch_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.yaml");
        fs::write(&path, "one").unwrap();
        let files = DiskFiles::new(dir.path()).unwrap();
        let recorded = Recorded::new(&files);
        recorded.read("a.yaml").unwrap();
        let mut watch = recorded.watch();

        assert!(!watch.has_changed(&files));
        later(&path);
        assert!(!watch.has_changed(&files));
        fs::write(&path, "two!").unwrap();
        assert!(watch.has_changed(&files));
    }

    #[test]
    fn a_file_that_appears_is_a_change() {
        let dir = tempfile::tempdir().unwrap();
        let files = DiskFiles::new(dir.path()).unwrap();
        let recorded = Recorded::new(&files);
        assert_eq!(recorded.read("b.yaml"), Err(FileFault::Missing));
        let mut watch = recorded.watch();
        fs::write(dir.path().join("b.yaml"), "b").unwrap();
        assert!(watch.has_changed(&files));
    }
}
