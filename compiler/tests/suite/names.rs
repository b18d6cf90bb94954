//! Names of files that mean another place on another system.

use crate::support::{Folder, codes, compiled, rendered};
use gw_compiler::{Entry, Options, compile};

const PUBLIC: &str = "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\nx-gw-auth: {public: true, reason: a catalogue}\npaths: {/a: {get: {}}}\n";

#[test]
fn an_entry_that_another_system_would_read_elsewhere_is_refused() {
    for path in ["o:x.yaml", "o\\v.yaml", "C:/z.yaml"] {
        let folder = Folder([(path.to_owned(), PUBLIC.as_bytes().to_vec())].into());
        let refused = compile(&Entry::Document { path: path.into() }, &folder, &Options::default());
        assert_eq!(codes(&refused), ["GW0004"], "{path}: {}", rendered(&refused));
    }
}

#[test]
fn a_reference_to_such_a_file_is_refused_where_it_stands() {
    let refused = compiled(
        "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\nx-gw-auth: {public: true, reason: a catalogue}\n\
         paths: {/a: {$ref: './x:y.yaml'}, /b: {$ref: 'p%5Cq.yaml'}, /c: {get: {}}}\n",
    );
    assert_eq!(codes(&refused), ["GW0004", "GW0004"], "{}", rendered(&refused));
    assert!(refused.findings.iter().all(|finding| finding.span.is_some()));
}
