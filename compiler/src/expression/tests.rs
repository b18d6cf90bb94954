use std::fmt::Write as _;

use gw_artifact::expression::{Fault, List, Value};
use gw_artifact::model::{Bytes, Millis};

use super::*;

/// Every mistake as `kind `its bytes`: message; help`.
fn told(text: &str, vocabulary: Vocabulary) -> String {
    let mut told = String::new();
    match compile(text, vocabulary) {
        Ok(expression) => {
            let _ = writeln!(told, "compiles at a cost of {}", expression.cost());
        }
        Err(mistakes) => {
            for mistake in mistakes {
                let at = &text[mistake.range.clone()];
                let _ = writeln!(told, "{:?} at `{at}`: {}", mistake.kind, mistake.message);
                if let Some(help) = mistake.help {
                    let _ = writeln!(told, "  help: {help}");
                }
            }
        }
    }
    told
}

fn all_told(texts: &[&str], vocabulary: Vocabulary) -> String {
    texts.iter().flat_map(|text| [text, "\n", &told(text, vocabulary), "\n"].map(str::to_owned)).collect()
}

#[test]
fn what_does_not_read_is_told_with_its_place() {
    let texts = [
        "",
        "auth.required &&",
        "auth.required auth.public",
        "(auth.required",
        "method = \"GET\"",
        "auth.required & deprecated",
        "method == \"GET",
        "tags.exists(1, true)",
        "method == \"ä\" § 1",
    ];
    insta::assert_snapshot!(all_told(&texts, Vocabulary::Guardrail));
}

#[test]
fn what_gw_leaves_out_is_told() {
    let texts = [
        "size(tags) > 0.5",
        "method.matches(\"G.*\")",
        "tags.map(t, t) == tags",
        "tags[0] == \"a\"",
        "{\"a\": 1}.a == 1",
        "operation_id == null",
        "size(tags) % 2 == 0",
        "auth.required // always",
        "method == b\"GET\"",
        ".method == \"GET\"",
        "size(tags) > 1u",
    ];
    insta::assert_snapshot!(all_told(&texts, Vocabulary::Guardrail));
}

#[test]
fn types_that_do_not_go_together_are_told_with_a_remedy() {
    let texts = [
        "method",
        "1 + 1",
        "rate_limit <= \"1000/min\"",
        "timeout.total < 2",
        "body_max <= \"1MiB\"",
        "tags == \"internal\"",
        "\"a\" in method",
        "1 in tags",
        "tags.startsWith(\"a\")",
        "!method",
        "auth.required > false",
        "auth.required ? 1 : \"a\"",
        "[1, \"a\"] == tags",
        "1 in []",
        "method + \"x\" == \"GETx\"",
        "has(\"x\")",
        "size(deprecated) == 1",
        "rate(method) == rate_limit",
        "method.all(m, true)",
        "startsWith(path, \"/a\")",
        "method.name == \"GET\"",
    ];
    insta::assert_snapshot!(all_told(&texts, Vocabulary::Guardrail));
    insta::assert_snapshot!(all_told(&["error_ratio > 30", "latency > 250ms"], Vocabulary::Breaker));
    let claims = ["token.level > 3", "token.admin", "token.roles.exists(r, r == \"a\")", "token == token"];
    insta::assert_snapshot!(all_told(&claims, Vocabulary::Claims));
}

#[test]
fn names_that_are_not_there_are_told_with_the_nearest() {
    let texts = [
        "auth.requird",
        "metod == \"GET\"",
        "timeout < duration(\"1s\")",
        "zebra",
        "sise(tags) > 1",
        "has(cache)",
    ];
    insta::assert_snapshot!(all_told(&texts, Vocabulary::Guardrail));
}

