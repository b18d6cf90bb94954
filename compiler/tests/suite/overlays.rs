//! Overlays: what they change, what they refuse, and where findings about them point.

use gw_compiler::{Options, compile};
use gw_syntax::Severity;
use insta::assert_snapshot;

use crate::support::{Folder, codes, compiled, errors, rendered, sealed, shown};

const PROJECT: &str = "\
# file: gw.yaml
gw: 1
name: pets
apis: [{name: pets, owner: team-pets, spec: specs/pets.yaml, overlays: [edge.overlay.yaml]}]
upstreams: {pets: {endpoints: ['http://127.0.0.1:9000']}}
defaults: {upstream: pets, auth: {public: true, reason: a public catalogue}}
# file: specs/pets.yaml
openapi: 3.1.0
info: {title: pets, version: '1'}
tags: [{name: pets}]
paths:
  /pets:
    get:
      x-gw-timeout: 1s
      tags: [pets]
      responses: {'200': {description: the pets}}
    delete:
      responses: {'204': {description: no pets}}
";

fn with(version: &str, actions: &str) -> String {
    let actions = actions.trim().lines().collect::<Vec<_>>().join("\n  ");
    format!(
        "{PROJECT}# file: edge.overlay.yaml\noverlay: {version}\ninfo: {{title: edge, version: 1.0.0}}\nactions:\n  {actions}\n"
    )
}

/// What the compiler says, without the project.
fn said(version: &str, actions: &str) -> String {
    let compilation = compiled(&with(version, actions));
    rendered(&compilation)
}

#[test]
fn an_operation_that_is_removed_is_not_published() {
    let sealed = sealed(&with("1.0.0", "- {target: $.paths.*.delete, remove: true}"));
    let operations: Vec<_> =
        sealed.artifact.operations().iter().map(|row| format!("{} {}", row.method, row.template)).collect();
    assert_eq!(operations, ["GET /pets"]);
}

#[test]
fn the_same_document_written_by_hand_decides_the_same() {
    let overlaid = sealed(&with(
        "1.1.0",
        "- {target: '$.paths[\"/pets\"].get', update: {x-gw-timeout: 3s, deprecated: true}}\n\
         - {target: $.paths, update: {/cats: {}}}\n\
         - {target: '$.paths[\"/cats\"]', copy: '$.paths[\"/pets\"]'}\n\
         - {target: $.paths.*.delete, remove: true}",
    ));
    let plain = PROJECT.replace(", overlays: [edge.overlay.yaml]", "");
    let (head, _) = plain.split_once("    delete:").expect("it is there");
    let get = "    get:\n      x-gw-timeout: 3s\n      responses: {'200': {description: the pets}}\n";
    let by_hand = sealed(&format!("{}  /cats:\n{get}", head.replace("1s", "3s")));
    assert_eq!(overlaid.policy_digest, by_hand.policy_digest);
    assert_ne!(overlaid.artifact_digest, by_hand.artifact_digest);
}

#[test]
fn a_policy_knows_the_line_of_the_overlay_that_says_it() {
    for (target, update, line) in
        [("$.paths.*.get", "{x-gw-timeout: 3s}", 5), ("$.paths.*.get['x-gw-timeout']", "3s", 5)]
    {
        let actions =
            format!("- target: {target}\n  update: {update}\n- {{target: $.paths.*.delete, remove: true}}");
        let sealed = sealed(&with("1.1.0", &actions));
        assert_eq!(sealed.artifact.operations()[0].timeouts.total.0, 3_000);
        let sources = &sealed.source_map;
        let policies = &sources.operations[0].policies;
        let total = policies.iter().find(|policy| policy.key == "timeout.total").expect("it has layers");
        let place = total.layers[0].place.expect("it stands somewhere");
        assert_eq!((sources.files[place.file as usize].as_str(), place.line), ("edge.overlay.yaml", line));
    }
}

#[test]
fn every_overlay_is_an_input_of_the_artifact() {
    let sealed = sealed(&with("1.1.0", "- {target: $.info, update: {x-audience: public}}"));
    let loaded = gw_artifact::decode(&sealed.bytes).expect("it loads");
    let shown = format!("{:?}", loaded.manifest.provenance);
    for file in ["gw.yaml", "specs/pets.yaml", "edge.overlay.yaml"] {
        assert!(shown.contains(file), "{shown}");
    }
}

