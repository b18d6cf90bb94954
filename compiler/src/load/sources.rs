//! The files of a project: texts, trees, and which path is which.

use std::collections::BTreeMap;
use std::fmt;

use gw_artifact::Digest;
use gw_artifact::provenance::is_relative;
use gw_syntax::codes::TEXT_NOT_UTF8;
use gw_syntax::{CodeEntry, Diagnostic, NodeId, NodeRef, Pointer, Sink, SourceId, SourceMap, Tree, parse};

use super::codes;
use super::files::{FileFault, Files, MAX_FILE_BYTES};
use super::locator::{self, Locator, LocatorFault};
use super::lock::{LOCK_FILE, Lock, Remotes};
use super::names::{Names, resolved};
use super::remote::is_url;
use crate::parse::finding::finding_at;
use crate::parse::openapi::grammar::Object;

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
    /// Beside the sources: what they call themselves and their schemas; `None` where nothing has a name.
    names: Vec<Option<Names>>,
    /// Documents and schemas by what they call themselves; the first, where two do.
    by_uri: BTreeMap<String, (SourceId, NodeId)>,
    /// Every path and URL that was asked for; `None` for one that could not be read.
    by_path: BTreeMap<String, Option<SourceId>>,
    lock: Lock,
    entry: Option<SourceId>,
    total_bytes: u64,
}

