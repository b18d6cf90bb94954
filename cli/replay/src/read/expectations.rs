//! What must come of a request.

use gw_artifact::model::{Reason, Step};
use gw_decision::Fault;
use gw_syntax::NodeRef;

use super::{Json, Reader, text};
use crate::conform::missing_key;
use crate::suite::{Expectation, Expected, ExpectedHeader, ExpectedLines, Which};

impl Reader<'_> {
    pub(super) fn expectations(&mut self, node: NodeRef<'_>, name: &str) -> Vec<Expectation> {
        let Some(expect) = node.get("expect").filter(|expect| !expect.is_empty()) else {
            let help = "add `expect: {status: 200}`";
            self.sink.push(missing_key(name, "expect", node).with_help(help));
            return Vec::new();
        };
        let mut all = self.expected(expect, Which::All);
        for (key, which) in [("all", Which::All), ("first", Which::First), ("last", Which::Last)] {
            if let Some(expect) = expect.get(key) {
                all.extend(self.expected(expect, which));
            }
        }
        all
    }

    fn expected(&mut self, node: NodeRef<'_>, of: Which) -> Vec<Expectation> {
        self.exclude(node, "body", "json");
        let mut all = Vec::new();
        for (key, value) in node.entries() {
            let mut add = |what| all.push(Expectation { of, span: value.span(), what });
            match key.scalar_text().unwrap_or_default() {
                "status" => add(Expected::Status(value.as_u64().unwrap_or_default() as u16)),
                "step" => Step::ALL
                    .into_iter()
                    .filter(|step| step.as_str() == text(value))
                    .for_each(|step| add(Expected::Step(step))),
                "reason" => {
                    add(Expected::Reason(
                        Reason::ALL.iter().copied().find(|one| one.as_str() == text(value)),
                    ));
                }
                "fault" => {
                    add(Expected::Fault(Fault::ALL.into_iter().find(|one| one.as_str() == text(value))));
                }
                "ending" => add(Expected::Complete(text(value) == "complete")),
                "headers" => expected_headers(value, Expected::Header, of, &mut all),
                "body" => add(Expected::Body(text(value))),
                "json" => add(Expected::Json(Json::of(value).value())),
                "upstream" => self.sent(value, of, &mut all),
                _ => {}
            }
        }
        all
    }

    fn sent(&mut self, node: NodeRef<'_>, of: Which, all: &mut Vec<Expectation>) {
        if let Some(name) = node.scalar_text() {
            let what = if name == "none" { Expected::NothingSent } else { Expected::SentTo(name.to_owned()) };
            return all.push(Expectation { of, span: node.span(), what });
        }
        self.exclude(node, "body", "json");
        for (key, value) in node.entries() {
            let mut add = |what| all.push(Expectation { of, span: value.span(), what });
            match key.scalar_text().unwrap_or_default() {
                "name" => add(Expected::SentTo(text(value))),
                "endpoint" => add(Expected::SentToEndpoint(text(value))),
                "method" => add(Expected::SentMethod(text(value))),
                "path" => add(Expected::SentTarget(text(value))),
                "headers" => expected_headers(value, Expected::SentHeader, of, all),
                "body" => add(Expected::SentBody(text(value))),
                "json" => add(Expected::SentJson(Json::of(value).value())),
                _ => {}
            }
        }
    }
}

fn expected_headers(
    node: NodeRef<'_>,
    wrap: fn(ExpectedHeader) -> Expected,
    of: Which,
    all: &mut Vec<Expectation>,
) {
    for (key, value) in node.entries() {
        let lines = match value.scalar_text() {
            Some("present") => ExpectedLines::Present,
            Some("absent") => ExpectedLines::Absent,
            Some(value) => ExpectedLines::Values(vec![value.to_owned()]),
            None => ExpectedLines::Values(value.items().map(text).collect()),
        };
        let name = text(key).to_ascii_lowercase();
        all.push(Expectation { of, span: value.span(), what: wrap(ExpectedHeader { name, lines }) });
    }
}