#[test]
fn a_reference_in_an_overlay_is_relative_to_the_document() {
    let text = with("1.1.0", "- {target: $.paths, update: {/cats: {$ref: 'cats.yaml#/item'}}}");
    let cats = "# file: specs/cats.yaml\nitem: {get: {responses: {'200': {description: the cats}}}}\n";
    assert_eq!(sealed(&format!("{text}{cats}")).artifact.operations().len(), 3);
}

#[test]
fn a_finding_about_an_overlaid_value_shows_what_lies_beneath() {
    assert_snapshot!(said("1.1.0", "- target: $.paths.*.get\n  update:\n    x-gw-timeout: soon"));
}

#[test]
fn a_finding_about_an_added_value_has_its_path_in_the_result() {
    assert_snapshot!(said("1.1.0", "- target: $.paths\n  update:\n    /cats: {get: {x-gw-timeuot: 2s}}"));
}

#[test]
fn findings_belong_to_the_owner_of_the_document() {
    let compilation = compiled(&with("1.1.0", "- {target: $.paths.*.get, update: {x-gw-timeout: soon}}"));
    let owners: Vec<_> = compilation.findings.iter().map(|finding| finding.owner.as_deref()).collect();
    assert_eq!(owners, [Some("team-pets")]);
}

#[test]
fn a_target_that_selects_nothing_is_a_warning_and_strictly_an_error() {
    let folder = Folder::read(&with("1.1.0", "- {target: $.paths.nothing, remove: true}"), "");
    let strict = Options { strict: true, ..Options::default() };
    for (options, severity) in [(Options::default(), Severity::Warning), (strict, Severity::Error)] {
        let compilation = compile(&folder.entry(), &folder, &options);
        let found: Vec<_> =
            compilation.findings.iter().map(|finding| (finding.code.to_string(), finding.severity)).collect();
        assert_eq!(found, [("GW0220".to_owned(), severity)]);
    }
}

#[test]
fn bad_overlays_are_told_with_their_places() {
    let cases = [
        ("1.1.0", "- {target: '$.paths[?@.get && lenght(@.get) > 1]', remove: true}"),
        ("1.1.0", "- {target: \"$.\\u0070aths./pets\", remove: true}"),
        (
            "1.1.0",
            "- {target: $.info}\n- {target: $.info, update: {}, copy: $.info}\n- {target: $.tags, update: 1, remove: true}",
        ),
        (
            "1.1.0",
            "- {target: $, remove: true}\n- {target: $.info, update: []}\n- {target: $.info, update: {title: [a]}}",
        ),
        (
            "1.1.0",
            "- {target: '$[\"info\", \"tags\"]', update: {}}\n- {target: $.info.title, update: {a: b}}",
        ),
        ("1.0.0", "- {target: $.info.title, update: dogs}\n- {target: $.info, copy: $.tags}"),
        ("1.1.0", "- {target: $.info, copy: $.nothing}\n- {target: $.info, copy: $.paths.*.*}"),
        (
            "1.1.0",
            "- {target: $.info, updat: {}, remove: no}\n- 7\n- {x-gw-timeout: 2s, remove: true}\n- {target: 7, remove: true}",
        ),
        ("2.0.0", "- {target: $.info, remove: true}"),
        ("1.0", "- {target: $.info, remove: true}"),
        ("1.1.0", "[]"),
    ];
    let text: Vec<String> = cases
        .into_iter()
        .map(|(version, actions)| format!("----- {version}\n{actions}\n{}", said(version, actions)))
        .collect();
    assert_snapshot!(text.join("\n"));
}

#[test]
fn overlays_that_explode_end() {
    // Each pair of actions doubles the document.
    let double =
        |n| format!("- {{target: $, update: {{x-{n}: {{}}}}}}\n- {{target: '$[\"x-{n}\"]', copy: $}}");
    let doubling = (0..40).map(double).collect::<Vec<_>>().join("\n");
    let nested = (0..6).fold("$..*".to_owned(), |inner, _| format!("$..[?count({inner}) > 0]"));
    for actions in [doubling, format!("- {{target: '{nested}', remove: true}}")] {
        assert_eq!(errors(&compiled(&with("1.1.0", &actions))), ["GW0223"]);
    }
}

#[test]
fn an_overlay_that_is_not_there_is_told_once() {
    let text = PROJECT.to_owned();
    assert_eq!(codes(&compiled(&text)), ["GW0001"]);
}

#[test]
fn one_document_with_two_sets_of_overlays_is_refused() {
    let text = with("1.1.0", "- {target: $.info, update: {x-audience: public}}")
        .replace("apis: [{", "apis: [{name: other, base: /other, spec: specs/pets.yaml}, {");
    assert_snapshot!(shown(&text));
}
