//! What was read from files, and is read again when they change.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::files::{self, FileDefect, Stamp};

/// What the files said last that could be used, and how often that has changed.
#[derive(Debug)]
pub(super) struct Kept<T> {
    current: RwLock<(u64, Arc<T>)>,
    /// The number of `current`, for those who only want to know whether it is still theirs.
    edition: AtomicU64,
    seen: Mutex<Vec<Option<Stamp>>>,
}

/// The number of what is read first.
const FIRST: u64 = 1;

impl<T> Kept<T> {
    /// Reads files for the first time.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(super) fn new<'p>(
        paths: impl Iterator<Item = &'p Path>,
        read: impl FnOnce() -> Result<T, Vec<FileDefect>>,
    ) -> Result<Self, Vec<FileDefect>> {
        // Before the files are read, so that what is written meanwhile is seen as a change.
        let seen = Mutex::new(files::stamps(paths));
        let current = RwLock::new((FIRST, Arc::new(read()?)));
        Ok(Self { current, edition: AtomicU64::new(FIRST), seen })
    }

    /// What holds for new connections, with its number.
    pub(super) fn current(&self) -> (u64, Arc<T>) {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        (current.0, Arc::clone(&current.1))
    }

    /// The number of what holds. One load.
    pub(super) fn edition(&self) -> u64 {
        self.edition.load(Ordering::Acquire)
    }

    /// Reads the files again if one of them changed: `None` when none did. What cannot be used changes nothing.
    pub(super) fn refresh<'p>(
        &self,
        paths: impl Iterator<Item = &'p Path>,
        read: impl FnOnce() -> Result<T, Vec<FileDefect>>,
    ) -> Option<Result<(), Vec<FileDefect>>> {
        let now = files::stamps(paths);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == now {
            return None;
        }
        *seen = now;
        Some(read().map(|value| {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            *current = (current.0 + 1, Arc::new(value));
            self.edition.store(current.0, Ordering::Release);
        }))
    }
}
