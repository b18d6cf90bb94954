//! The files of a project: texts, trees, and which path is which.

use std::collections::BTreeMap;
use std::fmt;

use gw_syntax::{Diagnostic, NodeRef, Pointer, Sink, SourceId, SourceMap, Tree, parse};

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
        match locator::join(self.sources.path(named.span.source), &named.text) {
            Ok(path) => self.open(&path, Some(named), sink),
            Err(fault) => refuse(sink, refused(fault, named)),
        }
    }

    /// Reads the file that a `$ref` names.
    pub(super) fn open_reference(&mut self, named: &Named, sink: &mut Sink) -> Option<SourceId> {
        match Locator::parse(&named.text, self.sources.path(named.span.source)) {
            Ok(Locator { file: None, .. }) => Some(named.span.source),
            Ok(Locator { file: Some(path), .. }) => self.open(&path, Some(named), sink),
            Err(fault) => refuse(sink, refused(fault, named)),
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
            Err(fault) => refuse(sink, unread(path, &fault, named)),
        };
        self.by_path.insert(path.to_owned(), opened);
        opened
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadFault> {
        if self.sources.len() >= MAX_FILES {
            return Err(ReadFault::ProjectOversized);
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

/// The place that names a file.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) text: String,
    pub(super) span: gw_syntax::Span,
    pub(super) pointer: Pointer,
}

impl Named {
    /// The scalar that names a file.
    pub(super) fn by(node: NodeRef<'_>) -> Self {
        let text = node.scalar_text().unwrap_or_default().to_owned();
        Named { text, span: node.span(), pointer: node.pointer() }
    }

    fn locate(&self, finding: Diagnostic) -> Diagnostic {
        finding.at(self.span).with_pointer(self.pointer.clone())
    }
}

enum ReadFault {
    File(FileFault),
    ProjectOversized,
}

fn refuse<T>(sink: &mut Sink, finding: Diagnostic) -> Option<T> {
    sink.push(finding);
    None
}

/// The finding about a path that names no file of the project.
fn refused(fault: LocatorFault, named: &Named) -> Diagnostic {
    let text = &named.text;
    let finding = match fault {
        LocatorFault::Remote => {
            Diagnostic::new(&codes::REFERENCE_REMOTE, format!("`{text}` leads to another machine"))
                .with_help("save the file beside the document and refer to it by a relative path: what is compiled must not change over night")
        }
        LocatorFault::Outside => {
            Diagnostic::new(&codes::FILE_OUTSIDE, format!("`{text}` leads out of the project's folder"))
                .with_help("move the file into the folder, or the project file up")
        }
        LocatorFault::Malformed => Diagnostic::new(&codes::FILE_MISSING, format!("`{text}` is not a path"))
            .with_help("a `%` in a reference begins an escape of two hexadecimal digits"),
    };
    named.locate(finding).about(text.clone())
}

/// The finding about a file that is named and was not read.
fn unread(path: &str, fault: &ReadFault, named: Option<&Named>) -> Diagnostic {
    let finding = match fault {
        ReadFault::File(FileFault::Missing) => {
            Diagnostic::new(&codes::FILE_MISSING, format!("`{path}` is not there"))
                .with_help("paths are relative to the file that names them")
        }
        ReadFault::File(FileFault::Unreadable(why)) => {
            Diagnostic::new(&codes::FILE_UNREADABLE, format!("`{path}` cannot be read: {why}"))
        }
        ReadFault::File(FileFault::TooLarge) => {
            let most = MAX_FILE_BYTES >> 20;
            Diagnostic::new(&codes::FILE_OVERSIZED, format!("`{path}` is larger than {most} MiB"))
        }
        ReadFault::File(FileFault::Outside) => {
            Diagnostic::new(&codes::FILE_OUTSIDE, format!("`{path}` lies outside the project's folder"))
                .with_help("a link may not lead out of the folder; copy the file into it")
        }
        ReadFault::ProjectOversized => {
            let most = MAX_TOTAL_BYTES >> 20;
            let message = format!("with `{path}` the project has more than {MAX_FILES} files or {most} MiB");
            Diagnostic::new(&codes::PROJECT_OVERSIZED, message)
        }
    };
    let finding = finding.about(path);
    match named {
        Some(named) => named.locate(finding),
        None => finding,
    }
}