#[test]
fn literals_that_do_not_read_are_told() {
    let texts = [
        "rate_limit < rate(\"1000/fortnight\")",
        "timeout.total < duration(\"2 s\")",
        "body_max < bytes(\"1MB\")",
        "timeout.total < 2s",
        "body_max < 1MiB",
        "12abc == 1",
        "99999999999999999999 == 1",
        "9223372036854775808 == 1",
        "0xz == 1",
    ];
    insta::assert_snapshot!(all_told(&texts, Vocabulary::Guardrail));
    insta::assert_snapshot!(all_told(
        &["error_ratio > 130%", "error_ratio > 0.55%", "error_ratio > 30 %"],
        Vocabulary::Breaker
    ));
}

#[test]
fn the_examples_of_the_reference_compile() {
    for vocabulary in Vocabulary::ALL {
        assert!(compile(vocabulary.example(), vocabulary).is_ok(), "{}", vocabulary.example());
    }
}

#[track_caller]
fn answer(
    text: &str,
    vocabulary: Vocabulary,
    value: impl Fn(&str) -> Option<Value<'static>>,
) -> Result<bool, Fault> {
    let expression = compile(text, vocabulary).unwrap_or_else(|mistakes| panic!("{text}: {mistakes:?}"));
    let inputs: Vec<_> = expression.inputs().iter().map(|input| value(&input.name)).collect();
    expression.evaluate(&inputs)
}

fn policy(name: &str) -> Option<Value<'static>> {
    const TAGS: &[Value<'_>] = &[Value::Text("team-a"), Value::Text("internal")];
    Some(match name {
        "auth.required" => Value::Bool(true),
        "method" => Value::Text("GET"),
        "tags" => Value::List(List::new(TAGS)),
        "rate_limit" => Value::Rate("100/min".parse().ok()?),
        "timeout.total" => Value::Duration(Millis(2_000)),
        "body_max" => Value::Size(Bytes(1 << 20)),
        _ => return None,
    })
}

#[test]
fn conditions_over_a_policy_have_their_answers() {
    for (text, expected) in [
        ("auth.required", Ok(true)),
        ("auth.required && method != \"GET\"", Ok(false)),
        ("method in ['GET', 'HEAD']", Ok(true)),
        ("\"internal\" in tags", Ok(true)),
        ("tags.exists(t, t.startsWith(\"team-\"))", Ok(true)),
        ("tags.all(t, size(t) > 6)", Ok(false)),
        ("rate_limit <= rate(\"1000/min\")", Ok(true)),
        ("rate_limit <= rate(\"1/s\")", Ok(false)),
        ("timeout.total == duration(\"2s\")", Ok(true)),
        ("body_max < bytes(\"1MiB\")", Ok(false)),
        ("has(rate_limit) && !has(cache.ttl)", Ok(true)),
        ("cache.ttl > duration(\"1s\")", Err(Fault::Absent)),
        ("!(cache.ttl > duration(\"1s\"))", Err(Fault::Absent)),
        ("!has(cache.ttl) || cache.ttl > duration(\"1s\")", Ok(true)),
        ("cache.ttl > duration(\"1s\") || !has(cache.ttl)", Ok(true)),
        ("(method == \"GET\" ? 1 : 2) == 1", Ok(true)),
        ("tags.size() * 2 - 1 == 3 && 7 / -2 == -3", Ok(true)),
        ("!!auth.required", Ok(true)),
        ("false || true ? true : false", Ok(true)),
        ("-9223372036854775808 < 0 && - 1 == -1 && 0x10 == 16", Ok(true)),
    ] {
        assert_eq!(answer(text, Vocabulary::Guardrail, policy), expected, "{text}");
    }
}

#[test]
fn percentages_are_compared_as_shares() {
    let values = |name: &str| match name {
        "error_ratio" => Some(Value::Permille(301)),
        "requests" => Some(Value::Integer(20)),
        _ => None,
    };
    assert_eq!(answer("error_ratio > 30%", Vocabulary::Breaker, values), Ok(true));
    assert_eq!(answer("error_ratio>31%||requests<10", Vocabulary::Breaker, values), Ok(false));
    assert_eq!(answer("error_ratio > 30.0% && error_ratio <= 30.1%", Vocabulary::Breaker, values), Ok(true));
    assert_eq!(answer("error_ratio in [0%, 100%]", Vocabulary::Breaker, values), Ok(false));
}

