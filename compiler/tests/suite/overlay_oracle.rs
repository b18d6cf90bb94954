//! Laying overlays over documents, beside `roas-overlay`: equal results wherever both take the action.

use std::collections::BTreeMap;

use gw_compiler::{Entry, Options};
use gw_syntax::{Kind, NodeRef, Sink};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use roas_overlay::apply::Apply;
use roas_overlay::{v1_0, v1_1};
use serde_json::{Map, Value, json};

use crate::support::Folder;

const PROJECT: &str = "gw: 1\nname: o\napis: [{name: o, spec: o.json, overlays: [over.json]}]\n";

/// What we make of it; `None` where something is refused.
fn ours(document: &Value, overlay: &Value) -> Option<Value> {
    let files = [
        ("gw.yaml", PROJECT.to_owned()),
        ("o.json", document.to_string()),
        ("over.json", overlay.to_string()),
    ];
    let folder = Folder(files.map(|(name, text)| (name.to_owned(), text.into_bytes())).into());
    let entry = Entry::Project { path: "gw.yaml".into() };
    let mut sink = Sink::new();
    let sources = gw_compiler::load::load(&entry, &folder, &Options::default(), &mut sink);
    let tree = sources.find("o.json").and_then(|id| sources.tree(id)).expect("the document parses");
    (!sink.has_errors()).then(|| value_of(tree.root()))
}

/// What the oracle makes of it; `None` where it refuses.
#[expect(clippy::default_trait_access, reason = "the type of no options is that of another crate")]
fn theirs(document: &Value, overlay: &Value) -> Option<Value> {
    let mut result = document.clone();
    let overlay = overlay.clone();
    let applied = if overlay["overlay"] == "1.0.0" {
        let overlay: v1_0::Overlay = serde_json::from_value(overlay).expect("it is an overlay");
        overlay.apply(&mut result, Default::default())
    } else {
        let overlay: v1_1::Overlay = serde_json::from_value(overlay).expect("it is an overlay");
        overlay.apply(&mut result, Default::default())
    };
    applied.ok().map(|_| result)
}

fn value_of(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Sequence => node.items().map(value_of).collect(),
        Kind::Mapping => {
            let entries = node
                .entries()
                .map(|(key, value)| (key.scalar_text().unwrap_or_default().to_owned(), value_of(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Kind::String => json!(node.as_str()),
        _ => serde_json::from_str(node.source_text()).expect("a scalar of JSON"),
    }
}

/// Objects whose keys say the kind of their value, so that most merges are of like with like.
fn object() -> impl Strategy<Value = Value> {
    let scalar = || {
        prop_oneof![(0..3i8).prop_map(|n| json!(n)), "[ab]".prop_map(|text| json!(text)), Just(Value::Null)]
    };
    let leaf = || prop::collection::btree_map("s[12]", scalar(), 0..3).prop_map(|entries| json!(entries));
    leaf().prop_recursive(3, 24, 4, move |inner| {
        let item = prop_oneof![scalar(), inner.clone()];
        let list = prop::collection::vec(item, 0..3).prop_map(Value::Array);
        let entry = prop_oneof![("s[12]", scalar()), ("o[12]", inner), ("l[12]", list),];
        prop::collection::vec(entry, 0..5)
            .prop_map(|entries| json!(entries.into_iter().collect::<BTreeMap<_, _>>()))
    })
}

const TARGETS: &[&str] = &[
    "$",
    "$.o1",
    "$..o1",
    "$.o1.o2",
    "$.*.o1",
    "$.o1..*",
    "$..[?@.s1]",
    "$..[?@.s1 == 1]",
    "$.l1[0]",
    "$.l1[-1:]",
    "$.l1",
    "$..l2",
    "$.*.l1",
    "$..l1[?@ == 1 || @.s2 == 'a']",
    "$..[?count(@.*) > 2]",
    "$.nothing",
    "$['l1', 'l2'][*]",
];

fn action(version: &'static str) -> impl Strategy<Value = Value> {
    let target = || prop::sample::select(TARGETS);
    let value = prop_oneof![object(), object().prop_map(|item| json!([item, 1])), Just(json!(7))];
    let update = (target(), value).prop_map(|(target, value)| json!({"target": target, "update": value}));
    let remove = target().prop_map(|target| json!({"target": target, "remove": true}));
    let copy = (target(), target()).prop_map(|(target, from)| json!({"target": target, "copy": from}));
    if version == "1.0.0" {
        prop_oneof![3 => update, 1 => remove].boxed()
    } else {
        prop_oneof![3 => update, 1 => remove, 2 => copy].boxed()
    }
}

#[test]
fn overlays_give_what_another_implementation_gives() {
    let mut runner = TestRunner::deterministic();
    for version in ["1.0.0", "1.1.0"] {
        let case = (object(), prop::collection::vec(action(version), 1..4));
        let (mut compared, mut changed) = (0, 0);
        for _ in 0..1_500 {
            let (document, actions) = case.new_tree(&mut runner).expect("nothing is rejected").current();
            let overlay =
                json!({"overlay": version, "info": {"title": "t", "version": "1"}, "actions": actions});
            if let (Some(ours), Some(theirs)) = (ours(&document, &overlay), theirs(&document, &overlay)) {
                assert_eq!(ours, theirs, "{document} under {overlay}");
                compared += 1;
                changed += u32::from(ours != document);
            }
        }
        assert!(compared > 300 && changed > 150, "{version}: {compared} compared, {changed} changed");
    }
}
