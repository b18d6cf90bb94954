//! `gw serve` and `gw demo` over real sockets.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::fixtures::{PETS, UNPROTECTED, furnished};
use crate::sandbox::Sandbox;

/// How long an answer may take, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends one request and gives the whole answer.
fn ask(address: &str, head: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the gateway listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    write!(stream, "{head}\r\nhost: {address}\r\nconnection: close\r\n\r\n").expect("the request is sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the answer ends");
    String::from_utf8(answer).expect("the answer is text")
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or(answer)
}

const FREE: [&str; 4] = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];

#[test]
fn an_artifact_is_served_and_stops_when_told() {
    let sandbox = furnished();
    let pets = sandbox.serve(&["serve", "project", "--dev", "--listen", "127.0.0.1:0"]);
    // The first gateway is the service of the second.
    let set = format!("upstreams.pets=http://{}", pets.address);
    let gateway = sandbox.serve(&[&["serve", "pets.gwa", "--set", &set][..], &FREE].concat());
    let answer = ask(&gateway.address, "GET /pets HTTP/1.1");
    assert_eq!(status(&answer), "508", "both are called shop, so it looks like a loop: {answer}");
    assert_eq!(status(&ask(&gateway.address, "GET /cats HTTP/1.1")), "404");
    let (code, log) = gateway.stop();
    assert_eq!(code, Some(0));
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
}

#[test]
fn dev_answers_from_examples_and_marks_what_nothing_protects() {
    let sandbox = Sandbox::new();
    sandbox.file("open.yaml", UNPROTECTED).file("pets.yaml", PETS);
    let dev = sandbox.serve(&["serve", "open.yaml", "--dev", "--listen", "127.0.0.1:0"]);
    let answer = ask(&dev.address, "GET /pets HTTP/1.1");
    assert_eq!(status(&answer), "200", "{answer}");
    assert!(answer.contains("\r\ngw-dev: no declared security, loopback only\r\n"), "{answer}");

    let declared = sandbox.serve(&["serve", "pets.yaml", "--dev", "--listen", "127.0.0.1:0"]);
    let answer = ask(&declared.address, "GET /pets HTTP/1.1");
    assert!(
        answer.contains("content-type: application/json") && answer.ends_with("[{\"id\":1}]"),
        "{answer}"
    );
    assert!(!answer.contains("gw-dev"), "{answer}");
    assert_eq!(dev.stop().0, Some(0));
}

#[test]
fn dev_marks_an_operation_under_each_of_its_bases() {
    let sandbox = Sandbox::new();
    let servers = "servers: [{url: /v1}, {url: /v2}]\npaths:\n  /v1/pets:\n    get: {responses: {'200': {description: x}}}\n";
    sandbox.file("open.yaml", UNPROTECTED.replace("paths:\n", servers));
    let dev = sandbox.serve(&["serve", "open.yaml", "--dev", "--listen", "127.0.0.1:0"]);
    for path in ["/v1/pets", "/v2/pets", "/v1/v1/pets"] {
        let answer = ask(&dev.address, &format!("GET {path} HTTP/1.1"));
        assert_eq!(status(&answer), "200", "{answer}");
        assert!(answer.contains("\r\ngw-dev: "), "{path}: {answer}");
    }
}

#[test]
fn dev_passes_on_to_a_real_service_and_still_marks() {
    let sandbox = Sandbox::new();
    sandbox.file("open.yaml", UNPROTECTED).file("pets.yaml", PETS);
    let service = sandbox.serve(&["serve", "pets.yaml", "--dev", "--listen", "127.0.0.1:0"]);
    let upstream = format!("http://{}", service.address);
    let dev =
        sandbox.serve(&["serve", "open.yaml", "--dev", "--listen", "127.0.0.1:0", "--upstream", &upstream]);
    let answer = ask(&dev.address, "GET /pets HTTP/1.1");
    assert!(answer.contains("gw-dev: ") && answer.ends_with("[{\"id\":1}]"), "{answer}");
    // What the service denies comes back as its denial.
    assert_eq!(status(&ask(&dev.address, "POST /pets HTTP/1.1\r\ncontent-length: 0")), "405");
}

#[test]
fn dev_recompiles_what_changes_and_keeps_what_compiled() {
    let sandbox = Sandbox::new();
    sandbox.file("pets.yaml", PETS);
    let mut dev = sandbox.serve(&["serve", "pets.yaml", "--dev", "--listen", "127.0.0.1:0"]);
    assert_eq!(status(&ask(&dev.address, "GET /cats HTTP/1.1")), "404");
    sandbox.file("pets.yaml", PETS.replace("/pets:", "/cats:"));
    dev.wait_for("recompiled: 1 operation");
    assert_eq!(status(&ask(&dev.address, "GET /cats HTTP/1.1")), "200");
    sandbox.file("pets.yaml", "paths: [");
    dev.wait_for("the gateway goes on with what compiled before");
    assert_eq!(status(&ask(&dev.address, "GET /cats HTTP/1.1")), "200");
    assert_eq!(dev.stop().0, Some(0));
}

#[test]
fn dev_listens_on_loopback_only() {
    let sandbox = Sandbox::new();
    sandbox.file("pets.yaml", PETS).file("open.toml", "health = \"0.0.0.0:0\"\n");
    sandbox.gw(&["serve", "pets.yaml", "--dev", "--listen", "0.0.0.0:0"]).exits(64);
    sandbox.gw(&["serve", "pets.yaml", "--dev", "--admin", "0.0.0.0:0"]).exits(64);
    sandbox.gw(&["serve", "pets.yaml", "--dev", "--bindings", "open.toml"]).exits(64);
}

#[test]
fn demo_can_be_kept_and_asked() {
    let sandbox = Sandbox::new();
    let (mut child, said) = sandbox.start(&["demo", "--keep"], "x-api-key: any");
    let address = said.split("gateway   http://").nth(1).and_then(|rest| rest.split_whitespace().next());
    let answer = ask(address.expect("an address follows"), "GET /v1/pets HTTP/1.1");
    child.kill().expect("it is at work");
    child.wait().expect("it ends");
    assert_eq!(status(&answer), "200", "{answer}");
}

#[test]
fn demo_shows_an_answer_a_denial_and_the_log() {
    let run = Sandbox::new().gw(&["demo"]).exits(0);
    for part in [
        "< HTTP/1.1 200 OK",
        "< HTTP/1.1 401 Unauthorized",
        "credential-missing",
        "\"gw.operation\":\"listPets\"",
        "gw init",
    ] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    assert!(run.stderr.is_empty(), "{}", run.stderr);
}
