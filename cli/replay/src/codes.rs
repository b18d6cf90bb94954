//! The codes of suites, and the page of each.

use gw_syntax::{Code, CodeEntry, Severity};

/// A key is not in the table.
pub(crate) const KEY_UNKNOWN: CodeEntry = error(901, "suite-key-unknown", "a key of a suite is unknown");
/// A key that must be there is not.
pub(crate) const KEY_MISSING: CodeEntry = error(902, "suite-key-missing", "a key of a suite is missing");
/// A value is not what its key takes.
pub(crate) const VALUE_MALFORMED: CodeEntry =
    error(903, "suite-value-malformed", "a value of a suite is malformed");
/// A key that is known, and that nothing acts on yet.
pub(crate) const NOT_YET: CodeEntry = error(904, "suite-key-not-yet", "a key of a suite is not enforced yet");
/// Two keys that exclude each other.
pub(crate) const CONTRADICTION: CodeEntry =
    error(905, "suite-contradiction", "two keys of a suite exclude each other");
/// Two cases of one name.
pub(crate) const NAME_TWICE: CodeEntry = error(906, "suite-name-twice", "two cases of a suite have one name");
/// A case's expectation does not hold.
pub(crate) const EXPECTATION_FAILED: CodeEntry =
    error(910, "suite-expectation-failed", "an expectation of a suite does not hold");

/// Every code that a suite can give, in the order of their numbers.
pub const CODES: &[CodeEntry] =
    &[KEY_UNKNOWN, KEY_MISSING, VALUE_MALFORMED, NOT_YET, CONTRADICTION, NAME_TWICE, EXPECTATION_FAILED];

/// The page of a code, in Markdown: what it means, why, and an example of each kind.
///
/// ```
/// use gw_syntax::Code;
///
/// assert!(gw_replay::explain(Code(901)).is_some_and(|page| page.starts_with("# GW0901")));
/// assert_eq!(gw_replay::explain(Code(9999)), None);
/// ```
pub fn explain(code: Code) -> Option<&'static str> {
    PAGES.iter().find(|(number, _)| *number == code.0).map(|(_, page)| *page)
}

const fn error(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { code: Code(number), name, severity: Severity::Error, title }
}

const PAGES: &[(u16, &str)] = &[
    (901, include_str!("codes/GW0901.md")),
    (902, include_str!("codes/GW0902.md")),
    (903, include_str!("codes/GW0903.md")),
    (904, include_str!("codes/GW0904.md")),
    (905, include_str!("codes/GW0905.md")),
    (906, include_str!("codes/GW0906.md")),
    (910, include_str!("codes/GW0910.md")),
];

#[cfg(test)]
mod tests;
