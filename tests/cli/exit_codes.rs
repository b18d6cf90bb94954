//! The table of exit codes: every command, every case.

use std::net::TcpListener;

use crate::fixtures::{SUITE, furnished};
use crate::sandbox::Sandbox;

/// What is run, and what it returns.
type Row = (&'static [&'static str], i32);

const TABLE: &[Row] = &[
    // Nothing at or above --fail-on.
    (&["--version"], 0),
    (&["--help"], 0),
    (&["validate", "--help"], 0),
    (&["validate", "project"], 0),
    (&["validate", "project/gw.yaml"], 0),
    (&["validate", "pets.yaml"], 0),
    (&["-C", "project", "validate", "--all"], 0),
    (&["validate", "project", "--bindings", "bindings.toml"], 0),
    (&["lint", "--help"], 0),
    (&["lint", "project", "pets.yaml"], 0),
    (&["-C", "project", "lint", "--all"], 0),
    (&["lint", "waived.yaml", "--at", "2027-01-31", "--fail-on", "warn"], 0),
    (&["compile", "pets.yaml", "-o", "out.gwa"], 0),
    (&["lock", "project"], 0),
    (&["inspect", "pets.gwa"], 0),
    (&["inspect", "pets.gwa", "--json"], 0),
    (&["inspect", "pets.gwa", "--bounds", "--threads", "4"], 0),
    (&["test", "project"], 0),
    (&["dry-run", "project", "GET", "/pets"], 0),
    (&["dry-run", "pets.gwa", "GET", "http://any.example/pets"], 0),
    (&["dry-run", "pets.gwa", "--curl", "curl http://any.example/pets"], 0),
    (&["explain"], 0),
    (&["explain", "GW0301"], 0),
    (&["export", "openapi", "project"], 0),
    (&["export", "openapi", "pets.yaml", "--with-gateway", "-o", "out.json"], 0),
    (&["schema"], 0),
    (&["schema", "gw.yaml"], 0),
    (&["completions", "bash"], 0),
    (&["init", "new"], 0),
    (&["demo"], 0),
    // Read completely, and a verdict says no.
    (&["validate", "unprotected.yaml"], 1),
    (&["validate", "pets.yaml", "unprotected.yaml"], 1),
    (&["validate", "--all"], 3),
    (&["validate", "warned.yaml", "--fail-on", "warn"], 1),
    (&["validate", "dangling.yaml"], 1),
    (&["lint", "waived.yaml", "--at", "2027-02-01", "--fail-on", "warn"], 1),
    (&["lint", "unprotected.yaml"], 1),
    (&["validate", "unprotected.yaml", "--format", "sarif"], 1),
    (&["validate", "warned.yaml", "--format", "github"], 0),
    (&["compile", "unprotected.yaml", "-o", "out.gwa"], 1),
    (&["compile", "warned.yaml", "-o", "out.gwa", "--fail-on", "warn"], 1),
    (&["test", "failing"], 1),
    (&["test", "unprotected.yaml"], 1),
    (&["test", "bare"], 1),
    (&["dry-run", "pets.gwa", "GET", "/cats"], 1),
    (&["dry-run", "unprotected.yaml", "GET", "/pets"], 1),
    (&["init", "--from", "unprotected.yaml", "new2"], 1),
    (&["export", "openapi", "unprotected.yaml"], 1),
    (&["serve", "missing-spec", "--dev"], 3),
    // Input not understood.
    (&["validate", "broken.yaml"], 3),
    (&["lint", "broken.yaml"], 3),
    (&["validate", "pets.yaml", "broken.yaml"], 3),
    (&["compile", "broken.yaml", "-o", "out.gwa"], 3),
    (&["test", "broken.yaml"], 3),
    (&["test", "odd"], 3),
    (&["dry-run", "broken.yaml", "GET", "/"], 3),
    (&["dry-run", "damaged.gwa", "GET", "/"], 3),
    (&["inspect", "damaged.gwa"], 3),
    (&["inspect", "pets.yaml"], 3),
    (&["serve", "damaged.gwa"], 3),
    (&["serve", "broken.yaml", "--dev"], 3),
    (&["init", "--from", "broken.yaml", "new3"], 3),
    (&["export", "openapi", "broken.yaml"], 3),
    // The command line is wrong.
    (&[], 64),
    (&["valdiate"], 64),
    (&["validate", "pets.yaml", "--at", "2027-01-31"], 64),
    (&["lint", "pets.yaml", "--at", "tomorrow"], 64),
    (&["lint", "pets.yaml", "--at", "2027-02-29"], 64),
    (&["validate", "--format", "checkstyle"], 64),
    (&["compile", "pets.yaml"], 64),
    (&["lock", "pets.yaml"], 64),
    (&["lock", "project", "--only", "https://a.example/"], 64),
    (&["inspect"], 64),
    (&["inspect", "pets.gwa", "--threads", "4"], 64),
    (&["inspect", "pets.gwa", "--bounds", "--threads", "0"], 64),
    (&["dry-run", "pets.gwa"], 64),
    (&["dry-run", "pets.gwa", "GET", "/", "-H", "no header line"], 64),
    (&["dry-run", "pets.gwa", "--curl", "curl 'http://a"], 64),
    (&["explain", "GW0302x"], 64),
    (&["schema", "gw.yml"], 64),
    (&["export"], 64),
    (&["export", "swagger"], 64),
    (&["export", "openapi", "project", "--api", "cats"], 64),
    (&["completions", "csh"], 64),
    (&["serve", "project"], 64),
    (&["serve", "pets.yaml"], 64),
    (&["serve", "pets.gwa", "--dev"], 64),
    (&["serve", "pets.gwa", "--upstream", "http://127.0.0.1:9"], 64),
    (&["serve", "pets.yaml", "--dev", "--listen", "0.0.0.0:0"], 64),
    (&["serve", "pets.gwa", "--set", "pets=http://127.0.0.1:9"], 64),
    (&["apply"], 64),
    // Cannot read or write, address in use.
    (&["-C", "nowhere", "validate"], 74),
    (&["validate", "nowhere"], 74),
    (&["lint", "nowhere"], 74),
    (&["validate"], 74),
    (&["validate", "--all", "empty"], 74),
    (&["validate", "project", "--bindings", "nowhere.toml"], 74),
    (&["compile", "nowhere.yaml", "-o", "out.gwa"], 74),
    (&["compile", "pets.yaml", "-o", "nowhere/out.gwa"], 74),
    (&["compile", "pets.yaml", "-o", "empty"], 74),
    (&["validate", "pets.yaml", "--report", "nowhere/report.json"], 74),
    (&["lock", "nowhere"], 74),
    (&["inspect", "nowhere.gwa"], 74),
    (&["dry-run", "nowhere.gwa", "GET", "/"], 74),
    (&["serve", "nowhere.gwa"], 74),
    (&["serve", "pets.gwa", "--bindings", "nowhere.toml"], 74),
    (&["init", "project"], 74),
    (&["export", "openapi", "nowhere"], 74),
    (&["export", "openapi", "pets.yaml", "-o", "nowhere/out.json"], 74),
    (&["init", "--from", "nowhere.yaml", "new4"], 74),
    // Bindings are missing or invalid.
    (&["serve", "pets.gwa"], 78),
    (&["serve", "pets.gwa", "--bindings", "odd.toml"], 78),
    (&["serve", "pets.gwa", "--set", "upstreams.cats=http://127.0.0.1:9"], 78),
    (&["validate", "project", "--bindings", "odd.toml"], 78),
    (&["validate", "project", "--bindings", "other.toml"], 78),
];

