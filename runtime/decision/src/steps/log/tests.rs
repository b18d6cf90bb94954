//! Claims about the log line.

use serde_json::Value;

use super::{FIELDS, FieldKind, LogLine};
use crate::fault::Fault;
use crate::fixture::{Ask, Decided, StillWorld};
use crate::head::{ResponseHead, Version};
use crate::pipeline::{UpstreamAnswer, Verdict, decide_response};
use crate::relay::{Ending, How, Relay};
use crate::world::Now;

fn ending(how: How) -> Ending {
    let at = Now { monotonic: 1_000_000, unix: 0 };
    Ending { how, at, request_bytes: 3, response_bytes: 5 }
}

fn line(decided: &Decided, relay: Relay<()>, how: How) -> Value {
    serde_json::from_str(&text(decided, relay, how)).unwrap()
}

fn text(decided: &Decided, relay: Relay<()>, how: How) -> String {
    let finished = relay.finish(ending(how));
    let mut out = Vec::new();
    decided.with_context(|context| {
        let line = LogLine {
            context,
            finished: &finished,
            artifact_digest: "aa",
            policy_digest: "bb",
            endpoint: "e:1",
        };
        line.write(&mut out);
    });
    assert_eq!(out.last(), Some(&b'\n'));
    String::from_utf8(out).unwrap()
}

fn of(ask: &Ask) -> Value {
    serde_json::from_str(&raw(ask)).unwrap()
}

fn raw(ask: &Ask) -> String {
    let world = StillWorld::default();
    let mut decided = ask.decide(&world);
    let relay = match std::mem::replace(
        &mut decided.verdict,
        Ask::new("GET", "/").decide(&StillWorld::default()).verdict,
    ) {
        Verdict::Answer(answer) => Relay::answered(answer),
        Verdict::Forward(outbound) => {
            let head =
                UpstreamAnswer::Head(ResponseHead { status: 200, version: Version::Http11, lines: &[] });
            decide_response(&mut decided.exchange, outbound, head, &world)
        }
    };
    text(&decided, relay, How::Complete)
}

fn asks() -> [Ask; 6] {
    [
        Ask::new("GET", "/orders/7?a=b&key=s3cret").line("user-agent", "curl").line("via", "1.1 a"),
        Ask::new("POST", "/orders").line("authorization", "Bearer s3cret"),
        Ask::new("POST", "/orders?key=s3cret"),
        Ask::new("BR\"EW\n", "http://u:s3cret@api.example.com/orders"),
        Ask::new("OPTIONS", "*"),
        Ask::new("GET", "/orders/7").unaddressed(),
    ]
}

#[test]
fn the_line_holds_the_fields_of_the_table_and_no_other() {
    for ask in asks() {
        let line = of(&ask);
        let known = |key: &String| FIELDS.iter().any(|field| field.name == key);
        assert!(line.as_object().unwrap().keys().all(known), "{line}");
        for field in FIELDS {
            let Some(value) = line.get(field.name) else {
                assert!(field.optional, "{} is missing", field.name);
                continue;
            };
            let fits = match field.kind {
                FieldKind::Timestamp | FieldKind::Text => value.is_string(),
                FieldKind::Number => value.is_u64(),
                FieldKind::List => value.is_array(),
            };
            assert!(fits, "{}: {value}", field.name);
        }
    }
}

#[test]
fn the_fields_stand_in_the_order_of_the_table() {
    for ask in asks() {
        let text = raw(&ask);
        let places = FIELDS.iter().filter_map(|field| text.find(&format!("\"{}\":", field.name)));
        assert!(places.is_sorted(), "{text}");
    }
}

#[test]
fn no_secret_is_written() {
    for ask in asks() {
        assert!(!of(&ask).to_string().contains("s3cret"), "{ask:?}");
    }
}

#[test]
fn a_secret_in_another_spelling_is_not_written_either() {
    let query = "a=1;key=s3cret&KEY=s3cret&key[]=s3cret&key%5B0%5D=s3cret&k%2565y=s3cret&key%00=s3cret\
                 &access_token=s3cret&keys=1;&;b=2";
    let line = of(&Ask::new("GET", &format!("/orders/7?{query}")));
    assert_eq!(line["url.query"], query.replace("s3cret", "REDACTED"));
    let line = of(&Ask::new("GET", "/orders/7?key=s3;cr=et&b=1"));
    assert_eq!(line["url.query"], "key=REDACTED&b=1");
}

#[test]
fn a_relayed_request_is_told_in_full() {
    let line = of(&asks()[0]);
    for (key, value) in [
        ("@timestamp", Value::from("2026-11-23T07:08:10.000001000Z")),
        ("event.outcome", "success".into()),
        ("event.duration", 999_000.into()),
        ("gw.step", Value::Null),
        ("gw.ending", "complete".into()),
        ("http.response.status_code", 200.into()),
        ("http.request.id", "0123456789abcdef0123456789abcdef".into()),
        ("url.domain", "api.example.com".into()),
        ("url.path", "/orders/7".into()),
        ("url.query", "a=b&key=REDACTED".into()),
        ("user_agent.original", "curl".into()),
        ("gw.request.via", "1.1 a".into()),
        ("source.ip", "192.0.2.1".into()),
        ("gw.listener", "public".into()),
        ("gw.api", "orders".into()),
        ("gw.operation", "getOrder".into()),
        ("http.route", "/orders/{id}".into()),
        ("gw.upstream", "orders".into()),
        ("gw.endpoint", "e:1".into()),
        ("gw.attempts", 1.into()),
        ("gw.phases.decide", 1_000.into()),
        ("gw.phases.upstream", 1_000.into()),
        ("gw.phases.connect", Value::Null),
    ] {
        assert_eq!(line[key], value, "{key}");
    }
}

