//! Whether a request has been here already (RFC 9110 §7.6.3).

use crate::head::Head;

/// Whether an entry of `Via` bears this name. Entries are `[protocol "/"] version received-by [comment]`.
pub(super) fn names(head: &Head<'_>, project: &str) -> bool {
    head.all("via").any(|value| {
        value.split(|&byte| byte == b',').any(|entry| {
            let mut words = entry.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
            words.nth(1).is_some_and(|received_by| received_by.eq_ignore_ascii_case(project.as_bytes()))
        })
    })
}
