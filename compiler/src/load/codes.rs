//! The table of codes for files that cannot be read (GW0001 to GW0099).

use gw_syntax::{Code, CodeEntry, Severity};

/// A file is named and not there.
pub const FILE_MISSING: CodeEntry = error(1, "file-missing", "a file is not there");
/// A file is there and cannot be read.
pub const FILE_UNREADABLE: CodeEntry = error(2, "file-unreadable", "a file cannot be read");
/// A file is larger than [`super::MAX_FILE_BYTES`].
pub const FILE_OVERSIZED: CodeEntry = error(3, "file-oversized", "a file is larger than gw reads");
/// A path leads out of the project's folder.
pub const FILE_OUTSIDE: CodeEntry =
    error(4, "file-outside-project", "a path leads out of the project's folder");
/// A `$ref` names a URL.
pub const REFERENCE_REMOTE: CodeEntry = error(5, "reference-remote", "a reference leads to another machine");
/// The project has more files, or more bytes, than [`super::MAX_FILES`] and [`super::MAX_TOTAL_BYTES`].
pub const PROJECT_OVERSIZED: CodeEntry =
    error(6, "project-oversized", "the project has more files than gw reads");

/// A URL is allowed and not pinned.
pub const REMOTE_UNPINNED: CodeEntry = error(7, "remote-unpinned", "a remote document is not pinned");
/// What is kept is not what was pinned.
pub const LOCK_MISMATCH: CodeEntry = error(8, "lock-mismatch", "a pinned document has other bytes");
/// A pin that does not read.
pub const LOCK_DAMAGED: CodeEntry = error(9, "lock-damaged", "a pin of `gw.lock` does not read");
/// A pin that nothing asks for.
pub const PIN_UNUSED: CodeEntry =
    CodeEntry { code: Code(10), name: "pin-unused", severity: Severity::Warning, title: "a pin is not used" };
/// An entry of `remote` that allows nothing.
pub const REMOTE_MALFORMED: CodeEntry =
    error(11, "remote-malformed", "an entry of `remote` is no place that gw fetches from");

/// Every code of this stage, in the order of their numbers.
pub const CODES: &[CodeEntry] = &[
    FILE_MISSING,
    FILE_UNREADABLE,
    FILE_OVERSIZED,
    FILE_OUTSIDE,
    REFERENCE_REMOTE,
    PROJECT_OVERSIZED,
    REMOTE_UNPINNED,
    LOCK_MISMATCH,
    LOCK_DAMAGED,
    PIN_UNUSED,
    REMOTE_MALFORMED,
];

const fn error(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { code: Code(number), name, severity: Severity::Error, title }
}
