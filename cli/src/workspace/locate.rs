//! Which project or document a path on the command line means.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use gw_compiler::{Entry, MAX_FILE_BYTES};

use super::DiskFiles;
use crate::failure::Failure;

/// The file that makes a folder a project.
pub(crate) const PROJECT_FILE: &str = "gw.yaml";

/// The name under which a document from stdin is compiled.
const PIPED: &str = "stdin";

/// How deep folders are searched for projects.
const MAX_DEPTH: usize = 32;

/// How many folders are searched for projects.
const MAX_FOLDERS: usize = 100_000;

/// Something to compile: where it stands, and how its files are read.
#[derive(Debug)]
pub(crate) struct Target {
    /// What the compiler starts from.
    pub(crate) entry: Entry,
    /// The files below its folder.
    pub(crate) files: DiskFiles,
    /// What a person put in front of paths inside the folder: empty for `gw.yaml` itself, or `examples/shop`.
    pub(crate) shown: PathBuf,
}

/// Finds what a path means: `-` a document from stdin, a folder or its `gw.yaml` a project, any other file a bare
/// OpenAPI document.
///
/// # Errors
/// When there is nothing to read (exit 74).
pub(crate) fn locate(path: &Path) -> Result<Target, Failure> {
    if path == Path::new("-") {
        return piped();
    }
    let about = fs::metadata(path).map_err(|error| Failure::read(path, &error))?;
    if about.is_dir() {
        return project(path);
    }
    let (folder, name) = split(path)?;
    if name == PROJECT_FILE {
        return project(folder);
    }
    // Opening says now, and by its own name, what the compiler could only say in a finding.
    fs::File::open(path).map_err(|error| Failure::read(path, &error))?;
    target(folder, Entry::Document { path: name.to_owned() })
}

fn project(folder: &Path) -> Result<Target, Failure> {
    let folder = if folder == Path::new(".") { Path::new("") } else { folder };
    let file = folder.join(PROJECT_FILE);
    fs::File::open(&file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::io(format!("there is no `{}`", file.display()))
            .with_help("name an OpenAPI document, or write a project with `gw init`"),
        _ => Failure::read(&file, &error),
    })?;
    target(folder, Entry::Project { path: PROJECT_FILE.to_owned() })
}

fn piped() -> Result<Target, Failure> {
    let bytes = read_bounded(io::stdin().lock(), "the standard input")?;
    let found = target(Path::new(""), Entry::Document { path: PIPED.to_owned() })?;
    Ok(Target { files: found.files.with_piped(PIPED, bytes), ..found })
}

fn target(folder: &Path, entry: Entry) -> Result<Target, Failure> {
    let real = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let files = DiskFiles::new(real).map_err(|error| Failure::read(folder, &error))?;
    Ok(Target { entry, files, shown: folder.to_owned() })
}

fn split(path: &Path) -> Result<(&Path, &str), Failure> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(|name| (folder, name))
        .ok_or_else(|| Failure::io(format!("the name of `{}` is not UTF-8", path.display())))
}

/// Reads everything, up to the largest file that is read at all.
///
/// # Errors
/// When it is longer, or cannot be read (exit 74).
pub(crate) fn read_bounded(from: impl Read, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    from.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::io(format!("cannot read {name}: {}", crate::failure::reason(&error))))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(Failure::io(format!("{name} is longer than {} MiB", MAX_FILE_BYTES >> 20)));
    }
    Ok(bytes)
}

/// Every folder with a `gw.yaml` at or below `start`, in the order of their paths.
///
/// # Errors
/// Those of [`folders_below`].
pub(crate) fn every_project_below(start: &Path) -> Result<Vec<PathBuf>, Failure> {
    // What is below here is called `shop`, not `./shop`.
    let start = if start == Path::new(".") { Path::new("") } else { start };
    let found = folders_below(start, |_| true)?.into_iter().filter(|folder| is_project(folder));
    Ok(found.map(|folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder }).collect())
}

/// Whether a folder is a project of its own.
pub(crate) fn is_project(folder: &Path) -> bool {
    folder.join(PROJECT_FILE).is_file()
}

/// `start` and every folder below that is to be entered, in the order of their paths. Hidden folders, `target` and
/// `node_modules` are passed by, links are not followed.
///
/// # Errors
/// When a folder cannot be read, or there are more than a search can end with (exit 74).
pub(crate) fn folders_below(start: &Path, enters: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![(start.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        if found.len() == MAX_FOLDERS {
            return Err(Failure::io(format!("more than {MAX_FOLDERS} folders below `{}`", start.display())));
        }
        if depth < MAX_DEPTH {
            let children = folders_in(&folder)?.into_iter().filter(|child| enters(child));
            open.extend(children.map(|child| (child, depth + 1)));
        }
        found.push(folder);
    }
    found.sort();
    Ok(found)
}

fn folders_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(here).map_err(|error| Failure::read(here, &error))?;
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::read(here, &error))?;
        let kind = entry.file_type().map_err(|error| Failure::read(&entry.path(), &error))?;
        if kind.is_dir() && !is_passed_by(&entry.file_name().to_string_lossy()) {
            folders.push(folder.join(entry.file_name()));
        }
    }
    Ok(folders)
}

fn is_passed_by(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "target" | "node_modules")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_and_its_file_mean_the_same_project() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(PROJECT_FILE), "gw: 1").unwrap();
        let entry = Entry::Project { path: PROJECT_FILE.into() };
        assert_eq!(locate(dir.path()).unwrap().entry, entry);
        assert_eq!(locate(&dir.path().join(PROJECT_FILE)).unwrap().entry, entry);
    }

    #[test]
    fn any_other_file_is_a_document() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("api.json"), "{}").unwrap();
        let found = locate(&dir.path().join("api.json")).unwrap();
        assert_eq!(found.entry, Entry::Document { path: "api.json".into() });
    }

    #[test]
    fn what_is_not_there_is_a_fault_of_reading() {
        let dir = tempfile::tempdir().unwrap();
        for path in [dir.path().to_owned(), dir.path().join("none.yaml")] {
            assert_eq!(locate(&path).unwrap_err().exit, crate::exit_code::Exit::Io);
        }
    }

    #[test]
    fn finds_projects_below_but_not_in_hidden_folders() {
        let dir = tempfile::tempdir().unwrap();
        for project in ["a/b", "c", ".hidden", "node_modules/x"] {
            fs::create_dir_all(dir.path().join(project)).unwrap();
            fs::write(dir.path().join(project).join(PROJECT_FILE), "gw: 1").unwrap();
        }
        let found = every_project_below(dir.path()).unwrap();
        assert_eq!(found, [dir.path().join("a/b"), dir.path().join("c")]);
    }
}
