//! The files of a project: texts, trees, and which path is which.

use std::collections::BTreeMap;
use std::fmt;

use gw_artifact::provenance::is_relative;
use gw_syntax::{CodeEntry, Diagnostic, NodeId, NodeRef, Pointer, Sink, SourceId, SourceMap, Tree, parse};

use super::codes;
use super::files::{FileFault, Files, MAX_FILE_BYTES};
use super::locator::{self, Locator, LocatorFault};

/// How many files a project may have.
pub const MAX_FILES: usize = 4096;

/// How many bytes the files of a project may have together.
pub const MAX_TOTAL_BYTES: u64 = 256 << 20;

/// Every file that was asked for, each read once.
pub struct SourceSet<'f> {
    files: &'f dyn Files,
    sources: SourceMap,
    /// Beside the sources; `None` for a text that does not parse.
    trees: Vec<Option<Tree>>,
    /// Every path that was asked for; `None` for one that could not be read.
    by_path: BTreeMap<String, Option<SourceId>>,
    entry: Option<SourceId>,
    total_bytes: u64,
}

impl<'f> SourceSet<'f> {
    pub(super) fn new(files: &'f dyn Files) -> Self {
        SourceSet {
            files,
            sources: SourceMap::new(),
            trees: Vec::new(),
            by_path: BTreeMap::new(),
            entry: None,
            total_bytes: 0,
        }
    }

    /// The texts.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// The texts, for those who outlive the trees.
    pub fn into_sources(self) -> SourceMap {
        self.sources
    }

    /// The entry itself, when it could be read.
    pub fn entry(&self) -> Option<SourceId> {
        self.entry
    }

    /// The tree of a file, when it parses.
    pub fn tree(&self, id: SourceId) -> Option<&Tree> {
        self.trees.get(id.0 as usize)?.as_ref()
    }

    /// The file of a path, when it was asked for and could be read.
    pub fn find(&self, path: &str) -> Option<SourceId> {
        *self.by_path.get(path)?
    }

    /// The file that is named, from another file, by a relative path.
    pub fn find_from(&self, from: SourceId, relative: &str) -> Option<SourceId> {
        self.find(&locator::join(self.sources.path(from), relative).ok()?)
    }

    /// The node that a `$ref` names, which stands in the file `from`.
    ///
    /// # Errors
    /// When there is no such node; the file's own absence is a finding of this stage already.
    pub fn follow(&self, from: SourceId, text: &str) -> Result<NodeRef<'_>, Unreachable<'_>> {
        let locator = Locator::parse(text, self.sources.path(from)).map_err(|_| Unreachable::File)?;
        let id = match &locator.file {
            None => Some(from),
            Some(path) => self.find(path),
        };
        let tree = id.and_then(|id| self.tree(id)).ok_or(Unreachable::File)?;
        let pointer = Pointer::parse(&locator.fragment).ok_or(Unreachable::NoPointer)?;
        tree.root().at_pointer(&pointer).ok_or(Unreachable::Node { tree, pointer })
    }

    /// Whether the file that a `$ref` names has been asked for before.
    pub(super) fn knows_file_of(&self, from: SourceId, text: &str) -> bool {
        match Locator::parse(text, self.sources.path(from)) {
            Ok(Locator { file: None, .. }) => true,
            Ok(Locator { file: Some(path), .. }) => self.by_path.contains_key(&path),
            Err(_) => false,
        }
    }

    /// Reads the entry.
    pub(super) fn open_entry(&mut self, path: &str, sink: &mut Sink) -> Option<SourceId> {
        self.entry = self.open(path, None, sink);
        self.entry
    }

    /// Reads the file that a node names by a path relative to its own file.
    pub(super) fn open_from(&mut self, named: &Named, sink: &mut Sink) -> Option<SourceId> {
        match locator::join(self.sources.path(named.source), &named.text) {
            Ok(path) => self.open(&path, Some(named), sink),
            Err(fault) => self.refuse(fault, named, sink),
        }
    }

    /// Reads the file that a `$ref` names.
    pub(super) fn open_reference(&mut self, named: &Named, sink: &mut Sink) -> Option<SourceId> {
        match Locator::parse(&named.text, self.sources.path(named.source)) {
            Ok(Locator { file: None, .. }) => Some(named.source),
            Ok(Locator { file: Some(path), .. }) => self.open(&path, Some(named), sink),
            Err(fault) => self.refuse(fault, named, sink),
        }
    }

    /// Reads a file, unless that was tried before.
    fn open(&mut self, path: &str, named: Option<&Named>, sink: &mut Sink) -> Option<SourceId> {
        if let Some(known) = self.by_path.get(path) {
            return *known;
        }
        let opened = match self.read(path) {
            Ok(bytes) => {
                self.total_bytes += bytes.len() as u64;
                let id = self.sources.add(path, bytes);
                self.trees.push(parse(&self.sources, id, sink));
                Some(id)
            }
            Err(fault) => {
                let (entry, _) = kind_of_unread(&fault);
                sink.push_with(entry, || self.located(unread(path, &fault), named));
                None
            }
        };
        self.by_path.insert(path.to_owned(), opened);
        opened
    }

