//! Claims about reading suites.

use gw_decision::Version;
use proptest::prelude::*;

use crate::fixture::read;
use crate::request::HostLine;
use crate::suite::{Act, Course, Expected, ExpectedLines, Which};

fn findings(text: &str) -> Vec<String> {
    read(text).unwrap_err()
}

#[test]
fn a_whole_suite_is_read() {
    let suite = read(
        r#"
tests:
  - name: all of it
    upstream: {orders: [{status: 503, times: 5, delay: 1s}, {connect: hangs}, {json: {a: [1, x]}, cut-after: 3B}]}
    in-flight: {orders: 2}
    room: 7
    steps:
      - wait: 5s
        repeat:
          request: {method: BREW, target: "/x?y", host: a, headers: {X-A: [1, b]}, body: text, http: "1.0", client: "::1"}
          times: 3
          within: 900ms
        expect: {status: 200, first: {step: route}, last: {reason: none, headers: {Via: absent}}}
"#,
    )
    .unwrap();
    let case = &suite.cases[0];
    assert_eq!((case.name.as_str(), case.room, case.in_flight[0].count), ("all of it", Some(7), 2));
    let answers = &case.scripts[0].answers;
    assert_eq!((answers[0].times, answers[0].delay), (5, 1_000_000_000));
    assert_eq!(answers[1].act, Act::HangConnection);
    let Act::Respond(response) = &answers[2].act else { panic!("{answers:?}") };
    assert_eq!(
        (response.body.as_slice(), response.course),
        (br#"{"a":[1,"x"]}"#.as_slice(), Course::CutAfter(3))
    );
    let step = &case.steps[0];
    assert_eq!((step.wait, step.times, step.within), (5_000_000_000, 3, 900_000_000));
    assert_eq!((step.request.method.as_str(), step.request.version), ("BREW", Version::Http10));
    assert_eq!(step.request.host, HostLine::Given("a".into()));
    assert_eq!(step.request.lines, [("x-a".into(), "1".into()), ("x-a".into(), "b".to_owned())]);
    let of: Vec<_> = step.expectations.iter().map(|expectation| expectation.of).collect();
    assert_eq!(of, [Which::All, Which::First, Which::Last, Which::Last]);
    let Expected::Header(header) = &step.expectations[3].what else { panic!("{step:?}") };
    assert_eq!((header.name.as_str(), &header.lines), ("via", &ExpectedLines::Absent));
}

#[test]
fn an_unknown_key_has_a_neighbour() {
    assert_eq!(
        findings("tests:\n  - name: a\n    requets: {get: /}\n    expect: {status: 200}\n"),
        ["3:5 GW0901 `requets` is not a key of `tests[]` (did you mean `request`?)"]
    );
    assert_eq!(
        findings("tests: []\nsuite: x\n")[0],
        "2:1 GW0901 `suite` is not a key of the suite (it takes `tests`, `keys`)"
    );
}

#[test]
fn identities_are_known_and_refused() {
    let text = "tests:\n  - {name: a, as: {sub: x}, token: t, request: {get: /}, expect: {status: 200}}\n";
    let findings = findings(text);
    assert!(findings[0].starts_with("2:15 GW0904 `as` is not enforced yet"), "{findings:?}");
    assert!(findings[1].starts_with("2:29 GW0904 `token` is not enforced yet"), "{findings:?}");
}

#[test]
fn values_are_checked_where_they_stand() {
    for (fragment, finding) in [
        (
            "request: {get: /}, expect: {reason: credential-mising}",
            "GW0903 `tests[].expect.reason` takes one of `malformed-request`",
        ),
        ("request: {get: /}, expect: {status: 99}", "takes a whole number from 100 to 599, and this is `99`"),
        ("repeat: {request: {get: /}, times: 2, within: 3}, expect: {status: 200}", "takes a duration"),
        ("request: {get: /, client: localhost}, expect: {status: 200}", "or an address such as"),
        ("request: {get: /, chunked: false}, expect: {status: 200}", "takes only `true`"),
        ("request: [], expect: {status: 200}", "`tests[].request` takes a mapping, and this is a list"),
        ("request: {get: /}, expect: {upstream: [a]}", "takes text or a number, or a mapping"),
    ] {
        let findings = findings(&format!("tests:\n  - {{name: a, {fragment}}}\n"));
        assert!(findings.len() == 1 && findings[0].contains(finding), "{fragment}: {findings:?}");
    }
}

#[test]
fn what_excludes_each_other_is_said() {
    for (fragment, finding) in [
        ("request: {get: /, put: /}, expect: {status: 200}", "`get` and `put` exclude each other"),
        ("request: {get: /, target: /}, expect: {status: 200}", "`get` and `target` exclude each other"),
        (
            "request: {get: /, body: a, json: 1}, expect: {status: 200}",
            "`body` and `json` exclude each other",
        ),
        (
            "request: {get: /}, repeat: {request: {get: /}, times: 1}",
            "`request` and `repeat` exclude each other",
        ),
        ("request: {get: /}, expect: {body: a, json: 1}", "`body` and `json` exclude each other"),
        (
            "steps: [{request: {get: /}, expect: {status: 200}}], expect: {status: 200}",
            "`steps` and `expect` exclude each other",
        ),
        (
            "request: {get: /}, expect: {status: 200}, upstream: {a: [{connect: refused, status: 200}]}",
            "`connect` and `status` exclude each other",
        ),
    ] {
        let findings = findings(&format!("tests:\n  - {{name: a, {fragment}}}\n"));
        assert!(findings.iter().any(|told| told.contains(finding)), "{fragment}: {findings:?}");
    }
}

#[test]
fn what_must_be_there_is_missed() {
    for (fragment, finding) in [
        ("expect: {status: 200}", "`tests[]` has no `request` (add `request: {get: /path}`)"),
        ("request: {get: /}", "`tests[]` has no `expect` (add `expect: {status: 200}`)"),
        ("request: {get: /}, expect: {}", "`tests[]` has no `expect`"),
        ("request: {host: a}, expect: {status: 200}", "`tests[].request` has no `get`"),
        ("request: {method: GET}, expect: {status: 200}", "`tests[].request` has no `target`"),
        ("repeat: {request: {get: /}}, expect: {status: 200}", "`tests[].repeat` has no `times`"),
    ] {
        let findings = findings(&format!("tests:\n  - {{name: a, {fragment}}}\n"));
        assert!(findings.len() == 1 && findings[0].contains(finding), "{fragment}: {findings:?}");
    }
}

#[test]
fn a_name_stands_once() {
    let case = "  - {name: a, request: {get: /}, expect: {status: 200}}\n";
    assert!(findings(&format!("tests:\n{case}{case}"))[0].starts_with("3:12 GW0906 `a` names two cases"));
}

#[test]
fn text_that_is_no_yaml_is_no_suite() {
    assert!(findings("tests: [")[0].contains("GW0104"));
    assert!(findings("")[0].contains("GW0101"));
    assert!(findings("tests")[0].contains("GW0903"));
}

#[test]
fn deep_json_does_not_recurse() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let text =
        format!("tests:\n  - name: a\n    request: {{get: /, json: {deep}}}\n    expect: {{status: 200}}\n");
    assert_eq!(read(&text).unwrap().cases[0].steps[0].request.body.bytes, deep.into_bytes());
}

proptest! {
    #[test]
    fn no_text_is_too_strange(
        words in prop::collection::vec(
            "tests:|name: a|request:|get: /|expect:|status: 200|steps:|repeat:|times: 2|upstream:|- |  |\n|\\{|\\}|\\[|\\]|, |json: |headers: |[ -~]{0,4}",
            0..40,
        ),
    ) {
        let _ = read(&words.concat());
    }
}
