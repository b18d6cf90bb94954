//! What is no request: answered with a problem document, logged, and the connection is closed.

use serde_json::json;

use crate::harness::{Gateway, Setup, assert_logged, only};

fn refused(bytes: &[u8], status: u16, reason: &str) {
    let gateway = Gateway::with(Setup::default());
    let mut caller = gateway.caller();
    caller.try_send(bytes);
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
    let answer = caller.try_head().unwrap_or_else(|| panic!("no answer to {shown:?}"));
    assert_eq!(answer.status(), status, "{shown:?}");
    assert_eq!(answer.line("connection"), Some("close"), "{shown:?}");
    assert!(answer.line("x-request-id").is_some_and(|id| id.len() == 32), "{shown:?}");
    let length = answer.line("content-length").unwrap().parse().unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&caller.take(length)).unwrap();
    assert_eq!(problem["type"], format!("urn:gw:problem:{reason}"), "{shown:?}");
    assert!(caller.is_closed(), "{shown:?}");
    assert!(gateway.endpoint_is_untouched());
    let line = only(gateway.log());
    assert_logged(&line, &[("http.response.status_code", json!(status)), ("gw.reason", json!(reason))]);
}

#[test]
fn what_is_no_http_is_a_400() {
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET /things/1\r\n\r\n",
        b"GET  /things/1 HTTP/1.1\r\nhost: t\r\n\r\n",
        b"GET /things/1 HTTP/1.1\r\nhost: t\r\nbad header\r\n\r\n",
        b"GET /things/1 HTTP/1.1\r\nhost : t\r\n\r\n",
        b"GET /things/1 HTTP/1.1\r\nhost: t\r\nx: a\r\n b\r\n\r\n",
        b"GET /things/1 HTTP/3.7\r\nhost: t\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"G\0T /things/1 HTTP/1.1\r\nhost: t\r\n\r\n",
    ] {
        refused(bytes, 400, "malformed-request");
    }
}

#[test]
fn what_two_readers_could_frame_differently_is_a_400() {
    for lines in [
        "content-length: 3\r\ncontent-length: 4",
        "content-length: 3x",
        "content-length: -1",
        "transfer-encoding: gzip",
        "content-length: 3\r\ncontent-length: 3",
        "content-length: 3\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\nContent-Length: 3",
        "transfer-encoding: chunked, gzip",
    ] {
        let request = format!("POST /things/1 HTTP/1.1\r\nhost: t\r\n{lines}\r\n\r\nabc");
        refused(request.as_bytes(), 400, "malformed-request");
    }
}

#[test]
fn heads_that_are_too_large_are_refused_by_their_own_status() {
    let many = "x: y\r\n".repeat(97);
    refused(format!("GET /things/1 HTTP/1.1\r\nhost: t\r\n{many}\r\n").as_bytes(), 431, "head-too-large");
    let many = "x: y\r\n".repeat(200);
    refused(format!("GET /things/1 HTTP/1.1\r\nhost: t\r\n{many}\r\n").as_bytes(), 431, "head-too-large");
    let long = "y".repeat(40 * 1024);
    refused(
        format!("GET /things/1 HTTP/1.1\r\nhost: t\r\nx: {long}\r\n\r\n").as_bytes(),
        431,
        "head-too-large",
    );
    let endless = "y".repeat(200 * 1024);
    refused(format!("GET /things/1 HTTP/1.1\r\nhost: t\r\nx: {endless}").as_bytes(), 431, "head-too-large");
    refused(format!("GET /things/{long} HTTP/1.1\r\nhost: t\r\n\r\n").as_bytes(), 414, "target-too-long");
}

#[test]
fn a_request_without_host_is_a_400() {
    refused(b"GET /things/1 HTTP/1.1\r\n\r\n", 400, "malformed-request");
    refused(b"GET /things/1 HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400, "malformed-request");
}

#[test]
fn a_target_with_a_fragment_is_a_400() {
    let gateway = Gateway::start();
    let answer = gateway.ask("GET /things/1#x HTTP/1.1\r\nhost: t\r\n\r\n").answer();
    assert_eq!((answer.status(), answer.reason().as_str()), (400, "path-not-canonical"));
    assert!(gateway.endpoint_is_untouched());
}
