//! The keys of `gw.lock`.

use super::shape::{Key, Shape};

/// The whole file.
pub const LOCK: &[Key] = &[
    Key::enforced("lock", Shape::Integer { least: 1, most: 1 }, "The version of this file's format.")
        .required(),
    Key::enforced("pins", Shape::List(&Shape::Object(PIN)), "One entry for each document."),
];

const PIN: &[Key] = &[
    Key::enforced("url", Shape::Text, "The URL under which the project names the document.").required(),
    Key::enforced("file", Shape::Text, "The file below `gw.vendor/` that holds what the URL gave.")
        .required(),
    Key::enforced("digest", Shape::Text, "The SHA-256 of that file: `sha256:` and 64 digits.").required(),
    Key::enforced("commit", Shape::Text, "The commit that a `ref` of a repository stood for."),
];
