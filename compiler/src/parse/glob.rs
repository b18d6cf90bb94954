//! Globs over path templates.

use std::fmt;

/// A glob: `/orders/*/items`, `/admin/**`. Variables are text like any other: `*` selects `{id}`, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of segments, none included.
    Any,
    /// Text in which `*` stands for any text, none included.
    One(String),
}

/// The longest glob, in bytes.
pub const MAX_GLOB_BYTES: usize = 1024;

impl Glob {
    /// Reads a glob. `None` when it does not begin with `/`, is longer than [`MAX_GLOB_BYTES`], or has `**` beside
    /// other text.
    pub fn parse(text: &str) -> Option<Self> {
        let path = text.strip_prefix('/').filter(|_| text.len() <= MAX_GLOB_BYTES)?;
        let segment = |text: &str| match text {
            "**" => Some(Segment::Any),
            text if text.contains("**") => None,
            text => Some(Segment::One(text.to_owned())),
        };
        Some(Glob { segments: path.split('/').map(segment).collect::<Option<_>>()? })
    }

    /// Whether it selects a path template. O(segments of both × their lengths).
    pub fn matches(&self, template: &str) -> bool {
        let Some(path) = template.strip_prefix('/') else { return false };
        let path: Vec<&str> = path.split('/').collect();
        let is_any = |segment: &Segment| *segment == Segment::Any;
        let is_one = |segment: &Segment, text: &&str| match segment {
            Segment::Any => true,
            Segment::One(pattern) => matches_text(pattern, text),
        };
        matches(&self.segments, &path, is_any, is_one)
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments.iter().try_for_each(|segment| match segment {
            Segment::Any => f.write_str("/**"),
            Segment::One(text) => write!(f, "/{text}"),
        })
    }
}

/// Whether a segment is such a text.
fn matches_text(pattern: &str, text: &str) -> bool {
    matches(pattern.as_bytes(), text.as_bytes(), |byte| *byte == b'*', |byte, other| byte == other)
}

/// Matches with wildcards that stand for any number of items. It is enough to go back to the last wildcard: what an
/// earlier one could take more of, the last one can take as well.
fn matches<P, T>(
    pattern: &[P],
    text: &[T],
    is_wildcard: impl Fn(&P) -> bool,
    is_one: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut next) = (0, 0);
    let mut last_wildcard: Option<(usize, usize)> = None;
    while next < text.len() {
        match pattern.get(at) {
            Some(item) if is_wildcard(item) => {
                last_wildcard = Some((at, next));
                at += 1;
            }
            Some(item) if is_one(item, &text[next]) => (at, next) = (at + 1, next + 1),
            Some(_) | None => {
                let Some((wildcard, taken)) = last_wildcard else { return false };
                last_wildcard = Some((wildcard, taken + 1));
                (at, next) = (wildcard + 1, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(is_wildcard)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn selects(glob: &str, template: &str) -> bool {
        Glob::parse(glob).unwrap().matches(template)
    }

    #[test]
    fn a_star_stays_within_its_segment_and_two_go_over_any_number() {
        for (glob, template) in [
            ("/orders", "/orders"),
            ("/orders/*", "/orders/{id}"),
            ("/orders/*", "/orders/"),
            ("/o*s/{id}", "/orders/{id}"),
            ("/**", "/"),
            ("/**", "/a/b/c"),
            ("/admin/**", "/admin"),
            ("/admin/**", "/admin/users/{id}"),
            ("/**/items", "/orders/{id}/items"),
            ("/**/items", "/items"),
            ("/a/**/b/**/c", "/a/b/x/b/c"),
            ("/*:cancel", "/{id}:cancel"),
        ] {
            assert!(selects(glob, template), "{glob} {template}");
        }
        for (glob, template) in [
            ("/orders", "/orders/"),
            ("/orders/*", "/orders"),
            ("/orders/*", "/orders/{id}/items"),
            ("/admin/**", "/administration"),
            ("/**/items", "/orders/items/x"),
            ("/", "/a"),
        ] {
            assert!(!selects(glob, template), "{glob} {template}");
        }
    }

    #[test]
    fn a_glob_is_shown_as_it_is_written() {
        for text in ["/", "/**", "/a/*/b{id}", "/a/"] {
            assert_eq!(Glob::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_glob_is_refused() {
        assert!(["", "orders", "*", "/a**", "/**b/c"].iter().all(|text| Glob::parse(text).is_none()));
        assert!(Glob::parse(&format!("/{}", "a".repeat(MAX_GLOB_BYTES))).is_none());
    }

    /// The definition, without thought for time.
    fn naive(pattern: &[&str], path: &[&str]) -> bool {
        match pattern.split_first() {
            None => path.is_empty(),
            Some((&"**", rest)) => (0..=path.len()).any(|taken| naive(rest, &path[taken..])),
            Some((first, rest)) => path.split_first().is_some_and(|(text, path)| {
                naive_text(first.as_bytes(), text.as_bytes()) && naive(rest, path)
            }),
        }
    }

    fn naive_text(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|taken| naive_text(rest, &text[taken..])),
            Some((first, rest)) => {
                text.split_first().is_some_and(|(byte, text)| first == byte && naive_text(rest, text))
            }
        }
    }

    proptest! {
        #[test]
        fn matches_what_the_definition_matches(
            glob in "(/([ab]{0,2}\\*?[ab]?|\\*\\*)){1,5}",
            template in "(/[ab]{0,3}){1,6}",
        ) {
            prop_assume!(Glob::parse(&glob).is_some());
            let pattern: Vec<&str> = glob[1..].split('/').collect();
            let path: Vec<&str> = template[1..].split('/').collect();
            prop_assert_eq!(selects(&glob, &template), naive(&pattern, &path));
        }
    }
}
