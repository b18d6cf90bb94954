//! Bodies: streamed both ways, counted, never longer than allowed, and never complete when they are not.

use serde_json::json;

use crate::harness::{Gateway, Setup, assert_logged, ok, only};

fn post(lines: &str) -> String {
    format!("POST /things/1 HTTP/1.1\r\nhost: t\r\n{lines}\r\n\r\n")
}

#[test]
fn a_body_is_streamed_before_it_is_whole() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&post("content-length: 10"));
    caller.send("01234");
    let mut endpoint = gateway.endpoint();
    assert_eq!(endpoint.head().line("content-length"), Some("10"));
    assert_eq!(endpoint.take(5), b"01234");
    caller.send("56789");
    assert_eq!(endpoint.take(5), b"56789");
    endpoint.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab");
    caller.head();
    assert_eq!(caller.take(2), b"ab");
    endpoint.send("cd");
    assert_eq!(caller.take(2), b"cd");
    let line = only(gateway.log());
    assert_logged(&line, &[("http.request.body.bytes", json!(10)), ("http.response.body.bytes", json!(4))]);
}

#[test]
fn chunks_stay_chunks_in_both_directions() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&post("transfer-encoding: chunked"));
    caller.send("3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nx-trailer: 1\r\n\r\n");
    let mut endpoint = gateway.endpoint();
    let request = endpoint.message();
    assert_eq!(request.line("transfer-encoding"), Some("chunked"));
    assert_eq!((request.body_text().as_str(), request.whole), ("abcdefg", true));
    endpoint.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");
    let answer = caller.answer();
    assert_eq!((answer.body_text().as_str(), answer.whole), ("hi", true));
}

#[test]
fn large_bodies_pass_whole_in_both_directions() {
    let gateway = Gateway::with(Setup::default().body_max(64 << 20));
    let body: Vec<u8> = (0..8_u32 << 20).map(|at| (at % 251) as u8).collect();
    let mut caller = gateway.ask(&post(&format!("content-length: {}", body.len())));
    let sent = body.clone();
    let echo = std::thread::scope(|scope| {
        scope.spawn(|| caller.send(&sent));
        let mut endpoint = gateway.endpoint();
        let request = endpoint.message();
        assert!(request.body == body);
        endpoint
    });
    let mut endpoint = echo;
    let answer = std::thread::scope(|scope| {
        scope.spawn(|| {
            endpoint.send(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()));
            endpoint.send(&body);
        });
        caller.answer()
    });
    assert!(answer.whole && answer.body == body);
}

#[test]
fn one_byte_too_many_is_refused_before_anything_is_sent() {
    let gateway = Gateway::with(Setup::default().body_max(4));
    let mut caller = gateway.ask(&post("content-length: 5"));
    caller.send("01234");
    let answer = caller.answer();
    assert_eq!((answer.status(), answer.reason().as_str()), (413, "body-too-large"));
    assert_eq!(answer.line("connection"), Some("close"));
    assert!(caller.is_closed());
    assert!(gateway.endpoint_is_untouched());
}

#[test]
fn one_byte_too_many_in_chunks_aborts_the_upstream_request() {
    let gateway = Gateway::with(Setup::default().body_max(4));
    let mut caller = gateway.ask(&post("transfer-encoding: chunked"));
    caller.send("4\r\n0123\r\n");
    let mut endpoint = gateway.endpoint();
    endpoint.head();
    assert_eq!(endpoint.take(9), b"4\r\n0123\r\n");
    caller.send("1\r\n4\r\n");
    let answer = caller.answer();
    assert_eq!((answer.status(), answer.reason().as_str()), (413, "body-too-large"));
    assert!(endpoint.is_closed());
    assert!(caller.is_closed());
    assert_logged(
        &only(gateway.log()),
        &[("gw.fault", json!("body-too-large")), ("gw.step", json!("validate"))],
    );
}

#[test]
fn the_caller_hears_its_refusal_even_while_it_still_sends() {
    let gateway = Gateway::with(Setup::default().body_max(4));
    let mut caller = gateway.ask(&post("content-length: 500000"));
    caller.try_send(vec![b'x'; 500_000]);
    assert_eq!(caller.answer().status(), 413);
}

#[test]
fn the_caller_is_told_to_continue_only_when_the_body_is_wanted() {
    let gateway = Gateway::with(Setup::default().body_max(4));
    let mut caller = gateway.ask(&post("content-length: 5\r\nexpect: 100-continue"));
    assert_eq!(caller.answer().status(), 413);

    let mut caller = gateway.ask(&post("content-length: 4\r\nexpect: 100-continue"));
    assert_eq!(caller.head().first, "HTTP/1.1 100 Continue");
    caller.send("abcd");
    let mut endpoint = gateway.endpoint();
    assert_eq!(endpoint.message().body, b"abcd");
    endpoint.send(ok("done"));
    assert_eq!(caller.answer().body_text(), "done");
}

#[test]
fn an_answer_before_the_body_is_whole_is_relayed() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&post("content-length: 10"));
    caller.send("01234");
    let mut endpoint = gateway.endpoint();
    endpoint.head();
    endpoint.send("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");
    let answer = caller.answer();
    assert_eq!((answer.status(), answer.body_text().as_str()), (403, "no"));
}

#[test]
fn a_chunk_that_breaks_its_framing_is_a_400_and_never_whole_upstream() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&post("transfer-encoding: chunked"));
    caller.send("3\r\nabc\r\n");
    let mut endpoint = gateway.endpoint();
    endpoint.head();
    endpoint.take(8);
    caller.send("nonsense\r\n");
    let answer = caller.answer();
    assert_eq!((answer.status(), answer.reason().as_str()), (400, "malformed-request"));
    assert!(caller.is_closed());
    assert!(endpoint.is_closed());
}
