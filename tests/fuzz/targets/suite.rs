//! Any text as a suite: refused with findings, or run to its end against a small gateway.
#![no_main]

use std::sync::OnceLock;

use gw_artifact::Artifact;
use gw_compiler::{Entry, FileFault, Files, Options, Outcome, compile};
use gw_replay::{parse_suite, run};
use gw_syntax::{Sink, SourceMap};
use libfuzzer_sys::fuzz_target;

struct Petstore;

impl Files for Petstore {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        match path {
            "openapi.yaml" => Ok(include_bytes!("../../../examples/petstore/openapi.yaml").to_vec()),
            _ => Err(FileFault::Missing),
        }
    }
}

fn petstore() -> &'static Artifact {
    static ARTIFACT: OnceLock<Artifact> = OnceLock::new();
    ARTIFACT.get_or_init(|| {
        let entry = Entry::Document { path: "openapi.yaml".into() };
        match compile(&entry, &Petstore, &Options::default()).outcome {
            Outcome::Sealed(sealed) => sealed.artifact,
            Outcome::Refused { .. } => panic!("the petstore compiles"),
        }
    })
}

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::new();
    let id = sources.add("fuzzed.test.yaml", text);
    let mut sink = Sink::new();
    match parse_suite(&mut sources, id, &mut sink) {
        Some(suite) => drop(run(petstore(), &suite)),
        None => assert!(sink.has_errors(), "refused without a word"),
    }
});
