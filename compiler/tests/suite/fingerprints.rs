//! A fingerprint names a finding across runs: it stays while what is found stays, however the texts are written.

use std::collections::BTreeMap;

use gw_compiler::{codes, explain};
use gw_syntax::Code;
use proptest::prelude::*;

use crate::book::{Block, blocks, folder};
use crate::shuffle::shuffled_json;
use crate::support::{Folder, rendered};

/// Codes of which the place in the text is what they are about: tokens, which another way of writing does not have.
const OF_THE_TEXT: u16 = 200;

/// The example of each code that fires, in its project.
fn examples() -> Vec<(Code, Block, Folder)> {
    let pages = codes().into_iter().filter_map(|entry| Some((entry.code, explain(entry.code)?)));
    let fires = pages.filter_map(|(code, page)| {
        Some((code, blocks(page).into_iter().find(|block| block.kind == "fires")?))
    });
    fires
        .map(|(code, block)| (code, folder(&block), block))
        .map(|(code, folder, block)| (code, block, folder))
        .collect()
}

/// How often each fingerprint is given to a finding of the code.
fn fingerprints(folder: &Folder, block: &Block, code: Code) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for finding in folder.compile_in_full(block.on).findings.iter().filter(|finding| finding.code == code) {
        *counts.entry(finding.fingerprint()).or_default() += 1;
    }
    counts
}

/// The same project in JSON, its keys in another order; `None` where it cannot be written so.
fn rewritten(folder: &Folder, seed: u64) -> Option<Folder> {
    let files = folder.0.iter().map(|(name, bytes)| Some((name.clone(), shuffled_json(bytes, seed)?)));
    Some(Folder(files.collect::<Option<_>>()?))
}

/// The same project with lines between its lines.
fn moved(folder: &Folder, lines: usize) -> Folder {
    let comments = "# moved\n".repeat(lines);
    Folder(
        folder.0.iter().map(|(name, bytes)| (name.clone(), [comments.as_bytes(), bytes].concat())).collect(),
    )
}

#[test]
fn fingerprints_outlive_lines_that_move() {
    for (code, block, folder) in examples().into_iter().filter(|(_, block, _)| block.is_yaml()) {
        let before = fingerprints(&folder, &block, code);
        assert!(!before.is_empty(), "{code}");
        let moved = moved(&folder, 3);
        assert_eq!(
            before,
            fingerprints(&moved, &block, code),
            "{code}\n{}",
            rendered(&moved.compile_in_full(block.on))
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::with_cases(4) })]

    #[test]
    fn fingerprints_outlive_formatting_and_the_order_of_keys(seed: u64) {
        let mut compared = 0;
        let mut wrong = Vec::new();
        for (code, block, folder) in examples().into_iter().filter(|(code, ..)| code.0 >= OF_THE_TEXT) {
            let Some(other) = rewritten(&folder, seed) else { continue };
            compared += 1;
            let (before, after) = (fingerprints(&folder, &block, code), fingerprints(&other, &block, code));
            if before.is_empty() || before != after {
                let texts = [&folder, &other].map(|folder| rendered(&folder.compile_in_full(block.on)));
                wrong.push(format!("{code} {before:?} {after:?}\n{}", texts.join("-----\n")));
            }
        }
        prop_assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        prop_assert!(compared > 60, "{}", compared);
    }
}
