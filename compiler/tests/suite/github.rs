//! The largest real document: api.github.com, from `tests/corpus/fetch small`.

use std::collections::BTreeMap;
use std::path::Path;

use gw_compiler::{Compilation, Outcome};

use crate::support::{Folder, codes, rendered};

const PROJECT: &str = "\
gw: 1
name: github
apis: [{name: github, spec: openapi.json}]
upstreams: {github: {endpoints: ['http://127.0.0.1:9000']}}
defaults: {upstream: github, auth: {public: true, delegated: true, reason: a document without annotations}}
";

#[expect(clippy::disallowed_methods, reason = "a test may read the file that it is about")]
fn document() -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("target/corpus/github/generated/api.github.com.json");
    std::fs::read(&path)
        .unwrap_or_else(|fault| panic!("{}: {fault}; run tests/corpus/fetch small", path.display()))
}

fn compiled() -> Compilation {
    let files = [("gw.yaml", PROJECT.as_bytes().to_vec()), ("openapi.json", document())];
    Folder(files.map(|(name, bytes)| (name.to_owned(), bytes)).into_iter().collect()).compile()
}

#[test]
fn passes_with_its_ambiguous_pairs_and_identical_templates_as_warnings() {
    let compilation = compiled();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for code in codes(&compilation) {
        *counts.entry(code).or_default() += 1;
    }
    let expected =
        [("GW0312", 2), ("GW0313", 67), ("GW0341", 1)].map(|(code, count)| (code.to_owned(), count));
    assert_eq!(counts, BTreeMap::from(expected), "{}", rendered(&compilation));
    assert!(matches!(compilation.outcome, Outcome::Sealed(_)));
    assert_eq!(compilation.summary.operations, 1223);
}
