//! Load: every file of the project is read once and has a tree (GW00xx).

pub mod codes;
mod discover;
pub mod files;
pub mod locator;
pub mod lock;
mod names;
mod overlays;
pub mod remote;
pub mod sources;

use gw_syntax::Sink;

pub use files::{FileFault, Files, MAX_FILE_BYTES};
pub use lock::{LOCK_FILE, MAX_PINS, Pin, Remotes};
pub use remote::RemoteUrl;
pub use sources::{MAX_FILES, MAX_TOTAL_BYTES, SourceSet};

use crate::compile::{Entry, Options};

/// Reads the entry, the files it extends, the documents it names with their overlays, and every file that a `$ref`
/// of these leads to.
///
/// What cannot be read is a finding and is left out.
pub fn load<'f>(entry: &Entry, files: &'f dyn Files, options: &Options, sink: &mut Sink) -> SourceSet<'f> {
    let mut sources = SourceSet::new(files);
    match entry {
        Entry::Document { path } => {
            let document = sources.open_entry(path, sink);
            discover::discover(&mut sources, document.as_slice(), sink);
        }
        Entry::Project { path } => {
            let documents = match sources.open_entry(path, sink) {
                Some(project) => {
                    sources.open_lock(project, sink);
                    discover::extended(&mut sources, project, sink);
                    discover::address_lists(&mut sources, project, sink);
                    let documents = discover::documents(&mut sources, project, sink);
                    overlays::lay(&mut sources, project, options, sink);
                    documents
                }
                None => Vec::new(),
            };
            discover::discover(&mut sources, &documents, sink);
            sources.report_unused_pins(sink);
        }
    }
    sources
}

/// What a project needs from other machines, as far as its files are there: with more of them there may be more to ask
/// for.
pub fn remotes(entry: &Entry, files: &dyn Files) -> Remotes {
    load(entry, files, &Options::default(), &mut Sink::new()).remotes()
}
