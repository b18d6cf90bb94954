//! From a checked tree to a [`Suite`]: what the key table cannot say (which keys exclude each other) is said here.

use gw_artifact::model::{Reason, Step};
use gw_decision::{Fault, Version};
use gw_syntax::{Diagnostic, NodeRef, Sink, SourceId, SourceMap, parse};

use crate::codes;
use crate::conform::{self, joined, missing_key};
use crate::request::{HostLine, Request, RequestBody};
use crate::suite::{
    Case, CaseStep, Expectation, Expected, ExpectedHeader, ExpectedLines, InFlight, Suite, Which,
};
use crate::units;
use crate::vocabulary::{METHODS, SUITE, Shape};

mod answers;
mod json;

pub(crate) use json::Json;

/// Reads a suite file; every finding goes to the sink. None when one of them is an error.
pub fn parse_suite(sources: &SourceMap, id: SourceId, sink: &mut Sink) -> Option<Suite> {
    let before = sink.errors();
    let tree = parse(sources, id, sink)?;
    conform::check(&Shape::Object(SUITE), "", tree.root(), sink);
    if sink.errors() > before {
        return None;
    }
    let mut reader = Reader { sink };
    let cases = reader.cases(tree.root().get("tests")?);
    (sink.errors() == before).then_some(Suite { cases })
}

struct Reader<'s> {
    sink: &'s mut Sink,
}

impl Reader<'_> {
    fn cases(&mut self, list: NodeRef<'_>) -> Vec<Case> {
        let mut cases: Vec<Case> = Vec::new();
        for node in list.items() {
            let Some(case) = self.case(node) else { continue };
            if let Some(earlier) = cases.iter().find(|earlier| earlier.name == case.name) {
                self.sink.push(
                    Diagnostic::new(&codes::NAME_TWICE, format!("`{}` names two cases", case.name))
                        .at(case.span)
                        .with_label(earlier.span, "the first one")
                        .with_help("say in the name what tells the two apart")
                        .about(case.name.clone()),
                );
            }
            cases.push(case);
        }
        cases
    }

    fn case(&mut self, node: NodeRef<'_>) -> Option<Case> {
        let name = node.get("name")?;
        let steps = match node.get("steps") {
            Some(steps) => {
                for other in ["request", "repeat", "expect"] {
                    self.exclude(node, "steps", other);
                }
                steps.items().filter_map(|step| self.step(step, "tests[].steps[]")).collect()
            }
            None => vec![self.step(node, "tests[]")?],
        };
        Some(Case {
            name: text(name),
            span: name.span(),
            scripts: self.scripts(node),
            in_flight: entries(node, "in-flight")
                .map(|(key, count)| InFlight {
                    upstream: text(key),
                    span: key.span(),
                    count: count.as_u64().unwrap_or_default() as u32,
                })
                .collect(),
            room: node.get("room").and_then(NodeRef::as_u64).map(|room| room as u32),
            steps,
        })
    }

    fn step(&mut self, node: NodeRef<'_>, name: &str) -> Option<CaseStep> {
        let (request, times, within) = match (node.get("request"), node.get("repeat")) {
            (Some(_), Some(_)) => {
                self.exclude(node, "request", "repeat");
                return None;
            }
            (Some(request), None) => (request, 1, 0),
            (None, Some(repeat)) => {
                let times = repeat.get("times").and_then(NodeRef::as_u64).unwrap_or(1);
                (repeat.get("request")?, times as u32, nanos(repeat.get("within")))
            }
            (None, None) => {
                let help = "add `request: {get: /path}`";
                self.sink.push(missing_key(name, "request", node).with_help(help));
                return None;
            }
        };
        let request = self.request(request, &joined(name, "request"))?;
        let expectations = self.expectations(node, name);
        Some(CaseStep { wait: nanos(node.get("wait")), request, times, within, expectations })
    }

    fn request(&mut self, node: NodeRef<'_>, name: &str) -> Option<Request> {
        let (method, target) = self.method_and_target(node, name)?;
        let mut request = Request::new(&method, "/");
        request.target = target;
        request.host = match node.get("host") {
            None => HostLine::Published,
            Some(host) if host.is_null() => HostLine::Absent,
            Some(host) => HostLine::Given(text(host)),
        };
        if node.get("http").is_some_and(|version| text(version) == "1.0") {
            request.version = Version::Http10;
        }
        if let Some(client) = node.get("client").and_then(|client| units::address(&text(client))) {
            request.client = client;
        }
        request.lines = header_lines(node);
        let body = self.body(node);
        if body.is_json && !request.lines.iter().any(|(name, _)| name == "content-type") {
            request.lines.push(("content-type".into(), "application/json".into()));
        }
        request.body = RequestBody {
            bytes: body.bytes,
            chunked: node.get("chunked").is_some(),
            stalls: node.get("body-stalls").is_some(),
        };
        Some(request)
    }

    fn method_and_target(&mut self, node: NodeRef<'_>, name: &str) -> Option<(String, String)> {
        let mut named = METHODS.iter().filter_map(|method| Some((*method, node.get(method)?)));
        let first = named.next();
        if let (Some((first, _)), Some((second, _))) = (first, named.next()) {
            self.exclude(node, first, second);
            return None;
        }
        match (first, node.get("method"), node.get("target")) {
            (Some((method, target)), None, None) => Some((method.to_ascii_uppercase(), text(target))),
            (None, Some(method), Some(target)) => Some((text(method), text(target))),
            (Some((method, _)), _, _) => {
                for other in ["method", "target"] {
                    self.exclude(node, method, other);
                }
                None
            }
            (None, method, _) => {
                let missing = if method.is_some() { "target" } else { "get" };
                let help = "a request names its method with its target: `get: /path`";
                self.sink.push(missing_key(name, missing, node).with_help(help));
                None
            }
        }
    }

    fn expectations(&mut self, node: NodeRef<'_>, name: &str) -> Vec<Expectation> {
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

    /// Two keys of one mapping that may not stand together.
    fn exclude(&mut self, node: NodeRef<'_>, first: &str, second: &str) {
        let (Some((one, _)), Some((other, _))) = (node.entry(first), node.entry(second)) else { return };
        self.sink.push(
            Diagnostic::new(&codes::CONTRADICTION, format!("`{first}` and `{second}` exclude each other"))
                .at(other.span())
                .with_pointer(other.pointer())
                .with_label(one.span(), "the other one")
                .with_help("keep one of the two")
                .about(format!("{first} {second}")),
        );
    }
}