fn prepared() -> Sandbox {
    let sandbox = furnished();
    let warned = crate::fixtures::PETS.replace(
        "      responses:",
        "      parameters: [{name: a, in: query, schema: {type: integer}}]\n      responses:",
    );
    sandbox.file("warned.yaml", warned);
    sandbox.file("waived.yaml", crate::fixtures::WAIVED);
    let dangling = crate::fixtures::PETS.replace("{description: all, content", "{$ref: '#/nowhere', content");
    sandbox.file("dangling.yaml", dangling);
    for project in ["failing", "odd", "bare"] {
        sandbox.file(&format!("{project}/gw.yaml"), sandbox.read("project/gw.yaml"));
        sandbox.file(&format!("{project}/pets.yaml"), sandbox.read("pets.yaml"));
    }
    sandbox.file("failing/a.test.yaml", SUITE.replace("200", "404")).file("odd/a.test.yaml", "tests: 1\n");
    sandbox.file("missing-spec/gw.yaml", sandbox.read("project/gw.yaml"));
    let mut damaged = sandbox.read("pets.gwa");
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    sandbox.file("damaged.gwa", damaged).file("empty/note", "");
    sandbox
        .file("odd.toml", "lisen = 1\n")
        .file("other.toml", "[upstreams]\ncats = [\"http://127.0.0.1:9\"]\n");
    sandbox
}

#[test]
fn every_case_of_the_table_returns_its_code() {
    let sandbox = prepared();
    let wrong: Vec<String> = TABLE
        .iter()
        .map(|(args, code)| (code, sandbox.gw(args)))
        .filter(|(code, run)| run.code != Some(**code))
        .map(|(code, run)| format!("wanted {code}:\n{}", run.transcript()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_address_in_use_is_74() {
    let sandbox = furnished();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let serve =
        ["serve", "pets.gwa", "--bindings", "bindings.toml", "--admin", "127.0.0.1:0", "--listen", &address];
    let transcript = sandbox.gw(&serve).exits(74).transcript();
    insta::assert_snapshot!(transcript.replace(&address, "[TAKEN]"));
}
