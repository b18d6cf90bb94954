//! `gw key`: what the file of a set becomes, and how a gateway follows it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::sandbox::Sandbox;

/// How long a gateway may take to see a change, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(30);

const ORDERS: &str = r#"openapi: 3.1.0
info: {title: orders, version: "1"}
components:
  securitySchemes:
    partner: {type: apiKey, in: header, name: x-api-key, x-gw-authenticator: {keys: partners}}
security: [{partner: ["orders:read"]}]
paths:
  /orders:
    get:
      responses: {"200": {description: the orders, content: {text/plain: {example: two}}}}
"#;

fn new(sandbox: &Sandbox, more: &[&str]) -> String {
    let args = [&["key", "new", "partners.keys", "--consumer", "acme"], more].concat();
    let run = sandbox.gw(&args).exits(0);
    run.stdout.trim().to_owned()
}

fn ids(sandbox: &Sandbox) -> Vec<String> {
    let list = sandbox.gw(&["key", "list", "partners.keys", "--format", "json"]).exits(0).json();
    let keys = list["keys"].as_array().expect("a list of keys");
    keys.iter().map(|key| key["id"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn a_key_is_shown_once_and_stands_in_no_file() {
    let sandbox = Sandbox::new();
    let keys = [new(&sandbox, &["--scope", "orders:read"]), new(&sandbox, &["--expires", "2099-01-31"])];
    assert!(keys.iter().all(|key| key.starts_with("gwk_") && key.len() == 68), "{keys:?}");
    assert_ne!(keys[0], keys[1]);
    let file = String::from_utf8(sandbox.read("partners.keys")).expect("text");
    assert!(keys.iter().all(|key| !file.contains(&key["gwk_".len()..])), "{file}");
    let list = sandbox.gw(&["key", "list", "partners.keys"]).exits(0).stdout;
    assert!(
        list.contains("orders:read") && list.contains("2099-01-31") && !list.contains("sha256"),
        "{list}"
    );
    assert_eq!(sandbox.names(), ["partners.keys"]);
}

#[test]
fn a_revoked_key_goes_and_everything_else_stays() {
    let sandbox = Sandbox::new();
    sandbox.file("partners.keys", "# partners of 2026");
    for _ in 0..3 {
        new(&sandbox, &[]);
    }
    let before = ids(&sandbox);
    sandbox.gw(&["key", "revoke", "partners.keys", &before[1]]).exits(0);
    assert_eq!(ids(&sandbox), [before[0].as_str(), before[2].as_str()]);
    let file = String::from_utf8(sandbox.read("partners.keys")).expect("text");
    assert!(file.starts_with("# partners of 2026\n"), "{file}");
    sandbox.gw(&["key", "revoke", "partners.keys", &before[1]]).exits(1);
}

#[test]
fn what_is_no_file_of_keys_is_left_as_it_is() {
    let sandbox = Sandbox::new();
    let text = "{\"id\": \"a\", \"consumer\": \"acme\", \"key\": \"secret\"}\nnonsense\n";
    sandbox.file("bad.keys", text);
    let told = [
        sandbox.gw(&["key", "list", "bad.keys"]).exits(3),
        sandbox.gw(&["key", "new", "bad.keys", "--consumer", "acme"]).exits(3),
        sandbox.gw(&["key", "revoke", "bad.keys", "a"]).exits(3),
        sandbox.gw(&["key", "new", "other.keys", "--consumer", "acme", "--scope", "two words"]).exits(64),
        sandbox.gw(&["key", "list", "missing.keys"]).exits(74),
    ];
    let told: Vec<String> = told.iter().map(crate::sandbox::Run::transcript).collect();
    assert_snapshot!(told.join("\n"));
    assert_eq!(sandbox.read("bad.keys"), text.as_bytes());
    assert_eq!(sandbox.names(), ["bad.keys"]);
}

#[test]
fn two_commands_at_once_lose_no_key() {
    let sandbox = Sandbox::new();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| new(&sandbox, &[]));
        }
    });
    assert_eq!(ids(&sandbox).len(), 6);
}

#[test]
fn a_dry_run_verifies_with_the_file() {
    let sandbox = Sandbox::new();
    sandbox.file("orders.yaml", ORDERS);
    let (good, weak) = (new(&sandbox, &["--scope", "orders:read"]), new(&sandbox, &[]));
    let ask = |key: &str, keys: &str, code: i32| {
        let header = format!("x-api-key: {key}");
        sandbox.gw(&["dry-run", "orders.yaml", "GET", "/orders", "-H", &header, "--keys", keys]).exits(code)
    };
    let said = ask(&good, "partners=partners.keys", 0).stdout;
    assert!(said.contains("the credentials of alternative 1 are good"), "{said}");
    assert!(ask(&weak, "partners=partners.keys", 1).stdout.contains("scope-missing"));
    assert!(ask("nonsense", "partners=partners.keys", 1).stdout.contains("credential-invalid"));
    assert!(ask(&good, "others=partners.keys", 64).stderr.contains("sets that it has: partners"));
    ask(&good, "partners.keys", 64);
}

#[test]
fn a_gateway_follows_the_file() {
    let sandbox = Sandbox::new();
    let key = new(&sandbox, &["--scope", "orders:read"]);
    let path = sandbox.path().join("partners.keys");
    sandbox
        .file("orders.yaml", ORDERS)
        .file("node.toml", format!("keys.partners = \"{}\"\n", path.display()))
        .file("bare.toml", "");
    sandbox.gw(&["compile", "orders.yaml", "-o", "orders.gwa"]).exits(0);
    let missing = sandbox.gw(&["serve", "orders.gwa", "--bindings", "bare.toml"]).exits(78);
    assert!(missing.stderr.contains("keys.partners"), "{}", missing.stderr);

    let set = "upstreams.default=http://127.0.0.1:9";
    let free = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--set", set];
    let gateway = sandbox.serve(&[&["serve", "orders.gwa", "--bindings", "node.toml"][..], &free].concat());
    // Nothing listens at port 9, so whoever is let in is told that the service cannot be reached.
    assert_eq!(status(&gateway.address, &key), 502);
    assert_eq!(status(&gateway.address, "nonsense"), 401);
    sandbox.gw(&["key", "revoke", "partners.keys", &ids(&sandbox)[0]]).exits(0);
    until(|| status(&gateway.address, &key) == 401);
    let next = new(&sandbox, &["--scope", "orders:read"]);
    until(|| status(&gateway.address, &next) == 502);
    let log = gateway.stop().1;
    assert!(log.contains("acme"), "{log}");
    assert!(!log.contains(&key["gwk_".len()..]) && !log.contains("nonsense"), "{log}");
}

fn until(mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "it does not happen");
        std::thread::yield_now();
    }
}

fn status(address: &str, key: &str) -> u16 {
    let mut stream = TcpStream::connect(address).expect("the gateway listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    let head =
        format!("GET /orders HTTP/1.1\r\nhost: {address}\r\nx-api-key: {key}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("the request is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the answer ends");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}
