//! Every phase has its deadline, and its own way to end.

use serde_json::json;

use crate::harness::{Gateway, Setup, assert_logged, get, only};

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
