//! Any bytes as a bare document, and as a `gw.yaml` beside a sound one: findings or an artifact that loads.
#![no_main]

use gw_compiler::{Entry, FileFault, Files, Options, Outcome, compile};
use libfuzzer_sys::fuzz_target;

struct Two<'a>(&'a [u8]);

impl Files for Two<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        match path {
            "gw.yaml" | "fuzzed.yaml" => Ok(self.0.to_vec()),
            "sound.yaml" => Ok(SOUND.to_vec()),
            _ => Err(FileFault::Missing),
        }
    }
}

const SOUND: &[u8] = b"openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a/{x}: {get: {x-gw-auth: {public: true, reason: r}, responses: {'200': {description: ok}}}}
";

fuzz_target!(|bytes: &[u8]| {
    let entries =
        [Entry::Document { path: "fuzzed.yaml".into() }, Entry::Project { path: "gw.yaml".into() }];
    for entry in &entries {
        let compilation = compile(entry, &Two(bytes), &Options::default());
        match &compilation.outcome {
            Outcome::Sealed(sealed) => {
                gw_artifact::decode(&sealed.bytes).expect("what compiles loads");
            }
            Outcome::Refused { .. } => assert!(!compilation.findings.is_empty(), "refused without a word"),
        }
    }
});
