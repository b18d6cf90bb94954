//! Whether a request has been here already (RFC 9110 §7.6.3).

use crate::head::Head;

/// Whether an entry of `Via` bears this name. Entries are `[protocol "/"] version received-by [comment]`.
pub(super) fn names(head: &Head<'_>, project: &str) -> bool {
    head.all("via").any(|value| has_entry(value, project.as_bytes()))
}

fn has_entry(mut rest: &[u8], name: &[u8]) -> bool {
    let (mut words, mut comments_end) = (0, true);
    loop {
        rest = match rest {
            [] => return false,
            [b' ' | b'\t', behind @ ..] => behind,
            [b',', behind @ ..] => {
                words = 0;
                behind
            }
            // After one comment without end no other is looked for, so that the cost stays linear.
            [b'(', behind @ ..] => {
                let after = if comments_end { behind_comment(rest) } else { None };
                comments_end = after.is_some();
                after.unwrap_or(behind)
            }
            _ => {
                let is_end = |byte: &u8| matches!(byte, b' ' | b'\t' | b',' | b'(');
                let (word, behind) = rest.split_at(rest.iter().position(is_end).unwrap_or(rest.len()));
                words += 1;
                if words == 2 && word.eq_ignore_ascii_case(name) {
                    return true;
                }
                behind
            }
        };
    }
}

/// What follows a comment (RFC 9110 §5.6.5). One that never ends is none: it could otherwise hide what a gateway
/// wrote behind it.
fn behind_comment(text: &[u8]) -> Option<&[u8]> {
    let (mut depth, mut is_quoted) = (0_usize, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if is_quoted => is_quoted = false,
            b'\\' => is_quoted = true,
            b'(' => depth += 1,
            b')' if depth == 1 => return text.get(at + 1..),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}
