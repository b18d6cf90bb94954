//! JSONPath beside the compliance test suite of RFC 9535, from `tests/corpus/fetch small`, and its own laws.

use std::path::Path;

use gw_syntax::json_path::{Budget, Exploded, JsonPath, MAX_PATH_BYTES, MAX_PATH_NESTING};
use gw_syntax::{Edit, EditId, Kind, Sink, SourceMap, parse};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// More than any test of the suite needs.
const ENOUGH: u64 = 1_000_000;

fn edit(document: &Value) -> Edit {
    let mut sources = SourceMap::new();
    let id = sources.add("a.json", document.to_string());
    Edit::new(&parse(&sources, id, &mut Sink::new()).expect("a value is written as JSON"))
}

fn value_of(edit: &Edit, id: EditId) -> Value {
    match edit.kind(id) {
        Kind::Sequence => edit.items(id).iter().map(|item| value_of(edit, *item)).collect(),
        Kind::Mapping => {
            let entries = edit.entries(id).iter();
            let entries = entries.map(|(key, value)| (edit.text(*key).to_owned(), value_of(edit, *value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Kind::String => json!(edit.text(id)),
        Kind::Null | Kind::Bool | Kind::Integer | Kind::Float => {
            serde_json::from_str(edit.text(id)).expect("a scalar of JSON")
        }
    }
}

fn selected(path: &JsonPath, document: &Value) -> Vec<Value> {
    let edit = edit(document);
    let found = path.select(&edit, &mut Budget::new(ENOUGH)).expect("it is cheap");
    found.into_iter().map(|id| value_of(&edit, id)).collect()
}

#[expect(clippy::disallowed_methods, reason = "a test may read the file that it is about")]
fn suite() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = root.join("target/corpus/jsonpath/src/__tests__/jsonpath-compliance-test-suite/cts.json");
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|fault| panic!("{}: {fault}; run tests/corpus/fetch small", file.display()));
    serde_json::from_str(&text).expect("the suite is JSON")
}

#[test]
fn the_compliance_test_suite_holds() {
    let suite = suite();
    let cases = suite["tests"].as_array().expect("the suite has tests");
    assert_eq!(cases.len(), 687);
    let mut wrong = Vec::new();
    for case in cases {
        let selector = case["selector"].as_str().expect("a case has a selector");
        let result = JsonPath::parse(selector);
        let right = match &result {
            Err(fault) => case["invalid_selector"] == true && selector.get(fault.place.clone()).is_some(),
            Ok(path) if case["invalid_selector"].is_null() => {
                let found = json!(selected(path, &case["document"]));
                let several = case["results"].as_array();
                several.map_or(case["result"] == found, |results| results.contains(&found))
            }
            Ok(_) => false,
        };
        if !right {
            wrong.push(format!("{}: {selector}: {result:?}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_fault_says_where_it_is() {
    for (text, place, part_of_message) in [
        ("", "", "begins with `$`"),
        ("paths", "p", "begins with `$`"),
        ("$.paths ", " ", "goes on with"),
        ("$.paths.", "", "a name or `*`"),
        ("$.paths./a", "/", "['a-b']"),
        ("$.x-gw", "-", "goes on with"),
        ("$['a'", "['a'", "not closed"),
        ("$['a", "'a", "not closed"),
        (r"$['\q']", r"\q", "escape"),
        (r"$['\ud800']", r"\ud800", "surrogate"),
        ("$[01]", "01", "whole number"),
        ("$[9007199254740992]", "9007199254740992", "too large"),
        ("$[?@.a = 1]", "=", "`==`"),
        ("$[?@.a & @.b]", "&", "`&&`"),
        ("$[?(@.a]", "(@.a", "not closed"),
        ("$[?@.a)]", ")", "no parenthesis"),
        ("$[?@..a == 1]", "@..a", "several nodes"),
        ("$[?1]", "1", "compared"),
        ("$[?!@.a == 1]", "==", "parentheses"),
        ("$[?!!@.a]", "!", "twice"),
        ("$[?lenght(@.a) == 1]", "lenght", "did you mean `length`?"),
        ("$[?length(@.*) == 1]", "@.*", "several nodes"),
        ("$[?count('a') == 1]", "'a'", "takes a query"),
        ("$[?match(@.a)]", "match(@.a)", "another argument"),
        ("$[?match(@.a, 'b', 'c')]", "'c'", "no more arguments"),
        ("$[?match(@.a, 'b') == true]", "match(@.a, 'b')", "true or false"),
        ("$[?length(@.a)]", "length(@.a)", "compared"),
        ("$[?@.a == tru]", "tru", "quotes"),
        ("$[?@.a == (1)]", "(", "not a condition"),
    ] {
        let fault = JsonPath::parse(text).expect_err(text);
        assert_eq!(&text[fault.place.clone()], place, "{text}: {}", fault.message);
        assert!(fault.message.contains(part_of_message), "{text}: {}", fault.message);
    }
}

#[test]
fn a_query_that_is_too_long_or_nests_too_deeply_is_refused() {
    let long = format!("$['{}']", "a".repeat(MAX_PATH_BYTES));
    assert!(JsonPath::parse(&long).is_err());
    for (open, close) in [("[?@", "]"), ("[?(@", ")]"), ("[?length(@", ")==1]")] {
        let text = |levels| format!("${}{}", open.repeat(levels), close.repeat(levels));
        assert!(JsonPath::parse(&text(200)).is_err_and(|fault| fault.message.contains("deep")), "{open}");
    }
    assert!(
        JsonPath::parse(&format!("${}{}", "[?@".repeat(MAX_PATH_NESTING), "]".repeat(MAX_PATH_NESTING)))
            .is_ok()
    );
}

#[test]
fn a_query_that_explodes_ends_with_its_budget() {
    let mut document = json!([]);
    for _ in 0..60 {
        document = json!([document, 1]);
    }
    let edit = edit(&document);
    for text in
        ["$..*..*..*..*", "$[0,0,0,0][0,0,0,0]..[*,*]..*", "$..[?$..[?$..*]]", "$..[?match('a', 'a')]"]
    {
        let path = JsonPath::parse(text).expect("it is a JSONPath");
        let mut budget = Budget::new(10_000);
        assert_eq!(path.select(&edit, &mut budget), Err(Exploded), "{text}");
        assert_eq!(budget.left(), 0);
    }
}

#[test]
fn the_examples_of_the_overlay_specification_read() {
    for text in [
        "$.paths.*.get.parameters[?@.name=='filter' && @.in=='query']",
        "$.paths[?(@.get['x-oai-traits'][?(@ == 'paged')])].get",
        "$.servers[?( @.description == 'Dev' )]",
        "$.paths..responses['500']",
    ] {
        assert!(JsonPath::parse(text).is_ok(), "{text}");
    }
}

/// Pieces that make texts which are nearly queries.
const PIECES: &[&str] = &[
    "$", "@", ".", "..", "*", "[", "]", "?", "(", ")", "!", "&&", "||", "==", "<=", ">", "'a'", "\"b\"", "1",
    "-2", ":", ",", " ", "a", "count(", "length(", "match(", "value(", "null", "true", "1.5e3", "é", "\\",
    "'",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_parser(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..30)) {
        let text = format!("${}", pieces.concat());
        let document = edit(&json!({"a": [1, {"a": "é", "b": null}], "b": {"a": [[], {}]}}));
        match JsonPath::parse(&text) {
            Err(fault) => prop_assert!(text.get(fault.place.clone()).is_some(), "{}: {:?}", text, fault),
            Ok(path) => prop_assert!(path.select(&document, &mut Budget::new(ENOUGH)).is_ok(), "{}", text),
        }
    }

    #[test]
    fn a_filter_and_its_negation_divide_the_children(
        left in condition(), right in condition(), document in prop::collection::vec(-2..3i8, 0..6),
    ) {
        let document = json!(document);
        let count = |filter: &str| {
            let path = JsonPath::parse(&format!("$[?{filter}]")).unwrap_or_else(|fault| panic!("{filter}: {fault:?}"));
            selected(&path, &document).len()
        };
        let all = document.as_array().map_or(0, Vec::len);
        let (and, or) = (format!("{left} && {right}"), format!("{left} || {right}"));
        prop_assert_eq!(count(&and) + count(&format!("!({and})")), all);
        prop_assert_eq!(count(&format!("!({or})")), count(&format!("!({left}) && !({right})")));
        prop_assert_eq!(count(&left) + count(&right), count(&and) + count(&or));
        prop_assert_eq!(count(&format!("{or} && {left}")), count(&format!("{left} || ({right} && {left})")));
    }
}

fn condition() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(&["==", "!=", "<", "<=", ">", ">="][..]);
    (sign, -2..3i8, any::<bool>()).prop_map(|(sign, number, turned)| {
        if turned { format!("{number} {sign} @") } else { format!("@{sign}{number}") }
    })
}
