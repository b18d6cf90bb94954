//! Words that several checks share.

use gw_syntax::Pointer;

use crate::resolve::resolved::Operation;

/// How many names a message lists before it counts.
const LISTED: usize = 5;

/// Names in backticks, at most five, then how many more: "`a`, `b` and 3 more".
pub(crate) fn listing(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Operations in a sentence: "`GET /a`", or "7 operations" and then ": `GET /a`, …" for its end.
pub(crate) fn operations(operations: &[&Operation]) -> (String, String) {
    let names: Vec<String> = operations.iter().map(|operation| line_of(operation)).collect();
    match names.as_slice() {
        [only] => (format!("`{only}`"), String::new()),
        _ => (format!("{} operations", names.len()), format!(": {}", listing(&names))),
    }
}

/// Where a path stands in its document; the operations below it may stand elsewhere.
pub(super) fn pointer_of_path(operation: &Operation) -> Pointer {
    Pointer::root().child("paths").child(&operation.path)
}

/// `GET /orders/{id}`: how findings call an operation, whatever its `operationId`.
pub(crate) fn line_of(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_listing_ends_in_a_count() {
        let names: Vec<String> = (0..7).map(|n| n.to_string()).collect();
        assert_eq!(listing(&names), "`0`, `1`, `2`, `3`, `4` and 2 more");
        assert_eq!(listing(&names[..2]), "`0`, `1`");
    }
}
