//! The usual way: a request goes to the endpoint, its answer comes back, connections are kept.

use serde_json::json;

use crate::harness::{Gateway, assert_logged, get, ok, only};

#[test]
fn a_request_reaches_the_endpoint_and_its_answer_the_caller() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(
        "GET /things/7?a=b HTTP/1.1\r\nhost: api.example.com\r\nuser-agent: test/1\r\nconnection: x-hop\r\n\
         x-hop: 1\r\nx-forwarded-for: 1.2.3.4\r\nx-request-id: mine\r\n\r\n",
    );
    let mut endpoint = gateway.endpoint();
    let request = endpoint.message();
    assert_eq!(request.first, "GET /things/7?a=b HTTP/1.1");
    assert_eq!(request.line("host"), Some(gateway.endpoint_address().to_string().as_str()));
    assert_eq!(request.line("x-forwarded-host"), Some("api.example.com"));
    assert_eq!(request.line("x-forwarded-for"), Some("127.0.0.1"));
    assert_eq!(request.line("via"), Some("1.1 test"));
    assert_eq!((request.line("x-hop"), request.line("connection")), (None, None));
    let id = request.line("x-request-id").unwrap().to_owned();
    assert_eq!(id.len(), 32);

    endpoint
        .send("HTTP/1.1 201 Created\r\ncontent-length: 5\r\nx-own: 1\r\nconnection: keep-alive\r\n\r\nhello");
    let answer = caller.answer();
    assert_eq!((answer.status(), answer.body_text().as_str()), (201, "hello"));
    assert_eq!(answer.line("x-own"), Some("1"));
    assert_eq!(answer.line("x-request-id"), Some(id.as_str()));
    assert_eq!(answer.line("connection"), None);

    assert_logged(
        &only(gateway.log()),
        &[
            ("http.response.status_code", json!(201)),
            ("http.response.body.bytes", json!(5)),
            ("url.path", json!("/things/7")),
            ("url.query", json!("a=b")),
            ("user_agent.original", json!("test/1")),
            ("event.outcome", json!("success")),
            ("gw.ending", json!("complete")),
            ("http.request.id", json!(id)),
        ],
    );
}

#[test]
fn both_connections_are_kept_and_used_again() {
    let gateway = Gateway::start();
    let mut caller = gateway.caller();
    let mut endpoint = None;
    for body in ["one", "two", "three"] {
        caller.send(get("/things/1"));
        let endpoint = endpoint.get_or_insert_with(|| gateway.endpoint());
        endpoint.message();
        endpoint.send(ok(body));
        assert_eq!(caller.answer().body_text(), body);
    }
    assert!(gateway.endpoint_is_untouched());
    let metrics = gateway.asked("/metrics");
    assert!(metrics.contains("gw_upstream_connections_opened_total 1\n"), "{metrics}");
    assert!(metrics.contains("gw_upstream_connections_reused_total 2\n"), "{metrics}");
}

#[test]
fn a_kept_connection_that_ended_is_replaced_and_the_caller_sees_nothing() {
    let gateway = Gateway::start();
    let mut caller = gateway.caller();
    for round in 0..3 {
        caller.send(get("/things/1"));
        let mut endpoint = gateway.endpoint();
        endpoint.message();
        endpoint.send(ok(&round.to_string()));
        assert_eq!(caller.answer().body_text(), round.to_string());
        drop(endpoint);
    }
}

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask(&[get("/things/1"), get("/nothing"), get("/things/2")].concat());
    let mut endpoint = gateway.endpoint();
    assert_eq!(endpoint.message().first, "GET /things/1 HTTP/1.1");
    endpoint.send(ok("one"));
    assert_eq!(endpoint.message().first, "GET /things/2 HTTP/1.1");
    endpoint.send(ok("two"));
    assert_eq!(caller.answer().body_text(), "one");
    assert_eq!(caller.answer().reason(), "operation-unknown");
    assert_eq!(caller.answer().body_text(), "two");
}

#[test]
fn head_has_the_length_and_no_body_and_keeps_both_connections() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask("HEAD /things/1 HTTP/1.1\r\nhost: t\r\n\r\n");
    let mut endpoint = gateway.endpoint();
    assert_eq!(endpoint.message().first, "HEAD /things/1 HTTP/1.1");
    endpoint.send("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
    assert_eq!(caller.head().line("content-length"), Some("1000"));
    caller.send(get("/things/2"));
    endpoint.message();
    endpoint.send(ok("two"));
    assert_eq!(caller.answer().body_text(), "two");
    caller.send("HEAD /nothing HTTP/1.1\r\nhost: t\r\n\r\n");
    let denied = caller.head();
    assert_eq!((denied.status(), denied.line("content-type")), (404, Some("application/problem+json")));
    caller.send("OPTIONS /things/3 HTTP/1.1\r\nhost: t\r\n\r\n");
    let options = caller.answer();
    assert_eq!(options.status(), 204);
    assert_eq!(options.line("allow"), Some("GET, HEAD, POST, PUT, DELETE, OPTIONS"));
}

#[test]
fn answers_without_a_body_end_where_they_end() {
    let gateway = Gateway::start();
    let mut caller = gateway.caller();
    caller.send(get("/things/1"));
    let mut endpoint = gateway.endpoint();
    for status in ["204 No Content", "304 Not Modified"] {
        endpoint.message();
        endpoint.send(format!("HTTP/1.1 {status}\r\netag: \"x\"\r\n\r\n"));
        assert_eq!(caller.head().first, format!("HTTP/1.1 {status}"));
        caller.send(get("/things/1"));
    }
    endpoint.message();
    endpoint.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
    endpoint.send(ok("after interim answers"));
    assert_eq!(caller.answer().body_text(), "after interim answers");
}

#[test]
fn a_caller_of_http_1_0_is_answered_and_closed() {
    let gateway = Gateway::start();
    let mut caller = gateway.ask("GET /things/1 HTTP/1.0\r\n\r\n");
    let mut endpoint = gateway.endpoint();
    assert_eq!(endpoint.message().first, "GET /things/1 HTTP/1.1");
    endpoint.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    let answer = caller.head();
    assert_eq!((answer.first.as_str(), answer.line("transfer-encoding")), ("HTTP/1.0 200 OK", None));
    assert_eq!(caller.take(5), b"hello");
    assert!(caller.is_closed());
}

#[test]
fn an_upstream_that_upgrades_unasked_is_a_502() {
    let gateway = Gateway::start();
    let mut caller =
        gateway.ask("GET /things/1 HTTP/1.1\r\nhost: t\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n");
    let mut endpoint = gateway.endpoint();
    assert_eq!(endpoint.message().line("upgrade"), None);
    endpoint.send("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n");
    assert_eq!(caller.answer().reason(), "upstream-protocol");
}
