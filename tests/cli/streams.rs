//! What goes where: results on stdout, everything for people on stderr, no colours in a pipe, no panic when a reader
//! goes away.

use std::fs::File;
use std::process::Stdio;

use crate::fixtures::furnished;
use crate::sandbox::Sandbox;

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let sandbox = furnished();
    for args in [&["explain"][..], &["schema", "gw.yaml"], &["inspect", "pets.gwa", "--json"], &["--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = sandbox.command(args).stdout(Stdio::from(writer)).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_verdict_stands_when_nobody_reads_it() {
    let sandbox = furnished();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let run = ["validate", "unprotected.yaml", "--format", "json"];
    let output = sandbox.command(&run).stdout(Stdio::from(writer)).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_full_disk_behind_stdout_is_a_fault() {
    let sandbox = furnished();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = sandbox.command(&["inspect", "pets.gwa"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(74));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the standard output"));
}

#[test]
fn findings_are_on_stderr_and_results_on_stdout() {
    let sandbox = furnished();
    let refused = sandbox.gw(&["validate", "unprotected.yaml"]).exits(1);
    assert!(refused.stdout.is_empty() && refused.stderr.contains("GW0301"));
    let json = sandbox.gw(&["validate", "unprotected.yaml", "--format", "json"]).exits(1);
    assert!(json.stderr.is_empty(), "{}", json.stderr);
    assert_eq!(json.json()["findings"][0]["code"], "GW0301");
}

#[test]
fn there_are_no_colours_in_a_pipe_unless_asked_for() {
    let sandbox = furnished();
    let validate = ["validate", "unprotected.yaml"];
    assert!(!sandbox.gw(&validate).stderr.contains('\u{1b}'));
    let asked = sandbox.gw(&["validate", "unprotected.yaml", "--color", "always"]);
    assert!(asked.stderr.contains('\u{1b}'));
}

#[test]
fn a_document_can_come_through_stdin() {
    let sandbox = Sandbox::new();
    let run = sandbox.gw_with(&["validate", "-", "--format", "json"], b"openapi: 3.1.0\npaths: [").exits(3);
    assert_eq!(run.json()["findings"][0]["place"]["file"], "stdin");
    sandbox.gw_with(&["compile", "-", "-o", "out.gwa"], crate::fixtures::PETS.as_bytes()).exits(0);
    assert_eq!(sandbox.names(), ["out.gwa"]);
}

#[test]
fn the_report_goes_into_a_file_as_well() {
    let sandbox = furnished();
    sandbox.gw(&["validate", "unprotected.yaml", "--format", "json", "--report", "report.json"]).exits(1);
    let report: serde_json::Value = serde_json::from_slice(&sandbox.read("report.json")).unwrap();
    assert_eq!(report["format_version"], 1);
    sandbox.gw(&["validate", "unprotected.yaml", "--report", "report.txt"]).exits(1);
    assert!(String::from_utf8(sandbox.read("report.txt")).unwrap().contains("unprotected.yaml:5:5"));
}
