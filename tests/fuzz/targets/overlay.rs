//! Any bytes as an overlay over a sound document: findings, or an artifact that loads.
#![no_main]

use gw_compiler::{Entry, FileFault, Files, Options, Outcome, compile};
use libfuzzer_sys::fuzz_target;

struct Project<'a>(&'a [u8]);

impl Files for Project<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        match path {
            "gw.yaml" => Ok(PROJECT.to_vec()),
            "sound.yaml" => Ok(SOUND.to_vec()),
            "fuzzed.yaml" => Ok(self.0.to_vec()),
            _ => Err(FileFault::Missing),
        }
    }
}

const PROJECT: &[u8] = b"gw: 1
name: t
apis: [{name: t, spec: sound.yaml, overlays: [fuzzed.yaml]}]
upstreams: {t: {}}
defaults: {upstream: t}
";

const SOUND: &[u8] = b"openapi: 3.1.0
info: {title: t, version: '1'}
tags: [{name: a}, {name: b}]
paths:
  /a/{x}: {get: {x-gw-auth: &auth {public: true, reason: r}, tags: [a], responses: {'200': {description: ok}}}}
  /b: {get: {x-gw-auth: *auth, x-gw-timeout: 1s, responses: {'200': {description: ok}}}}
";

fuzz_target!(|bytes: &[u8]| {
    let entry = Entry::Project { path: "gw.yaml".into() };
    let compilation = compile(&entry, &Project(bytes), &Options::default());
    match &compilation.outcome {
        Outcome::Sealed(sealed) => {
            gw_artifact::decode(&sealed.bytes).expect("what compiles loads");
        }
        Outcome::Refused { .. } => assert!(!compilation.findings.is_empty(), "refused without a word"),
    }
});
