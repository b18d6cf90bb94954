//! Endpoints that are dead, mad or gone: the caller hears a problem, never a hang, and nothing broken looks complete.

use std::io::{Read, Write};

use serde_json::json;

use crate::harness::{Gateway, Setup, assert_logged, get, ok, only, options};

#[test]
fn an_endpoint_that_refuses_connections_is_a_502_then_rests() {
    let gateway = Gateway::start();
    let address = gateway.endpoint_address();
    drop(gateway);
    let running =
        gw_runtime::serve(options(Setup::default(), address), gw_runtime::Signals::Ignored).unwrap();
    let gateway = running.address().unwrap();
    let ask = || {
        let mut caller = std::net::TcpStream::connect(gateway).unwrap();
        caller.write_all(b"GET /things/1 HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n").unwrap();
        let mut text = String::new();
        caller.read_to_string(&mut text).unwrap();
        text
    };
    let first = ask();
    assert!(
        first.starts_with("HTTP/1.1 502 ") && first.contains("urn:gw:problem:upstream-connect"),
        "{first}"
    );
    let second = ask();
    assert!(second.starts_with("HTTP/1.1 503 ") && second.contains("urn:gw:problem:no-endpoint"), "{second}");
    running.stop();
    running.wait().unwrap();
}

#[test]
fn an_endpoint_that_closes_without_an_answer_is_a_502() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    drop(endpoint);
    let answer = caller.answer();
    assert_eq!((answer.status(), answer.reason().as_str()), (502, "upstream-reset"));
    let line = only(gateway.log());
    assert_logged(&line, &[("gw.fault", json!("reset")), ("event.outcome", json!("failure"))]);
}

#[test]
fn an_endpoint_that_resets_is_a_502() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.reset();
    assert_eq!(caller.answer().reason(), "upstream-reset");
}

#[test]
fn an_endpoint_that_does_not_speak_http_is_a_502() {
    for nonsense in [
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/1.1 20000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
    ] {
        let gateway = Gateway::start();
        let mut caller = gateway.ask(&get("/things/1"));
        let mut endpoint = gateway.endpoint();
        endpoint.message();
        endpoint.send(nonsense);
        let answer = caller.answer();
        assert_eq!((answer.status(), answer.reason().as_str()), (502, "upstream-protocol"), "{nonsense:?}");
        assert!(endpoint.is_closed());
    }
}

#[test]
fn an_endless_head_of_an_endpoint_is_a_502() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send("HTTP/1.1 200 OK\r\n");
    endpoint.try_send(format!("x: {}\r\n", "y".repeat(4000)).repeat(100));
    assert_eq!(caller.answer().reason(), "upstream-protocol");
}

#[test]
fn a_response_that_breaks_off_never_looks_complete() {
    for (head, part) in [
        ("content-length: 10", "01234"),
        ("transfer-encoding: chunked", "5\r\n01234\r\n"),
        ("transfer-encoding: chunked", "5\r\n012"),
        ("transfer-encoding: chunked", "5\r\n01234\r\nnonsense\r\n"),
    ] {
        let gateway = Gateway::start();
        let mut caller = gateway.ask(&get("/things/1"));
        let mut endpoint = gateway.endpoint();
        endpoint.message();
        endpoint.send(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{part}"));
        drop(endpoint);
        let answer = caller.answer();
        assert!(!answer.whole, "{head} {part:?}: {answer:?}");
        assert!(caller.is_closed());
        let line = only(gateway.log());
        assert_logged(&line, &[("gw.ending", json!("cut")), ("event.outcome", json!("failure"))]);
    }
}

#[test]
fn a_response_that_ends_in_two_ways_is_a_502() {
    for (first, lines) in [
        ("HTTP/1.1 200 OK", "content-length: 5\r\ntransfer-encoding: chunked"),
        ("HTTP/1.1 200 OK", "transfer-encoding: chunked\r\ncontent-length: 50"),
        ("HTTP/1.1 200 OK", "content-length: 3\r\ntransfer-encoding: xx"),
        ("HTTP/1.1 200 OK", "content-length: 5, 5"),
        ("HTTP/1.1 200 OK", "content-length: 5\r\ncontent-length: 7"),
        ("HTTP/1.1 200 OK", "transfer-encoding: gzip, chunked"),
        ("HTTP/1.0 200 OK", "transfer-encoding: chunked"),
    ] {
        let gateway = Gateway::start();
        let mut caller = gateway.ask(&get("/things/1"));
        let mut endpoint = gateway.endpoint();
        endpoint.message();
        endpoint.try_send(format!("{first}\r\n{lines}\r\n\r\nc\r\nHELLO-SECRET\r\n0\r\n\r\n"));
        let answer = caller.answer();
        assert_eq!(answer.reason(), "upstream-protocol", "{lines}");
        assert!(!answer.body_text().contains("HELLO"), "{lines}");
    }
}

#[test]
fn a_response_that_ends_with_its_connection_is_relayed_in_chunks() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send("HTTP/1.1 200 OK\r\n\r\nall of it");
    drop(endpoint);
    let answer = caller.answer();
    assert_eq!((answer.body_text().as_str(), answer.whole), ("all of it", true));
}

#[test]
fn an_endpoint_that_speaks_unasked_is_not_used_again() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send([ok("one"), ok("smuggled")].concat());
    assert_eq!(caller.answer().body_text(), "one");
    caller.send(get("/things/2"));
    let mut second = gateway.endpoint();
    second.message();
    second.send(ok("two"));
    assert_eq!(caller.answer().body_text(), "two");
}

#[test]
fn a_caller_that_leaves_cancels_its_upstream_request() {
    let gateway = Gateway::start();
    let caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    drop(caller);
    assert!(endpoint.is_closed());
    let line = only(gateway.log());
    assert_logged(
        &line,
        &[
            ("gw.ending", json!("client-gone")),
            ("http.response.status_code", json!(null)),
            ("event.outcome", json!("unknown")),
        ],
    );
}

#[test]
fn a_caller_that_leaves_in_the_middle_cancels_the_rest() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&get("/things/1"));
    let mut endpoint = gateway.endpoint();
    endpoint.message();
    endpoint.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234");
    caller.head();
    caller.take(5);
    drop(caller);
    assert!(endpoint.is_closed());
    assert_logged(&only(gateway.log()), &[("gw.ending", json!("client-gone"))]);
}

#[test]
fn a_caller_that_leaves_during_its_upload_cancels_it() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask("PUT /things/1 HTTP/1.1\r\nhost: t\r\ncontent-length: 10\r\n\r\n");
    caller.send("01234");
    let mut endpoint = gateway.endpoint();
    endpoint.head();
    endpoint.take(5);
    drop(caller);
    assert!(endpoint.is_closed());
    assert_logged(&only(gateway.log()), &[("gw.ending", json!("client-gone"))]);
}
