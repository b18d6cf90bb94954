//! Claims about what changes on the way.

use gw_artifact::model::is_hop_by_hop_header;
use proptest::prelude::*;

use crate::fixture::{Ask, StillWorld, Written};
use crate::head::{Framing, Line, ResponseHead, Version};
use crate::pipeline::{UpstreamAnswer, decide_response};

fn sent(ask: &Ask) -> Vec<String> {
    ask.decide(&StillWorld::default()).sent()
}

fn get() -> Ask {
    Ask::new("GET", "/orders/7")
}

const REQUEST_ID: &str = "x-request-id: 0123456789abcdef0123456789abcdef";

#[test]
fn the_upstream_receives_this_head() {
    let head = sent(&get().line("accept", "*/*").line("via", "1.0 fred"));
    assert_eq!(
        head,
        [
            "GET /orders/7",
            "host: e:1",
            "accept: */*",
            "via: 1.0 fred",
            "via: 1.1 edge",
            "forwarded: for=192.0.2.1;host=api.example.com;proto=http",
            "x-forwarded-for: 192.0.2.1",
            "x-forwarded-proto: http",
            "x-forwarded-host: api.example.com",
            REQUEST_ID,
        ]
    );
}

#[test]
fn a_stranger_cannot_speak_for_the_gateway() {
    let names = [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-anything",
        "x-real-ip",
        "x-request-id",
        "x_request_id",
        "x_forwarded_for",
        "x-forwarded_host",
        "x_forwarded_with_a_name_that_is_very_long_indeed",
        "transfer_encoding",
        "content_length",
        "proxy_connection",
        "x_real_ip",
        "x.forwarded.for",
        "x!real!ip",
        "content.length",
    ];
    let ask = names.iter().fold(get(), |ask, name| ask.line(name, "evil"));
    assert_eq!(sent(&ask), sent(&get()));
}

#[test]
fn no_line_makes_the_upstream_run_another_operation() {
    let names = [
        "x-original-url",
        "x-rewrite-url",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
        "x_http_method_override",
        "x_original_url",
    ];
    let ask = names.iter().fold(get(), |ask, name| ask.line(name, "/secret"));
    assert_eq!(sent(&ask), sent(&get()));
}

#[test]
fn hop_by_hop_lines_end_here() {
    let names = [
        "keep-alive",
        "proxy-connection",
        "proxy-authorization",
        "proxy-authenticate",
        "te",
        "trailer",
        "upgrade",
        "http2-settings",
        "expect",
    ];
    let ask = names.iter().fold(get(), |ask, name| ask.line(name, "100-continue"));
    assert_eq!(sent(&ask), sent(&get()));
    assert_eq!(sent(&get().line("connection", "close, X-Hop").line("x-hop", "1")), sent(&get()));
}

#[test]
fn connection_cannot_take_away_what_was_judged() {
    let ask = get()
        .line("connection", "host, authorization, cookie, content-type, via, x-forwarded-for, x-request-id")
        .line("authorization", "Bearer t")
        .line("cookie", "a=b");
    let head = sent(&ask);
    for line in
        ["host: e:1", "authorization: Bearer t", "cookie: a=b", "x-forwarded-for: 192.0.2.1", REQUEST_ID]
    {
        assert!(head.contains(&line.to_owned()), "{line} in {head:?}");
    }
}

#[test]
fn framing_is_written_once() {
    let length = get().line("content-length", "3").body(Framing::Length(3));
    assert_eq!(sent(&length).iter().filter(|line| *line == "content-length: 3").count(), 1);
    let chunked = get().line("transfer-encoding", "chunked").body(Framing::Chunked);
    assert_eq!(sent(&chunked).last().unwrap(), "transfer-encoding: chunked");
}

#[test]
fn a_base_is_replaced_and_the_query_is_not() {
    let head = sent(&Ask::new("GET", "/v1/files/a.json?x=%2f/v1"));
    assert_eq!(head[..2], ["GET /store/files/a.json?x=%2f/v1", "host: files:1"]);
    assert_eq!(sent(&Ask::new("GET", "/v1"))[0], "GET /", "nothing left is the root");
    assert_eq!(sent(&Ask::new("GET", "/v1?"))[0], "GET /?");
}

#[test]
fn an_address_is_quoted_where_it_must_be() {
    let decided = Ask::bare("GET", "/orders/7").line("host", "a:8080").decide(&StillWorld::default());
    assert!(decided.sent().contains(&"forwarded: for=192.0.2.1;host=\"a:8080\";proto=http".to_owned()));
    let mut decided = Ask::bare("GET", "/orders/7").version(Version::Http10).decide(&StillWorld::default());
    decided.exchange.client.address = Some("2001:db8::1".parse().unwrap());
    assert_eq!(
        decided.sent()[2..],
        [
            "via: 1.0 edge",
            "forwarded: for=\"[2001:db8::1]\";proto=http",
            "x-forwarded-for: 2001:db8::1",
            "x-forwarded-proto: http",
            REQUEST_ID,
        ]
    );
}

