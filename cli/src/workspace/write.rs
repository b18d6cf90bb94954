//! Writing files whole or not at all.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes a file beside its place, then renames it: a reader sees the old content or the new, never half of it.
/// A device or a pipe is written to as it is; a link is followed, and a file keeps its mode.
///
/// # Errors
/// When the folder or the file cannot be written (exit 74); nothing is left behind then.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fault = |error: io::Error| Failure::write(path, &error);
    match path.metadata() {
        Ok(there) if there.is_dir() => Err(fault(io::ErrorKind::IsADirectory.into())),
        Ok(there) if !there.is_file() => fs::write(path, bytes).map_err(fault),
        _ => replace(&path.canonicalize().unwrap_or_else(|_| path.to_owned()), bytes).map_err(fault),
    }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = write_beside(path, bytes)?;
    let keep_mode = match path.metadata() {
        Ok(there) => fs::set_permissions(&beside, there.permissions()),
        Err(_) => Ok(()),
    };
    keep_mode.and_then(|()| fs::rename(&beside, path)).inspect_err(|_| discard(&beside))
}

/// Makes several new files, all of them or none. An existing file is never replaced.
///
/// # Errors
/// When one of them is there already, or cannot be written (exit 74); the others are taken away again.
pub(crate) fn create_all(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    let present: Vec<String> = files
        .iter()
        .filter(|(path, _)| path.symlink_metadata().is_ok())
        .map(|(path, _)| shown(path))
        .collect();
    if !present.is_empty() {
        return Err(already_there(&present));
    }
    let mut made: Vec<&Path> = Vec::new();
    for (path, bytes) in files {
        if let Err(failure) = create(path, bytes) {
            made.into_iter().for_each(discard);
            return Err(failure);
        }
        made.push(path);
    }
    Ok(())
}

fn create(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fault = |error: io::Error| Failure::write(path, &error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    let beside = write_beside(path, bytes).map_err(fault)?;
    // A link fails where a file appeared since the look above; a rename would replace it.
    let linked = fs::hard_link(&beside, path);
    discard(&beside);
    linked.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => already_there(&[shown(path)]),
        _ => fault(error),
    })
}

fn already_there(paths: &[String]) -> Failure {
    Failure::io(format!("there is already {}", paths.join(", ")))
        .with_help("nothing was written: gw never overwrites; name another folder")
}

fn shown(path: &Path) -> String {
    format!("`{}`", path.display())
}

fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    let mut name = OsString::from(".");
    name.push(path.file_name().ok_or(io::ErrorKind::InvalidInput)?);
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(name);
    let mut file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        discard(&beside);
    }
    written.map(|()| beside)
}

fn discard(path: &Path) {
    // The fault that led here is the one to report.
    let _ = fs::remove_file(path);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("api.gwa");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(names(dir.path()), ["api.gwa"]);
    }

    #[test]
    fn a_folder_in_the_way_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("api.gwa")).unwrap();
        assert!(write_atomically(&dir.path().join("api.gwa"), b"one").is_err());
        assert_eq!(names(dir.path()), ["api.gwa"]);
    }

    #[test]
    fn a_file_keeps_its_mode() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("partners.keys");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        write_atomically(&path, b"new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_link_stays_a_link() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("real"), "old").unwrap();
        std::os::unix::fs::symlink("real", dir.path().join("link")).unwrap();
        write_atomically(&dir.path().join("link"), b"new").unwrap();
        assert_eq!(fs::read(dir.path().join("real")).unwrap(), b"new");
        assert!(dir.path().join("link").is_symlink());
    }

    #[test]
    fn one_file_in_the_way_stops_all() {
        let dir = tempfile::tempdir().unwrap();
        let (first, second) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&second, "mine").unwrap();
        let files = [(first, b"1".to_vec()), (second.clone(), b"2".to_vec())];
        assert!(create_all(&files).is_err());
        assert_eq!(names(dir.path()), ["b"]);
        assert_eq!(fs::read(second).unwrap(), b"mine");
    }

    #[test]
    fn a_fault_halfway_takes_the_others_away_again() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "").unwrap();
        let files = [(dir.path().join("a"), vec![1]), (dir.path().join("file/below"), vec![2])];
        assert!(create_all(&files).is_err());
        assert_eq!(names(dir.path()), ["file"]);
    }
}
