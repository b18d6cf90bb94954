//! From a checked tree to a [`Suite`]: what the key table cannot say (which keys exclude each other) is said here.

use std::sync::Arc;

use gw_artifact::{Date, Digest};
use gw_decision::KeyHolder;
use gw_syntax::{Diagnostic, NodeRef, Sink, SourceId, SourceMap, parse};

use crate::codes;
use crate::conform::{self, joined, missing_key};
use crate::suite::{Case, CaseStep, InFlight, Suite, SuiteKeys};
use crate::units;
use crate::vocabulary::{SUITE, Shape};

mod answers;
mod expectations;
mod json;
mod requests;

use json::Json;

/// Reads a suite file; every finding goes to the sink. None when one of them is an error.
pub fn parse_suite(sources: &SourceMap, id: SourceId, sink: &mut Sink) -> Option<Suite> {
    let before = sink.errors();
    let tree = parse(sources, id, sink)?;
    conform::check(&Shape::Object(SUITE), "", tree.root(), sink);
    if sink.errors() > before {
        return None;
    }
    let mut reader = Reader { sink, keys: keys(tree.root()) };
    let cases = reader.cases(tree.root().get("tests")?);
    (sink.errors() == before).then_some(Suite { cases })
}

struct Reader<'s> {
    sink: &'s mut Sink,
    /// The suite's, which each of its cases has.
    keys: Arc<[SuiteKeys]>,
}

fn keys(root: NodeRef<'_>) -> Arc<[SuiteKeys]> {
    let key = |node: NodeRef<'_>| {
        let secret = text(node.get("key")?);
        let mut scopes: Vec<String> =
            node.get("scopes").into_iter().flat_map(NodeRef::items).map(text).collect();
        scopes.sort();
        let expires = node.get("expires").and_then(|day| text(day).parse::<Date>().ok());
        let digest = Digest::of(secret.as_bytes());
        let holder = KeyHolder {
            id: digest.short(),
            consumer: text(node.get("consumer")?),
            scopes,
            expires: expires.map(Date::end_unix_seconds),
        };
        Some((digest, holder))
    };
    entries(root, "keys")
        .map(|(name, list)| SuiteKeys {
            set: text(name),
            span: name.span(),
            keys: list.items().filter_map(key).collect(),
        })
        .collect()
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
            keys: Arc::clone(&self.keys),
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
