//! Any head sent through the simulated gateway: an answer, a log line that is JSON, and nothing sent upstream that
//! the path trie did not match or that carries what a stranger may not say.
#![no_main]

use std::sync::OnceLock;

use gw_artifact::Artifact;
use gw_compiler::{Entry, FileFault, Files, Options, Outcome, compile};
use gw_replay::{Exchanged, HostLine, Request, Sim, SimOptions};
use libfuzzer_sys::fuzz_target;

struct Document;

impl Files for Document {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        if path == "a.yaml" { Ok(DOCUMENT.to_vec()) } else { Err(FileFault::Missing) }
    }
}

const DOCUMENT: &[u8] = b"openapi: 3.1.0
info: {title: t, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
components: {securitySchemes: {key: {type: apiKey, in: query, name: key}, token: {type: http, scheme: bearer}}}
paths:
  /a/{x}:
    get: {x-gw-auth: {public: true, reason: r}, responses: {'200': {description: ok}}}
  /a/{x}/secret:
    post:
      security: [{key: []}, {token: []}]
      x-gw-auth: {delegated: true, reason: r}
      responses: {'200': {description: ok}}
";

fn artifact() -> &'static Artifact {
    static ARTIFACT: OnceLock<Artifact> = OnceLock::new();
    ARTIFACT.get_or_init(|| {
        let entry = Entry::Document { path: "a.yaml".into() };
        match compile(&entry, &Document, &Options::default()).outcome {
            Outcome::Sealed(sealed) => sealed.artifact,
            Outcome::Refused { .. } => panic!("the document compiles"),
        }
    })
}

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let (Some(method), Some(target)) = (lines.next(), lines.next()) else { return };
    let mut request = Request::new(method, target);
    request.host = HostLine::Given("api.example.com".into());
    for line in lines.take(130) {
        let Some((name, value)) = line.split_once(':').filter(|(name, value)| is_line(name, value)) else { continue };
        request = request.line(name, value.trim());
    }
    let sim = Sim::new(artifact(), &SimOptions::default());
    let exchanged = Exchanged::of(&sim, &request);
    let line: serde_json::Value = serde_json::from_str(&exchanged.log_line).expect("the log line is JSON");
    assert!(line.is_object() && !exchanged.log_line.trim_end().contains('\n'));
    let Some(sent) = &exchanged.sent else { return };
    assert!(sent.target.starts_with("/v1/a/"), "{}", sent.target);
    let values = |name: &str| sent.lines.iter().filter(|(n, _)| n == name).count();
    assert!(values("via") > 0);
    for own in ["host", "x-request-id", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded"] {
        assert_eq!(values(own), 1, "{own}");
    }
    for (name, value) in &sent.lines {
        assert!(!value.contains(['\r', '\n', '\0']), "{name}");
        let hop = ["connection", "keep-alive", "upgrade", "te", "trailer", "proxy-authorization", "proxy-connection"];
        assert!(!hop.contains(&name.as_str()), "{name}");
    }
});

/// The engine in front of the steps lets no other line through (RFC 9110 §5.1, §5.5).
fn is_line(name: &str, value: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token) && !value.bytes().any(|byte| byte.is_ascii_control())
}
