//! Words that several checks share.

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

/// "1 operation", "7 operations".
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
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
