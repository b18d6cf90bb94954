//! Code of ours that fails costs one request, wherever it does: through a gateway on real sockets, with a tripwire.

use gw_artifact::model::Listener;
use serde_json::json;

use crate::bindings::Bindings;
use crate::harness::{Gateway, Peer, Setup, assert_logged, get, ok, tables};

fn panicking(place: &str) -> String {
    get(&format!("/things/1?panic={place}"))
}

/// What metrics say of what must come back.
fn is_clean(gateway: &Gateway, panics: usize) -> bool {
    let (metrics, status) = (gateway.asked("/metrics"), gateway.asked("/status"));
    let lines = [format!("gw_panics_total {panics}\n"), "http_server_active_requests 0\n".to_owned()];
    let is_counted = lines.iter().all(|line| metrics.contains(line));
    is_counted && status.contains("\"exchanges\": 0,") && status.contains("\"in_flight\": 0")
}

fn wait_until(holds: impl Fn() -> bool) {
    while !holds() {
        std::thread::yield_now();
    }
}

/// A connection of the same thread on which a request is under way.
fn bystander(gateway: &Gateway) -> (Peer, Peer) {
    let caller = gateway.ask(&get("/things/2"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    (caller, endpoint)
}

fn goes_on(gateway: &Gateway, (mut caller, mut endpoint): (Peer, Peer)) {
    endpoint.send(ok("untouched"));
    assert_eq!(caller.answer().body_text(), "untouched");
    caller.send(get("/things/3"));
    endpoint.message();
    endpoint.send(ok("again"));
    assert_eq!(caller.answer().body_text(), "again");
    drop(gateway.caller());
}

#[test]
fn before_an_answer_it_is_a_500_on_that_connection_and_others_go_on() {
    for place in ["decide", "send"] {
        let gateway = Gateway::start();
        let others = bystander(&gateway);
        let mut caller = gateway.ask(&panicking(place));
        let answer = caller.answer();
        assert_eq!((answer.status(), answer.reason().as_str()), (500, "internal"), "{place}");
        assert_eq!(answer.line("connection"), Some("close"));
        assert!(caller.is_closed());
        goes_on(&gateway, others);
        wait_until(|| is_clean(&gateway, 1));
        let log = gateway.log();
        let fields = [("gw.reason", json!("internal")), ("http.response.status_code", json!(500))];
        let line = log.iter().find(|line| line["gw.reason"] == "internal").expect("it is logged");
        assert_logged(line, &fields);
        assert_logged(
            line,
            &[("url.path", json!("/things/1")), ("http.request.id", json!(id(&answer.lines)))],
        );
        assert_eq!(log.len(), 3, "once");
    }
}

fn id(lines: &[(String, String)]) -> &str {
    &lines.iter().find(|(name, _)| name == "x-request-id").unwrap().1
}

#[test]
fn a_head_of_an_upstream_that_was_not_handed_over_is_a_500_too() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&panicking("relay"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send(ok("never seen"));
    assert_eq!(caller.answer().reason(), "internal");
    assert!(caller.is_closed() && endpoint.is_closed());
    wait_until(|| is_clean(&gateway, 1));
    let log = gateway.log();
    assert_eq!((log.len(), &log[0]["http.response.status_code"]), (1, &json!(500)));
}

#[test]
fn after_the_head_the_connection_is_cut_and_never_looks_whole() {
    let gateway = Gateway::start();
    let others = bystander(&gateway);
    let mut caller = gateway.ask(&panicking("body"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\nbegin");
    assert!(caller.try_head().is_none_or(|head| head.status() == 200));
    assert!(caller.is_closed() && endpoint.is_closed());
    goes_on(&gateway, others);
    wait_until(|| is_clean(&gateway, 1));
    let log = gateway.log();
    let line = log.iter().find(|line| line["gw.fault"] == "internal").expect("it is logged");
    assert_logged(line, &[("gw.ending", json!("cut"))]);
    assert_eq!(log.len(), 3, "once");
}

#[test]
fn a_panic_while_another_one_unwinds_does_not_end_the_process() {
    let gateway = Gateway::start();
    let others = bystander(&gateway);
    for places in ["log", "decide+log", "send+log"] {
        let mut caller = gateway.ask(&panicking(places));
        if places == "log" {
            let mut endpoint = gateway.endpoint();
            endpoint.message();
            endpoint.send(ok("x"));
        }
        assert!(caller.is_closed(), "{places}");
    }
    goes_on(&gateway, others);
    wait_until(|| is_clean(&gateway, 3));
}

#[test]
fn what_a_gateway_cannot_go_on_without_ends_it_with_a_fault() {
    let setup = Setup::default();
    let mut tables = tables(setup);
    tables.listeners.push(Listener::plain("trap?panic=accept"));
    tables.listeners.sort_by(|a, b| a.name.cmp(&b.name));
    let listen =
        ["public", "trap?panic=accept"].map(|name| (name.to_owned(), "127.0.0.1:0".parse().unwrap()));
    let mut gateway = Gateway::of(setup, tables, Bindings { listen: listen.into(), ..Bindings::default() });
    let mut caller = gateway.caller_at("public");
    caller.send(get("/nothing"));
    assert_eq!(caller.answer().status(), 404);
    drop(gateway.caller_at("trap?panic=accept"));
    let fault = gateway.outcome().unwrap_err();
    assert_eq!((fault.exit_code(), caller.is_closed()), (70, true));
}

#[test]
fn a_head_request_hears_no_body() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask("HEAD /things/1?panic=decide HTTP/1.1\r\nhost: t\r\n\r\n");
    assert_eq!(caller.head().status(), 500);
    assert_eq!(caller.try_head(), None);
}

#[test]
fn places_and_permits_come_back_however_often_it_happens() {
    let setup = Setup { connections: 2, threads: 2, ..Setup::default() };
    let gateway = Gateway::with(setup);
    for _ in 0..20 {
        assert_eq!(gateway.ask(&panicking("send")).answer().status(), 500);
    }
    wait_until(|| is_clean(&gateway, 20));
}
