//! Any text as a path, and templates with a path: canonical is a fixed point, a witness is matched by both.
#![no_main]

use gw_artifact::canonical_path::canonicalize;
use gw_artifact::path_trie::{Captures, PathTrie, Template, intersect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(path) = canonicalize(text) {
        let again = canonicalize(path.as_str()).expect("what is canonical stays canonical");
        assert!(again.is_borrowed() && again.as_str() == path.as_str());
    }
    let mut lines = text.lines().take(8);
    let Some(path) = lines.next() else { return };
    let templates: Vec<_> = lines.filter_map(|line| Template::parse(line).ok()).zip(0..).collect();
    if let Ok(trie) = PathTrie::build(&templates) {
        trie.check(templates.len()).expect("a trie that was built is whole");
        if let Ok(path) = canonicalize(path) {
            let _ = trie.find(path.as_str(), &mut Captures::new());
        }
    }
    for (a, _) in &templates {
        for (b, _) in &templates {
            let Some(witness) = intersect(a, b) else { continue };
            let both = [(a.clone(), 0)];
            let trie = PathTrie::build(&both).expect("one template never conflicts");
            assert_eq!(trie.find(&witness, &mut Captures::new()), Some(0), "{witness}");
        }
    }
});
