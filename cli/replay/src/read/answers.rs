//! What upstreams answer.

use gw_decision::Fault;
use gw_syntax::NodeRef;

use super::{Reader, entries, header_lines, nanos, text};
use crate::suite::{Act, Course, Response, Script, ScriptedAnswer};
use crate::units;

/// Failures, of which an answer has at most one and nothing beside it.
const FAILURES: [&str; 3] = ["connect", "reset", "garbage"];
/// What only a response has.
const PARTS: [&str; 7] = ["status", "headers", "body", "json", "body-size", "cut-after", "stall-after"];

/// Why no connection stands: one of the words that the key table has.
fn connection(word: &str) -> Act {
    let of_tls = Fault::ALL.into_iter().find(|fault| fault.is_of_tls() && fault.as_str() == word);
    match (word, of_tls) {
        (_, Some(fault)) => Act::FailHandshake(fault),
        ("hangs", None) => Act::HangConnection,
        (_, None) => Act::RefuseConnection,
    }
}

impl Reader<'_> {
    pub(super) fn scripts(&mut self, case: NodeRef<'_>) -> Vec<Script> {
        let mut scripts = Vec::new();
        for (key, answers) in entries(case, "upstream") {
            let answers = answers.items().map(|answer| self.answer(answer)).collect();
            scripts.push(Script { upstream: text(key), span: key.span(), answers });
        }
        scripts
    }

    fn answer(&mut self, node: NodeRef<'_>) -> ScriptedAnswer {
        for (at, failure) in FAILURES.iter().enumerate() {
            for other in FAILURES[at + 1..].iter().chain(&PARTS) {
                self.exclude(node, failure, other);
            }
        }
        self.exclude(node, "cut-after", "stall-after");
        self.exclude(node, "connect", "delay");
        let act = if let Some(connect) = node.get("connect") {
            connection(&text(connect))
        } else if node.get("reset").is_some() {
            Act::Reset
        } else if node.get("garbage").is_some() {
            Act::Garbage
        } else {
            Act::Respond(self.response(node))
        };
        let times = node.get("times").and_then(NodeRef::as_u64).unwrap_or(1) as u32;
        ScriptedAnswer { act, delay: nanos(node.get("delay")), times }
    }

    fn response(&mut self, node: NodeRef<'_>) -> Response {
        let status = node.get("status").and_then(NodeRef::as_u64).unwrap_or(200) as u16;
        let body = self.body(node);
        let mut lines = header_lines(node);
        let has = |lines: &[(String, String)], name: &str| lines.iter().any(|(other, _)| other == name);
        if body.is_json && !has(&lines, "content-type") {
            lines.push(("content-type".into(), "application/json".into()));
        }
        let bodiless = status == 204 || status == 304;
        if !bodiless && !has(&lines, "content-length") && !has(&lines, "transfer-encoding") {
            lines.push(("content-length".into(), body.bytes.len().to_string()));
        }
        let size = |key: &str| node.get(key).and_then(|size| units::bytes(&text(size)));
        let course = match (size("cut-after"), size("stall-after")) {
            (Some(bytes), _) => Course::CutAfter(bytes),
            (None, Some(bytes)) => Course::StallAfter(bytes),
            (None, None) => Course::Whole,
        };
        Response { status, lines, body: body.bytes, course }
    }
}
