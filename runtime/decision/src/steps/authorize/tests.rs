//! Claims about who may call.

use gw_artifact::Digest;
use gw_artifact::model::TlsVersion;

use crate::exchange::{ClientCertificate, Tls};
use crate::fixture::{Ask, StillWorld};
use crate::head::Framing;
use crate::key_set::{KeyHolder, KeySet, MAX_KEY_BYTES};

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

/// 2026-11-23, when the still world is.
const NOW: u64 = 1_795_417_690;

fn world() -> StillWorld {
    let holder = |key: &str, scopes: &[&str], expires| {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        let holder = KeyHolder { id: format!("id-{key}"), consumer: "acme".to_owned(), scopes, expires };
        (Digest::of(key.as_bytes()), holder)
    };
    let keys = [
        holder("good", &["admin", "orders:read"], None),
        holder("weak", &["admin"], None),
        holder("late", &["orders:read"], Some(NOW)),
        holder("soon", &["orders:read"], Some(NOW + 1)),
    ];
    StillWorld { keys: KeySet::new(keys), ..StillWorld::default() }
}

fn keyed(key: &str) -> Ask {
    Ask::new("GET", "/keyed").line("x-api-key", key)
}

fn with_certificate(names: &[&str]) -> Ask {
    let client = ClientCertificate {
        subject: "CN=alice".to_owned(),
        names: names.iter().map(|&name| name.to_owned()).collect(),
        fingerprint: "00".repeat(32),
    };
    let tls = Tls { version: TlsVersion::V13, server_name: None, client: Some(client) };
    Ask::new("GET", "/keyed").over(tls)
}

fn judged(ask: &Ask) -> Option<&'static str> {
    ask.decide(&world()).reason()
}

#[test]
fn a_key_is_good_while_somebody_holds_it() {
    assert_eq!(judged(&keyed("good")), None);
    assert_eq!(judged(&keyed("soon")), None);
    for bad in ["late", "Good", "goo", "good.", "id-good", &"x".repeat(MAX_KEY_BYTES + 1)] {
        assert_eq!(judged(&keyed(bad)), Some("credential-invalid"), "{bad}");
    }
    assert_eq!(judged(&Ask::new("GET", "/keyed")), MISSING);
    assert_eq!(judged(&keyed("good").line("x-api-key", "good")), Some("credential-invalid"));
}

#[test]
fn a_key_without_the_scope_is_good_and_does_not_suffice() {
    let decided = keyed("weak").decide(&world());
    assert_eq!(decided.reason(), Some("scope-missing"));
    let answered = decided.answered();
    let challenge =
        "www-authenticate: Bearer realm=\"edge\", error=\"insufficient_scope\", scope=\"orders:read\"";
    assert_eq!(answered[0], "403");
    assert_eq!(answered.iter().filter(|line| line.starts_with("www-")).collect::<Vec<_>>(), [challenge]);
}

#[test]
fn a_bad_credential_is_told_as_rfc_6750_does() {
    let answered = keyed("bad").decide(&world()).answered();
    assert!(
        answered.contains(&"www-authenticate: Bearer realm=\"edge\", error=\"invalid_token\"".to_owned())
    );
    assert!(answered.contains(&"www-authenticate: ApiKey".to_owned()));
}

#[test]
fn a_certificate_needs_one_of_the_names() {
    assert_eq!(judged(&with_certificate(&["c.example", "b.example"])), None);
    assert_eq!(judged(&with_certificate(&["c.example"])), Some("credential-invalid"));
    assert_eq!(judged(&with_certificate(&[])), Some("credential-invalid"));
    let decided = with_certificate(&["c.example", "b.example"]).decide(&world());
    assert_eq!(decided.exchange.consumer(), Some("b.example"));
}

#[test]
fn one_good_alternative_suffices_whatever_the_other_is() {
    assert_eq!(judged(&with_certificate(&["a.example"]).line("x-api-key", "bad")), None);
    assert_eq!(judged(&with_certificate(&["c.example"]).line("x-api-key", "good")), None);
}

#[test]
fn the_upstream_is_told_who_calls_by_gw_alone() {
    let ask = keyed("good")
        .line("x-consumer", "root")
        .line("x_consumer", "root")
        .line("X-Scopes", "root")
        .line("x_api_key", "good")
        .line("connection", "x-consumer, x-api-key");
    let ask = Ask {
        lines: ask.lines.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect(),
        ..ask
    };
    let sent = ask.decide(&world()).sent();
    let told: Vec<_> = sent
        .iter()
        .filter(|line| ["root", "acme", "good", "admin"].iter().any(|it| line.contains(it)))
        .collect();
    assert_eq!(told, ["x-consumer: acme", "x-scopes: admin orders:read"]);
}

#[test]
fn no_caller_speaks_through_these_headers_at_any_operation() {
    let sent = Ask::new("GET", "/orders/7").line("x-consumer", "root").decide(&world()).sent();
    assert!(!sent.iter().any(|line| line.contains("root")), "{sent:?}");
}
