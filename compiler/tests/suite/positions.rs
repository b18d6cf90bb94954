//! Questions about places: which operations a place is about, and what holds for them.

use gw_artifact::model::LayerKind;
use gw_compiler::positions::{Answer, Nowhere, Positions, Scope};

use crate::support::Folder;
use proptest::prelude::*;

const PROJECT: &str = "\
# file: gw.yaml
gw: 1
name: shop
extends: [org.yaml]
apis:
  - {name: pets, spec: pets.yaml}
  - {name: shops, spec: shops.yaml}
upstreams: {pets: {}}
defaults:
  upstream: pets
  timeout: 9s
apply:
  - select: {tags: [slow]}
    set:
      timeout: {total: 30s}
# file: org.yaml
gw: 1
defaults: {body-max: 2MiB}
# file: pets.yaml
openapi: 3.1.0
info: {title: pets, version: \"1\"}
x-gw-body-max: 1KiB
paths:
  /pets:
    x-gw-timeout: {connect: 1s}

    get:
      tags: [slow]
      # which of them
      parameters: [{name: q, in: query}]
      x-gw-timeout: 2s
    post: {}
  /other: {$ref: 'items.yaml#/one'}
# file: shops.yaml
openapi: 3.1.0
info: {title: shops, version: \"1\"}
paths:
  /shops: {$ref: 'items.yaml#/one'}
# file: items.yaml
one:
  put: {tags: [slow]}
";

fn names(answer: &Answer<'_>) -> Vec<String> {
    answer.operations.iter().map(|operation| format!("{} {}", operation.method, operation.path)).collect()
}

#[track_caller]
fn ask(file: &str, line: u32, column: Option<u32>, then: impl FnOnce(Answer<'_>)) {
    let folder = Folder::read(PROJECT, "");
    then(Positions::read(&folder.entry(), &folder).at(file, line, column).expect("the place is there"));
}

#[test]
fn a_line_of_an_operation_is_about_it_with_its_comments() {
    for line in [8, 9, 10, 11] {
        ask("pets.yaml", line, None, |answer| {
            assert_eq!(
                (answer.scope, names(&answer)),
                (Scope::Operation, vec!["GET /pets".to_owned()]),
                "{line}"
            );
            assert_eq!(answer.key, None);
        });
    }
    ask("pets.yaml", 12, None, |answer| {
        assert_eq!(answer.key.as_deref(), Some("timeout"));
        let spoken = answer.operations[0].spoken();
        let total = spoken.iter().find(|spoken| spoken.key == "timeout.total").unwrap();
        let kinds: Vec<LayerKind> = total.words.iter().map(|word| word.kind).collect();
        assert_eq!(kinds, [LayerKind::Operation, LayerKind::Apply, LayerKind::Defaults, LayerKind::BuiltIn]);
    });
}

#[test]
fn a_path_item_is_about_its_operations_and_a_root_about_the_api() {
    for (line, scope, operations, key) in [
        (5, Scope::Path, 2, None),
        (6, Scope::Path, 2, Some("timeout")),
        (3, Scope::Api, 3, Some("body-max")),
        (1, Scope::Api, 3, None),
        (4, Scope::Api, 3, None),
    ] {
        ask("pets.yaml", line, None, |answer| {
            assert_eq!(
                (answer.scope, names(&answer).len(), answer.key.as_deref()),
                (scope, operations, key),
                "{line}"
            );
        });
    }
    ask("pets.yaml", 6, Some(25), |answer| assert_eq!(answer.key.as_deref(), Some("timeout.connect")));
}

#[test]
fn an_operation_that_two_apis_publish_is_both_of_them() {
    ask("items.yaml", 2, None, |answer| {
        assert_eq!(
            (answer.scope, names(&answer)),
            (Scope::Operation, vec!["PUT /other".into(), "PUT /shops".into()])
        );
    });
}

#[test]
fn gw_yaml_is_about_what_its_parts_speak_to() {
    for (file, line, scope, operations, key) in [
        ("gw.yaml", 5, Scope::Api, 3, None),
        ("gw.yaml", 6, Scope::Api, 1, None),
        ("gw.yaml", 7, Scope::Elsewhere, 0, None),
        ("gw.yaml", 10, Scope::Project, 4, Some("timeout")),
        ("gw.yaml", 12, Scope::Apply, 3, None),
        ("gw.yaml", 14, Scope::Apply, 3, Some("timeout")),
        ("org.yaml", 2, Scope::Project, 4, None),
    ] {
        ask(file, line, None, |answer| {
            assert_eq!(
                (answer.scope, names(&answer).len(), answer.key.as_deref()),
                (scope, operations, key),
                "{file}:{line}"
            );
        });
    }
}

#[test]
fn places_that_are_not_there_are_told_apart() {
    let folder = Folder::read(PROJECT, "");
    let positions = Positions::read(&folder.entry(), &folder);
    for (file, line, column, nowhere) in [
        ("nowhere.yaml", 1, None, Nowhere::File),
        ("gw.yaml", 0, None, Nowhere::Place),
        ("gw.yaml", 99, None, Nowhere::Place),
        ("gw.yaml", 1, Some(80), Nowhere::Place),
    ] {
        assert_eq!(positions.at(file, line, column).unwrap_err(), nowhere, "{file}:{line}");
    }
}

#[test]
fn every_place_of_every_file_has_an_answer() {
    let folder = Folder::read(PROJECT, "");
    let positions = Positions::read(&folder.entry(), &folder);
    for source in positions.sources().ids() {
        for offset in 0..=positions.sources().text(source).len() as u32 {
            let answer = positions.at_offset(source, offset).unwrap();
            let at = positions.sources().position(source, offset);
            let again = positions.at(positions.sources().path(source), at.line, Some(at.column));
            assert_eq!(again.unwrap().pointer, answer.pointer, "{at:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_makes_a_question_fail(at in 0..PROJECT.len(), taken in 0..40usize, put in "[ a-z:{}*&\\[\\]\n#'-]{0,8}") {
        let (before, rest) = PROJECT.split_at(at);
        let text = format!("{before}{put}{}", &rest[taken.min(rest.len())..]);
        let folder = Folder::read(&text, "");
        let positions = Positions::read(&folder.entry(), &folder);
        for source in positions.sources().ids() {
            for offset in 0..=positions.sources().text(source).len() as u32 {
                if let Ok(answer) = positions.at_offset(source, offset) {
                    prop_assert!(answer.operations.iter().all(|operation| !operation.spoken().is_empty()));
                }
            }
        }
    }
}

#[test]
fn added_limits_stand_behind_those_of_weaker_layers() {
    let document = "openapi: 3.1.0\ninfo: {title: t, version: \"1\"}\nx-gw-rate-limit: 100/min\npaths:\n  /a:\n    \
                    x-gw-rate-limit: {add: [{limit: 9/s}]}\n    get:\n      x-gw-rate-limit: {add: [{limit: 1/h}]}\n    \
                    put: {x-gw-rate-limit: 5/s}\n";
    let folder = Folder::read(document, "openapi.yaml");
    let positions = Positions::read(&folder.entry(), &folder);
    let answer = positions.at("openapi.yaml", 5, None).unwrap();
    let limits = |index: usize| {
        let spoken = answer.operations[index].spoken();
        let limits = spoken.into_iter().find(|spoken| spoken.key == "rate-limit").unwrap();
        let texts: Vec<String> = limits.words.iter().map(|word| word.text.clone()).collect();
        (texts, limits.beside)
    };
    let (get, beside) = limits(0);
    assert_eq!(
        get,
        ["[{limit: 100/min}, {limit: 9/s}, {limit: 1/h}]", "[{limit: 100/min}, {limit: 9/s}]", "100/min"]
    );
    assert_eq!(beside, 2);
    let (put, beside) = limits(1);
    assert_eq!((put[0].as_str(), put.len(), beside), ("5/s", 3, 0));
}

#[test]
fn a_limit_that_is_added_to_has_an_effect() {
    let text = PROJECT
        .replace("      timeout: {total: 30s}", "      rate-limit: 9/s")
        .replace("x-gw-timeout: 2s", "x-gw-rate-limit: {add: [{limit: 1/h}]}");
    let text =
        text.replace("put: {tags: [slow]}", "put: {tags: [slow], x-gw-rate-limit: {add: [{limit: 1/h}]}}");
    let codes = crate::support::codes(&Folder::read(&text, "").compile());
    assert!(codes.contains(&"GW0340".to_owned()) && !codes.contains(&"GW0232".to_owned()), "{codes:?}");
}
