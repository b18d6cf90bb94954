//! Claims about what suites see of a gateway.

use gw_artifact::model::Reason;

use crate::fixture::{artifact, mismatches, passes, run};

#[test]
fn a_request_goes_through_and_is_seen_on_both_sides() {
    passes(
        r#"
tests:
  - name: an order is found
    upstream: {orders: [{json: {id: 7}, headers: {etag: '"a"', connection: x-hop, x-hop: "1"}}]}
    request: {get: "/orders/7?a=b", headers: {accept: "*/*", x-forwarded-for: evil}}
    expect:
      status: 200
      reason: none
      fault: none
      ending: complete
      json: {id: 7}
      headers: {etag: '"a"', x-hop: absent, via: 1.1 edge, content-type: application/json, x-request-id: present}
      upstream:
        name: orders
        endpoint: 10.0.0.1:80
        method: GET
        path: /orders/7?a=b
        headers: {host: 10.0.0.1:80, accept: "*/*", x-forwarded-for: 127.0.0.1, x-forwarded-host: api.example.com}
  - name: a body is forwarded as it came
    request: {post: /orders, json: {item: 7}, headers: {authorization: Bearer t}}
    expect: {status: 200, upstream: {json: {item: 7}, headers: {content-length: 10, authorization: Bearer t}}}
  - name: chunks stay chunks
    request: {post: /orders, body: abc, chunked: true, headers: {authorization: Bearer t}}
    expect: {status: 200, upstream: {body: abc, headers: {transfer-encoding: chunked, content-length: absent}}}
  - name: a head has no body
    upstream: {orders: [{body: abc}]}
    request: {head: /orders/7}
    expect: {status: 200, body: "", headers: {content-length: 3}, upstream: {method: HEAD}}
"#,
    );
}

/// What brings each reason about; `LONG` and `HUGE` stand for texts of such a size.
const REASONS: [(Reason, &str); 17] = [
    (Reason::MalformedRequest, "request: {get: /orders/7, host: null}"),
    (Reason::PathNotCanonical, "request: {get: /orders//7}"),
    (Reason::TargetTooLong, "request: {get: /LONG}"),
    (Reason::HeadTooLarge, "request: {get: /orders/7, headers: {x-a: HUGE}}"),
    (Reason::Overloaded, "room: 0, request: {get: /orders/7}"),
    (Reason::Loop, "request: {get: /orders/7, headers: {via: 1.1 edge}}"),
    (Reason::AuthorityUnknown, "request: {get: /orders/7, host: elsewhere.example}"),
    (Reason::OperationUnknown, "request: {get: /nothing}"),
    (Reason::MethodUnknown, "request: {put: /orders/7}"),
    (Reason::CredentialMissing, "request: {post: /orders}"),
    (Reason::BodyTooLarge, "request: {post: /orders, body-size: 17B, headers: {authorization: Bearer t}}"),
    (Reason::Capacity, "in-flight: {orders: 2}, request: {get: /orders/7}"),
    (Reason::UpstreamConnect, "upstream: {orders: [{connect: refused}]}, request: {get: /orders/7}"),
    (Reason::UpstreamReset, "upstream: {orders: [{reset: true}]}, request: {get: /orders/7}"),
    (Reason::UpstreamProtocol, "upstream: {orders: [{garbage: true}]}, request: {get: /orders/7}"),
    (Reason::UpstreamTimeout, "upstream: {orders: [{delay: 3s}]}, request: {get: /orders/7}"),
    (
        Reason::RequestTimeout,
        "request: {post: /orders, body: a, body-stalls: true, headers: {authorization: Bearer t}}",
    ),
];

#[test]
fn every_reason_comes_with_its_status_and_step() {
    for (reason, fragment) in REASONS {
        let fragment = fragment.replace("LONG", &"a".repeat(9_000)).replace("HUGE", &"a".repeat(33_000));
        let expect = format!(
            "status: {}, step: {}, reason: {reason}, headers: {{content-type: application/problem+json}}",
            reason.status(),
            reason.step(),
        );
        passes(&format!("tests: [{{name: {reason}, {fragment}, expect: {{{expect}}}}}]"));
    }
    let told = |reason: &&Reason| REASONS.iter().any(|(told, _)| told == *reason);
    let missing: Vec<_> = Reason::ALL.iter().filter(|reason| !told(reason)).collect();
    assert_eq!(
        missing,
        [
            &Reason::AccessDenied,
            &Reason::CredentialInvalid,
            &Reason::ScopeMissing,
            &Reason::ClaimsRefused,
            &Reason::IdentityUnavailable,
            &Reason::SniMismatch,
            &Reason::NoEndpoint,
            &Reason::UpstreamTls,
            &Reason::Internal,
        ],
        "other claims bring these about"
    );
}

#[test]
fn an_endpoint_that_cannot_be_reached_rests_five_seconds() {
    passes(
        r"
tests:
  - name: both rest, then both come back
    upstream: {orders: [{connect: refused, times: 2}, {status: 200}]}
    steps:
      - {repeat: {request: {get: /orders/7}, times: 2, within: 0s}, expect: {reason: upstream-connect, upstream: none}}
      - {request: {get: /orders/7}, expect: {status: 503, step: discover, reason: no-endpoint}}
      - {wait: 4999ms, request: {get: /orders/7}, expect: {reason: no-endpoint}}
      - {wait: 1ms, request: {get: /orders/7}, expect: {status: 200}}
",
    );
}

