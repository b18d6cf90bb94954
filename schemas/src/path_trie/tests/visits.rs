//! No path visits more nodes than the trie says.

use proptest::prelude::*;

use super::super::*;
use super::strategies::{path, template_set};

fn trie(templates: &[&str]) -> PathTrie {
    let parsed: Vec<_> = templates.iter().map(|text| (Template::parse(text).unwrap(), 0)).collect();
    PathTrie::build(&parsed).unwrap()
}

/// Every node that some look-up of this path could enter: as if no template ever matched.
fn reachable(trie: &PathTrie, path: &str) -> u64 {
    let mut level = vec![ROOT];
    let mut visited = 1;
    for segment in path[1..].split('/') {
        let mut next = Vec::new();
        for node in level {
            let node = &trie.nodes[node as usize];
            let (literals, partials) = (node.literals.count, node.partials.count);
            let of = |index| node.first_child + index;
            let is_literal = |index: &u32| {
                trie.text_of(trie.literals[(node.literals.start + index) as usize]) == segment.as_bytes()
            };
            next.extend((0..literals).filter(is_literal).map(of));
            let is_partial = |index: &u32| {
                let parts = trie.parts_of(trie.partials[(node.partials.start + index) as usize]);
                partial::matches(parts, segment.as_bytes(), 0..segment.len(), &mut Captures::new())
            };
            next.extend((0..partials).filter(is_partial).map(|index| of(literals + index)));
            if node.variable && !segment.is_empty() {
                next.push(of(literals + partials));
            }
        }
        visited += next.len() as u64;
        level = next;
    }
    visited
}

#[test]
fn a_literal_counts_once_and_everything_else_every_time() {
    assert_eq!(trie(&["/"]).most_visits(), [1, 2]);
    assert_eq!(trie(&["/a", "/b", "/c"]).most_visits(), [1, 2]);
    assert_eq!(trie(&["/a", "/{x}.json", "/{x}"]).most_visits(), [1, 4]);
    assert_eq!(trie(&["/a/b", "/{x}/c", "/{x}/d/e"]).most_visits(), [1, 3, 5, 6]);
}

#[test]
fn a_deep_trie_takes_no_recursion() {
    let deep = format!("/{}", vec!["a"; 500].join("/"));
    assert_eq!(trie(&[&deep]).most_visits().last(), Some(&501));
}

proptest! {
    #[test]
    fn no_path_visits_more(texts in template_set(), path in path()) {
        let parsed: Vec<_> = texts.iter().map(|text| (Template::parse(text).unwrap(), 0)).collect();
        let Ok(trie) = PathTrie::build(&parsed) else { return Ok(()) };
        let visits = trie.most_visits();
        let segments = path[1..].split('/').count();
        let most = visits.get(segments).or(visits.last()).copied().unwrap();
        prop_assert!(reachable(&trie, &path) <= most, "{path} {visits:?}");
    }
}
