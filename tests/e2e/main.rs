//! The walk of the README, with the programs that a user runs: compile, serve, ask, stop.
#![forbid(unsafe_code)]

mod ceiling;
mod descriptors;
mod passed;
mod proxied;
mod tls;
mod upstream_tls;

use std::{fmt::Write as _, fs, net::SocketAddr, path::Path, process::Command};

use gw_tests::{
    Process, binary, repository,
    wire::{Answer, Caller},
};
use serde_json::Value;

/// The services of the shop, two endpoints each, on ports that the system chooses.
struct Services {
    _process: Process,
    endpoints: Vec<(&'static str, Vec<String>)>,
}

fn start_services() -> Services {
    let names = ["orders", "catalog", "users"];
    let services = names.iter().flat_map(|name| [1, 2].map(|number| format!("{name}-{number}=127.0.0.1:0")));
    let process = Process::start(Command::new(binary("demo-backend")).args(services));
    let endpoints = names.map(|name| (name, (0..2).map(|_| process.says(" listens on ")).collect()));
    Services { _process: process, endpoints: endpoints.into() }
}

fn bindings(services: &Services, log: &Path) -> String {
    let mut text = String::from("listen = { public = \"127.0.0.1:0\" }\nadmin = \"127.0.0.1:0\"\n");
    writeln!(text, "logs = [{{ kind = \"file\", path = {:?} }}]\n[upstreams]", log.display().to_string())
        .expect("writing into memory succeeds");
    for (name, endpoints) in &services.endpoints {
        let urls: Vec<_> = endpoints.iter().map(|address| format!("http://{address}")).collect();
        writeln!(text, "{name} = {urls:?}").expect("writing into memory succeeds");
    }
    text
}

fn ask(gateway: SocketAddr, request: &str) -> Answer {
    let mut caller = Caller::connect(gateway).expect("the gateway listens");
    caller.send(format!("{request}\r\nhost: shop.example\r\nconnection: close\r\n\r\n").as_bytes());
    let method = request.split(' ').next().unwrap_or_default();
    caller.answer(method).expect("an answer comes").expect("it is no closed connection")
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).expect("the answer is JSON")
}

#[test]
fn the_shop_is_compiled_served_asked_and_stopped() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let (artifact, log) = (folder.path().join("shop.gwa"), folder.path().join("access.log"));
    let compiled = Command::new(binary("gw"))
        .arg("compile")
        .arg(repository().join("examples/shop"))
        .arg("-o")
        .arg(&artifact)
        .output()
        .expect("gw runs");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));

    let services = start_services();
    let file = folder.path().join("bindings.toml");
    fs::write(&file, bindings(&services, &log)).expect("the file can be written");
    let gateway =
        Process::start(Command::new(binary("gw-runtime")).arg(&artifact).arg("--bindings").arg(&file));
    let address = gateway.says("listening on http://");
    let address =
        address.split(' ').next().and_then(|address| address.parse().ok()).expect("an address is said");

    let items: Vec<_> = (0..4).map(|_| json(&ask(address, "GET /v2/items/7.json HTTP/1.1"))).collect();
    let mut asked: Vec<_> = items.iter().map(|item| item["service"].as_str().unwrap_or_default()).collect();
    asked.sort_unstable();
    assert_eq!(asked, ["catalog-1", "catalog-1", "catalog-2", "catalog-2"], "endpoints take turns");
    assert_eq!(items[0]["target"], "/catalog/items/7.json", "the base was replaced");

    let denied = ask(address, "GET /orders/7 HTTP/1.1");
    assert_eq!(
        (denied.status, &json(&denied)["type"]),
        (401, &Value::from("urn:gw:problem:credential-missing"))
    );
    let passed = json(&ask(address, "GET /orders/7 HTTP/1.1\r\nauthorization: Bearer abc"));
    assert_eq!(passed["headers"]["authorization"][0], "Bearer abc");
    let me = json(&ask(address, "GET /users/me HTTP/1.1\r\ncookie: session=7"));
    assert_eq!(me["headers"]["host"][0], "users.internal");

    assert!(gateway.stop().success(), "SIGTERM ends it in order");
    let lines: Vec<Value> = fs::read_to_string(&log)
        .expect("the log is there")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect();
    // Each thread writes its own lines, so that their order is not that of the requests.
    let mut told: Vec<_> = lines.iter().map(|line| line["http.route"].as_str().unwrap_or_default()).collect();
    told.sort_unstable();
    let (item, order) = ("/v2/items/{itemId}.json", "/orders/{orderId}");
    assert_eq!(told, [order, order, "/users/me", item, item, item, item]);
    let denied: Vec<_> = lines.iter().filter(|line| line["gw.reason"] == "credential-missing").collect();
    assert_eq!(denied.len(), 1, "one request brought no credential");
}
