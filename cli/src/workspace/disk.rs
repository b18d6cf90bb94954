//! Reads a project's files for the compiler, and nothing outside the project's folder.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use gw_compiler::{FileFault, Files, MAX_FILE_BYTES};

use crate::failure::reason;

/// The files below one folder.
///
/// INVARIANT: what is read lies below `root` after every link is followed, is a regular file, and is at most
/// [`MAX_FILE_BYTES`] long.
#[derive(Debug)]
pub(crate) struct DiskFiles {
    /// The folder, without links.
    root: PathBuf,
    /// A document that came through stdin, under the name it is compiled by.
    piped: Option<(String, Vec<u8>)>,
}

impl DiskFiles {
    /// The files below `root`.
    ///
    /// # Errors
    /// When there is no such folder.
    pub(crate) fn new(root: &Path) -> io::Result<Self> {
        Ok(Self { root: root.canonicalize()?, piped: None })
    }

    /// The same, with one document that has no file.
    pub(crate) fn with_piped(mut self, name: &str, bytes: Vec<u8>) -> Self {
        self.piped = Some((name.to_owned(), bytes));
        self
    }

    /// The folder, without links.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    fn open(&self, path: &str) -> Result<File, FileFault> {
        let real = self.root.join(path).canonicalize().map_err(|error| fault(&error))?;
        if !real.starts_with(&self.root) {
            return Err(FileFault::Outside);
        }
        let kind = real.metadata().map_err(|error| fault(&error))?;
        if !kind.is_file() {
            return Err(FileFault::Unreadable("not a regular file".into()));
        }
        File::open(real).map_err(|error| fault(&error))
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        if let Some((_, bytes)) = self.piped.as_ref().filter(|(name, _)| name == path) {
            return Ok(bytes.clone());
        }
        let mut bytes = Vec::new();
        // One byte more than allowed tells a file that is too large from one that just fits, also when it grows.
        self.open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| fault(&error))?;
        if bytes.len() as u64 > MAX_FILE_BYTES { Err(FileFault::TooLarge) } else { Ok(bytes) }
    }
}

fn fault(error: &io::Error) -> FileFault {
    match error.kind() {
        io::ErrorKind::NotFound => FileFault::Missing,
        _ => FileFault::Unreadable(reason(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn reads_below_the_root_and_nothing_else() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("project");
        fs::create_dir_all(root.join("specs")).unwrap();
        fs::write(root.join("specs/a.yaml"), "a").unwrap();
        fs::write(outer.path().join("secret"), "s").unwrap();
        symlink(outer.path().join("secret"), root.join("link")).unwrap();
        symlink(root.join("specs/a.yaml"), root.join("inner")).unwrap();
        let files = DiskFiles::new(&root).unwrap();

        assert_eq!(files.read("specs/a.yaml"), Ok(b"a".to_vec()));
        assert_eq!(files.read("inner"), Ok(b"a".to_vec()));
        assert_eq!(files.read("link"), Err(FileFault::Outside));
        assert_eq!(files.read("../secret"), Err(FileFault::Outside));
        assert_eq!(files.read("/etc/passwd"), Err(FileFault::Outside));
        assert_eq!(files.read("none.yaml"), Err(FileFault::Missing));
        assert_eq!(files.read("specs"), Err(FileFault::Unreadable("not a regular file".into())));
    }

    #[test]
    fn a_piped_document_stands_beside_the_files() {
        let root = tempfile::tempdir().unwrap();
        let files = DiskFiles::new(root.path()).unwrap().with_piped("stdin", b"x".to_vec());
        assert_eq!(files.read("stdin"), Ok(b"x".to_vec()));
        assert_eq!(files.read("other"), Err(FileFault::Missing));
    }
}
