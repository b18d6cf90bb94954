//! `gw.lock`: which bytes a URL stood for when somebody looked last.
//!
//! A project may name documents on other machines below the URLs that its `remote` allows. `gw lock` fetches them into
//! `gw.vendor/` and writes down their digests; compiling reads these files and never the network, so that another
//! team's change arrives as a change to review, and its mistakes block nobody else's release.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::Digest;
use gw_syntax::{NodeId, NodeRef, Sink, SourceId, Tree};

use super::remote::{self, RemoteUrl};
use crate::parse::conform::Conformity;
use crate::parse::finding::finding_at;
use crate::vocabulary::Shape;
use crate::vocabulary::lock::LOCK;

/// The name of the file, beside `gw.yaml`.
pub const LOCK_FILE: &str = "gw.lock";

/// How many documents can be pinned.
pub const MAX_PINS: usize = 1024;

/// One document that is pinned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Its URL.
    pub url: String,
    /// The file that holds it, relative to the project's folder.
    pub file: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// The commit that was read, for a file of a repository.
    pub commit: Option<String>,
}

/// What a project allows and pins.
#[derive(Debug, Default)]
pub(super) struct Lock {
    /// The URLs below which documents may be named.
    allowed: Vec<String>,
    /// The lock file, when there is one.
    source: Option<SourceId>,
    /// By URL: the pin and its node.
    pins: BTreeMap<String, (Pin, NodeId)>,
    /// By file: the URL that it stands for.
    files: BTreeMap<String, String>,
    /// The URLs that were asked for.
    asked: BTreeSet<String>,
}

/// What a project needs from other machines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remotes {
    /// URLs that are named, allowed and not pinned.
    pub unpinned: Vec<String>,
    /// Pins that are needed.
    pub used: Vec<Pin>,
    /// Pins that nothing asks for any more.
    pub unused: Vec<Pin>,
}

impl Lock {
    /// What `remote` of a project file allows.
    pub(super) fn allow(&mut self, project: &Tree, sink: &mut Sink) {
        for node in project.root().get("remote").into_iter().flat_map(NodeRef::items) {
            let Some(text) = node.as_str() else { continue };
            if remote::is_prefix(text) {
                self.allowed.push(text.to_owned());
            } else {
                sink.push_with(&super::codes::REMOTE_MALFORMED, || {
                    let message = format!("`{text}` allows nothing that gw could fetch");
                    finding_at(&super::codes::REMOTE_MALFORMED, node, message).with_help(
                        "write `https://host/folder/` or `git+https://host/repository.git`; `http` only for \
                         this machine, and no user names",
                    )
                });
            }
        }
    }

    /// Reads the lock file.
    pub(super) fn read(&mut self, tree: &Tree, sink: &mut Sink) {
        let root = tree.root();
        self.source = Some(tree.source());
        Conformity { sink, not_yet: Vec::new() }.value(&Shape::Object(LOCK), "", root);
        for node in root.get("pins").into_iter().flat_map(NodeRef::items).take(MAX_PINS) {
            match pin(node) {
                Some(pin) if !self.pins.contains_key(&pin.url) && !self.files.contains_key(&pin.file) => {
                    self.files.insert(pin.file.clone(), pin.url.clone());
                    self.pins.insert(pin.url.clone(), (pin, node.id()));
                }
                _ => sink.push_with(&super::codes::LOCK_DAMAGED, || {
                    finding_at(&super::codes::LOCK_DAMAGED, node, "this pin does not read, or stands twice")
                        .with_help("have it written again: `gw lock`")
                }),
            }
        }
    }

    /// Whether the project may name this URL.
    pub(super) fn allows(&self, url: &str) -> bool {
        self.allowed.iter().any(|allowed| remote::is_below(url, allowed))
    }

    /// The pin of a URL that is asked for.
    pub(super) fn pin_of(&mut self, url: &str) -> Option<&Pin> {
        self.asked.insert(url.to_owned());
        self.pins.get(url).map(|(pin, _)| pin)
    }

    /// The URL that a file of the project stands for.
    pub(super) fn url_of(&self, file: &str) -> Option<&str> {
        self.files.get(file).map(String::as_str)
    }

    /// The pin that a file must agree with, and where it stands.
    pub(super) fn pin_of_file(&self, file: &str) -> Option<(&Pin, SourceId, NodeId)> {
        let (pin, node) = self.pins.get(self.files.get(file)?)?;
        Some((pin, self.source?, *node))
    }

    /// Where pins stand that nothing asks for.
    pub(super) fn unused(&self) -> impl Iterator<Item = (&Pin, SourceId, NodeId)> {
        let unused = self.pins.values().filter(|(pin, _)| !self.asked.contains(&pin.url));
        unused.filter_map(|(pin, node)| Some((pin, self.source?, *node)))
    }

    /// What must be fetched, kept and forgotten.
    pub(super) fn remotes(&self) -> Remotes {
        let (used, unused) =
            self.pins.values().map(|(pin, _)| pin.clone()).partition(|pin| self.asked.contains(&pin.url));
        let unpinned = self.asked.iter().filter(|url| !self.pins.contains_key(*url));
        Remotes { unpinned: unpinned.cloned().collect(), used, unused }
    }
}

fn pin(node: NodeRef<'_>) -> Option<Pin> {
    let text = |name: &str| node.get(name).and_then(NodeRef::as_str).map(str::to_owned);
    let (url, file) = (text("url")?, text("file")?);
    // `gw lock` removes what is no longer named, so nothing beside the folder may pass for a part of it.
    let is_below = file.strip_prefix(remote::FOLDER).is_some_and(|rest| rest.starts_with('/'));
    let is_kept = is_below && super::locator::join("", &file).as_ref() == Ok(&file);
    let pin = Pin { url, file, digest: text("digest")?.parse().ok()?, commit: text("commit") };
    (is_kept && RemoteUrl::parse(&pin.url).is_some()).then_some(pin)
}
