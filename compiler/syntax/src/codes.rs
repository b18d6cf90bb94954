//! The table of codes for text that cannot be read as one YAML or JSON document (GW0101 to GW0129).

use crate::code::{Code, CodeEntry, Severity};

/// The file holds no content.
pub const FILE_EMPTY: CodeEntry = error(101, "file-empty", "the file holds no content");
/// The bytes are not UTF-8.
pub const TEXT_NOT_UTF8: CodeEntry = error(102, "text-not-utf8", "the file is not UTF-8 text");
/// The file is larger than [`crate::MAX_SOURCE_BYTES`].
pub const FILE_TOO_LARGE: CodeEntry = error(103, "file-too-large", "the file is too large");
/// A token or its place breaks the rules of YAML 1.2.
pub const YAML_SYNTAX: CodeEntry = error(104, "yaml-syntax", "the text is not well-formed YAML");
/// A token or its place breaks the rules of JSON (RFC 8259).
pub const JSON_SYNTAX: CodeEntry = error(105, "json-syntax", "the text is not well-formed JSON");
/// The document is nested deeper than [`crate::MAX_DEPTH`].
pub const NESTING_TOO_DEEP: CodeEntry =
    error(106, "nesting-too-deep", "mappings and sequences are nested too deeply");
/// A mapping has the same key twice.
pub const DUPLICATE_KEY: CodeEntry = error(107, "duplicate-key", "a key stands twice in one mapping");
/// A mapping key is itself a mapping or a sequence.
pub const KEY_NOT_SCALAR: CodeEntry = error(108, "key-not-scalar", "a key is a mapping or a sequence");
/// The file holds more than one YAML document.
pub const SEVERAL_DOCUMENTS: CodeEntry =
    error(109, "several-documents", "the file holds more than one YAML document");
/// An alias names an anchor that was not set before it.
pub const ALIAS_UNKNOWN: CodeEntry = error(110, "alias-unknown", "an alias names no anchor before it");
/// An alias stands inside the node it names.
pub const ALIAS_CYCLIC: CodeEntry = error(111, "alias-cyclic", "an alias stands inside its own anchor");
/// Following the aliases would give more than [`crate::MAX_EXPANDED_NODES`] nodes.
pub const ALIAS_EXPLOSION: CodeEntry =
    error(112, "alias-explosion", "the aliases multiply into too many nodes");
/// The YAML 1.1 merge key `<<` is used.
pub const MERGE_KEY: CodeEntry = error(113, "merge-key", "the merge key `<<` is not part of YAML 1.2");
/// A tag outside the YAML 1.2 core schema is used.
pub const TAG_UNSUPPORTED: CodeEntry =
    error(114, "tag-unsupported", "a tag is not one of the core schema of YAML 1.2");
/// A core tag stands at a value it does not fit.
pub const TAG_MISMATCH: CodeEntry = error(115, "tag-mismatch", "a value does not fit its tag");
/// A tab stands where YAML wants spaces.
pub const TAB_INDENTATION: CodeEntry = error(116, "tab-indentation", "a tab stands where YAML wants spaces");
/// A control character stands in the text that neither YAML nor JSON allows.
pub const CONTROL_CHARACTER: CodeEntry =
    error(117, "control-character", "the text holds a control character");

/// Every code of this crate, in the order of their numbers.
pub const CODES: &[CodeEntry] = &[
    FILE_EMPTY,
    TEXT_NOT_UTF8,
    FILE_TOO_LARGE,
    YAML_SYNTAX,
    JSON_SYNTAX,
    NESTING_TOO_DEEP,
    DUPLICATE_KEY,
    KEY_NOT_SCALAR,
    SEVERAL_DOCUMENTS,
    ALIAS_UNKNOWN,
    ALIAS_CYCLIC,
    ALIAS_EXPLOSION,
    MERGE_KEY,
    TAG_UNSUPPORTED,
    TAG_MISMATCH,
    TAB_INDENTATION,
    CONTROL_CHARACTER,
];

const fn error(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { code: Code(number), name, severity: Severity::Error, title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_within_their_range() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(CODES.iter().all(|entry| (101..130).contains(&entry.code.0)));
    }

    #[test]
    fn names_are_kebab_case_and_titles_one_line() {
        for entry in CODES {
            assert!(entry.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            assert!(!entry.title.ends_with('.') && !entry.title.contains('\n'));
        }
    }
}
