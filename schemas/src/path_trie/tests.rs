//! The matcher against rows of examples, against a naive matcher and against wayfind.

use proptest::prelude::*;

use super::*;
use crate::canonical_path::canonicalize;

mod naive;
mod overlap;
mod precedence;
mod stored;
mod strategies;
mod template;
mod visits;

fn templates(texts: &[&str]) -> Vec<(Template, u32)> {
    texts.iter().zip(0..).map(|(text, value)| (Template::parse(text).unwrap(), value)).collect()
}

/// The template that wins, and its variables' texts.
fn found<'t>(texts: &[&'t str], path: &str) -> Option<(&'t str, Vec<String>)> {
    let trie = PathTrie::build(&templates(texts)).unwrap();
    let mut captures = Captures::new();
    let value = trie.find(path, &mut captures)?;
    Some((texts[value as usize], captures.texts(path).map(str::to_owned).collect()))
}

#[track_caller]
fn finds(texts: &[&str], path: &str, winner: &str, captures: &[&str]) {
    assert_eq!(
        found(texts, path),
        Some((winner, captures.iter().map(|&text| text.to_owned()).collect())),
        "{path}"
    );
    let mut reversed = texts.to_vec();
    reversed.reverse();
    assert_eq!(found(&reversed, path), found(texts, path), "the order of the input makes no difference");
}

#[track_caller]
fn finds_nothing(texts: &[&str], path: &str) {
    assert_eq!(found(texts, path), None, "{path}");
}

#[test]
fn literal_goes_before_partial_before_variable() {
    let texts = ["/a/{x}", "/a/{x}.json", "/a/b.json"];
    finds(&texts, "/a/b.json", "/a/b.json", &[]);
    finds(&texts, "/a/c.json", "/a/{x}.json", &["c"]);
    finds(&texts, "/a/c.xml", "/a/{x}", &["c.xml"]);
    finds(&texts, "/a/.json", "/a/{x}", &[".json"]);
}

#[test]
fn goes_back_when_the_more_literal_way_ends() {
    let texts = ["/a/b/c", "/a/{x}/d", "/{x}/b/e", "/{x}/{y}/{z}"];
    finds(&texts, "/a/b/c", "/a/b/c", &[]);
    finds(&texts, "/a/b/d", "/a/{x}/d", &["b"]);
    finds(&texts, "/a/b/e", "/{x}/b/e", &["a"]);
    finds(&texts, "/a/b/f", "/{x}/{y}/{z}", &["a", "b", "f"]);
    finds_nothing(&texts, "/a/b");
    finds_nothing(&texts, "/a/b/c/d");
}

#[test]
fn goes_back_out_of_a_partial_segment() {
    let texts = ["/{x}.json/a", "/{x}/b", "/{y}n/c"];
    finds(&texts, "/q.json/a", "/{x}.json/a", &["q"]);
    finds(&texts, "/q.json/b", "/{x}/b", &["q.json"]);
    finds(&texts, "/q.json/c", "/{y}n/c", &["q.jso"]);
    finds_nothing(&texts, "/q.json/d");
}

#[test]
fn the_leftmost_literal_wins() {
    let texts = ["/a/{x}/c", "/a/b/{y}", "/{z}/b/c"];
    finds(&texts, "/a/b/c", "/a/b/{y}", &["c"]);
}

#[test]
fn a_slash_at_the_end_is_significant() {
    finds_nothing(&["/a"], "/a/");
    finds_nothing(&["/a/"], "/a");
    finds(&["/a", "/a/"], "/a/", "/a/", &[]);
    finds(&["/a/{x}", "/a/"], "/a/", "/a/", &[]);
    finds_nothing(&["/a/{x}"], "/a/");
    finds_nothing(&["/a/{x}"], "/a/b/");
    finds(&["/"], "/", "/", &[]);
    finds_nothing(&["/"], "/a");
    finds_nothing(&["/{x}"], "/");
}

#[test]
fn partials_have_a_total_order() {
    let texts =
        ["/{x}.tar.gz", "/{x}.gz", "/{x}:cancel", "/v{x}", "/v{x}.gz", "/{a}-{b}", "/{a}-{b}-{c}", "/{x}"];
    finds(&texts, "/a.tar.gz", "/{x}.tar.gz", &["a"]);
    finds(&texts, "/a.gz", "/{x}.gz", &["a"]);
    finds(&texts, "/v1.gz", "/v{x}.gz", &["1"]);
    finds(&texts, "/v1-2", "/v{x}", &["1-2"]);
    finds(&texts, "/7:cancel", "/{x}:cancel", &["7"]);
    finds(&texts, "/a-b", "/{a}-{b}", &["a", "b"]);
    finds(&texts, "/a-b-c", "/{a}-{b}-{c}", &["a", "b", "c"]);
    finds(&texts, "/a", "/{x}", &["a"]);
}

#[test]
fn variables_of_a_partial_are_as_short_as_possible_from_the_left() {
    finds(&["/{a}-{b}"], "/x-y-z", "/{a}-{b}", &["x", "y-z"]);
    finds(&["/{a}-{b}"], "/--x", "/{a}-{b}", &["-", "x"]);
    finds(&["/{a}-{b}.json"], "/x.json-y.json", "/{a}-{b}.json", &["x.json", "y"]);
    finds(&["/{a}--{b}"], "/x---y", "/{a}--{b}", &["x", "-y"]);
    for path in ["/-x", "/x-", "/-", "/--", "/x"] {
        finds_nothing(&["/{a}-{b}"], path);
    }
}

