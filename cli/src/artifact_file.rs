//! Reading an artifact from its file, for commands that look into it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use gw_artifact::envelope::MAX_ARTIFACT_BYTES;
use gw_artifact::model::SourceMap;
use gw_artifact::{Defect, Loaded, decode, decode_cold};

use crate::failure::Failure;

/// An artifact and what its file says about where policy comes from.
#[derive(Debug)]
pub(crate) struct ArtifactFile {
    /// The artifact.
    pub(crate) loaded: Loaded,
    /// Where each policy comes from.
    pub(crate) sources: SourceMap,
    /// How long the file is.
    pub(crate) size: usize,
}

/// How every artifact begins.
const MAGIC: &[u8] = b"\x89GWA";

/// Whether a path names an artifact rather than a project or a document: by its name, or by its first bytes.
pub(crate) fn is_artifact(path: &Path) -> bool {
    if path.extension().is_some_and(|extension| extension == "gwa") {
        return true;
    }
    let mut start = [0; MAGIC.len()];
    path.is_file()
        && File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && start == MAGIC
}

/// Reads an artifact and checks all of it.
///
/// # Errors
/// When the file cannot be read (exit 74) or is damaged (exit 3).
pub(crate) fn open(path: &Path) -> Result<ArtifactFile, Failure> {
    let bytes = read(path).map_err(|error| Failure::read(path, &error))?;
    let refused = |defect: Defect| {
        Failure::not_understood(format!("`{}`: {defect}", path.display())).with_help(defect.help())
    };
    let loaded = decode(&bytes).map_err(refused)?;
    let sources = decode_cold(&bytes, &loaded.artifact).map_err(refused)?;
    Ok(ArtifactFile { loaded, sources, size: bytes.len() })
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut bytes = Vec::new();
    // One byte too many is enough for the decoder to say that the file is too long.
    file.take(MAX_ARTIFACT_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::exit_code::Exit;

    #[test]
    fn an_artifact_is_known_by_its_name_or_its_first_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::write(path("empty.gwa"), "").unwrap();
        fs::write(path("other"), b"\x89GWA\r\n").unwrap();
        fs::write(path("api.yaml"), "openapi: 3.1.0").unwrap();
        assert!(is_artifact(&path("empty.gwa")) && is_artifact(&path("other")));
        assert!(!is_artifact(&path("api.yaml")) && !is_artifact(dir.path()) && !is_artifact(&path("none")));
    }

    #[test]
    fn what_is_no_artifact_is_not_understood() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.gwa");
        fs::write(&path, "hello").unwrap();
        assert_eq!(open(&path).unwrap_err().exit, Exit::NotUnderstood);
        assert_eq!(open(dir.path()).unwrap_err().exit, Exit::Io);
        assert_eq!(open(&dir.path().join("none")).unwrap_err().exit, Exit::Io);
    }
}