#[test]
fn each_phase_has_its_deadline() {
    for (answer, request, fault, millis) in [
        ("connect: hangs", "get: /orders/7", "connect-timeout", 1_000),
        ("delay: 1h", "get: /orders/7", "response-head-timeout", 3_000),
        (
            "status: 200",
            "post: /orders, body-stalls: true, headers: {authorization: Bearer t}",
            "body-timeout",
            2_000,
        ),
        ("body: abc, stall-after: 1B", "get: /orders/7", "idle-timeout", 4_000),
    ] {
        let outcome = run(&format!(
            "tests: [{{name: a, upstream: {{orders: [{{{answer}}}]}}, request: {{{request}}}, expect: {{fault: {fault}}}}}]"
        ));
        assert!(outcome.passed(), "{outcome:?}");
        let line: serde_json::Value = serde_json::from_str(&outcome.cases[0].exchanges[0].log_line).unwrap();
        assert_eq!(line["event.duration"], millis * 1_000_000_u64, "{fault}");
    }
}

#[test]
fn a_delay_within_the_deadline_is_waited_for() {
    passes(
        "tests: [{name: a, upstream: {orders: [{delay: 2999ms}]}, request: {get: /orders/7}, expect: {status: 200}}]",
    );
}

#[test]
fn a_broken_answer_never_looks_complete() {
    passes(
        r"
tests:
  - name: cut
    upstream: {orders: [{body: abcdef, cut-after: 3B}]}
    request: {get: /orders/7}
    expect: {status: 200, body: abc, ending: cut, step: error, reason: upstream-reset, fault: reset}
  - name: cut after its end, it is whole
    upstream: {orders: [{body: abc, cut-after: 3B}]}
    request: {get: /orders/7}
    expect: {body: abc, ending: complete, reason: none}
  - name: without a length the end is missing
    upstream: {orders: [{body: abc, cut-after: 3B, headers: {transfer-encoding: chunked}}]}
    request: {get: /orders/7}
    expect: {body: abc, ending: cut}
",
    );
}

#[test]
fn a_stream_that_grows_too_long_is_refused() {
    passes(
        "tests: [{name: a, request: {post: /orders, body-size: 17B, chunked: true, headers: {authorization: Bearer t}}, \
         expect: {status: 413, fault: body-too-large, headers: {connection: close}}}]",
    );
}

#[test]
fn a_repetition_is_spread_over_virtual_time_and_seen_from_both_ends() {
    passes(
        r"
tests:
  - name: two endpoints take turns
    upstream: {orders: [{status: 201}, {status: 202, times: 2}, {status: 204}]}
    repeat: {request: {get: /orders/7}, times: 4, within: 1s}
    expect: {reason: none, first: {status: 201, upstream: {endpoint: 10.0.0.1:80}}, last: {status: 204, upstream: {endpoint: 10.0.0.2:80}}}
",
    );
    let outcome = run(
        "tests: [{name: a, repeat: {request: {get: /orders/7}, times: 4, within: 1s}, expect: {status: 200}}]",
    );
    let stamps: Vec<_> =
        outcome.cases[0].exchanges.iter().map(|exchanged| exchanged.log_line[..45].to_owned()).collect();
    assert!(stamps[0].contains("00:00:00.000") && stamps[3].contains("00:00:00.750"), "{stamps:?}");
}

#[test]
fn a_handshake_fails_only_where_there_is_one() {
    let case = |fault: &str| {
        let request = "request: {get: /orders/7}, expect: {status: 502}";
        format!("tests: [{{name: a, upstream: {{orders: [{{connect: {fault}}}]}}, {request}}}]")
    };
    for fault in gw_decision::Fault::ALL.iter().filter(|fault| fault.is_of_tls()) {
        assert_eq!(mismatches(&case(fault.as_str())), ["an upstream that is reached over TLS not `orders`"]);
    }
}

#[test]
fn what_does_not_hold_is_said() {
    assert_eq!(
        mismatches(
            "tests: [{name: a, request: {post: /orders}, expect: {status: 200, reason: none, upstream: orders, \
             headers: {www-authenticate: absent, x-a: present, allow: GET}, body: hello}}]"
        )[..6],
        [
            "status `200` not `401`",
            "reason none not `credential-missing`",
            "upstream `orders` not none",
            "header `www-authenticate` absent not `Bearer`",
            "header `x-a` present not none",
            "header `allow` `GET` not none",
        ]
    );
    assert_eq!(
        mismatches(
            "tests: [{name: a, upstream: {oders: []}, request: {get: /orders/7}, expect: {status: 200}}]"
        ),
        ["an upstream among `orders` not `oders`"]
    );
}

#[test]
fn what_does_not_hold_is_a_finding_at_its_place() {
    let outcome = run("tests:\n  - name: a\n    request: {get: /orders/7}\n    expect: {status: 404}\n");
    let finding = outcome.cases[0].diagnostics().next().unwrap();
    assert_eq!(finding.message, "`a`: expected status `404`, got `200`");
    assert_eq!(finding.code.to_string(), "GW0910");
    assert_eq!(finding.span.unwrap().start, 70);
}

#[test]
fn the_same_suite_has_the_same_outcome() {
    let text = "tests: [{name: a, repeat: {request: {get: /orders/7}, times: 9}, expect: {status: 200}}]";
    assert_eq!(run(text), run(text));
    assert_eq!(artifact().project(), "edge");
}
