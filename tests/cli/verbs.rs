//! Each verb when all is well, and when a person makes a usual mistake.

use insta::assert_snapshot;
use serde_json::json;

use crate::fixtures::{SUITE, WAIVED, furnished};

#[test]
fn validate_says_what_it_read() {
    let sandbox = furnished();
    assert_snapshot!(sandbox.gw(&["validate", "project", "pets.yaml"]).transcript());
}

#[test]
fn what_cannot_be_read_hides_nothing_about_the_others() {
    let sandbox = furnished();
    let run =
        sandbox.gw(&["validate", "nowhere", "unprotected.yaml", "project", "--bindings", "bindings.toml"]);
    assert_snapshot!(run.exits(74).transcript());
}

#[test]
fn validate_prints_the_lines_to_add() {
    let sandbox = furnished();
    assert_snapshot!(sandbox.gw(&["validate", "unprotected.yaml"]).transcript());
}

#[test]
fn validate_in_json_has_every_field() {
    let sandbox = furnished();
    let run = sandbox.gw(&["validate", "unprotected.yaml", "--format", "json"]).exits(1);
    assert_snapshot!(format!("{:#}\n", run.json()));
}

/// Two paths match one request, and nothing says who may call.
const CONTESTED: &str = "\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets/{id}/photos:
    get: {responses: {'200': {description: all}}}
  /pets/newest/{part}:
    get: {responses: {'200': {description: some}}}
";

#[test]
fn validate_in_sarif_has_rules_places_and_fingerprints() {
    let sandbox = furnished();
    sandbox.file("contested.yaml", CONTESTED);
    let run =
        sandbox.gw(&["validate", "contested.yaml", "--format", "sarif", "--report", "r.sarif"]).exits(1);
    let log = run.json();
    let pages = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(pages.iter().all(|rule| rule["help"]["text"].as_str().is_some_and(|help| help.len() > 100)));
    let mut shown = log.clone();
    for rule in shown["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        rule["help"] = "its page".into();
    }
    assert_snapshot!(format!("{shown:#}\n"));
    assert_eq!(String::from_utf8_lossy(&sandbox.read("r.sarif")), run.stdout);
    let json = sandbox.gw(&["validate", "contested.yaml", "--format", "json"]).json();
    let of_json: Vec<_> =
        json["findings"].as_array().unwrap().iter().map(|found| &found["fingerprint"]).collect();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let of_sarif: Vec<_> = results.iter().map(|result| &result["partialFingerprints"]["gw/v1"]).collect();
    assert_eq!(of_sarif, of_json);
}

