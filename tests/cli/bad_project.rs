//! Bad projects: what `gw.yaml`, its layers, its expressions and its lock can get wrong. Each kind has a snapshot with its
//! exit code, and leaves nothing behind.

use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::fixtures::PETS;
use crate::sandbox::{Run, Sandbox};

/// How long a run may take, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(1);

/// Compiles a project of these files, and insists that a refusal leaves no file behind.
fn compile(project: &str, files: &[(&str, &str)]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.file("shop/gw.yaml", project).file("shop/pets.yaml", PETS);
    for (name, text) in files {
        sandbox.file(&format!("shop/{name}"), text);
    }
    let before = sandbox.names();
    let from = Instant::now();
    let run = sandbox.gw(&["compile", "shop", "-o", "out.gwa"]);
    assert!(from.elapsed() < PATIENCE, "it took {:?}", from.elapsed());
    assert!(run.code != Some(0), "{}", run.transcript());
    assert_eq!(sandbox.names(), before, "{}", run.transcript());
    run
}

/// A project with these lines at its end.
fn with(lines: &str) -> String {
    format!(
        "gw: 1\nname: shop\napis: [{{name: pets, spec: pets.yaml, owner: team-pets}}]\nupstreams: {{pets: {{}}}}\n{lines}"
    )
}

#[test]
fn layers_that_contradict_each_other() {
    let document = PETS
        .replace("paths:", "security: [{token: []}]\ncomponents: {securitySchemes: {token: {type: http, scheme: bearer}}}\npaths:")
        .replace("  /pets:\n", "  /pets:\n    x-gw-timeout: 1s\n");
    let lines = "defaults: {upstream: pets, auth: {delegated: true, reason: the service verifies}}\n\
                 apply:\n  - {select: {methods: [GET]}, set: {upstream: cats}}\n";
    assert_snapshot!(compile(&with(lines), &[("pets.yaml", &document)]).transcript());
}

#[test]
fn extends_in_a_circle() {
    let files =
        [("org.yaml", "gw: 1\nextends: [team.yaml]\n"), ("team.yaml", "gw: 1\nextends: [org.yaml]\n")];
    assert_snapshot!(
        compile(&with("extends: [org.yaml]\ndefaults: {upstream: pets}\n"), &files).transcript()
    );
}

#[test]
fn a_project_that_extends_itself() {
    let project = with("extends: [gw.yaml]\ndefaults: {upstream: pets}\n");
    assert_snapshot!(compile(&project, &[]).transcript());
}

#[test]
fn files_outside_the_project() {
    let project = with("extends: [../org.yaml]\ndefaults: {upstream: pets}\n");
    let overlaid = project.replace("spec: pets.yaml", "spec: pets.yaml, overlays: [/etc/passwd]");
    assert_snapshot!(compile(&overlaid, &[]).transcript());
    let elsewhere = project.replace("spec: pets.yaml", "spec: ../pets.yaml");
    assert_snapshot!(compile(&elsewhere, &[]).transcript());
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_project() {
    let sandbox = Sandbox::new();
    sandbox.file("secret.yaml", PETS).file("shop/gw.yaml", with("defaults: {upstream: pets}\n"));
    std::os::unix::fs::symlink("../secret.yaml", sandbox.path().join("shop/pets.yaml")).unwrap();
    assert_snapshot!(sandbox.gw(&["compile", "shop", "-o", "out.gwa"]).transcript());
}

#[test]
fn a_pinned_document_that_is_not_what_was_pinned() {
    let document =
        PETS.replace("  /pets:\n", "  /cats: {$ref: 'https://specs.example/cats.yaml'}\n  /pets:\n");
    let lock = format!(
        "lock: 1\npins:\n  - url: https://specs.example/cats.yaml\n    file: gw.vendor/cats.yaml\n    digest: sha256:{}\n",
        "0".repeat(64)
    );
    let project = with("remote: [https://specs.example/]\ndefaults: {upstream: pets}\n");
    let files =
        [("pets.yaml", &*document), ("gw.lock", &*lock), ("gw.vendor/cats.yaml", "get: {responses: {}}\n")];
    assert_snapshot!(compile(&project, &files).transcript());
}

/// A project with one guardrail.
fn guarded(condition: &str) -> String {
    with(&format!("defaults: {{upstream: pets}}\nguardrails: [{{id: odd, require: '{condition}'}}]\n"))
}

#[test]
fn an_expression_that_is_ill_typed() {
    assert_snapshot!(compile(&guarded("timeout.total + 1 && auth.required == 3"), &[]).transcript());
}

#[test]
fn an_expression_that_is_huge() {
    for (text, name) in [
        (format!("{}auth.required", "!".repeat(100_000)), "long"),
        (format!("{}auth.required{}", "(".repeat(1_000), ")".repeat(1_000)), "nested"),
        (vec!["auth.required"; 300].join(" && "), "broad"),
    ] {
        let run = compile(&guarded(&text), &[]);
        assert!(run.stderr.len() < 4_000, "{name}: {}", run.stderr.len());
        assert_snapshot!(format!("a_{name}_expression"), run.transcript());
    }
}