/// What a message carries.
struct Body {
    bytes: Vec<u8>,
    is_json: bool,
}

impl Reader<'_> {
    fn body(&mut self, node: NodeRef<'_>) -> Body {
        for (first, second) in [("body", "json"), ("body", "body-size"), ("json", "body-size")] {
            self.exclude(node, first, second);
        }
        if let Some(json) = node.get("json") {
            return Body { bytes: Json::of(json).text().into_bytes(), is_json: true };
        }
        let size = node.get("body-size").and_then(|size| units::bytes(&text(size)));
        let bytes = match (node.get("body"), size) {
            (Some(body), _) => text(body).into_bytes(),
            (None, Some(size)) => vec![b'x'; size as usize],
            (None, None) => Vec::new(),
        };
        Body { bytes, is_json: false }
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

fn header_lines(node: NodeRef<'_>) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for (key, value) in entries(node, "headers") {
        let name = text(key).to_ascii_lowercase();
        match value.scalar_text() {
            Some(value) => lines.push((name, value.to_owned())),
            None => lines.extend(value.items().map(|value| (name.clone(), text(value)))),
        }
    }
    lines
}

fn entries<'t>(node: NodeRef<'t>, key: &str) -> impl Iterator<Item = (NodeRef<'t>, NodeRef<'t>)> + use<'t> {
    node.get(key).into_iter().flat_map(NodeRef::entries)
}

fn nanos(node: Option<NodeRef<'_>>) -> u64 {
    node.and_then(|node| units::nanos(&text(node))).unwrap_or_default()
}

fn text(node: NodeRef<'_>) -> String {
    node.scalar_text().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
