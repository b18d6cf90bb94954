//! Witnesses that are printed, over real sockets: a gateway that serves the artifact does with each request what the
//! finding says, by its log and by what arrives behind it.
//!
//! Findings of a project that is refused have no artifact to be served from. Documents of the book of codes that fail
//! for want of a word about callers are served from a project that gives it, and those made by chance with every
//! operation public.

use std::collections::BTreeMap;
use std::path::Path;

use gw_compiler::{Compilation, Outcome, Sealed, codes, explain};
use gw_replay::{Confirmed, Ended};
use gw_syntax::Witness;
use gw_tests::upstream::Upstream;
use gw_tests::wire::{Answer, Caller};
use gw_tests::{Gateway, Node};
use serde_json::Value;

use crate::chance::mended;
use crate::corpus::{LET_THROUGH, around, firing, largest_document};
use crate::tried::{Texts, confirmed};

/// A gateway that serves an artifact, and the service behind all its upstreams.
struct Served<'a> {
    gateway: Gateway,
    upstream: Upstream,
    log: &'a Path,
}

impl<'a> Served<'a> {
    fn start(sealed: &Sealed, log: &'a Path) -> Self {
        let upstream = Upstream::start().expect("a port is free");
        let names = sealed.artifact.upstreams().iter().map(|row| (row.name.as_str(), upstream.address()));
        let upstreams: Vec<_> = names.collect();
        let node = Node { upstreams: &upstreams, log: Some(log), ..Node::default() };
        Served { gateway: Gateway::start(&sealed.bytes, node).expect("it serves"), upstream, log }
    }

    /// Sends a witness, byte by byte as it stands.
    fn send(&self, witness: &Witness) -> Answer {
        let host = witness.authority.as_deref().unwrap_or("localhost:8080");
        let mut lines = vec![
            format!("{} {} HTTP/1.1", witness.method, witness.target),
            format!("host: {host}"),
            "connection: close".to_owned(),
        ];
        lines.extend(witness.lines.iter().map(|(name, value)| format!("{name}: {value}")));
        lines.extend(witness.body.as_ref().map(|body| format!("content-length: {}", body.len())));
        let mut bytes = (lines.join("\r\n") + "\r\n\r\n").into_bytes();
        bytes.extend_from_slice(witness.body.as_deref().unwrap_or_default());
        let mut caller = Caller::connect(self.gateway.address()).expect("it listens");
        caller.send(&bytes);
        caller.answer(&witness.method).expect("an answer comes").expect("it is no closed connection")
    }

    /// The lines of the log, one for each request, in their order: the gateway has one thread.
    fn stop(self) -> Vec<Value> {
        self.gateway.stop();
        let log = std::fs::read_to_string(self.log).unwrap_or_default();
        log.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }
}

/// Sends every confirmed witness of a compilation to a gateway that serves it; how many there are of each code.
fn sent(compilation: &Compilation) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    let Outcome::Sealed(sealed) = &compilation.outcome else { return counts };
    let all = confirmed(compilation).expect("no witness is refuted");
    if all.is_empty() {
        return counts;
    }
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let log = folder.path().join("access.log");
    let served = Served::start(sealed, &log);
    for (finding, Confirmed { ended, .. }) in &all {
        let witness = finding.witness.as_deref().expect("what is confirmed is there");
        let answer = served.send(witness);
        let arrived = served.upstream.take_received();
        let told = format!("{} {}: {witness:?}\nshould end as {ended:?}", finding.code, finding.message);
        assert_eq!(arrived.len(), usize::from(ended.upstream.is_some()), "{told}");
        assert_eq!(answer.status, ended.status.unwrap_or(200), "{told}\n{}", answer.text());
        *counts.entry(finding.code.0).or_default() += 1;
    }
    let lines = served.stop();
    assert_eq!(lines.len(), all.len(), "each request has its line");
    for ((finding, Confirmed { ended, .. }), line) in all.iter().zip(&lines) {
        assert_eq!(logged(line), expected(ended), "{} {}: {line}", finding.code, finding.message);
    }
    counts
}

/// API, operation, upstream and reason of a log line.
fn logged(line: &Value) -> [Option<String>; 4] {
    ["gw.api", "gw.operation", "gw.upstream", "gw.reason"].map(|key| line[key].as_str().map(str::to_owned))
}

/// The same of an end that was confirmed.
fn expected(ended: &Ended) -> [Option<String>; 4] {
    let operation = ended.operation.as_ref();
    [
        operation.map(|operation| operation.api.clone()),
        operation.map(|operation| operation.name.clone()),
        ended.upstream.clone(),
        ended.reason.map(|reason| reason.as_str().to_owned()),
    ]
}

#[test]
fn witnesses_of_the_book_of_codes_do_what_they_say_over_sockets() {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for entry in codes() {
        for (language, text) in firing(explain(entry.code).unwrap_or_default()) {
            let name = format!("openapi.{language}");
            let texts = Texts::read(&text, &name);
            let mut compilation = texts.compile();
            let is_refused = matches!(compilation.outcome, Outcome::Refused { .. });
            if is_refused && texts.0.len() == 1 && texts.0.contains_key(&name) {
                compilation = around(&name, &text, LET_THROUGH).compile();
            }
            for (code, count) in sent(&compilation) {
                *counts.entry(code).or_default() += count;
            }
        }
    }
    assert_eq!(counts.into_keys().collect::<Vec<_>>(), [307, 312, 313]);
}

#[test]
fn witnesses_of_documents_made_by_chance_do_what_they_say_over_sockets() {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for texts in mended(600) {
        for (code, count) in sent(&texts.compile()) {
            *counts.entry(code).or_default() += count;
        }
    }
    assert!([312, 313].iter().all(|code| counts.get(code).is_some_and(|count| *count >= 10)), "{counts:?}");
}

#[test]
fn witnesses_of_the_largest_document_do_what_they_say_over_sockets() {
    let compilation = around("openapi.json", &largest_document(), LET_THROUGH).compile();
    assert_eq!(sent(&compilation), BTreeMap::from([(312, 2), (313, 67)]));
}
