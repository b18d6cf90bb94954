//! The pages are the docs, the explanations and the tests of the codes.

use std::collections::BTreeSet;

use super::{CODES, PAGES, explain};
use crate::fixture::{artifact, read};

/// The blocks of a page that are marked with this word.
fn blocks<'p>(page: &'p str, word: &str) -> Vec<&'p str> {
    let open = format!("```yaml {word}\n");
    page.split(&open).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// The codes that a suite gives when it is read and run.
fn codes(text: &str) -> BTreeSet<String> {
    match read(text) {
        Err(findings) => {
            findings.iter().filter_map(|told| told.split(' ').nth(1)).map(str::to_owned).collect()
        }
        Ok(suite) => {
            let outcome = crate::run(&artifact(), &suite);
            let findings = outcome.cases.iter().flat_map(|case| case.diagnostics().collect::<Vec<_>>());
            findings.map(|finding| finding.code.to_string()).collect()
        }
    }
}

#[test]
fn every_code_has_a_page_that_fires_and_is_clean() {
    assert_eq!(CODES.len(), PAGES.len());
    for entry in CODES {
        let page = explain(entry.code).unwrap();
        let code = entry.code.to_string();
        assert!(page.starts_with(&format!("# {code}: {}\n", entry.title)), "{code}");
        let (fires, clean) = (blocks(page, "fires"), blocks(page, "clean"));
        assert!(!fires.is_empty() && !clean.is_empty(), "{code}");
        for block in fires {
            assert!(codes(block).contains(&code), "{code} does not fire: {:?}", codes(block));
        }
        for block in clean {
            assert!(codes(block).is_empty(), "{code} is not clean: {:?}", codes(block));
        }
    }
}