#[test]
fn claims_are_asked_by_dots_and_by_brackets() {
    let claims: &'static serde_json::Value = Box::leak(Box::new(serde_json::json!({
        "sub": "alice", "roles": ["admin"], "realm": {"id": 7}, "https://example.com/tier": "gold"
    })));
    let values = |_: &str| Some(Value::Json(claims));
    for (text, expected) in [
        ("token.sub == 'alice'", Ok(true)),
        ("'admin' in token.roles && token.realm.id == 7", Ok(true)),
        ("token['https://example.com/tier'] in ['gold', 'silver']", Ok(true)),
        ("has(token.tenant) && token.tenant == 'acme'", Ok(false)),
        ("token.tenant == 'acme'", Err(Fault::Absent)),
        ("has(token.realm.id) && !has(token['x y'])", Ok(true)),
        ("token.sub != 1", Err(Fault::WrongType)),
    ] {
        assert_eq!(answer(text, Vocabulary::Claims, values), expected, "{text}");
    }
}

#[test]
fn huge_expressions_are_refused_before_they_are_parsed() {
    let too_large = |text: &str| {
        let mistakes = compile(text, Vocabulary::Guardrail).expect_err("it is too large");
        assert_eq!(mistakes[0].kind, MistakeKind::TooLarge, "{}", mistakes[0].message);
    };
    too_large(&format!("method == \"{}\"", "a".repeat(1 << 20)));
    too_large(&"(".repeat(10_000));
    too_large(&format!("{}true{}", "(".repeat(10_000), ")".repeat(10_000)));
    too_large(&format!("true{}", " && true".repeat(10_000)));
    too_large(&format!("{}true{}", "(".repeat(1_000), ")".repeat(1_000)));
    too_large(&format!("{}1 in [1]", "[".repeat(40)));
    too_large(&format!("{}true", "true?true:".repeat(MAX_NESTING + 1)));
    too_large(&format!("true{}", "&&true".repeat(MAX_TOKENS / 2)));
}

#[test]
fn the_largest_expressions_are_read_on_a_small_stack() {
    let nested = |depth: usize| format!("{}true{}", "(true && ".repeat(depth), ")".repeat(depth));
    let lists = format!("{}1{}", "[".repeat(MAX_NESTING), "]".repeat(MAX_NESTING));
    let calls = format!("{}1{}", "size(".repeat(MAX_NESTING), ")".repeat(MAX_NESTING));
    let texts = [
        nested(MAX_NESTING),
        lists,
        calls,
        format!("{}true", "true?true:".repeat(MAX_NESTING)),
        format!("1{} == 1", "+1".repeat(490)),
        format!("{}true", "!-".repeat(499)),
        format!("a{}", ".b".repeat(490)),
        format!("true{}", "&&true".repeat(499)),
    ];
    // A quarter of what a thread of the standard library has.
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let run = small.spawn(move || texts.map(|text| compile(&text, Vocabulary::Guardrail).is_ok()));
    let compiled = run.expect("a thread can be begun").join().expect("nothing overflows");
    assert_eq!(compiled, [true, false, false, true, false, false, false, false]);
}

#[test]
fn loops_within_loops_over_lists_of_any_length_cost_too_much() {
    let thrice = "tags.all(t, hosts.exists(h, h == t && tags.all(u, u == h)))";
    let mistakes = compile(thrice, Vocabulary::Guardrail).expect_err("it takes too many steps");
    assert_eq!(mistakes[0].kind, MistakeKind::TooLarge);
    assert!(compile("tags.all(t, hosts.exists(h, h == t))", Vocabulary::Guardrail).is_ok());
}