    /// Reports a name that is no path of the project.
    fn refuse(&self, fault: LocatorFault, named: &Named, sink: &mut Sink) -> Option<SourceId> {
        let (entry, message, help) = refused(fault, &named.text);
        sink.push_with(entry, || {
            self.located(Diagnostic::new(entry, message).with_help(help).about(&named.text), Some(named))
        });
        None
    }

    fn located(&self, finding: Diagnostic, named: Option<&Named>) -> Diagnostic {
        let node = named.and_then(|named| Some(self.tree(named.source)?.node(named.node)));
        match node {
            Some(node) => finding.at(node.span()).with_pointer(node.pointer()),
            None => finding,
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadFault> {
        if self.by_path.len() >= MAX_FILES {
            return Err(ReadFault::ProjectOversized);
        }
        if path.is_empty() {
            return Err(ReadFault::File(FileFault::Missing));
        }
        // What is compiled on one system must be found under the same name on another; the artifact says so too.
        if !is_relative(path) {
            return Err(ReadFault::OtherSystem);
        }
        let bytes = self.files.read(path).map_err(ReadFault::File)?;
        let length = bytes.len() as u64;
        if length > MAX_FILE_BYTES {
            return Err(ReadFault::File(FileFault::TooLarge));
        }
        if self.total_bytes + length > MAX_TOTAL_BYTES {
            return Err(ReadFault::ProjectOversized);
        }
        Ok(bytes)
    }
}

impl fmt::Debug for SourceSet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceSet").field("paths", &self.by_path).finish_non_exhaustive()
    }
}

/// Why a `$ref` leads to no node.
#[derive(Clone, Debug)]
pub enum Unreachable<'s> {
    /// The file could not be read, or does not parse; that has been reported.
    File,
    /// What stands behind `#` is not a path through the document.
    NoPointer,
    /// The file has no such node.
    Node {
        /// The file that was looked at.
        tree: &'s Tree,
        /// The path that leads nowhere.
        pointer: Pointer,
    },
}

/// The scalar that names a file.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) text: String,
    source: SourceId,
    node: NodeId,
}

impl Named {
    /// By this scalar.
    pub(super) fn by(node: NodeRef<'_>) -> Self {
        let text = node.scalar_text().unwrap_or_default().to_owned();
        Named { text, source: node.tree().source(), node: node.id() }
    }
}

enum ReadFault {
    File(FileFault),
    /// The path has a drive or a backslash.
    OtherSystem,
    ProjectOversized,
}

/// What is wrong with a name that is no path of the project, and what to do.
fn refused(fault: LocatorFault, text: &str) -> (&'static CodeEntry, String, &'static str) {
    match fault {
        LocatorFault::Remote => (
            &codes::REFERENCE_REMOTE,
            format!("`{text}` leads to another machine"),
            "save the file beside the document and refer to it by a relative path: \
             what is compiled must not change over night",
        ),
        LocatorFault::Outside => (
            &codes::FILE_OUTSIDE,
            format!("`{text}` leads out of the project's folder"),
            "move the file into the folder, or the project file up",
        ),
        LocatorFault::Malformed => (
            &codes::FILE_MISSING,
            format!("`{text}` is not a path"),
            "a `%` in a reference begins an escape of two hexadecimal digits",
        ),
    }
}

/// The finding about a file that is named and was not read.
fn unread(path: &str, fault: &ReadFault) -> Diagnostic {
    let (entry, help) = kind_of_unread(fault);
    let message = match fault {
        ReadFault::File(FileFault::Missing) => format!("`{path}` is not there"),
        ReadFault::File(FileFault::Unreadable(why)) => format!("`{path}` cannot be read: {why}"),
        ReadFault::File(FileFault::TooLarge) => {
            format!("`{path}` is larger than {} MiB", MAX_FILE_BYTES >> 20)
        }
        ReadFault::File(FileFault::Outside) => format!("`{path}` lies outside the project's folder"),
        ReadFault::OtherSystem => format!("`{path}` names another place on another system"),
        ReadFault::ProjectOversized => {
            let most = MAX_TOTAL_BYTES >> 20;
            format!("with `{path}` the project has more than {MAX_FILES} files or {most} MiB")
        }
    };
    let finding = Diagnostic::new(entry, message).about(path);
    match help {
        Some(help) => finding.with_help(help),
        None => finding,
    }
}

fn kind_of_unread(fault: &ReadFault) -> (&'static CodeEntry, Option<&'static str>) {
    match fault {
        ReadFault::File(FileFault::Missing) => {
            (&codes::FILE_MISSING, Some("paths are relative to the file that names them"))
        }
        ReadFault::File(FileFault::Unreadable(_)) => (&codes::FILE_UNREADABLE, None),
        ReadFault::File(FileFault::TooLarge) => (&codes::FILE_OVERSIZED, None),
        ReadFault::File(FileFault::Outside) => {
            (&codes::FILE_OUTSIDE, Some("a link may not lead out of the folder; copy the file into it"))
        }
        ReadFault::OtherSystem => (
            &codes::FILE_OUTSIDE,
            Some("rename the file: a path has neither `\\` nor a drive such as `C:` at its beginning"),
        ),
        ReadFault::ProjectOversized => (&codes::PROJECT_OVERSIZED, None),
    }
}