#[test]
fn an_upstream_is_told_that_nobody_knows_the_client() {
    let head = sent(&get().line("x-forwarded-for", "192.0.2.7").unaddressed());
    assert!(head.contains(&"forwarded: for=unknown;host=api.example.com;proto=http".to_owned()), "{head:?}");
    let told: Vec<_> = head.iter().filter(|line| line.starts_with("x-forwarded-for")).collect();
    assert_eq!(told, ["x-forwarded-for: unknown"]);
}

#[test]
fn a_trace_is_passed_on_when_it_is_well_formed() {
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let traced = |value: &str| {
        sent(&get().line("traceparent", value).line("tracestate", "a=b"))
            .iter()
            .any(|line| line.starts_with("trace"))
    };
    assert!(traced(good));
    assert!(traced(&good.replacen("00", "01", 1)));
    assert!(traced(&format!("{}-more", good.replacen("00", "01", 1))));
    for bad in [
        String::new(),
        format!("{good}-more"),
        good.to_uppercase(),
        good.replacen("00", "ff", 1),
        good.replace("b7ad6b7169203331", "0000000000000000"),
        good.replace('-', "_"),
        "00-é".to_owned(),
    ] {
        assert!(!traced(&bad), "{bad}");
    }
    let twice = sent(&get().line("traceparent", good).line("traceparent", good));
    assert!(!twice.iter().any(|line| line.starts_with("trace")));
}

#[test]
fn the_caller_receives_this_response() {
    let world = StillWorld::default();
    let lines = [
        Line { name: "server", value: b"s" },
        Line { name: "connection", value: b"close, x-hop, Content-Length" },
        Line { name: "x-hop", value: b"1" },
        Line { name: "keep-alive", value: b"timeout=5" },
        Line { name: "content-length", value: b"3" },
        Line { name: "x-request-id", value: b"theirs" },
        Line { name: "set-cookie", value: b"a=b" },
        Line { name: "via", value: b"1.1 inner" },
    ];
    let response = ResponseHead { status: 404, version: Version::Http11, lines: &lines };
    let decided = get().decide(&world);
    let mut exchange = decided.exchange.clone();
    let mut written = Written::default();
    decided.with_context(|context| {
        let outbound = get().decide(&world).into_outbound();
        let relay = decide_response(&mut exchange, outbound, UpstreamAnswer::Head(response), &world);
        relay.head(context, &response, &mut Vec::new(), &mut written);
    });
    assert_eq!(
        written.0,
        [
            "404",
            "server: s",
            "content-length: 3",
            "set-cookie: a=b",
            "via: 1.1 inner",
            "via: 1.1 edge",
            REQUEST_ID
        ]
    );
}

proptest! {
    #[test]
    fn hop_by_hop_never_survives(
        lines in prop::collection::vec(("[a-z_-]{1,6}|te|upgrade|keep-alive|connection|x-forwarded-for", "[ -~]{0,20}"), 0..30),
    ) {
        let ask = lines.iter().fold(get(), |ask, (name, value)| ask.line(name, value));
        let world = StillWorld::default();
        let decided = ask.decide(&world);
        prop_assume!(decided.reason().is_none());
        for line in &decided.sent()[1..] {
            let name = line.split(':').next().unwrap_or("");
            prop_assert!(!is_hop_by_hop_header(name), "{line}");
            if name.starts_with("x-forwarded") {
                prop_assert!(["192.0.2.1", "http", "api.example.com"].iter().any(|ours| line.ends_with(ours)));
            }
        }
    }

    #[test]
    fn what_is_matched_is_what_is_forwarded(
            segment in "([a-z0-9.;é\\\\]|%[2-7][0-9a-fA-F]){1,5}",
            query in "[!-~]{0,10}",
        ) {
        let decided = Ask::new("GET", &format!("/orders/{segment}?{query}")).decide(&StillWorld::default());
        if decided.reason().is_some() {
            return Ok(());
        }
        let matched = decided.with_context(|context| context.exchange.path(context.head).map(str::to_owned));
        let target = format!("GET {}?{query}", matched.unwrap_or_default());
        prop_assert_eq!(&decided.sent()[0], &target);
    }

    #[test]
    fn no_head_is_too_strange(
        method in "[ -~]{0,8}",
        target in any::<String>(),
        lines in prop::collection::vec(
            ("host|via|connection|authorization|content-length|te|cookie|[a-z_-]{1,9}", prop::collection::vec(any::<u8>(), 0..30)),
            0..100,
        ),
        framing in prop_oneof![Just(Framing::None), Just(Framing::Chunked), any::<u64>().prop_map(Framing::Length)],
    ) {
        let mut ask = Ask::bare(&method, &target).body(framing);
        ask.lines = lines;
        let decided = ask.decide(&StillWorld::default());
        if decided.reason().is_some() {
            prop_assert!(!decided.answered().is_empty());
        }
    }
}
