//! Claims about who may call.

use crate::fixture::{Ask, StillWorld};
use crate::head::Framing;

fn post(target: &str) -> Ask {
    Ask::new("POST", target)
}

fn reason(ask: &Ask) -> Option<&'static str> {
    ask.decide(&StillWorld::default()).reason()
}

const MISSING: Option<&str> = Some("credential-missing");

#[test]
fn a_public_operation_needs_nothing() {
    assert_eq!(reason(&Ask::new("GET", "/orders/7")), None);
}

#[test]
fn a_delegated_operation_needs_one_alternative_in_full() {
    assert_eq!(reason(&post("/orders")), MISSING);
    assert_eq!(reason(&post("/orders").line("authorization", "Bearer t")), None);
    assert_eq!(reason(&post("/orders").line("authorization", "Basic t")), MISSING);
    assert_eq!(reason(&post("/orders").line("x-api-key", "k")), MISSING);
    assert_eq!(reason(&post("/orders?key=k")), MISSING);
    assert_eq!(reason(&post("/orders?key=k").line("x-api-key", "k")), None);
}

#[test]
fn an_unverifiable_operation_is_never_let_through() {
    assert_eq!(reason(&Ask::new("GET", "/secret")), MISSING);
    let with = Ask::new("GET", "/secret").line("authorization", "Bearer t");
    assert_eq!(reason(&with), Some("identity-unavailable"));
}

#[test]
fn a_denial_carries_its_challenges() {
    let answered = post("/orders").decide(&StillWorld::default()).answered();
    assert_eq!(answered[..2], ["401", "content-type: application/problem+json"]);
    assert!(answered.contains(&"www-authenticate: Bearer realm=\"edge\"".to_owned()));
    assert!(answered.contains(&"www-authenticate: ApiKey".to_owned()));
    assert!(answered.contains(&"cache-control: no-store".to_owned()));
}

#[test]
fn a_delegated_credential_reaches_the_upstream_untouched() {
    let ask = post("/orders?key=a%2fb").line("x-api-key", "k").line("connection", "x-api-key, authorization");
    let sent = ask.decide(&StillWorld::default()).sent();
    assert_eq!(sent[0], "POST /orders?key=a%2fb");
    assert!(sent.contains(&"x-api-key: k".to_owned()), "{sent:?}");
}

#[test]
fn the_problem_says_what_a_stranger_may_know() {
    let decided = post("/orders").decide(&StillWorld::default());
    let mut body = Vec::new();
    decided.with_context(|context| decided.answer().body(context, &mut body));
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        problem,
        serde_json::json!({
            "type": "urn:gw:problem:credential-missing",
            "title": "A credential is required",
            "status": 401,
            "instance": "urn:gw:request:0123456789abcdef0123456789abcdef",
        })
    );
}

#[test]
fn an_unknown_caller_cannot_probe_the_body_limit() {
    let ask = post("/orders").line("content-length", "99").body(Framing::Length(99));
    assert_eq!(reason(&ask), MISSING);
}
