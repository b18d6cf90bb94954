//! Sets of API keys at work: read again when their files change, and handed to the threads without a lock in their way.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gw_artifact::Digest;
use gw_artifact::model::KeySetId;
use gw_decision::{KeyHolder, KeySet};

use super::file;
use crate::tls::{FileDefect, Stamp, read_file, stamps};

/// The sets of the process, in the order of their ids.
#[derive(Debug, Default)]
pub(crate) struct KeySets(Box<[Published]>);

/// One set, and its file.
#[derive(Debug)]
struct Published {
    name: String,
    path: PathBuf,
    stamps: Mutex<Vec<Option<Stamp>>>,
    generation: AtomicU64,
    current: Mutex<Arc<KeySet>>,
}

/// What one thread has of the sets: a copy of each pointer, taken anew when the set was replaced.
#[derive(Debug)]
pub(crate) struct KeyView(Box<[RefCell<Seen>]>);

/// One set as a thread saw it last.
#[derive(Debug)]
struct Seen {
    generation: u64,
    set: Arc<KeySet>,
}

impl KeySets {
    /// Reads the files, in the order of the artifact's sets.
    ///
    /// # Errors
    /// What is wrong with each file.
    pub(crate) fn open(files: &[(String, PathBuf)]) -> Result<Self, Vec<(String, FileDefect)>> {
        let (mut sets, mut defects) = (Vec::new(), Vec::new());
        for (name, path) in files {
            // Taken before the file is read: what changes meanwhile is read once more.
            let stamps = stamps([path.as_path()].into_iter());
            match load(path) {
                Ok(set) => sets.push(Published {
                    name: name.clone(),
                    path: path.clone(),
                    stamps: Mutex::new(stamps),
                    generation: AtomicU64::new(0),
                    current: Mutex::new(Arc::new(set)),
                }),
                Err(defect) => defects.push((name.clone(), defect)),
            }
        }
        if defects.is_empty() { Ok(Self(sets.into())) } else { Err(defects) }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many keys each set has, by its name.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = (String, serde_json::Value)> {
        self.0.iter().map(|set| (set.name.clone(), set.current().len().into()))
    }

    /// Reads files that changed. What reads replaces the set; what does not is told once, and the last good set stays.
    pub(crate) fn refresh(&self, mut say: impl FnMut(String)) {
        for set in &self.0 {
            let now = stamps([set.path.as_path()].into_iter());
            let mut seen = set.stamps.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == now {
                continue;
            }
            *seen = now;
            match load(&set.path) {
                Ok(keys) => {
                    let count = keys.len();
                    set.publish(keys);
                    say(format!("keys `{}`: {count} keys from now on", set.name));
                }
                Err(defect) => say(format!("keys `{}`: {defect}; the last good keys stay", set.name)),
            }
        }
    }

    /// A thread's view.
    pub(crate) fn view(&self) -> KeyView {
        KeyView(self.0.iter().map(|set| RefCell::new(set.seen())).collect())
    }
}

impl Published {
    /// The generation is read first: a set that is replaced meanwhile is taken once more.
    fn seen(&self) -> Seen {
        Seen { generation: self.generation(), set: self.current() }
    }

    fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The set is in its place before its generation is seen.
    fn publish(&self, keys: KeySet) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        self.generation.fetch_add(1, Ordering::Release);
    }
}

impl KeyView {
    /// Who holds the key with this digest. One load of a number that seldom changes, and a look-up.
    pub(crate) fn find(&self, sets: &KeySets, set: KeySetId, digest: &Digest) -> Option<Arc<KeyHolder>> {
        let (view, published) = (self.0.get(set.index())?, sets.0.get(set.index())?);
        let mut seen = view.borrow_mut();
        if seen.generation != published.generation() {
            *seen = published.seen();
        }
        seen.set.find(digest)
    }
}

fn load(path: &Path) -> Result<KeySet, FileDefect> {
    let bytes = read_file(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| FileDefect::new(path, "is not UTF-8"))?;
    let keys = file::read(text).map_err(|defects| {
        let words: Vec<String> = defects.iter().map(ToString::to_string).collect();
        FileDefect::new(path, format!("is refused: {}", words.join("; ")))
    })?;
    Ok(file::set(keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, key: &str) -> String {
        format!("{{\"id\":\"{id}\",\"consumer\":\"acme\",\"hash\":\"{}\"}}\n", Digest::of(key.as_bytes()))
    }

    #[test]
    fn a_replaced_file_is_seen_and_a_broken_one_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("partners.keys");
        let replace = |text: &str| {
            let beside = folder.path().join("new");
            std::fs::write(&beside, text).unwrap();
            std::fs::rename(&beside, &path).unwrap();
        };
        replace(&line("a", "1"));
        let sets = KeySets::open(&[("partners".to_owned(), path.clone())]).unwrap();
        let view = sets.view();
        let knows = |key: &str| view.find(&sets, KeySetId(0), &Digest::of(key.as_bytes())).is_some();
        let mut told = Vec::new();
        sets.refresh(|words| told.push(words));
        assert!(told.is_empty() && knows("1") && !knows("2"));

        replace(&line("b", "2"));
        sets.refresh(|words| told.push(words));
        assert!(!knows("1") && knows("2"));

        replace("nonsense\n");
        sets.refresh(|words| told.push(words));
        sets.refresh(|words| told.push(words));
        assert!(knows("2"));
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[0], "keys `partners`: 1 keys from now on");
        assert!(told[1].contains("line 1") && told[1].ends_with("the last good keys stay"), "{told:?}");

        std::fs::remove_file(&path).unwrap();
        sets.refresh(|words| told.push(words));
        assert!(knows("2") && told[2].contains("cannot be read"), "{told:?}");
    }

    #[test]
    fn every_file_that_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["a", "b"].map(|name| (name.to_owned(), folder.path().join(name)));
        let defects = KeySets::open(&files).unwrap_err();
        assert_eq!(defects.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn a_set_of_another_artifact_knows_nobody() {
        let sets = KeySets::default();
        assert_eq!(sets.view().find(&sets, KeySetId(3), &Digest::of(b"1")), None);
    }
}
