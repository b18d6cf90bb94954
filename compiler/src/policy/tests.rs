//! Values of keys through the whole of parsing: shape, reader, text.

mod laws;

use gw_syntax::{NodeRef, Severity, Sink, SourceMap};

use super::{authenticator, precedence};
use crate::parse::annotations::{Policies, Said, Spelling, policies};
use crate::parse::conform::Conformity;
use crate::vocabulary::Shape;
use crate::vocabulary::annotations::annotation;
use crate::vocabulary::project::PROJECT;

/// What a key's value reads as: its text, and itself without its places.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) text: String,
    pub(super) value: String,
}

impl Read {
    fn of<T: std::fmt::Display + std::fmt::Debug>(value: T) -> Self {
        Read { text: value.to_string(), value: placeless(&value) }
    }
}

/// Reads a value at a key of `gw.yaml`'s `defaults`; with it come the codes of all findings.
pub(super) fn read(key: &str, value: &str) -> (Option<Read>, Vec<String>) {
    let mut sources = SourceMap::new();
    let id = sources.add("gw.yaml", format!("{key}: {value}\n"));
    let mut sink = Sink::new();
    let tree = gw_syntax::parse(&sources, id, &mut sink);
    let read = tree.as_ref().and_then(|tree| read_node(key, tree.root(), &mut sink));
    let findings = sink.finish(&sources);
    let codes =
        findings.diagnostics().iter().inspect(|finding| assert_eq!(finding.severity, Severity::Error));
    (read, codes.map(|finding| finding.code.to_string()).collect())
}

fn read_node(key: &str, root: NodeRef<'_>, sink: &mut Sink) -> Option<Read> {
    let row = annotation(key).expect("the key of a test is one of the table");
    let (key_node, value) = root.entry(key)?;
    Conformity { sink: &mut *sink, not_yet: Vec::new() }.key(row, key, key_node, value);
    match key {
        "authenticator" => return authenticator::read(value, sink).map(Read::of),
        "precedence" => return precedence::read(value).map(Read::of),
        _ => {}
    }
    let policies = policies(root, Spelling::Bare, sink);
    said(key, &policies)
}

/// The value of a key among what a layer says.
fn said(key: &str, policies: &Policies) -> Option<Read> {
    fn of<T: std::fmt::Debug>(said: Option<&Said<T>>) -> Option<Read> {
        said.map(|said| Read { text: said.text.to_string(), value: placeless(&said.value) })
    }
    match key {
        "auth" => of(policies.auth.as_ref()),
        "access" => of(policies.access.as_ref()),
        "rate-limit" => of(policies.rate_limit.as_ref()),
        "quota" => of(policies.quota.as_ref()),
        "concurrency" => of(policies.concurrency.as_ref()),
        "validate" => of(policies.validate.as_ref()),
        "upstream" => of(policies.upstream.as_ref()),
        "retry" => of(policies.retry.as_ref()),
        "circuit-breaker" => of(policies.circuit_breaker.as_ref()),
        "grpc" => of(policies.grpc.as_ref()),
        "transform" => of(policies.transform.as_ref()),
        "cache" => of(policies.cache.as_ref()),
        "errors" => of(policies.errors.as_ref()),
        "respond" => of(policies.respond.as_ref()),
        "match" => of(policies.match_.as_ref()),
        "cors" => of(policies.cors.as_ref()),
        "log" => of(policies.log.as_ref()),
        "mirror" => of(policies.mirror.as_ref()),
        "stream" => of(policies.stream.as_ref()),
        "sunset" => of(policies.sunset.as_ref()),
        "waive" => of(policies.waive.as_ref()),
        other => panic!("no field for {other}"),
    }
}

/// What a value is, wherever it stands.
fn placeless(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let mut placeless = String::new();
    let mut pieces = text.split("Span {");
    placeless.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        placeless.push_str(piece.split_once('}').map_or("", |(_, rest)| rest));
    }
    placeless
}

/// A value reads without a finding, prints as this text, and the text reads as the same value.
#[track_caller]
pub(super) fn reads_as(key: &str, value: &str, text: &str) {
    let (first, findings) = read(key, value);
    assert!(findings.is_empty(), "{value}: {findings:?}");
    let first = first.unwrap_or_else(|| panic!("{value} does not read"));
    assert_eq!(first.text, text);
    let (again, findings) = read(key, text);
    assert!(findings.is_empty(), "{text}: {findings:?}");
    assert_eq!(again, Some(first), "{text}");
}

/// The codes of the findings about a value.
#[track_caller]
pub(super) fn codes(key: &str, value: &str) -> Vec<String> {
    read(key, value).1
}

/// Reads something of a `gw.yaml` that has these lines beside what every one must have; the codes are of these lines.
pub(super) fn project<T>(lines: &str, read: impl Fn(NodeRef<'_>, &mut Sink) -> T) -> (T, Vec<String>) {
    let mut sources = SourceMap::new();
    let text = format!("gw: 1\nname: shop\napis: []\n{lines}");
    let id = sources.add("gw.yaml", text);
    let mut sink = Sink::new();
    let tree = gw_syntax::parse(&sources, id, &mut sink).expect("the text of a test is YAML");
    Conformity { sink: &mut sink, not_yet: Vec::new() }.value(&Shape::Object(PROJECT), "", tree.root());
    let value = read(tree.root(), &mut sink);
    let findings = sink.finish(&sources);
    (value, findings.diagnostics().iter().map(|finding| finding.code.to_string()).collect())
}
