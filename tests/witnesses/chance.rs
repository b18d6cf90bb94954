//! Documents made by chance, with overlapping templates and mixed security.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::tried::{Texts, confirmed};

const AUTH: [&str; 8] = [
    "x-gw-auth: {public: true, reason: a catalogue}",
    "security: [{key: []}], x-gw-auth: {delegated: true, reason: the service verifies}",
    "security: [{token: []}, {key: []}], x-gw-auth: {delegated: true, reason: the service verifies}",
    "security: [{token: []}]",
    "security: [{key: []}, {}]",
    "security: []",
    "security: [{token: []}], x-gw-auth: {public: true, reason: nobody agrees}",
    "deprecated: false",
];

/// One path item: its path, and the authentication of each method that it has.
type Item = (Vec<&'static str>, Vec<(&'static str, usize)>);

fn segment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a", "b", "x", "xyz", "@me", "%40me", "a b", "{N}", "{N}", "{N}.json", "a{N}", "{N}:x", "a-{N}", "..",
    ])
}

fn item() -> impl Strategy<Value = Item> {
    let methods = prop::sample::subsequence(vec!["get", "head", "post", "put", "options"], 1..=2);
    let auth = prop::sample::select((0..AUTH.len()).collect::<Vec<_>>());
    let methods = (methods, prop::collection::vec(auth, 2));
    (
        prop::collection::vec(segment(), 1..4),
        methods.prop_map(|(methods, auth)| methods.into_iter().zip(auth).collect()),
    )
}

/// The public place, the items of one or two documents.
fn project() -> impl Strategy<Value = Vec<(&'static str, Vec<Item>)>> {
    let place = prop::sample::select(vec![
        "",
        "hosts: [localhost]",
        "hosts: [api.example.com]",
        "hosts: ['*.example.com']",
        "hosts: [x.example.com, any.example.com]",
        "base: /a",
    ]);
    prop::collection::vec((place, prop::collection::vec(item(), 1..6)), 1..3)
}

fn document(items: &[Item]) -> String {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: chance, version: \"1\"}\ncomponents:\n  securitySchemes:\n    \
         key: {type: apiKey, in: header, name: X-Key}\n    token: {type: http, scheme: bearer}\npaths:\n",
    );
    let mut written = std::collections::BTreeSet::new();
    for (index, (segments, methods)) in items.iter().enumerate() {
        let mut path = String::new();
        for (at, segment) in segments.iter().enumerate() {
            let _ = write!(path, "/{}", segment.replace('N', &format!("n{index}x{at}")));
        }
        if !written.insert(path.clone()) {
            continue;
        }
        let _ = writeln!(text, "  \"{path}\":");
        for (method, auth) in methods {
            let _ = writeln!(text, "    {method}: {{responses: {{}}, {}}}", AUTH[*auth]);
        }
    }
    text
}

fn texts(apis: &[(&str, Vec<Item>)]) -> Texts {
    let mut project =
        String::from("gw: 1\nname: chance\nupstreams: {backend: {}}\ndefaults: {upstream: backend}\napis:\n");
    let mut files = Texts::default();
    for (at, (place, items)) in apis.iter().enumerate() {
        let comma = if place.is_empty() { "" } else { ", " };
        let _ = writeln!(project, "  - {{name: api{at}, spec: api{at}.yaml{comma}{place}}}");
        files.0.insert(format!("api{at}.yaml"), document(items));
    }
    files.0.insert("gw.yaml".to_owned(), project);
    files
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_witness_is_refuted(apis in project()) {
        let texts = texts(&apis);
        let compilation = texts.compile();
        if let Err(refuted) = confirmed(&compilation) {
            prop_assert!(false, "{}\n{:#?}", refuted, texts.0);
        }
    }
}

/// The same projects in every run.
fn drawn(count: usize) -> impl Iterator<Item = Vec<(&'static str, Vec<Item>)>> {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    (0..count).map(move |_| project().new_tree(&mut runner).expect("nothing is filtered").current())
}

/// The same, mended so that nobody disagrees about callers: every operation is public.
pub(crate) fn mended(count: usize) -> impl Iterator<Item = Texts> {
    drawn(count).map(|mut apis| {
        let items = apis.iter_mut().flat_map(|(_, items)| items);
        items.flat_map(|(_, methods)| methods).for_each(|(_, auth)| *auth = 0);
        texts(&apis)
    })
}

/// The documents above are no idle ones: most of them are refused, many have a draft, and witnesses of each kind occur.
#[test]
fn chance_meets_every_kind_of_witness() {
    let mut codes = std::collections::BTreeSet::new();
    for apis in drawn(300) {
        let compilation = texts(&apis).compile();
        codes.extend(confirmed(&compilation).unwrap().iter().map(|(finding, _)| finding.code.0));
    }
    for code in [301, 302, 310, 311, 312, 313, 314] {
        assert!(codes.contains(&code), "GW{code:04} never had a witness: {codes:?}");
    }
}