impl<'f> SourceSet<'f> {
    pub(super) fn new(files: &'f dyn Files) -> Self {
        SourceSet {
            files,
            sources: SourceMap::new(),
            trees: Vec::new(),
            names: Vec::new(),
            by_uri: BTreeMap::new(),
            by_path: BTreeMap::new(),
            lock: Lock::default(),
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

    /// Puts an edited tree in the place of the file's own.
    pub(super) fn replace(&mut self, tree: Tree) {
        let id = tree.source();
        if let Some(place) = self.trees.get_mut(id.0 as usize) {
            *place = Some(tree);
            self.by_uri.retain(|_, (source, _)| *source != id);
            self.learn_names(id);
        }
    }

    /// The trees that hold nodes of other files too.
    pub(crate) fn edited(&self) -> impl Iterator<Item = &Tree> {
        self.trees.iter().flatten().filter(|tree| tree.origins().nth(1).is_some())
    }

    /// The file of a path, when it was asked for and could be read.
    pub fn find(&self, path: &str) -> Option<SourceId> {
        *self.by_path.get(path)?
    }

    /// The file that is named, from another file, by a relative path.
    pub fn find_from(&self, from: SourceId, relative: &str) -> Option<SourceId> {
        self.find(&locator::join(self.base(from), relative).ok()?)
    }

    /// What relative references of a file are relative to: the URL that it stands for, or its path.
    fn base(&self, id: SourceId) -> &str {
        let path = self.sources.path(id);
        self.lock.url_of(path).unwrap_or(path)
    }

    /// What the project needs from other machines.
    pub(super) fn remotes(&self) -> Remotes {
        self.lock.remotes()
    }

    /// Reads what the project allows and pins.
    pub(super) fn open_lock(&mut self, project: SourceId, sink: &mut Sink) {
        let Some(tree) = self.tree(project) else { return };
        let mut lock = Lock::default();
        lock.allow(tree, sink);
        let Ok(path) = locator::join(self.sources.path(project), LOCK_FILE) else { return };
        if self.files.read(&path) != Err(FileFault::Missing)
            && let Some(tree) = self.open(&path, None, sink).and_then(|id| self.tree(id))
        {
            lock.read(tree, sink);
        }
        self.lock = lock;
    }

    /// Says which pins nothing asks for.
    pub(super) fn report_unused_pins(&self, sink: &mut Sink) {
        for (pin, source, node) in self.lock.unused() {
            let Some(tree) = self.tree(source) else { continue };
            sink.push_with(&codes::PIN_UNUSED, || {
                let message = format!("nothing names `{}` any more", pin.url);
                finding_at(&codes::PIN_UNUSED, tree.node(node), message).with_help("`gw lock` takes it out")
            });
        }
    }

    /// The node that a `$ref` names, which has this value and stands in the place of this object.
    ///
    /// What documents and schemas call themselves (`$self`, `$id`) goes before where files lie. A path through a schema
    /// with an `$id` begins there; where it leads to nothing, it is one through the whole file, as most authors mean.
    ///
    /// # Errors
    /// When there is no such node; the file's own absence is a finding of this stage already.
    pub fn follow(&self, value: NodeRef<'_>, object: Object) -> Result<NodeRef<'_>, Unreachable<'_>> {
        let (root, fragment) = self.beginning(value).ok_or(Unreachable::File)?;
        let tree = root.tree();
        match fragment.strip_prefix('#') {
            Some(name)
                if !name.is_empty() && !name.starts_with('/') && Pointer::parse(fragment).is_none() =>
            {
                let names = self.names(tree).filter(|_| object == Object::Schema);
                let anchor = names.and_then(|names| names.anchor(root.id(), name));
                let anchor = anchor.ok_or(Unreachable::NoPointer)?;
                Ok(tree.node(anchor))
            }
            _ => {
                let pointer = Pointer::parse(fragment).ok_or(Unreachable::NoPointer)?;
                let found = root.at_pointer(&pointer).or_else(|| tree.root().at_pointer(&pointer));
                found.ok_or(Unreachable::Node { tree, pointer })
            }
        }
    }

    /// The schema with an `$id` at which a `$ref`'s path begins and leads to nothing, so that [`Self::follow`] takes it as
    /// one through the whole file.
    pub fn passed_over(&self, value: NodeRef<'_>) -> Option<NodeRef<'_>> {
        let (root, fragment) = self.beginning(value)?;
        let is_schema = root.id() != root.tree().root().id();
        let pointer = Pointer::parse(fragment).filter(|_| is_schema)?;
        root.at_pointer(&pointer).is_none().then_some(root)
    }

    /// Where the path of a reference begins, and what stands behind `#` with it.
    fn beginning<'v>(&self, value: NodeRef<'v>) -> Option<(NodeRef<'_>, &'v str)> {
        let text = value.as_str().unwrap_or_default();
        let (file, fragment) = text.find('#').map_or((text, ""), |at| text.split_at(at));
        if !file.is_empty() {
            return Some((self.document(value, file)?, fragment));
        }
        let tree = self.tree(value.tree().source())?;
        Some((self.names(tree).map_or(tree.root(), |names| tree.node(names.root_of(value))), fragment))
    }

    /// The root of the document, or of the schema with an `$id`, that a reference names: by what it calls itself, else
    /// by where it lies.
    fn document(&self, value: NodeRef<'_>, file: &str) -> Option<NodeRef<'_>> {
        let from = value.tree().source();
        let by_name = self.resource(value, file);
        by_name.or_else(|| {
            let locator = Locator::parse(file, self.base(from)).ok()?;
            Some(self.tree(self.find(&locator.file?)?)?.root())
        })
    }

    /// What calls itself so in any file that was read.
    fn resource(&self, value: NodeRef<'_>, file: &str) -> Option<NodeRef<'_>> {
        let from = value.tree();
        let base = self.names(from).map_or(self.base(from.source()), |names| names.base_of(value));
        let (source, root) = *self.by_uri.get(&resolved(base, file)?)?;
        Some(self.tree(source)?.node(root))
    }

    /// What a file calls itself and its schemas, when a look at the text says that there may be anything.
    fn names_in(&self, id: SourceId) -> Option<Names> {
        let tree = self.tree(id)?;
        let may_name = |text: &str| ["$self", "$id", "nchor"].iter().any(|name| text.contains(name));
        let has_names = tree.origins().any(|origin| may_name(self.sources.text(origin)));
        has_names.then(|| Names::of(tree, self.base(id)))
    }

    /// Remembers what a file calls itself and its schemas.
    fn learn_names(&mut self, id: SourceId) {
        let names = self.names_in(id);
        for (uri, root) in names.iter().flat_map(Names::resources) {
            self.by_uri.entry(uri.to_owned()).or_insert((id, root));
        }
        if let Some(known) = self.names.get_mut(id.0 as usize) {
            *known = names;
        }
    }

    fn names(&self, tree: &Tree) -> Option<&Names> {
        self.names.get(tree.source().0 as usize)?.as_ref()
    }

    /// In how many places a `$dynamicRef` by this name may lead.
    pub fn dynamic_anchors(&self, name: &str) -> usize {
        self.names.iter().flatten().map(|names| names.dynamic_anchors(name)).sum()
    }

    /// The `$id`s and `$anchor`s that stand in one file twice.
    pub fn names_twice(&self) -> impl Iterator<Item = NodeRef<'_>> {
        self.trees.iter().zip(&self.names).flat_map(|(tree, names)| {
            let twice = names.iter().flat_map(|names| names.twice().iter());
            twice.filter_map(move |node| Some(tree.as_ref()?.node(*node)))
        })
    }

    /// Whether the document that a `$ref` names has been asked for before, or is called so by what was read.
    pub(super) fn knows_file_of(&self, value: NodeRef<'_>) -> bool {
        let text = value.as_str().unwrap_or_default();
        let file = text.split('#').next().unwrap_or_default();
        if !file.is_empty() && self.resource(value, file).is_some() {
            return true;
        }
        match Locator::parse(text, self.base(value.tree().source())) {
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
        match locator::join(self.base(named.source), &named.text) {
            Ok(path) => self.open(&path, Some(named), sink),
            Err(fault) => self.refuse(fault, named, sink),
        }
    }

    /// Reads the file that a node names, which is plain text and no document.
    pub(super) fn open_text_from(&mut self, named: &Named, sink: &mut Sink) {
        let path = match locator::join(self.base(named.source), &named.text) {
            Ok(path) => path,
            Err(fault) => {
                self.refuse(fault, named, sink);
                return;
            }
        };
        if self.by_path.contains_key(&path) {
            return;
        }
        let opened = self.read_file(&path, Some(named), sink).and_then(|bytes| {
            if std::str::from_utf8(&bytes).is_err() {
                let message = format!("`{path}` is not UTF-8 text");
                sink.push_with(&TEXT_NOT_UTF8, || {
                    self.located(Diagnostic::new(&TEXT_NOT_UTF8, message).about(&path), Some(named))
                });
                return None;
            }
            Some(self.keep(&path, bytes, |_, _| None))
        });
        self.by_path.insert(path, opened);
    }

    /// Reads the file that a `$ref` names.
    pub(super) fn open_reference(&mut self, named: &Named, sink: &mut Sink) -> Option<SourceId> {
        match Locator::parse(&named.text, self.base(named.source)) {
            Ok(Locator { file: None, .. }) => Some(named.source),
            Ok(Locator { file: Some(path), .. }) => self.open(&path, Some(named), sink),
            Err(fault) => self.refuse(fault, named, sink),
        }
    }

    /// Reads a document, unless that was tried before.
    fn open(&mut self, location: &str, named: Option<&Named>, sink: &mut Sink) -> Option<SourceId> {
        if let Some(known) = self.by_path.get(location) {
            return *known;
        }
        let opened = if is_url(location) {
            self.pinned(location, named, sink).and_then(|file| self.open(&file, named, sink))
        } else {
            self.open_file(location, named, sink)
        };
        self.by_path.insert(location.to_owned(), opened);
        opened
    }

    /// The file that holds what a URL stood for.
    fn pinned(&mut self, url: &str, named: Option<&Named>, sink: &mut Sink) -> Option<String> {
        if !self.lock.allows(url) {
            sink.push_with(&codes::REFERENCE_REMOTE, || {
                let message = format!("`{url}` leads to another machine");
                let help = "save the file beside the document and refer to it by a relative path; or allow the place \
                            with `remote: [https://…/]` in gw.yaml, and pin the document with `gw lock`";
                self.located(Diagnostic::new(&codes::REFERENCE_REMOTE, message).with_help(help).about(url), named)
            });
            return None;
        }
        let file = self.lock.pin_of(url).map(|pin| pin.file.clone());
        if file.is_none() {
            sink.push_with(&codes::REMOTE_UNPINNED, || {
                let message = format!("`{url}` is not pinned");
                let finding = Diagnostic::new(&codes::REMOTE_UNPINNED, message).about(url);
                self.located(finding.with_help("fetch it and pin its bytes: `gw lock`"), named)
            });
        }
        file
    }

    fn open_file(&mut self, path: &str, named: Option<&Named>, sink: &mut Sink) -> Option<SourceId> {
        let bytes = self.read_file(path, named, sink)?;
        self.hold_against_pin(path, &bytes, sink)?;
        let id = self.keep(path, bytes, |sources, id| parse(sources, id, sink));
        self.learn_names(id);
        Some(id)
    }

    /// Takes a file's bytes, with the tree that is made of them.
    fn keep(
        &mut self,
        path: &str,
        bytes: Vec<u8>,
        tree: impl FnOnce(&SourceMap, SourceId) -> Option<Tree>,
    ) -> SourceId {
        self.total_bytes += bytes.len() as u64;
        let id = self.sources.add(path, bytes);
        self.trees.push(tree(&self.sources, id));
        self.names.push(None);
        id
    }

    fn read_file(&self, path: &str, named: Option<&Named>, sink: &mut Sink) -> Option<Vec<u8>> {
        match self.read(path) {
            Ok(bytes) => Some(bytes),
            Err(fault) => {
                let (entry, _) = kind_of_unread(&fault);
                sink.push_with(entry, || self.located(unread(path, &fault), named));
                None
            }
        }
    }

    /// What is pinned is read only when it is what was pinned.
    fn hold_against_pin(&self, path: &str, bytes: &[u8], sink: &mut Sink) -> Option<()> {
        let Some((pin, source, node)) = self.lock.pin_of_file(path) else { return Some(()) };
        let found = Digest::of(bytes);
        if found == pin.digest {
            return Some(());
        }
        let node = self.tree(source)?.node(node);
        sink.push_with(&codes::LOCK_MISMATCH, || {
            let message = format!("`{path}` is not what was pinned: its digest is {found}");
            finding_at(&codes::LOCK_MISMATCH, node, message).with_help(
                "restore the file from the commit that pinned it, or fetch it again: `gw lock --update`",
            )
        });
        None
    }

    /// The finding about a file that is one too many to extend.
    pub(super) fn too_many_extended(&self, named: &Named) -> Diagnostic {
        let message = format!("with `{}` the project extends more files than gw reads", named.text);
        let finding = Diagnostic::new(&codes::PROJECT_OVERSIZED, message).about(&named.text);
        self.located(finding.with_help("put what belongs together into one file"), Some(named))
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
            "save the file beside the document and refer to it by a relative path; what gw can pin begins with \
             `https://` or `git+https://`, without a user",
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
        ReadFault::File(FileFault::TooLarge) => {
            let help =
                "split it into several files; a document that keeps its `$ref`s says each definition once";
            (&codes::FILE_OVERSIZED, Some(help))
        }
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