#[test]
fn validate_for_github_is_one_annotation_a_line() {
    let sandbox = furnished();
    sandbox.file("contested.yaml", CONTESTED);
    assert_snapshot!(sandbox.gw(&["validate", "contested.yaml", "--format", "github"]).exits(1).transcript());
    let run = sandbox.gw(&["compile", "pets.yaml", "-o", "out.gwa", "--format", "github"]).exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn what_is_waived_is_counted_until_its_last_day_is_over() {
    let sandbox = furnished();
    sandbox.file("waived.yaml", WAIVED);
    let of = |args: &[&str]| sandbox.gw(args).exits(0).transcript();
    let day = |day| of(&["lint", "waived.yaml", "--at", day]);
    assert_snapshot!([of(&["validate", "waived.yaml"]), day("2027-01-30"), day("2027-02-01")].join("\n"));
}

#[test]
fn what_is_waived_is_listed_in_json_with_its_reason() {
    let sandbox = furnished();
    sandbox.file("waived.yaml", WAIVED);
    let run = sandbox.gw(&["lint", "waived.yaml", "--at", "2026-01-31", "--format", "json"]).exits(0);
    let document = run.json();
    assert_eq!((&document["findings"], &document["summary"]["waived"]), (&json!([]), &json!(1)));
    assert_snapshot!(format!("{:#}\n", document["waived"]));
}

#[test]
fn compile_gives_equal_bytes_in_another_folder() {
    let (first, second) = (furnished(), furnished());
    assert_eq!(first.read("pets.gwa"), second.read("pets.gwa"));
    second.gw(&["compile", "project", "-o", "again.gwa"]).exits(0);
    assert_eq!(first.read("pets.gwa"), second.read("again.gwa"));
}

#[test]
fn compile_prints_both_digests() {
    let sandbox = furnished();
    let run = sandbox.gw(&["compile", "project", "-o", "out.gwa", "--format", "json"]).exits(0);
    let artifact = &run.json()["artifact"];
    let inspected = sandbox.gw(&["inspect", "out.gwa", "--json"]).exits(0).json();
    for digest in ["artifact_digest", "policy_digest"] {
        assert_eq!(artifact[digest], inspected["artifact"][digest]);
    }
    let human = sandbox.gw(&["compile", "project", "-o", "out.gwa"]).exits(0);
    assert!(human.stdout.contains(artifact["artifact_digest"].as_str().unwrap()));
    assert!(human.stdout.contains(artifact["policy_digest"].as_str().unwrap()));
}

#[test]
fn inspect_shows_routes_policies_and_inputs() {
    let sandbox = furnished();
    let run = sandbox.gw(&["inspect", "pets.gwa", "--routes", "--policies", "--inputs"]);
    assert_snapshot!(run.transcript());
}

#[test]
fn inspect_shows_what_a_gateway_can_hold_and_a_request_can_cost() {
    let sandbox = furnished();
    let run = sandbox.gw(&["inspect", "pets.gwa", "--bounds", "--threads", "8", "--endpoints", "2"]);
    assert_snapshot!(run.transcript());
    let bounds = sandbox.gw(&["inspect", "pets.gwa", "--bounds", "--json"]).exits(0).json()["bounds"].clone();
    let total = |row: &serde_json::Value| row["total_bytes"].as_u64().unwrap();
    let rows: u64 = bounds["memory"].as_array().unwrap().iter().map(total).sum();
    assert_eq!(total(&bounds), rows + bounds["allocator_slack_bytes"].as_u64().unwrap());
    assert_eq!(bounds["operations"][0]["operation"], "listPets");
}

#[test]
fn a_project_beyond_its_memory_does_not_compile_and_says_what_to_lower() {
    let sandbox = furnished();
    let mut project = sandbox.read("project/gw.yaml");
    project.extend_from_slice(b"max-memory: 512MiB\n");
    sandbox.file("project/gw.yaml", project);
    assert_snapshot!(sandbox.gw(&["validate", "project"]).transcript());
}

#[test]
fn inspect_without_a_part_is_a_summary_and_json_has_all_parts() {
    let sandbox = furnished();
    let summary = sandbox.gw(&["inspect", "pets.gwa"]).exits(0).stdout;
    assert!(summary.contains("project   shop") && summary.contains("upstream  pets"), "{summary}");
    let json = sandbox.gw(&["inspect", "pets.gwa", "--json"]).exits(0).json();
    for part in ["artifact", "routes", "policies", "inputs", "provenance", "bounds"] {
        assert!(json[part].is_object() || json[part].is_array(), "{part}");
    }
}

#[test]
fn test_names_the_line_of_a_failed_expectation() {
    let sandbox = furnished();
    sandbox.file(
        "project/failing.test.yaml",
        SUITE.replace("status: 200", "status: 404, reason: operation-unknown"),
    );
    assert_snapshot!(sandbox.gw(&["test", "project"]).transcript());
}

#[test]
fn test_in_json_holds_every_case() {
    let sandbox = furnished();
    let run = sandbox.gw(&["test", "project", "--format", "json"]).exits(0);
    assert_snapshot!(format!("{:#}\n", run.json()));
}

#[test]
fn test_leaves_the_suites_of_an_inner_project_alone() {
    let sandbox = furnished();
    sandbox.file("project/inner/gw.yaml", "gw: 1").file("project/inner/a.test.yaml", "tests: 1");
    sandbox.file("project/more/b.test.yaml", SUITE);
    let run = sandbox.gw(&["test", "project"]).exits(0);
    assert!(run.stdout.contains("2 passed, 0 failed in 2 suites"), "{}", run.stdout);
}

#[test]
fn dry_run_shows_the_way_of_a_request() {
    let sandbox = furnished();
    assert_snapshot!(
        sandbox.gw(&["dry-run", "project", "GET", "/pets?x=1", "-H", "accept: */*"]).transcript()
    );
}

#[test]
fn dry_run_shows_the_step_that_denies() {
    let sandbox = furnished();
    assert_snapshot!(sandbox.gw(&["dry-run", "pets.gwa", "DELETE", "http://any.example/pets"]).transcript());
}

#[test]
fn dry_run_reads_a_pasted_curl_command_in_json() {
    let sandbox = furnished();
    let pasted = "curl 'http://any.example/pets' -H 'x-note: a'";
    let json = sandbox.gw(&["dry-run", "pets.gwa", "--curl", pasted, "--format", "json"]).exits(0).json();
    assert_eq!(json["verdict"]["forward"]["target"], "/pets");
    assert_eq!(json["request"]["host"], "any.example");
    assert_eq!(json["operation"]["name"], "listPets");
}

#[test]
fn explain_answers_a_slip() {
    let sandbox = furnished();
    assert_snapshot!(sandbox.gw(&["explain", "credential-mising"]).transcript());
    assert_snapshot!("explain_key", sandbox.gw(&["explain", "x-gw-timeout"]).transcript());
    assert_snapshot!("explain_step", sandbox.gw(&["explain", "authorize"]).transcript());
    assert_snapshot!("explain_reason", sandbox.gw(&["explain", "capacity"]).transcript());
}

#[test]
fn usage_mistakes_suggest_what_was_meant() {
    let sandbox = furnished();
    assert_snapshot!(sandbox.gw(&["valdiate"]).transcript());
    assert_snapshot!("serve_of_a_project", sandbox.gw(&["serve", "project"]).transcript());
    assert_snapshot!("unknown_schema", sandbox.gw(&["schema", "gw.yml"]).transcript());
}

#[test]
fn every_verb_has_help_with_examples() {
    let sandbox = furnished();
    let verbs = [
        "init",
        "validate",
        "compile",
        "inspect",
        "test",
        "dry-run",
        "serve",
        "explain",
        "schema",
        "completions",
        "demo",
    ];
    for verb in verbs {
        let help = sandbox.gw(&[verb, "--help"]).exits(0).stdout;
        assert!(help.contains("Examples:\n  gw "), "{verb}: {help}");
    }
}

#[test]
fn completions_know_every_verb() {
    let sandbox = furnished();
    for shell in ["bash", "zsh", "fish"] {
        let script = sandbox.gw(&["completions", shell]).exits(0).stdout;
        assert!(script.contains("dry-run") && script.contains("inspect"), "{shell}");
    }
}

/// A project with every layer about one operation.
fn layered() -> crate::sandbox::Sandbox {
    let sandbox = crate::sandbox::Sandbox::new();
    sandbox.file(
        "shop/gw.yaml",
        "gw: 1\nname: shop\nextends: [org.yaml]\napis: [{name: pets, spec: pets.yaml}]\nupstreams: {pets: {}}\n\
         defaults: {upstream: pets, timeout: 9s}\napply:\n  - select: {methods: [GET]}\n    set: {timeout: 5s}\n",
    );
    sandbox.file("shop/org.yaml", "gw: 1\ndefaults: {timeout: 20s, body-max: 2MiB}\n");
    sandbox.file(
        "shop/pets.yaml",
        "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\nx-gw-auth: {public: true, reason: everyone may look}\n\
         paths:\n  /pets:\n    get:\n      operationId: listPets\n      x-gw-timeout: 2s\n      responses: {}\n    \
         put: {responses: {}}\n",
    );
    sandbox
}

#[test]
fn explain_at_an_operation_shows_its_policy_layer_by_layer() {
    let sandbox = layered();
    assert_snapshot!(sandbox.gw(&["explain", "--at", "shop/pets.yaml:8"]).exits(0).transcript());
    let json = sandbox.gw(&["explain", "--at", "shop/pets.yaml:8:7", "--format", "json"]).exits(0);
    assert_snapshot!(format!("{:#}\n", json.json()));
}

#[test]
fn explain_at_a_place_in_gw_yaml_shows_for_whom_it_wins() {
    let sandbox = layered();
    assert_snapshot!(sandbox.gw(&["explain", "--at", "shop/gw.yaml:6:28"]).exits(0).transcript());
    assert_snapshot!(sandbox.gw(&["explain", "--at", "shop/org.yaml:2", "--project", "shop"]).transcript());
}

#[test]
fn explain_at_a_place_that_is_not_there_says_so() {
    let sandbox = layered();
    assert_snapshot!(sandbox.gw(&["explain", "--at", "shop/pets.yaml:99"]).exits(64).transcript());
    assert_snapshot!(sandbox.gw(&["explain", "--at", "shop/nowhere.yaml:9"]).exits(74).transcript());
    sandbox.file("shop/stranger.yaml", "a: 1\n");
    assert_snapshot!(sandbox.gw(&["explain", "--at", "shop/stranger.yaml:1"]).exits(3).transcript());
}

#[test]
fn dry_run_prints_every_layer_that_was_overruled() {
    let sandbox = layered();
    let run = sandbox.gw(&["dry-run", "shop", "GET", "/pets"]).exits(0);
    let line = run
        .stdout
        .lines()
        .find(|line| line.contains("timeout.total"))
        .expect("it is printed")
        .trim()
        .to_owned();
    assert_snapshot!(line);
}
