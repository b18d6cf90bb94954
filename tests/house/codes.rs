//! Codes of findings are unique over all crates, and each has its page.

use std::collections::BTreeMap;

use gw_syntax::CodeEntry;
use gw_tests::repository;

/// Every code of every crate, with the folder of its page.
fn codes() -> Vec<(&'static CodeEntry, &'static str)> {
    let of_the_compiler = gw_compiler::codes().into_iter().map(|entry| (entry, "compiler/src/codes"));
    let of_the_suites = gw_replay::CODES.iter().map(|entry| (entry, "cli/replay/src/codes"));
    of_the_compiler.chain(of_the_suites).collect()
}

#[test]
fn numbers_and_names_are_unique() {
    let mut numbers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (entry, _) in codes() {
        numbers.entry(entry.code.to_string()).or_default().push(entry.name);
        names.entry(entry.name).or_default().push(entry.code.to_string());
    }
    numbers.retain(|_, names| names.len() > 1);
    names.retain(|_, numbers| numbers.len() > 1);
    assert!(numbers.is_empty() && names.is_empty(), "{numbers:?} {names:?}");
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let mut pages: Vec<String> = Vec::new();
    for folder in ["compiler/src/codes", "cli/replay/src/codes"] {
        let entries = repository().join(folder).read_dir().expect("the book is there").flatten();
        let files = entries.filter_map(|entry| entry.file_name().into_string().ok());
        pages.extend(files.filter(|name| name.ends_with("md")).map(|name| format!("{folder}/{name}")));
    }
    let mut expected: Vec<_> =
        codes().iter().map(|(entry, folder)| format!("{folder}/{}.md", entry.code)).collect();
    pages.sort();
    expected.sort();
    assert_eq!(pages, expected);
}

#[test]
fn every_page_says_its_code_and_shows_what_fires_it() {
    for (entry, folder) in codes() {
        let path = repository().join(folder).join(format!("{}.md", entry.code));
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(page.starts_with(&format!("# {}", entry.code)), "{}", path.display());
    }
}
