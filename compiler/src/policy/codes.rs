//! The table of codes for what one policy value says against itself (GW0120 to GW0123).

use gw_syntax::{Code, CodeEntry, Severity};

/// Parts of one value contradict each other.
pub const CONTRADICTS_ITSELF: CodeEntry =
    error(120, "value-contradicts-itself", "parts of one value contradict each other");
/// A value has nothing in it.
pub const SAYS_NOTHING: CodeEntry = error(121, "value-says-nothing", "a value says nothing");
/// An entry of a list or mapping stands there twice.
pub const STANDS_TWICE: CodeEntry = error(122, "entry-stands-twice", "an entry stands twice in one value");
/// A list or mapping has more entries than gw keeps.
pub const TOO_MANY_ENTRIES: CodeEntry = error(123, "too-many-entries", "a value has too many entries");

/// Every code of policy values, in the order of their numbers.
pub const CODES: &[CodeEntry] = &[CONTRADICTS_ITSELF, SAYS_NOTHING, STANDS_TWICE, TOO_MANY_ENTRIES];

const fn error(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { code: Code(number), name, severity: Severity::Error, title }
}
