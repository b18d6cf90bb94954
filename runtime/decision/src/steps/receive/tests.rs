//! Claims about what is received.

use gw_artifact::model::HostPattern;

use crate::fixture::{Ask, StillWorld, artifact};
use crate::head::{Framing, Version};

fn reason(ask: &Ask) -> Option<&'static str> {
    ask.decide(&StillWorld::default()).reason()
}

const MALFORMED: Option<&str> = Some("malformed-request");

#[test]
fn exactly_one_host_is_needed() {
    assert_eq!(reason(&Ask::new("GET", "/orders/7")), None);
    assert_eq!(reason(&Ask::bare("GET", "/orders/7")), MALFORMED);
    assert_eq!(reason(&Ask::new("GET", "/orders/7").line("host", "api.example.com")), MALFORMED);
    assert_eq!(reason(&Ask::bare("GET", "/orders/7").version(Version::Http10)), None);
}

#[test]
fn a_host_is_a_name_or_an_address() {
    for host in
        ["a", "A.example", "a:1", "127.0.0.1:8080", "[::1]", "[2001:DB8::1]:443", "a_b", "a.", "a.b.:80"]
    {
        assert_eq!(reason(&Ask::bare("GET", "/orders/7").line("host", host)), None, "{host}");
    }
    for host in [
        "", "a b", "u@a", "a:", "a:0", "a:65536", "a:+1", "[::1", "[]", "[a]", "a/b", "a,b", "a%41", "::1",
        ".", "..", ".a", "a..b", "a..", ".:80",
    ] {
        assert_eq!(reason(&Ask::bare("GET", "/orders/7").line("host", host)), MALFORMED, "{host}");
    }
    let long = "a".repeat(256);
    assert_eq!(reason(&Ask::bare("GET", "/orders/7").line("host", &long)), MALFORMED);
}

#[test]
fn a_host_that_is_not_utf8_is_malformed() {
    let mut ask = Ask::bare("GET", "/orders/7");
    ask.lines.push(("host".into(), vec![b'a', 0xff]));
    assert_eq!(reason(&ask), MALFORMED);
}

#[test]
fn an_absolute_form_must_agree_with_host() {
    let ask = |target: &str| Ask::new("GET", target);
    assert_eq!(reason(&ask("http://api.example.com/orders/7")), None);
    assert_eq!(reason(&ask("HTTP://API.example.com/orders/7?a=b")), None);
    for target in [
        "http://other.example/orders/7",
        "http://api.example.com:80/orders/7",
        "http://u@api.example.com/orders/7",
        "ftp://api.example.com/orders/7",
        "https://api.example.com/orders/7",
        "://api.example.com/orders/7",
        "http:///orders/7",
        "orders/7",
        "",
    ] {
        assert_eq!(reason(&ask(target)), MALFORMED, "{target}");
    }
}

#[test]
fn an_absolute_form_without_path_means_the_root() {
    let decided = Ask::new("GET", "http://api.example.com?a").decide(&StillWorld::default());
    assert_eq!(decided.reason(), Some("operation-unknown"));
    decided.with_context(|context| {
        assert_eq!(context.exchange.path(context.head), Some("/"));
        assert_eq!(context.exchange.query(context.head), Some("a"));
    });
}

#[test]
fn connect_and_a_misplaced_asterisk_are_malformed() {
    assert_eq!(reason(&Ask::new("CONNECT", "api.example.com:443")), MALFORMED);
    assert_eq!(reason(&Ask::new("CONNECT", "/orders")), MALFORMED);
    assert_eq!(reason(&Ask::new("GET", "*")), MALFORMED);
}

#[test]
fn options_asterisk_is_answered() {
    let decided = Ask::new("OPTIONS", "*").decide(&StillWorld::default());
    assert_eq!((decided.answer().status(), decided.reason()), (204, None));
}

#[test]
fn a_query_may_not_end_the_request_line() {
    for query in ["a b", "a\tb", "a\r\nx: y", "a#b", "a\u{7f}", "a\"b", "a<b", "a>b"] {
        assert_eq!(reason(&Ask::new("GET", &format!("/orders/7?{query}"))), MALFORMED, "{query:?}");
    }
    for query in ["", "a=b&c", "é", "a?b", "[]{}|\\^`'"] {
        assert_eq!(reason(&Ask::new("GET", &format!("/orders/7?{query}"))), None, "{query:?}");
    }
}

#[test]
fn the_body_ends_in_one_way_only() {
    let ask = || Ask::new("POST", "/orders").line("authorization", "Bearer t");
    let chunked = || ask().line("transfer-encoding", "Chunked").body(Framing::Chunked);
    let length = |digits: &str, read| ask().line("content-length", digits).body(Framing::Length(read));
    assert_eq!(reason(&chunked()), None);
    assert_eq!(reason(&length("3", 3)), None);
    assert_eq!(reason(&length("0", 0)), None);
    assert_eq!(reason(&ask().line("content-length", "0")), None);
    for smuggled in [
        chunked().line("content-length", "3"),
        chunked().line("transfer-encoding", "chunked"),
        chunked().version(Version::Http10),
        ask().line("transfer-encoding", "gzip, chunked").body(Framing::Chunked),
        ask().line("transfer-encoding", "identity"),
        length("3", 3).line("content-length", "3"),
        length("3, 3", 3),
        length("+3", 3),
        length("", 0),
        length("3", 4),
        length("99999999999999999999", 3),
        ask().line("content-length", "3"),
        ask().body(Framing::Length(5)),
        ask().body(Framing::Chunked),
    ] {
        assert_eq!(reason(&smuggled), MALFORMED, "{smuggled:?}");
    }
}

