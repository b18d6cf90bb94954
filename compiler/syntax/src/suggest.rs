//! Did you mean: the nearest of the names that would have been right.

use strsim::damerau_levenshtein;

/// A name longer than this is not compared; nobody misspells it by accident, and the cost is quadratic.
const MAX_NAME_CHARS: usize = 64;

/// The candidate nearest to `name`, when one is near enough to be meant.
///
/// Near means: equal but for letter case, `-` and `_`, or at most a third of the letters (at least one)
/// inserted, left out, replaced or swapped. Of equally near candidates the first wins. The name itself is
/// never suggested. O(candidates × 64²).
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = fold(name)?;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().filter(|candidate| *candidate != name) {
        let Some(distance) = distance(&folded, candidate) else { continue };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How far apart two names are; `None` when too far to be meant.
fn distance(folded: &str, candidate: &str) -> Option<usize> {
    let candidate = fold(candidate)?;
    let length = folded.chars().count();
    let allowed = (length / 3).max(1);
    if length.abs_diff(candidate.chars().count()) > allowed || candidate.is_empty() {
        return None;
    }
    let distance = damerau_levenshtein(folded, &candidate);
    // A single letter is near to every other single letter: equal or nothing.
    let near = distance <= allowed && (distance == 0 || length > 1);
    near.then_some(distance)
}

fn fold(name: &str) -> Option<String> {
    if name.is_empty() || name.chars().nth(MAX_NAME_CHARS).is_some() {
        return None;
    }
    Some(name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 5] = ["x-gw-auth", "x-gw-timeout", "x-gw-retry", "operationId", "security"];

    #[test]
    fn a_slip_finds_the_key() {
        assert_eq!(nearest("x-gw-timeuot", KEYS), Some("x-gw-timeout"));
        assert_eq!(nearest("x-gw-rety", KEYS), Some("x-gw-retry"));
        assert_eq!(nearest("securty", KEYS), Some("security"));
    }

    #[test]
    fn letter_case_and_dashes_do_not_count() {
        assert_eq!(nearest("operation_id", KEYS), Some("operationId"));
        assert_eq!(nearest("X-GW-AUTH", KEYS), Some("x-gw-auth"));
    }

    #[test]
    fn what_is_far_is_not_suggested() {
        assert_eq!(nearest("description", KEYS), None);
        assert_eq!(nearest("", KEYS), None);
        assert_eq!(nearest("a", ["b"]), None);
    }

    #[test]
    fn the_name_itself_is_no_suggestion() {
        assert_eq!(nearest("security", KEYS), None);
    }

    #[test]
    fn endless_names_are_not_compared() {
        let long = "x".repeat(100_000);
        assert_eq!(nearest(&long, KEYS), None);
        assert_eq!(nearest("security", [long.as_str()]), None);
    }
}
