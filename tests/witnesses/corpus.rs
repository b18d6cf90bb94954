//! The book of codes and api.github.com: no witness is refuted, and the codes that should have one do.

use std::collections::{BTreeMap, BTreeSet};

use gw_compiler::{codes, explain};

use crate::tried::{Texts, confirmed};
use gw_tests::repository;

/// The `fires` blocks of a page, with their languages.
pub(crate) fn firing(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default().to_owned();
        if words.next() == Some("fires") && words.next().is_none() {
            blocks.push((language, block.join("\n") + "\n"));
        }
    }
    blocks
}

#[test]
fn every_witness_of_the_book_of_codes_is_confirmed() {
    let mut with_witness = BTreeSet::new();
    let mut examples = 0;
    for entry in codes() {
        for (language, text) in firing(explain(entry.code).unwrap_or_default()) {
            examples += 1;
            let compilation = Texts::read(&text, &format!("openapi.{language}")).compile();
            let confirmed = confirmed(&compilation).unwrap_or_else(|refuted| panic!("{text}\n{refuted}"));
            with_witness.extend(confirmed.iter().map(|(finding, _)| finding.code.0));
        }
    }
    assert!(examples > 50, "only {examples} examples were found");
    for code in [301, 302, 303, 304, 311, 312, 313, 314] {
        assert!(with_witness.contains(&code), "GW{code:04} has no witness: {with_witness:?}");
    }
}

#[test]
fn every_witness_of_the_largest_document_is_confirmed() {
    let document = largest_document();
    let with = |defaults: &str| around("openapi.json", &document, defaults).compile();
    let counts = |compilation| {
        let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
        for (finding, _) in confirmed(&compilation).unwrap() {
            *counts.entry(finding.code.0).or_default() += 1;
        }
        counts
    };
    assert_eq!(counts(with(LET_THROUGH)), BTreeMap::from([(312, 2), (313, 67)]));
    // Without a word about callers it is refused, and the same witnesses hold over its draft.
    assert_eq!(counts(with("")), BTreeMap::from([(301, 1), (312, 2), (313, 67)]));
}

/// api.github.com, as it is published.
pub(crate) fn largest_document() -> String {
    let path = repository().join("target/corpus/github/generated/api.github.com.json");
    std::fs::read_to_string(&path)
        .unwrap_or_else(|fault| panic!("{}: {fault}; run tests/corpus/fetch small", path.display()))
}

/// Defaults that let callers through where a document says nothing of gw.
pub(crate) const LET_THROUGH: &str =
    ", auth: {public: true, delegated: true, reason: a document without annotations}";

/// A project around one document, with these defaults beside its upstream.
pub(crate) fn around(name: &str, document: &str, defaults: &str) -> Texts {
    let project = format!(
        "gw: 1\nname: real\napis: [{{name: real, spec: {name}}}]\n\
         upstreams: {{real: {{endpoints: ['http://127.0.0.1:9000']}}}}\ndefaults: {{upstream: real{defaults}}}\n"
    );
    let files = [("gw.yaml", project), (name, document.to_owned())];
    Texts(files.map(|(name, text)| (name.to_owned(), text)).into_iter().collect())
}