#[test]
fn options_counts_the_gateways_that_are_left() {
    let ask = |value: &str| Ask::new("OPTIONS", "/secret").line("max-forwards", value);
    for value in ["0", "1", "007"] {
        assert_eq!(reason(&ask(value)), None, "{value}");
    }
    for value in ["", "-1", "+1", "1, 1", "a", "99999999999999999999"] {
        assert_eq!(reason(&ask(value)), MALFORMED, "{value}");
    }
    assert_eq!(reason(&ask("1").line("max-forwards", "1")), MALFORMED);
    assert_eq!(reason(&Ask::new("GET", "/orders/7").line("max-forwards", "a")), None, "a GET counts nothing");
}

#[test]
fn what_two_readers_could_read_differently_is_malformed() {
    let ask = || Ask::new("GET", "/orders/7");
    assert_eq!(reason(&ask().line("authorization", "a b").line("authorization", "c d")), MALFORMED);
    assert_eq!(reason(&ask().line("expect", "200-ok")), MALFORMED);
    assert_eq!(reason(&ask().line("expect", "100-Continue")), None);
}

#[test]
fn limits_are_exact() {
    let target = |bytes: usize| format!("/orders/{}", "a".repeat(bytes - 8));
    assert_eq!(reason(&Ask::new("GET", &target(super::MAX_TARGET_BYTES))), None);
    assert_eq!(reason(&Ask::new("GET", &target(super::MAX_TARGET_BYTES + 1))), Some("target-too-long"));

    let lines = |count: usize| (1..count).fold(Ask::new("GET", "/orders/7"), |ask, _| ask.line("a", "b"));
    assert_eq!(reason(&lines(super::MAX_LINES)), None);
    assert_eq!(reason(&lines(super::MAX_LINES + 1)), Some("head-too-large"));

    let connection = |names: usize| {
        let half = |names: usize| vec!["x"; names].join(",");
        let ask = Ask::new("GET", "/orders/7").line("connection", &half(names / 2));
        ask.line("connection", &half(names - names / 2))
    };
    assert_eq!(reason(&connection(super::MAX_CONNECTION_NAMES)), None);
    assert_eq!(reason(&connection(super::MAX_CONNECTION_NAMES + 1)), Some("head-too-large"));
    let empty = ",".repeat(super::MAX_CONNECTION_NAMES);
    assert_eq!(reason(&Ask::new("GET", "/orders/7").line("connection", &empty)), Some("head-too-large"));

    let host = "host".len() + "api.example.com".len() + 4;
    let bytes = |total: usize| Ask::new("GET", "/orders/7").line("a", &"b".repeat(total - host - 5));
    assert_eq!(reason(&bytes(super::MAX_HEAD_BYTES)), None);
    assert_eq!(reason(&bytes(super::MAX_HEAD_BYTES + 1)), Some("head-too-large"));
}

#[test]
fn a_full_gateway_is_overloaded() {
    let world = StillWorld { has_room: false, ..StillWorld::default() };
    assert_eq!(Ask::new("GET", "/orders/7").decide(&world).reason(), Some("overloaded"));
}

#[test]
fn our_own_name_in_via_is_a_loop() {
    let via = |value: &str| reason(&Ask::new("GET", "/orders/7").line("via", value));
    for value in [
        "1.1 edge",
        "1.0 fred, 1.1 EDGE (gw)",
        "HTTP/1.1\tedge",
        "1.1 edge(gw)",
        "1.0 fred (a, (b\\)) c), 1.1 edge",
        "1.0 (x) edge",
        "1.0 fred (never, 1.1 edge",
        "1.0 fred ((never), 1.1 edge",
    ] {
        assert_eq!(via(value), Some("loop"), "{value}");
    }
    for value in [
        "1.1 edge2",
        "1.1 fred (edge)",
        "edge",
        "",
        "1.1 a (x, y edge )",
        "1.1 a (\\), 1.1 edge)",
        "1.1 a) edge",
    ] {
        assert_eq!(via(value), None, "{value}");
    }
}

#[test]
fn a_doubtful_path_is_refused_and_a_clear_one_rewritten() {
    for target in ["/orders/../secret", "/orders//7", "/orders/%2F", "/orders/7;x", "/orders/%00"] {
        assert_eq!(reason(&Ask::new("GET", target)), Some("path-not-canonical"), "{target}");
    }
    let decided = Ask::new("GET", "/%6frders/%37?q=%41").decide(&StillWorld::default());
    assert_eq!(decided.sent()[0], "GET /orders/7?q=%41");
}

#[test]
fn a_refused_request_still_says_its_host() {
    let decided = Ask::new("GET", "/a//b?q")
        .decide_with(artifact(&[HostPattern::Exact("api.example.com".into())]), &StillWorld::default());
    decided.with_context(|context| {
        assert_eq!(context.exchange.authority(context.head), "api.example.com");
        assert_eq!(context.exchange.query(context.head), Some("q"));
        assert_eq!(context.exchange.path(context.head), None);
    });
}
