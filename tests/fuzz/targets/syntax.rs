//! Any bytes, as JSON and as YAML: a tree or findings, whose places lie in the text.
#![no_main]

use gw_syntax::{Sink, SourceMap, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for name in ["a.json", "a.yaml"] {
        let mut sources = SourceMap::new();
        let id = sources.add(name, bytes.to_vec());
        let mut sink = Sink::new();
        let tree = parse(&sources, id, &mut sink);
        let findings = sink.finish(&sources);
        assert!(tree.is_some() || !findings.diagnostics().is_empty(), "refused without a word");
        for finding in findings.diagnostics() {
            if let Some(span) = finding.span {
                assert!(span.start <= span.end && span.end as usize <= sources.text(id).len());
            }
        }
    }
});
