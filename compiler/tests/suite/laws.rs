//! Laws of layers, over generated projects.

use std::fmt::Write as _;

use gw_compiler::{Compilation, Outcome};
use proptest::prelude::*;

use crate::support::{Folder, rendered};

/// A value of one of these keys.
fn setting() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        (1..9u32).prop_map(|seconds| ("timeout", format!("{seconds}s"))),
        (1..9u32).prop_map(|seconds| ("timeout", format!("{{connect: {seconds}s, idle: {seconds}s}}"))),
        (1..9u32).prop_map(|size| ("body-max", format!("{size}KiB"))),
        Just(("validate", "none".to_owned())),
        prop::sample::select(vec!["a", "b"]).prop_map(|name| ("upstream", name.to_owned())),
    ]
}

/// Settings of different keys.
fn settings() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    prop::collection::vec(setting(), 0..4).prop_map(|mut settings| {
        settings.sort();
        settings.dedup_by_key(|(key, _)| *key);
        settings
    })
}

fn selector() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "{tags: [x]}",
        "{tags: [y]}",
        "{methods: [GET]}",
        "{paths: ['/a/**']}",
        "{operations: [one, two]}",
        "{paths: ['/*'], methods: [GET, PUT]}",
    ])
}

fn written(settings: &[(&str, String)]) -> String {
    let keys: Vec<String> = settings.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{{}}}", keys.join(", "))
}

/// The policy of a project, weakest first.
#[derive(Clone, Debug)]
struct Policy {
    defaults: Vec<(&'static str, String)>,
    apply: Vec<(&'static str, Vec<(&'static str, String)>)>,
}

fn policy() -> impl Strategy<Value = Policy> {
    let apply = prop::collection::vec((selector(), settings()), 0..5);
    (settings(), apply).prop_map(|(defaults, apply)| Policy { defaults, apply })
}

impl Policy {
    fn lines(&self) -> String {
        let mut text = format!("defaults: {}\n", written(&self.defaults));
        if !self.apply.is_empty() {
            text.push_str("apply:\n");
        }
        for (select, set) in &self.apply {
            let _ = writeln!(text, "  - {{select: {select}, set: {}}}", written(set));
        }
        text
    }
}

const OPERATIONS: [&str; 5] = [
    "  /a/b: {get: {operationId: one, tags: [x], x-gw-timeout: {total: 7s}, responses: {}}}\n",
    "  /c: {put: {operationId: two, tags: [x, y], responses: {}}}\n",
    "  /a: {x-gw-body-max: 3KiB, get: {tags: [y], responses: {}}}\n",
    "  /d/{id}: {post: {responses: {}}, delete: {tags: [x], responses: {}}}\n",
    "  /e: {get: {responses: {}}}\n",
];

fn project(gw: &str, operations: &[&str]) -> Compilation {
    let text = format!(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml}}]\nupstreams: {{a: {{}}, b: {{}}}}\n\
         {gw}# file: pets.yaml\nopenapi: 3.1.0\ninfo: {{title: t, version: \"1\"}}\nx-gw-auth: {{public: true, reason: a catalogue}}\n\
         x-gw-upstream: a\npaths:\n{}",
        operations.concat()
    );
    Folder::read(&text, "").compile()
}

fn digest(compilation: Compilation) -> [u8; 32] {
    let findings = rendered(&compilation);
    match compilation.outcome {
        Outcome::Sealed(sealed) => sealed.policy_digest,
        Outcome::Refused { .. } => panic!("{findings}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn splitting_policy_over_extended_files_changes_nothing(policy in policy(), cut in 0..6usize, keys in 0..4usize) {
        let whole = digest(project(&policy.lines(), &OPERATIONS));
        let (weaker, stronger) = policy.apply.split_at(cut.min(policy.apply.len()));
        let (base, own) = policy.defaults.split_at(keys.min(policy.defaults.len()));
        let file = |defaults: &[(&'static str, String)], apply: &[_]| {
            Policy { defaults: defaults.to_vec(), apply: apply.to_vec() }.lines()
        };
        let two = format!("extends: [base.yaml]\n{}# file: base.yaml\ngw: 1\n{}", file(own, stronger), file(base, weaker));
        prop_assert_eq!(whole, digest(project(&two, &OPERATIONS)));
        let three = format!(
            "extends: [base.yaml, top.yaml]\n# file: base.yaml\ngw: 1\n{}# file: top.yaml\ngw: 1\n{}",
            file(base, weaker),
            file(own, stronger)
        );
        prop_assert_eq!(whole, digest(project(&three, &OPERATIONS)));
    }

    #[test]
    fn the_order_of_keys_and_paths_changes_nothing(policy in policy(), order in Just([0, 1, 2, 3, 4]).prop_shuffle()) {
        let mut other = policy.clone();
        other.defaults.reverse();
        other.apply.iter_mut().for_each(|(_, set)| set.reverse());
        let shuffled: Vec<&str> = order.iter().map(|index| OPERATIONS[*index]).collect();
        prop_assert_eq!(digest(project(&policy.lines(), &OPERATIONS)), digest(project(&other.lines(), &shuffled)));
    }

    #[test]
    fn removing_an_operation_changes_no_other(policy in policy(), removed in 1..5usize) {
        // Names of selectors must stay known: the first two operations have them all.
        let removed = removed.max(2);
        let rows = |compilation: Compilation| {
            let findings = rendered(&compilation);
            let Outcome::Sealed(sealed) = compilation.outcome else { panic!("{findings}") };
            let row = |operation: &gw_artifact::model::Operation| {
                (operation.method, operation.template.clone(), operation.timeouts, operation.body_max, sealed.artifact.upstream_of(operation).name.clone())
            };
            sealed.artifact.operations().iter().map(row).collect::<Vec<_>>()
        };
        let all = rows(project(&policy.lines(), &OPERATIONS));
        let mut fewer = OPERATIONS.to_vec();
        fewer.remove(removed);
        let fewer = rows(project(&policy.lines(), &fewer));
        prop_assert!(fewer.len() < all.len());
        prop_assert!(fewer.iter().all(|row| all.contains(row)), "{fewer:?} {all:?}");
    }
}
