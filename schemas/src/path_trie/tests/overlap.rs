//! Overlap, precedence and witnesses.

use proptest::prelude::*;

use super::super::*;
use super::{naive, strategies};
use crate::canonical_path::canonicalize;

fn relation(a: &str, b: &str) -> Relation {
    compare(&Template::parse(a).unwrap(), &Template::parse(b).unwrap())
}

fn common(a: &str, b: &str) -> Option<String> {
    intersect(&Template::parse(a).unwrap(), &Template::parse(b).unwrap())
}

fn ambiguous(witness: &str, winner: Winner) -> Relation {
    Relation::Ambiguous { witness: witness.into(), winner }
}

#[test]
fn a_crossed_pair_is_ambiguous_and_the_leftmost_literal_wins() {
    assert_eq!(relation("/a/{x}/c", "/a/b/{y}"), ambiguous("/a/b/c", Winner::Second));
    assert_eq!(relation("/a/b/{y}", "/a/{x}/c"), ambiguous("/a/b/c", Winner::First));
}

#[test]
fn a_special_case_is_not_ambiguous() {
    assert_eq!(relation("/a/b", "/a/{x}"), Relation::MoreSpecific);
    assert_eq!(relation("/{x}", "/{x}.json"), Relation::LessSpecific);
    assert_eq!(relation("/v{x}.json", "/v{x}"), Relation::MoreSpecific);
    assert_eq!(relation("/{a}-{b}-{c}", "/{a}-{b}"), Relation::MoreSpecific);
    assert_eq!(relation("/a-b", "/{a}-{b}"), Relation::MoreSpecific);
}

#[test]
fn names_make_no_difference() {
    assert_eq!(relation("/a/{x}.json", "/a/{y}.json"), Relation::Identical);
    assert_eq!(relation("/~a", "/%7ea"), Relation::Identical);
}

#[test]
fn templates_of_other_length_or_text_are_disjoint() {
    for (a, b) in
        [("/a", "/a/"), ("/a/{x}", "/b/{x}"), ("/{x}", "/{x}/"), ("/{x}.a", "/{x}.b"), ("/a{x}", "/b{x}")]
    {
        assert_eq!(relation(a, b), Relation::Disjoint, "{a} {b}");
    }
}

#[test]
fn partials_overlap_in_the_middle() {
    assert_eq!(common("/pre{x}", "/{y}.json").as_deref(), Some("/pre.json"));
    assert_eq!(common("/ab{x}", "/{y}bc").as_deref(), Some("/abc"));
    assert_eq!(relation("/{x}.json", "/v{x}"), ambiguous("/v.json", Winner::Second));
    assert_eq!(common("/{a}-{b}.x", "/{c}:{d}").map(|path| path.len()), Some("/x-:.x".len()));
}

#[test]
fn a_witness_is_canonical() {
    // The shortest common texts are `..` and `%2541`, which no request can carry.
    assert_eq!(common("/.{x}", "/{y}."), Some("/.x.".into()));
    assert_eq!(common("/%25{x}", "/{y}41"), Some("/%25x41".into()));
}

#[test]
fn escapes_are_one_unit() {
    assert_eq!(common("/{x}9", "/{y}é"), None);
    assert_eq!(common("/{x}é", "/caf{y}"), Some("/caf%C3%A9".into()));
}

#[test]
fn long_alternations_are_decided() {
    let comb =
        |text: &str| (0..MAX_VARIABLES).map(|n| format!("{{v{n}}}{text}")).collect::<Vec<_>>().concat();
    let (a, b) = (format!("/{}", comb(&"a".repeat(50))), format!("/{}", comb(&"b".repeat(50))));
    assert_eq!(relation(&a, &b), Relation::Disjoint);
    assert!(common(&a, &format!("/{}{{z}}", comb(&"b".repeat(10)).replace("{v31}", ""))).is_some());
}

fn pair() -> impl Strategy<Value = (Template, Template)> {
    let template = || strategies::template().prop_map(|text| Template::parse(&text).unwrap());
    (template(), template())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_witness_matches_both_and_the_winner_is_found((a, b) in pair()) {
        let relation = compare(&a, &b);
        let Some(witness) = intersect(&a, &b) else {
            prop_assert_eq!(relation, Relation::Disjoint);
            return Ok(());
        };
        prop_assert!(canonicalize(&witness).unwrap().is_borrowed());
        prop_assert!(naive::find(&[(a.clone(), 0)], &witness).is_some());
        prop_assert!(naive::find(&[(b.clone(), 0)], &witness).is_some());
        let trie = PathTrie::build(&[(a, 0), (b, 1)]);
        let found = trie.as_ref().ok().and_then(|trie| trie.find(&witness, &mut Captures::new()));
        let expected = match relation {
            Relation::Identical => None,
            Relation::MoreSpecific | Relation::Ambiguous { winner: Winner::First, .. } => Some(0),
            Relation::LessSpecific | Relation::Ambiguous { winner: Winner::Second, .. } => Some(1),
            Relation::Disjoint => return Err(TestCaseError::fail("a witness of disjoint templates")),
        };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_path_that_matches_both_is_no_surprise((a, b) in pair(), path in strategies::path()) {
        let matches = |template: &Template| naive::find(&[(template.clone(), 0)], &path).is_some();
        match compare(&a, &b) {
            Relation::Disjoint => prop_assert!(!(matches(&a) && matches(&b))),
            Relation::Identical => prop_assert_eq!(matches(&a), matches(&b)),
            Relation::MoreSpecific => prop_assert!(!matches(&a) || matches(&b)),
            Relation::LessSpecific => prop_assert!(!matches(&b) || matches(&a)),
            Relation::Ambiguous { .. } => {}
        }
    }

    #[test]
    fn is_symmetric((a, b) in pair()) {
        let mirrored = match compare(&b, &a) {
            Relation::MoreSpecific => Relation::LessSpecific,
            Relation::LessSpecific => Relation::MoreSpecific,
            Relation::Ambiguous { witness, winner: Winner::First } => ambiguous(&witness, Winner::Second),
            Relation::Ambiguous { witness, winner: Winner::Second } => ambiguous(&witness, Winner::First),
            same => same,
        };
        let relation = compare(&a, &b);
        prop_assert_eq!(std::mem::discriminant(&relation), std::mem::discriminant(&mirrored));
        if let (Relation::Ambiguous { winner: a, .. }, Relation::Ambiguous { winner: b, .. }) = (relation, mirrored) {
            prop_assert_eq!(a, b);
        }
    }
}
