//! Rules of precedence: rows of examples, and the naive matcher under any order of the templates.

use proptest::prelude::*;

use super::super::*;
use super::{naive, strategies, templates};

fn with_rules(texts: &[&str], rules: &[(usize, &[usize])]) -> Result<PathTrie, TemplateConflict> {
    let rules: Vec<Precedence> =
        rules.iter().map(|&(gives_way, before)| Precedence { gives_way, before: before.to_vec() }).collect();
    PathTrie::build_with(&templates(texts), &rules)
}

#[track_caller]
fn finds(trie: &PathTrie, path: &str, value: u32, texts: &[&str]) {
    let mut captures = Captures::new();
    assert_eq!(trie.find(path, &mut captures), Some(value), "{path}");
    assert_eq!(captures.texts(path).collect::<Vec<_>>(), texts, "{path}");
}

#[test]
fn a_rule_turns_the_winner_around_and_nothing_else() {
    let trie = with_rules(&["/a/b/{y}", "/a/{x}/c", "/a/{x}/{y}"], &[(0, &[1])]).unwrap();
    finds(&trie, "/a/b/c", 1, &["b"]);
    finds(&trie, "/a/b/d", 0, &["d"]);
    finds(&trie, "/a/d/c", 1, &["d"]);
    finds(&trie, "/a/d/d", 2, &["d", "d"]);
}

#[test]
fn the_first_that_matches_has_the_path_with_its_own_variables() {
    let texts = ["/a/{x}.json/{y}/", "/{p}/{q}-{r}/c/", "/{p}/v{q}/{r}/"];
    let trie = with_rules(&texts, &[(0, &[1, 2])]).unwrap();
    finds(&trie, "/a/v-1.json/c/", 1, &["a", "v", "1.json"]);
    finds(&trie, "/a/v1.json/c/", 2, &["a", "1.json", "c"]);
    finds(&trie, "/a/w1.json/c/", 0, &["w1", "c"]);
}

#[test]
fn a_template_of_another_length_never_has_the_path() {
    let trie = with_rules(&["/a/b", "/{x}", "/{x}/{y}/{z}"], &[(0, &[1, 2])]).unwrap();
    finds(&trie, "/a/b", 0, &[]);
}

#[test]
fn rules_that_do_not_hold_are_refused() {
    let texts = ["/a", "/{x}"];
    let refused: [&[(usize, &[usize])]; 5] =
        [&[(0, &[])], &[(0, &[0])], &[(0, &[2])], &[(2, &[0])], &[(0, &[1]), (0, &[1])]];
    for rules in refused {
        assert_eq!(with_rules(&texts, rules), Err(TemplateConflict::Precedence), "{rules:?}");
    }
    assert_eq!(with_rules(&texts, &[(0, &[1; MAX_BEFORE + 1])]), Err(TemplateConflict::Precedence));
}

/// For every template those that go before it in `order` and after it in the order of segments, as one would write
/// them down by hand.
fn rules_of(texts: &[(Template, u32)], order: &[usize]) -> Vec<Precedence> {
    let rule = |gives_way: usize| {
        let stands = order.iter().position(|&at| at == gives_way).unwrap();
        let natural = |at: usize| texts[at].0.segments();
        let goes_before = |&at: &usize| {
            natural(at) > natural(gives_way)
                && compare(&texts[at].0, &texts[gives_way].0) != Relation::Disjoint
        };
        let before: Vec<usize> = order[..stands].iter().copied().filter(goes_before).collect();
        (!before.is_empty()).then_some(Precedence { gives_way, before })
    };
    (0..texts.len()).filter_map(rule).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_order_of_templates_can_be_had(
        (texts, order) in strategies::template_set()
            .prop_map(naive::without_conflicts)
            .prop_flat_map(|texts| {
                let order: Vec<usize> = (0..texts.len()).collect();
                (Just(texts), Just(order).prop_shuffle())
            }),
        path in strategies::path(),
    ) {
        let trie = PathTrie::build_with(&texts, &rules_of(&texts, &order)).unwrap();
        let mut captures = Captures::new();
        let found = trie.find(&path, &mut captures);
        let alone = |at: &usize| naive::find(&texts[*at..=*at], &path);
        let expected = order.iter().find_map(alone);
        prop_assert_eq!(found, expected.as_ref().map(|(value, _)| *value));
        if let Some((_, variables)) = expected {
            prop_assert_eq!(captures.texts(&path).collect::<Vec<_>>(), variables);
        }
        let bytes = postcard::to_allocvec(&trie).unwrap();
        prop_assert_eq!(postcard::from_bytes::<PathTrie>(&bytes).unwrap(), trie);
    }
}
