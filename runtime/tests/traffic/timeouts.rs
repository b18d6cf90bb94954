//! Every phase has its deadline, and its own way to end.

use serde_json::json;

use crate::harness::{Gateway, Setup, assert_logged, get, ok, only};

const SHORT: u32 = 120;

#[test]
fn a_response_that_does_not_begin_in_time_is_a_504() {
    let gateway = Gateway::with(Setup::default().response_head(SHORT));
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    let answer = caller.answer();
    assert_eq!((answer.status(), answer.reason().as_str()), (504, "upstream-timeout"));
    assert!(endpoint.is_closed());
    assert_logged(&only(gateway.log()), &[("gw.fault", json!("response-head-timeout"))]);
}

#[test]
fn an_exchange_that_does_not_end_in_time_is_a_504() {
    let gateway = Gateway::with(Setup::default().total(SHORT));
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    assert_eq!(caller.answer().reason(), "upstream-timeout");
    assert!(endpoint.is_closed());
    assert_logged(&only(gateway.log()), &[("gw.fault", json!("total-timeout"))]);
}

#[test]
fn a_response_that_does_not_end_in_time_is_cut() {
    let gateway = Gateway::with(Setup::default().total(SHORT));
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234");
    assert!(!caller.answer().whole);
    assert!(endpoint.is_closed());
    assert_logged(&only(gateway.log()), &[("gw.fault", json!("total-timeout")), ("gw.ending", json!("cut"))]);
}

#[test]
fn a_response_that_falls_silent_is_cut() {
    let gateway = Gateway::with(Setup::default().idle(SHORT));
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n01234\r\n");
    let answer = caller.answer();
    assert_eq!((answer.body_text().as_str(), answer.whole), ("01234", false));
    assert!(endpoint.is_closed());
    assert_logged(&only(gateway.log()), &[("gw.fault", json!("idle-timeout"))]);
}

#[test]
fn a_body_that_does_not_come_in_time_is_a_408() {
    let gateway = Gateway::with(Setup::default().request_body(SHORT));
    let mut caller = gateway.ask("POST /things/1 HTTP/1.1\r\nhost: t\r\ncontent-length: 10\r\n\r\n01234");
    let mut endpoint = gateway.endpoint();
    endpoint.head();
    let answer = caller.answer();
    assert_eq!((answer.status(), answer.reason().as_str()), (408, "request-timeout"));
    assert!(caller.is_closed());
    assert!(endpoint.is_closed());
    assert_logged(&only(gateway.log()), &[("gw.fault", json!("body-timeout"))]);
}

#[test]
fn a_caller_that_does_not_take_its_answer_is_cut() {
    let gateway = Gateway::with(Setup::default().total(SHORT).idle(SHORT));
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send("HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n");
    endpoint.try_send(vec![b'x'; 100_000_000]);
    assert!(endpoint.is_closed());
    assert!(!caller.answer().whole);
    assert_logged(&only(gateway.log()), &[("gw.ending", json!("cut")), ("gw.fault", json!("total-timeout"))]);
}

#[test]
fn a_head_that_does_not_come_whole_is_a_408() {
    let gateway = Gateway::with(Setup::default().waits(u64::from(SHORT), 60_000));
    let mut caller = gateway.ask("GET /things/1 HTTP/1.1\r\nhost: t\r\nx-sl");
    let answer = caller.answer();
    assert_eq!((answer.status(), answer.reason().as_str()), (408, "request-timeout"));
    assert_eq!(answer.line("connection"), Some("close"));
    assert!(caller.is_closed());
    assert_logged(&only(gateway.log()), &[("gw.reason", json!("request-timeout"))]);
}

#[test]
fn a_head_that_trickles_has_no_more_time() {
    let gateway = Gateway::with(Setup::default().waits(u64::from(SHORT), 60_000));
    let mut caller = gateway.ask("GET /things/1 HTTP/1.1\r\nhost: t\r\n");
    let answer = std::thread::scope(|scope| {
        let mut trickle = caller.twin();
        scope.spawn(move || while trickle.try_send("x: y\r\n") {});
        caller.head()
    });
    assert!([408, 431].contains(&answer.status()), "{answer:?}");
}

#[test]
fn a_connection_on_which_nothing_comes_is_closed_without_a_word() {
    let gateway = Gateway::with(Setup::default().waits(u64::from(SHORT), u64::from(SHORT)));
    assert_eq!(gateway.caller().try_head(), None);
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send(ok("x"));
    caller.answer();
    assert_eq!(caller.try_head(), None);
    assert_eq!(gateway.log().len(), 1);
}