#[test]
fn a_variable_never_cuts_an_escape() {
    finds(&["/{x}9"], "/a%209", "/{x}9", &["a%20"]);
    finds_nothing(&["/{x}9"], "/caf%C3%A9");
    finds_nothing(&["/{x}A9"], "/caf%C3%A9");
    finds_nothing(&["/{a}C{b}"], "/x%C3%A9");
    finds(&["/{a}C{b}"], "/%C3%A9Cx", "/{a}C{b}", &["%C3%A9", "x"]);
    finds(&["/{a}%20{b}"], "/%20%20%20", "/{a}%20{b}", &["%20", "%20"]);
    finds(&["/{a}é{b}"], "/%C3%A9%C3%A9%C3%A9", "/{a}é{b}", &["%C3%A9", "%C3%A9"]);
}

#[test]
fn literals_match_in_their_canonical_form() {
    finds(&["/a b/café"], "/a%20b/caf%C3%A9", "/a b/café", &[]);
    finds(&["/%7euser/{x}"], "/~user/%20", "/%7euser/{x}", &["%20"]);
}

#[test]
fn a_thousand_siblings_are_told_apart() {
    let texts: Vec<String> = (0..1000).map(|n| format!("/collection-{n}/{{id}}")).collect();
    let templates: Vec<_> =
        texts.iter().zip(0..).map(|(text, n)| (Template::parse(text).unwrap(), n)).collect();
    let trie = PathTrie::build(&templates).unwrap();
    let mut captures = Captures::new();
    for n in 0..1000 {
        assert_eq!(trie.find(&format!("/collection-{n}/x"), &mut captures), Some(n));
    }
    for path in
        ["/collection-/x", "/collection-1000/x", "/collection/x", "/collection-01/x", "/collecti/x", "/a/x"]
    {
        assert_eq!(trie.find(path, &mut captures), None, "{path}");
    }
}

#[test]
fn texts_with_a_common_head_are_told_apart() {
    let texts = ["/abcdefgh", "/abcdefghi", "/abcdefg", "/abcdefghij", "/", "/a"];
    for text in texts {
        finds(&texts, text, text, &[]);
    }
    finds_nothing(&texts, "/abcdefghh");
    finds_nothing(&texts, "/abcdefghijk");
    finds_nothing(&texts, "/abcdef");
}

#[test]
fn what_is_no_path_matches_nothing() {
    let texts = ["/", "/{x}", "/a"];
    for path in ["", "a", "*", "a/a"] {
        finds_nothing(&texts, path);
    }
    finds_nothing(&texts, &format!("/{}", "a".repeat(70_000)));
    finds_nothing(&[], "/");
}

#[test]
fn a_failed_look_up_leaves_no_captures() {
    let trie = PathTrie::build(&templates(&["/{a}/{b}/c", "/{x}-{y}/d"])).unwrap();
    let mut captures = Captures::new();
    assert_eq!(trie.find("/p-q/r/s", &mut captures), None);
    assert!(captures.is_empty());
}

/// A literal and a variable at each of 30 levels: every template is on the way, and none is tried twice.
#[test]
fn going_back_is_bounded_by_the_edges() {
    let depth = 30;
    let mut texts = vec![format!("/{}end", "a/".repeat(depth))];
    for level in 0..depth {
        texts.push(format!("/{}{{x}}/{}z", "a/".repeat(level), "a/".repeat(depth - level - 1)));
    }
    let templates: Vec<_> =
        texts.iter().zip(0..).map(|(text, n)| (Template::parse(text).unwrap(), n)).collect();
    let trie = PathTrie::build(&templates).unwrap();
    let mut captures = Captures::new();
    assert_eq!(trie.find(&format!("/{}y", "a/".repeat(depth)), &mut captures), None);
    assert_eq!(trie.find(&format!("/{}z", "a/".repeat(depth)), &mut captures), Some(depth as u32));
}

#[test]
fn templates_that_differ_in_names_only_conflict() {
    let conflict = PathTrie::build(&templates(&["/a/{x}", "/b", "/a/{y}"])).unwrap_err();
    assert_eq!(conflict.to_string(), "`/a/{x}` and `/a/{y}` match the same paths");
    assert!(PathTrie::build(&templates(&["/a/{x}.a", "/a/{y}.a"])).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn agrees_with_the_naive_matcher(texts in strategies::template_set(), path in strategies::path()) {
        let texts = naive::without_conflicts(texts);
        let trie = PathTrie::build(&texts).unwrap();
        let mut captures = Captures::new();
        let value = trie.find(&path, &mut captures);
        let expected = naive::find(&texts, &path);
        prop_assert_eq!(value, expected.as_ref().map(|(value, _)| *value));
        if let Some((_, variables)) = expected {
            prop_assert_eq!(captures.texts(&path).collect::<Vec<_>>(), variables);
        }
    }

    #[test]
    fn finds_each_template_by_its_own_text(texts in strategies::template_set(), filler in strategies::value()) {
        let texts = naive::without_conflicts(texts);
        let trie = PathTrie::build(&texts).unwrap();
        for (template, _) in &texts {
            let path = strategies::fill(template, &filler);
            if canonicalize(&path).is_ok_and(|canonical| canonical.is_borrowed()) {
                let value = trie.find(&path, &mut Captures::new());
                prop_assert_eq!(value, naive::find(&texts, &path).map(|(value, _)| value));
                prop_assert!(value.is_some());
            }
        }
    }

    #[test]
    fn agrees_with_wayfind_on_whole_variables(
        texts in prop::collection::vec(strategies::whole_template(), 1..8),
        path in strategies::path(),
    ) {
        let texts = naive::without_conflicts(texts);
        let trie = PathTrie::build(&texts).unwrap();
        let ours = trie.find(&path, &mut Captures::new());
        prop_assert_eq!(ours, naive::wayfind(&texts, &path));
    }
}
