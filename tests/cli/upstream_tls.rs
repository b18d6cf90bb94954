//! Upstreams that are reached over TLS, as people meet them: what is shown about them, and what a node must bring.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use insta::assert_snapshot;

use crate::sandbox::Sandbox;

const DOCUMENT: &str = "openapi: 3.1.0\ninfo: {title: pets, version: \"1\"}\npaths:\n  /pets:\n    get: {x-gw-upstream: pets, \
                        responses: {\"200\": {description: pets, content: {application/json: {example: [cat]}}}}}\n  \
                        /staff:\n    get: {x-gw-upstream: staff, responses: {\"200\": {description: staff}}}\n  \
                        /old:\n    get: {x-gw-upstream: old, responses: {\"200\": {description: old}}}\n";
const PROJECT: &str = "gw: 1\nname: pets\napis: [{name: pets, spec: pets.yaml}]\nupstreams:\n  \
                       pets: {tls: {sni: pets.internal}, endpoints: [https://10.0.0.1:8443]}\n  \
                       staff: {tls: {min: \"1.3\", client-cert: required}}\n  old: {tls: {verify: false}}\n\
                       defaults: {auth: {public: true, reason: a catalogue}}\n";

fn compiled() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("gw.yaml", PROJECT);
    sandbox.file("pets.yaml", DOCUMENT);
    sandbox.gw(&["compile", ".", "-o", "pets.gwa"]).exits(0);
    sandbox
}

#[test]
fn inspect_shows_whom_the_gateway_believes_and_which_files_it_needs() {
    assert_snapshot!(compiled().gw(&["inspect", "pets.gwa", "--inputs"]).transcript());
}

#[test]
fn a_dry_run_shows_as_whom_the_endpoint_is_verified() {
    let sandbox = compiled();
    let step = |path: &str| {
        let told = sandbox.gw(&["dry-run", "pets.gwa", "GET", path]).exits(0).stdout;
        let line = told.lines().find(|line| line.starts_with("discover")).map(str::to_owned);
        line.expect("every way leads to an endpoint")
    };
    assert_snapshot!(["/pets", "/staff", "/old"].map(step).join("\n"));
}

#[test]
fn what_the_bindings_lack_is_listed_before_anything_listens() {
    let sandbox = compiled();
    sandbox.file(
        "node.toml",
        "[upstreams]\nstaff = [\"http://10.0.0.2\"]\nold = [\"https://10.0.0.3\"]\n[upstream-tls]\npets = {}\n",
    );
    assert_snapshot!(sandbox.gw(&["validate", ".", "--bindings", "node.toml"]).transcript());
}

#[test]
fn dev_stands_in_for_a_service_that_speaks_tls() {
    let sandbox = Sandbox::new();
    sandbox.file("gw.yaml", PROJECT.replace(", endpoints: [https://10.0.0.1:8443]", ""));
    sandbox.file("pets.yaml", DOCUMENT);
    let dev = sandbox.serve(&["serve", ".", "--dev", "--listen", "127.0.0.1:0"]);
    let mut stream = TcpStream::connect(&dev.address).expect("the gateway listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout can be set");
    stream.write_all(b"GET /pets HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the answer ends");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("[\"cat\"]"), "{answer}");
}
