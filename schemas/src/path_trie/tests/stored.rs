//! The trie as stored bytes: back and forth, and bytes that nobody wrote.

use proptest::prelude::*;

use super::super::flat::{Flat, FlatNode};
use super::super::*;
use super::{naive, strategies, templates};

fn stored() -> Flat {
    let texts = ["/a", "/ab", "/{x}.json", "/v{x}", "/{a}-{b}", "/{x}/c"];
    Flat::from(&PathTrie::build(&templates(&texts)).unwrap())
}

fn refusal(change: impl FnOnce(&mut Flat)) -> TrieDefect {
    let mut flat = stored();
    change(&mut flat);
    PathTrie::try_from(flat).expect_err("a changed trie is refused")
}

#[test]
fn reads_back_what_was_built() {
    let trie =
        PathTrie::build(&templates(&["/a", "/ab/{x}", "/{x}.json", "/v{x}", "/{a}-{b}", "/{x}/c/"])).unwrap();
    let bytes = postcard::to_allocvec(&trie).unwrap();
    assert_eq!(postcard::from_bytes::<PathTrie>(&bytes).unwrap(), trie);
}

#[test]
fn counts_that_do_not_add_up_are_refused() {
    assert_eq!(refusal(|flat| flat.nodes.clear()), TrieDefect::Counts);
    assert_eq!(refusal(|flat| flat.nodes.truncate(1)), TrieDefect::Counts);
    assert_eq!(refusal(|flat| flat.nodes[0].literals += 1), TrieDefect::Counts);
    assert_eq!(refusal(|flat| flat.nodes[0].literals = u32::MAX), TrieDefect::Counts);
    assert_eq!(refusal(|flat| flat.nodes[0].partials = u32::MAX), TrieDefect::Counts);
    assert_eq!(refusal(|flat| flat.nodes[0].variable = false), TrieDefect::Counts);
    assert_eq!(refusal(|flat| flat.literals.push(0)), TrieDefect::Counts);
    assert_eq!(refusal(|flat| flat.parts.push(0)), TrieDefect::Counts);
    assert_eq!(refusal(|flat| flat.text.push('x')), TrieDefect::Counts);
    assert_eq!(refusal(|flat| flat.literals[2] = u32::MAX), TrieDefect::Counts);
    let orphan = FlatNode { literals: 0, partials: 0, variable: false, value: Some(0) };
    assert_eq!(refusal(|flat| flat.nodes.push(orphan)), TrieDefect::Counts);
}

#[test]
fn rules_that_name_no_template_are_refused() {
    // The nodes are the root, `/a`, `/ab`, `/v{x}`, `/{x}.json`, `/{a}-{b}`, `/{x}` and `/{x}/c`.
    let refused = |rules: Vec<(u32, Vec<u32>)>| refusal(|flat| flat.rules = rules) == TrieDefect::Precedence;
    assert!(refused(vec![(0, vec![1])]) && refused(vec![(1, vec![0])]) && refused(vec![(1, vec![8])]));
    assert!(refused(vec![(8, vec![1])]) && refused(vec![(1, vec![1])]) && refused(vec![(1, vec![])]));
    assert!(refused(vec![(2, vec![1]), (1, vec![2])]) && refused(vec![(1, vec![2]), (1, vec![2])]));
    assert!(refused(vec![(1, vec![2; MAX_BEFORE + 1])]));
}

#[test]
fn edges_out_of_order_are_refused() {
    assert_eq!(refusal(|flat| flat.text.replace_range(0..1, "b")), TrieDefect::Order);
    assert_eq!(refusal(|flat| flat.parts.swap(0, 1)), TrieDefect::Order);
}

#[test]
fn text_that_no_path_holds_is_refused() {
    assert_eq!(refusal(|flat| flat.text.push('é')), TrieDefect::Text);
}

#[test]
fn too_many_variables_are_refused() {
    assert_eq!(refusal(|flat| flat.partials[0] = 1), TrieDefect::TooManyVariables);
    assert_eq!(refusal(|flat| flat.partials[0] = u32::MAX), TrieDefect::TooManyVariables);
    let chain = |length: usize| Flat {
        nodes: (0..=length)
            .map(|n| FlatNode { literals: 0, partials: 0, variable: n < length, value: Some(0) })
            .collect(),
        ..Flat::default()
    };
    assert!(PathTrie::try_from(chain(MAX_VARIABLES)).is_ok());
    assert_eq!(PathTrie::try_from(chain(MAX_VARIABLES + 1)), Err(TrieDefect::TooManyVariables));
}

#[test]
fn values_out_of_range_are_found() {
    let trie = PathTrie::build(&templates(&["/a", "/b"])).unwrap();
    assert_eq!(trie.check(2), Ok(()));
    assert_eq!(trie.check(1), Err(TrieDefect::ValueOutOfRange { value: 1, values: 1 }));
}

proptest! {
    #[test]
    fn any_trie_reads_back(texts in strategies::template_set()) {
        let trie = PathTrie::build(&naive::without_conflicts(texts)).unwrap();
        let bytes = postcard::to_allocvec(&trie).unwrap();
        prop_assert_eq!(postcard::from_bytes::<PathTrie>(&bytes).unwrap(), trie);
    }

    /// Whatever bytes are accepted as a trie can be searched.
    #[test]
    fn altered_bytes_never_make_a_look_up_fail(
        texts in strategies::template_set(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        path in strategies::path(),
    ) {
        let trie = PathTrie::build(&naive::without_conflicts(texts)).unwrap();
        let mut bytes = postcard::to_allocvec(&trie).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(trie) = postcard::from_bytes::<PathTrie>(&bytes) {
            let _ = trie.find(&path, &mut Captures::new());
        }
    }
}
