//! What one operation is asked for does not depend on others: without them, the decision core decides the same.

use std::fmt::Write as _;

use gw_compiler::{Outcome, Sealed};
use gw_replay::{Request, dry_run};
use proptest::prelude::*;

use crate::tried::Texts;

const AUTH: [&str; 4] = [
    "x-gw-auth: {public: true, reason: a catalogue}",
    "security: [{key: []}], x-gw-auth: {delegated: true, reason: the service verifies}",
    "security: [{token: []}, {key: []}], x-gw-auth: {delegated: true, reason: the service verifies}",
    "security: [{token: []}]",
];
const POLICY: [&str; 3] = ["", ", x-gw-timeout: 3s", ", x-gw-body-max: 1KiB"];
const METHODS: [&str; 4] = ["get", "head", "post", "options"];

/// A path item: its segments, and for each method that it has its authentication and policy.
type Item = (Vec<&'static str>, Vec<(&'static str, usize, usize)>);

fn item() -> impl Strategy<Value = Item> {
    let segment = prop::sample::select(vec!["a", "b", "c", "{v}", "{v}.json", "a-{v}"]);
    let says = (0..AUTH.len(), 0..POLICY.len());
    let methods = (prop::sample::subsequence(METHODS.to_vec(), 1..=3), prop::collection::vec(says, 3));
    let methods = methods.prop_map(|(methods, says)| {
        methods.into_iter().zip(says).map(|(method, (auth, policy))| (method, auth, policy)).collect()
    });
    (prop::collection::vec(segment, 1..4), methods)
}

fn path(segments: &[&str]) -> String {
    let mut path = String::new();
    for (at, segment) in segments.iter().enumerate() {
        let _ = write!(path, "/{}", segment.replace('v', &format!("v{at}")));
    }
    path
}

fn sealed(items: &[Item]) -> Option<Box<Sealed>> {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: chance, version: \"1\"}\ncomponents:\n  securitySchemes:\n    \
         key: {type: apiKey, in: header, name: X-Key}\n    token: {type: http, scheme: bearer}\npaths:\n",
    );
    for (segments, methods) in items {
        let _ = writeln!(text, "  \"{}\":", path(segments));
        for (method, auth, policy) in methods {
            let _ = writeln!(text, "    {method}: {{responses: {{}}, {}{}}}", AUTH[*auth], POLICY[*policy]);
        }
    }
    match Texts::read(&text, "openapi.yaml").compile().outcome {
        Outcome::Sealed(sealed) => Some(sealed),
        Outcome::Refused { .. } => None,
    }
}

/// Requests that may be for some of these, with and without a credential.
fn requests(items: &[Item]) -> Vec<Request> {
    let mut requests = Vec::new();
    for (segments, _) in items {
        let template = path(segments);
        for value in ["a", "b", "a-b", "a.json"] {
            let target = template.split('/').skip(1).map(|segment| match segment.split_once('{') {
                Some((before, rest)) => {
                    format!("/{before}{value}{}", rest.split_once('}').map_or("", |(_, after)| after))
                }
                None => format!("/{segment}"),
            });
            let target: String = target.collect();
            for method in METHODS {
                let plain = Request::new(&method.to_uppercase(), &target);
                requests.push(plain.clone().line("x-key", "k"));
                requests.push(plain);
            }
        }
    }
    requests
}

/// How many decisions about others are the same without one of the items.
///
/// # Errors
/// One that is not, in words.
fn compare(items: &[Item], removed: usize) -> Result<usize, String> {
    let mut fewer = items.to_vec();
    let (gone, _) = fewer.remove(removed % items.len());
    let (Some(all), Some(rest)) = (sealed(items), sealed(&fewer)) else { return Ok(0) };
    let mut compared = 0;
    for request in requests(items) {
        let before = dry_run(&all.artifact, &all.source_map, &request);
        let Some(route) = before.operation.as_ref().map(|operation| &operation.route) else { continue };
        if route.ends_with(&format!(" {}", path(&gone))) {
            continue;
        }
        let after = dry_run(&rest.artifact, &rest.source_map, &request);
        let other = after.operation.as_ref().map(|operation| &operation.route);
        if other != Some(route) || (&before.steps, &before.verdict) != (&after.steps, &after.verdict) {
            return Err(format!("without `{}`:\n{before:#?}\n{after:#?}", path(&gone)));
        }
        compared += 1;
    }
    Ok(compared)
}

/// Different paths, at least two.
fn items() -> impl Strategy<Value = Vec<Item>> {
    prop::collection::vec(item(), 2..5).prop_map(|mut items| {
        items.sort();
        items.dedup_by(|a, b| a.0 == b.0);
        items
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn removing_an_operation_changes_no_decision_about_others(items in items(), removed in 0..4_usize) {
        if let Err(changed) = compare(&items, removed) {
            prop_assert!(false, "{}\n{:#?}", changed, items);
        }
    }
}

/// The documents above are no idle ones: many pass the gate, with and without the operation.
#[test]
fn many_decisions_are_compared() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut compared = || compare(&items().new_tree(&mut runner).unwrap().current(), 0).unwrap_or_default();
    let documents = (0..100).filter(|_| compared() > 0).count();
    assert!(documents > 25, "{documents} of 100");
}