#[test]
fn a_denial_names_its_rule_and_what_was_there() {
    let line = of(&asks()[2]);
    assert_eq!(line["rule.id"], "authorize/credential-missing");
    assert_eq!(line["gw.credentials.present"], serde_json::json!(["query:key"]));
    assert_eq!(
        line["gw.credentials.absent"],
        serde_json::json!(["authorization:bearer", "header:x-api-key"])
    );
    assert_eq!((&line["gw.step"], &line["gw.attempts"]), (&"authorize".into(), &0.into()));
    assert_eq!((&line["event.outcome"], &line["gw.endpoint"]), (&"failure".into(), &Value::Null));
}

#[test]
fn a_credential_that_was_there_names_its_alternative() {
    let line = of(&asks()[1]);
    assert_eq!(line["gw.credentials.alternative"], 0);
    assert_eq!(line["url.query"], Value::Null);
}

#[test]
fn what_was_not_understood_is_escaped_or_left_out() {
    let line = of(&asks()[3]);
    assert_eq!(line["http.request.method"], "BR\"EW\n");
    assert_eq!(line["url.path"], Value::Null);
    assert_eq!(line["gw.reason"], "malformed-request");
    assert_eq!(line["gw.credentials.present"], Value::Null);
}

#[test]
fn bytes_that_are_no_text_do_not_break_the_line() {
    let mut ask = Ask::new("GET", "/orders/7");
    ask.lines.push(("user-agent".into(), b"a\xff\x7f\"\\\x01\xc3\xa9".to_vec()));
    assert_eq!(of(&ask)["user_agent.original"], "a\u{fffd}\u{7f}\"\\\u{1}é");
}

#[test]
fn a_refusal_stands_beside_what_was_refused() {
    let ask = || Ask::new("POST", "/orders");
    for (ask, key, value) in [
        (ask().line("via", "1.0 a").line("via", "1.1 edge"), "gw.request.via", "1.0 a, 1.1 edge"),
        (ask().line("expect", "100-continue").line("expect", "x"), "gw.request.expect", "100-continue, x"),
        (ask().line("host", "u:s3cret@b"), "gw.received.host", "api.example.com, b"),
        (ask().line("content-length", "+3"), "gw.received.content_length", "+3"),
        (ask().line("transfer-encoding", "gzip"), "gw.received.transfer_encoding", "gzip"),
    ] {
        let line = of(&ask);
        assert!(line["gw.reason"].is_string(), "{line}");
        assert_eq!(line[key], value);
    }
    let line = of(&ask().line("authorization", "a s3cret").line("authorization", "b"));
    assert_eq!((&line["gw.received.authorizations"], &line["gw.received.lines"]), (&2.into(), &3.into()));
    let line = of(&Ask::bare("GET", "/orders/7").line("connection", "a, b,"));
    assert_eq!((&line["gw.received.connection_names"], &line["gw.received.bytes"]), (&3.into(), &19.into()));
    assert_eq!(line["gw.received.host"], Value::Null);
    let options = of(&Ask::new("OPTIONS", "/orders/7").line("max-forwards", "x"));
    assert_eq!(options["gw.received.max_forwards"], "x");
}

#[test]
fn no_terminal_obeys_the_line() {
    let ask =
        Ask::new("GET", "/orders/7?\u{9b}31m").line("user-agent", "a\u{9b}31m\u{85}\u{2028}\u{2029}\u{a0}é");
    let text = raw(&ask);
    assert!(
        !text.trim_end().contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')),
        "{text}"
    );
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["user_agent.original"], "a\u{9b}31m\u{85}\u{2028}\u{2029}\u{a0}é");
    assert_eq!(line["url.query"], "\u{9b}31m");
}

#[test]
fn every_ending_has_its_words() {
    let world = StillWorld::default();
    let told = |answer: Option<UpstreamAnswer<'_>>, how: How| {
        let mut decided = Ask::new("GET", "/orders/7").decide(&world);
        let outbound = Ask::new("GET", "/orders/7").decide(&world).into_outbound();
        let relay = match answer {
            Some(answer) => decide_response(&mut decided.exchange, outbound, answer, &world),
            None => Relay::abandoned(outbound),
        };
        let line = line(&decided, relay, how);
        ["gw.ending", "event.outcome", "gw.step", "gw.reason", "gw.fault"]
            .map(|key| line[key].clone())
            .map(|value| value.as_str().unwrap_or("-").to_owned())
    };
    let ok = UpstreamAnswer::Head(ResponseHead { status: 200, version: Version::Http11, lines: &[] });
    let sick = UpstreamAnswer::Head(ResponseHead { status: 500, version: Version::Http11, lines: &[] });
    assert_eq!(told(Some(ok), How::Complete), ["complete", "success", "-", "-", "-"]);
    assert_eq!(told(Some(sick), How::Complete), ["complete", "failure", "-", "-", "-"]);
    assert_eq!(
        told(Some(ok), How::Cut(Fault::IdleTimeout)),
        ["cut", "failure", "error", "upstream-timeout", "idle-timeout"]
    );
    assert_eq!(
        told(Some(UpstreamAnswer::Fault(Fault::Connect)), How::Complete),
        ["complete", "failure", "error", "upstream-connect", "connect"]
    );
    assert_eq!(told(None, How::ClientGone), ["client-gone", "unknown", "-", "-", "-"]);
    assert_eq!(told(Some(ok), How::ClientGone), ["client-gone", "unknown", "-", "-", "-"]);
}
