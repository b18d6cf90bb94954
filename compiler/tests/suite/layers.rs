//! Layers beside the document's own: selectors, extended files, and what wins over what.

use gw_artifact::model::{Bytes, LayerKind, Millis};
use gw_syntax::Severity;

use crate::support::{codes, compiled, errors, rendered, sealed, shown};

const PETS: &str = "\
# file: pets.yaml
openapi: 3.1.0
info: {title: pets, version: \"1\"}
paths:
  /pets:
    get: {operationId: listPets, tags: [read], responses: {}}
    post: {operationId: addPet, tags: [write], x-gw-timeout: 5s, responses: {}}
  /pets/{id}:
    get: {operationId: readPet, tags: [read], responses: {}}
";

fn project(lines: &str) -> String {
    format!(
        "# file: gw.yaml\ngw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml}}]\nupstreams: {{pets: {{}}}}\n\
         defaults: {{upstream: pets, timeout: 9s, auth: {{public: true, reason: a catalogue}}}}\n{lines}{PETS}"
    )
}

/// The time in all of each operation, by its name.
fn totals(text: &str) -> Vec<(String, u32)> {
    let sealed = sealed(text);
    let operations = sealed.artifact.operations().iter();
    operations.map(|operation| (operation.name.clone(), operation.timeouts.total.0)).collect()
}

fn total(text: &str, name: &str) -> u32 {
    totals(text).into_iter().find(|(operation, _)| operation == name).expect("it is there").1
}

#[test]
fn a_selector_selects_by_each_of_its_keys() {
    for (select, selected) in [
        ("{operations: [listPets, readPet]}", vec!["listPets", "readPet"]),
        ("{tags: [read]}", vec!["listPets", "readPet"]),
        ("{paths: ['/pets/*']}", vec!["readPet"]),
        ("{paths: ['/**'], methods: [POST, PUT, GET]}", vec!["listPets", "readPet"]),
        ("{tags: [read], paths: [/pets]}", vec!["listPets"]),
        ("{apis: [pets], methods: [GET]}", vec!["listPets", "readPet"]),
    ] {
        let text = project(&format!("apply: [{{select: {select}, set: {{timeout: 1s}}}}]\n"));
        let is_selected = |(name, total): (String, u32)| (total == 1_000).then_some(name);
        let mut found: Vec<String> = totals(&text).into_iter().filter_map(is_selected).collect();
        found.sort();
        assert_eq!(found, selected, "{select}");
    }
}

#[test]
fn a_later_selector_is_stronger_and_the_document_stronger_than_all() {
    let text = project(
        "apply:\n  - {select: {methods: [GET, POST]}, set: {timeout: 1s, body-max: 2KiB}}\n  \
         - {select: {tags: [read]}, set: {timeout: 2s}}\n",
    );
    assert_eq!((total(&text, "listPets"), total(&text, "addPet")), (2_000, 5_000));
    let sealed = sealed(&text);
    assert!(sealed.artifact.operations().iter().all(|operation| operation.body_max == Bytes(2 << 10)));
    let sources = &sealed.source_map.operations[0];
    let layers = &sources.policies.iter().find(|policy| policy.key == "timeout.total").unwrap().layers;
    let said: Vec<(LayerKind, &str)> =
        layers.iter().map(|layer| (layer.kind, layer.value.as_str())).collect();
    assert_eq!(
        said,
        [
            (LayerKind::Apply, "2s"),
            (LayerKind::Apply, "1s"),
            (LayerKind::Defaults, "9s"),
            (LayerKind::BuiltIn, "1m")
        ]
    );
}

#[test]
fn a_total_of_one_selector_cuts_the_phases_of_another() {
    let text = project(
        "apply:\n  - {select: {tags: [read]}, set: {timeout: {connect: 5s}}}\n  \
         - {select: {tags: [read]}, set: {timeout: {total: 2s}}}\n",
    );
    let timeouts =
        sealed(&text).artifact.operations().iter().find(|row| row.name == "listPets").unwrap().timeouts;
    assert_eq!((timeouts.connect, timeouts.total), (Millis(5_000), Millis(2_000)));
    let together = project("apply: [{select: {tags: [read]}, set: {timeout: {connect: 5s, total: 2s}}}]\n");
    assert_eq!(errors(&compiled(&together)), ["GW0330"]);
}

#[test]
fn apply_lets_in_whom_the_document_does_not_speak_about_and_nobody_else() {
    let text =
        project("apply: [{select: {tags: [read]}, set: {auth: {public: true, reason: shop window}}}]\n");
    assert_eq!(errors(&compiled(&text)), [""; 0]);
    let guarded =
        text.replace("operationId: listPets,", "operationId: listPets, security: [{key: []}],").replace(
            "paths:\n",
            "components: {securitySchemes: {key: {type: apiKey, in: header, name: x-key}}}\npaths:\n",
        );
    let sealed = sealed(&guarded);
    let operation = sealed.artifact.operations().iter().find(|row| row.name == "listPets").unwrap();
    let access = sealed.artifact.access_of(operation);
    assert!(!matches!(access, gw_artifact::model::Access::Public), "{access:?}");
}

#[test]
fn names_that_nothing_has_are_told_with_the_nearest() {
    insta::assert_snapshot!(shown(&project(
        "apply:\n  - {select: {operations: [listPet], tags: [reed], apis: [shop]}, set: {timeout: 1s}}\n  \
         - {select: {methods: [get]}, set: {timeout: 1s}}\n  - {select: {tags: []}, set: {timeout: 1s}}\n  \
         - {select: {}, set: {timeout: 1s}}\n  - {select: {paths: [pets, /a**]}, set: {timeout: 1s}}\n  \
         - {select: {paths: [/dogs]}, set: {timeout: 1s}}\n  - {set: {timeout: 1s}}\n  - {select: {tag: read}, set: {timout: 1s}}\n"
    )));
}

#[test]
fn a_key_that_is_overruled_everywhere_is_told_with_what_is_stronger() {
    insta::assert_snapshot!(shown(&project(
        "apply:\n  - {select: {tags: [write]}, set: {timeout: 1s, body-max: 1KiB}}\n  \
         - {select: {tags: [read]}, set: {timeout: 1s}}\n  - {select: {tags: [read]}, set: {timeout: 2s}}\n  \
         - {select: {tags: [read]}, set: {auth: {delegated: true, reason: the service knows}}}\n"
    )));
}

#[test]
fn a_phase_that_holds_is_an_effect() {
    let text = project("apply: [{select: {tags: [write]}, set: {timeout: {total: 20s, connect: 1s}}}]\n");
    assert_eq!(codes(&compiled(&text)), [""; 0]);
}

#[test]
fn extended_files_are_weaker_and_the_last_is_the_strongest_of_them() {
    let text = project(
        "extends: [org.yaml, team/team.yaml]\n# file: org.yaml\ngw: 1\n\
         defaults: {timeout: 1s, body-max: 1KiB, upstream: nowhere}\n\
         apply: [{select: {tags: [read]}, set: {timeout: 3s}}]\n\
         # file: team/team.yaml\ngw: 1\nextends: [../base.yaml]\ndefaults: {body-max: 2KiB}\n\
         # file: base.yaml\ngw: 1\ndefaults: {body-max: 3KiB}\n",
    );
    assert_eq!((total(&text, "listPets"), total(&text, "addPet")), (3_000, 5_000));
    assert!(sealed(&text).artifact.operations().iter().all(|operation| operation.body_max == Bytes(2 << 10)));
}

#[test]
fn a_file_that_is_extended_twice_is_weaker_than_both() {
    let text = project(
        "extends: [base.yaml, a.yaml, b.yaml]\n\
         # file: a.yaml\ngw: 1\nextends: [base.yaml]\ndefaults: {body-max: 1KiB}\n\
         # file: b.yaml\ngw: 1\nextends: [base.yaml]\n\
         # file: base.yaml\ngw: 1\ndefaults: {body-max: 3KiB}\n",
    );
    assert!(sealed(&text).artifact.operations().iter().all(|operation| operation.body_max == Bytes(1 << 10)));
}

#[test]
fn an_extended_file_declares_schemes_and_the_project_replaces_them() {
    let scheme =
        |place: &str| format!("security-schemes: {{key: {{type: apiKey, in: {place}, name: key}}}}\n");
    let with = |own: &str| {
        let text =
            project(&format!("{own}extends: [org.yaml]\n# file: org.yaml\ngw: 1\n{}", scheme("query")));
        let text = text.replace("auth: {public: true", "auth: {public: true, delegated: true");
        text.replace("operationId: listPets,", "operationId: listPets, security: [{key: []}],")
    };
    let schemes = |text: &str| format!("{:?}", sealed(text).artifact.tables().schemes);
    assert!(schemes(&with("")).contains("Query"), "{}", schemes(&with("")));
    assert!(schemes(&with(&scheme("cookie"))).contains("Cookie"));
}

#[test]
fn files_that_extend_each_other_and_what_does_not_belong_there() {
    insta::assert_snapshot!(shown(&project(
        "extends: [org.yaml, gw.yaml, nowhere.yaml, ../out.yaml]\n# file: org.yaml\n\
         extends: [team.yaml]\napis: []\napplly: []\n# file: team.yaml\ngw: 1\nextends: [org.yaml]\n",
    )));
}

#[test]
fn what_is_no_policy_file_is_refused() {
    let text =
        project("extends: [list.yaml, broken.yaml]\n# file: list.yaml\n- gw: 1\n# file: broken.yaml\na: [\n");
    let refused = compiled(&text);
    assert_eq!(errors(&refused), ["GW0104", "GW0133"], "{}", rendered(&refused));
}

#[test]
fn more_files_than_are_read_are_one_finding() {
    let files: Vec<String> = (0..70).map(|n| format!("f{n}.yaml")).collect();
    let texts: Vec<String> = files.iter().map(|name| format!("# file: {name}\ngw: 1\n")).collect();
    let texts = texts.concat();
    let refused = compiled(&project(&format!("extends: [{}]\n{texts}", files.join(", "))));
    assert_eq!(errors(&refused), ["GW0006"], "{}", rendered(&refused));
}

#[test]
fn a_shared_file_may_speak_to_other_projects() {
    let text = project(
        "extends: [org.yaml]\n# file: org.yaml\ngw: 1\napply:\n  - {select: {tags: [payments]}, set: {timeout: 1s}}\n  \
         - {select: {paths: [/admin/**]}, set: {timeout: 1s}}\n  - {select: {tags: [write]}, set: {timeout: 1s}}\n",
    );
    let compilation = compiled(&text);
    assert_eq!(codes(&compilation), ["GW0230", "GW0231", "GW0232"], "{}", rendered(&compilation));
    assert!(compilation.findings.iter().all(|finding| finding.severity == Severity::Info));
}
