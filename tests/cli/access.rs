//! Access lists as people meet them: what a list's file may hold, and which line keeps a client out.

use insta::assert_snapshot;

use crate::sandbox::Sandbox;

const DOCUMENT: &str = "openapi: 3.1.0\ninfo: {title: pets, version: \"1\"}\npaths:\n  /pets:\n    get:\n      \
                        x-gw-auth: {public: true, reason: a catalogue}\n      responses: {\"200\": {description: pets}}\n";

fn project(gw: &str, files: &[(&str, &[u8])]) -> Sandbox {
    let sandbox = Sandbox::new();
    let head = "gw: 1\nname: pets\napis: [{name: pets, spec: pets.yaml}]\nupstreams: {pets: {endpoints: [http://127.0.0.1:9001]}}\n";
    sandbox.file("gw.yaml", format!("{head}{gw}"));
    sandbox.file("pets.yaml", DOCUMENT);
    for (name, bytes) in files {
        sandbox.file(name, bytes);
    }
    sandbox
}

const DENY_ABUSE: &str = "address-lists: {abuse: {file: abuse.txt}}\ndefaults: {upstream: pets, access: {deny: [abuse, 192.0.2.0/24]}}\n";

#[test]
fn a_dry_run_shows_which_line_keeps_a_client_out() {
    let sandbox = project(DENY_ABUSE, &[("abuse.txt", b"203.0.113.0/24\n")]);
    assert_snapshot!(sandbox.gw(&["dry-run", ".", "GET", "/pets", "--from", "203.0.113.9"]).transcript());
    sandbox.gw(&["dry-run", ".", "GET", "/pets", "--from", "198.51.100.1"]).exits(0);
}

#[test]
fn lines_that_are_no_networks_are_told_with_their_places() {
    let text = b"# ok\n192.0.2.0/24\n  10.0.0.1/8 # host bits\nexample.com\n::ffff:10.0.0.1\nfe80::1%eth0\n10.0.0.0-10.0.0.9\n";
    assert_snapshot!(project(DENY_ABUSE, &[("abuse.txt", text)]).gw(&["validate", "."]).transcript());
}

#[test]
fn a_list_that_is_not_there_or_no_text_is_told() {
    assert_snapshot!(project(DENY_ABUSE, &[]).gw(&["validate", "."]).transcript());
    assert_snapshot!(project(DENY_ABUSE, &[("abuse.txt", b"\xff\xfe")]).gw(&["validate", "."]).transcript());
}

#[test]
fn a_list_that_nobody_declared_is_told() {
    let gw =
        "address-lists: {abuse: {file: abuse.txt}}\ndefaults: {upstream: pets, access: {deny: [abus]}}\n";
    assert_snapshot!(project(gw, &[("abuse.txt", b"")]).gw(&["validate", "."]).transcript());
}

#[test]
fn a_list_outside_the_project_is_refused() {
    let gw = "address-lists: {abuse: {file: ../abuse.txt}, 10: {file: a.txt}}\ndefaults: {upstream: pets}\n";
    assert_snapshot!(project(gw, &[("a.txt", b"")]).gw(&["validate", "."]).transcript());
}

#[test]
fn a_hundred_thousand_networks_compile_into_one_file() {
    let address = |number: u32| std::net::Ipv4Addr::from_bits(number.wrapping_mul(2_654_435_761)).to_string();
    let text = (0..100_000).map(address).collect::<Vec<_>>().join("\n");
    let sandbox = project(DENY_ABUSE, &[("abuse.txt", text.as_bytes())]);
    sandbox.gw(&["compile", ".", "-o", "pets.gwa"]).exits(0);
    sandbox.gw(&["dry-run", "pets.gwa", "GET", "/pets", "--from", &address(99_999)]).exits(1);
    sandbox.gw(&["dry-run", "pets.gwa", "GET", "/pets", "--from", "0.0.0.1"]).exits(0);
    let inputs = sandbox.gw(&["inspect", "pets.gwa", "--provenance"]).exits(0).stdout;
    assert!(inputs.contains("abuse.txt"), "{inputs}");
}
