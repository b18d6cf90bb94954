//! A gateway without descriptors: callers wait, requests are answered, and it recovers by itself.

use std::{fs, net::SocketAddr, process::Command};

use gw_tests::{
    Process, Project, binary,
    upstream::Upstream,
    wire::{Answer, Caller},
};

fn said_address(gateway: &Process, mark: &str) -> SocketAddr {
    let said = gateway.says(mark);
    said.split(' ').next().and_then(|address| address.parse().ok()).expect("an address is said")
}

const REQUEST: &[u8] = b"GET /v1/things/7 HTTP/1.1\r\nhost: shop\r\n\r\n";

fn answer(caller: &mut Caller) -> Answer {
    caller.answer("GET").expect("an answer comes").expect("the connection stands")
}

fn ask(caller: &mut Caller) -> Answer {
    caller.send(REQUEST);
    answer(caller)
}

fn connect(address: SocketAddr) -> Caller {
    Caller::connect(address).expect("the kernel takes it")
}

/// Lets the process have so many descriptors at most.
fn allow(process: &Process, descriptors: usize) {
    let limited = Command::new("prlimit")
        .args(["--pid", &process.id().to_string(), &format!("--nofile={descriptors}:")])
        .status();
    assert!(limited.expect("util-linux is installed").success());
}

fn descriptors(process: &Process) -> usize {
    let open = fs::read_dir(format!("/proc/{}/fd", process.id())).expect("it is at work");
    open.map(|entry| entry.expect("it is listed").file_name())
        .filter_map(|name| name.to_str()?.parse().ok())
        .max()
        .map_or(0, |last: usize| last + 1)
}

/// Fewer than any process has, so that it gets no other one.
const NONE: usize = 3;

#[test]
fn without_descriptors_callers_wait_requests_are_answered_and_it_recovers() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let artifact = folder.path().join("bare.gwa");
    fs::write(&artifact, Project::open("tests/conformance/bare").bytes).expect("a file can be written");
    let endpoint = Upstream::start().expect("a port is free");
    let gateway = Process::start(
        Command::new(binary("gw-runtime"))
            .arg(&artifact)
            .args(["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--threads", "1"])
            .arg("--set")
            .arg(format!("upstreams.default=http://{}", endpoint.address())),
    );
    let address = said_address(&gateway, "listening on http://");
    let mut first = connect(address);
    assert_eq!(ask(&mut first).status, 200);

    let before = descriptors(&gateway);
    allow(&gateway, NONE);
    let waiting = connect(address);
    // With this word the connection that is kept to the endpoint is let go, for those who wait.
    gateway.says("no socket for another connection");
    let refused = ask(&mut first);
    assert_eq!(refused.status, 503);
    assert!(String::from_utf8_lossy(&refused.body).contains("urn:gw:problem:overloaded"));

    allow(&gateway, before + 10);
    drop(waiting);
    // Whoever comes next waits behind those who left, and is served.
    assert_eq!(ask(&mut connect(address)).status, 200);
    assert_eq!(ask(&mut first).status, 200, "the endpoint rests for nothing");
    assert!(gateway.stop().success());
}
