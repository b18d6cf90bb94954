//! Expressions, held against another interpreter of CEL on what both read.

use std::collections::HashMap;

use cel::{Context, Program, Value as Cel};
use gw_artifact::expression::{List, Value};
use gw_compiler::expression::{Vocabulary, compile};
use proptest::prelude::*;

/// What both sides read; `None` and what is not named here is not there.
#[derive(Clone, Debug)]
struct World {
    deprecated: bool,
    required: Option<bool>,
    method: String,
    tags: Vec<String>,
    concurrency: Option<i64>,
}

fn ours(text: &str, world: &World) -> Result<bool, String> {
    let expression = compile(text, Vocabulary::Guardrail).unwrap_or_else(|all| panic!("{text}: {all:?}"));
    let tags: Vec<Value<'_>> = world.tags.iter().map(|tag| Value::Text(tag)).collect();
    let value = |name: &str| match name {
        "deprecated" => Some(Value::Bool(world.deprecated)),
        "auth.required" => world.required.map(Value::Bool),
        "method" => Some(Value::Text(&world.method)),
        "tags" => Some(Value::List(List::new(&tags))),
        "concurrency" => world.concurrency.map(Value::Integer),
        _ => None,
    };
    let inputs: Vec<_> = expression.inputs().iter().map(|input| value(&input.name)).collect();
    expression.evaluate(&inputs).map_err(|fault| fault.to_string())
}

fn theirs(text: &str, world: &World) -> Result<bool, String> {
    let program = Program::compile(text).unwrap_or_else(|errors| panic!("{text}: {errors}"));
    let mut context = Context::default();
    let tags = world.tags.iter().map(|tag| Cel::from(tag.as_str())).collect::<Vec<_>>();
    let auth: HashMap<&str, bool> =
        world.required.map(|required| ("required", required)).into_iter().collect();
    context.add_variable_from_value("deprecated", world.deprecated);
    context.add_variable_from_value("auth", auth);
    context.add_variable_from_value("method", world.method.as_str());
    context.add_variable_from_value("tags", tags);
    if let Some(concurrency) = world.concurrency {
        context.add_variable_from_value("concurrency", concurrency);
    }
    match program.execute(&context) {
        Ok(Cel::Bool(answer)) => Ok(answer),
        Ok(other) => panic!("{text} gave {other:?}"),
        Err(error) => Err(error.to_string()),
    }
}

fn world() -> impl Strategy<Value = World> {
    let concurrency =
        prop_oneof![Just(None), (-3..4_i64).prop_map(Some), Just(Some(i64::MIN)), Just(Some(i64::MAX))];
    let tags = proptest::collection::vec("[ab]{0,2}", 0..3);
    (any::<bool>(), any::<Option<bool>>(), "[ab]{0,2}", tags, concurrency).prop_map(
        |(deprecated, required, method, tags, concurrency)| World {
            deprecated,
            required,
            method,
            tags,
            concurrency,
        },
    )
}

fn integer() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        (-3..4_i64).prop_map(|number| number.to_string()),
        Just("9223372036854775807".to_owned()),
        Just("concurrency".to_owned()),
        Just("size(tags)".to_owned()),
        Just("size(method)".to_owned()),
        Just("method.size()".to_owned()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let operator = prop_oneof![Just("+"), Just("-"), Just("*"), Just("/")];
        prop_oneof![
            (inner.clone(), operator, inner.clone())
                .prop_map(|(left, how, right)| format!("({left} {how} {right})")),
            inner.prop_map(|of| format!("(-({of}))")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab]{0,2}".prop_map(|text| format!("\"{text}\"")),
        Just("method".to_owned()),
        Just("'\\u0061\\x62'".to_owned()),
        Just("r'a'".to_owned()),
    ]
}

fn texts() -> impl Strategy<Value = String> {
    let written = proptest::collection::vec(text(), 1..3).prop_map(|texts| format!("[{}]", texts.join(", ")));
    prop_oneof![Just("tags".to_owned()), written]
}

fn comparison() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("=="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">=")]
}

/// A condition about one element `t`.
fn about_element() -> impl Strategy<Value = String> {
    prop_oneof![
        (comparison(), text()).prop_map(|(how, text)| format!("t {how} {text}")),
        (comparison(), integer()).prop_map(|(how, number)| format!("size(t) {how} {number}")),
        text().prop_map(|text| format!("['a', 'b'].exists(u, u == t && t != {text})")),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop_oneof![
            Just("true"),
            Just("false"),
            Just("deprecated"),
            Just("auth.required"),
            Just("has(auth.required)")
        ]
        .prop_map(str::to_owned),
        (integer(), comparison(), integer()).prop_map(|(left, how, right)| format!("{left} {how} {right}")),
        (text(), comparison(), text()).prop_map(|(left, how, right)| format!("{left} {how} {right}")),
        (text(), texts()).prop_map(|(item, list)| format!("{item} in {list}")),
        (integer(), integer(), integer()).prop_map(|(item, one, two)| format!("{item} in [{one}, {two}]")),
        (text(), prop_oneof![Just("startsWith"), Just("endsWith"), Just("contains")], text())
            .prop_map(|(whole, how, piece)| format!("{whole}.{how}({piece})")),
        (texts(), prop_oneof![Just("all"), Just("exists")], about_element())
            .prop_map(|(list, how, holds)| format!("{list}.{how}(t, {holds})")),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("{left} && {right}")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
            inner.clone().prop_map(|of| format!("!({of})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(condition, yes, no)| format!("(({condition}) ? ({yes}) : ({no}))")),
        ]
    })
}

/// Words and signs in any order, some without a space between them.
fn pieces() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        "?",
        ":",
        "!",
        "-",
        "+",
        "*",
        "/",
        "==",
        "!=",
        "<=",
        ">",
        "&&",
        "||",
        " in ",
        "%",
        " ",
        "\n",
        "1",
        "0x1f",
        "30%",
        "0.5%",
        "2s",
        "9223372036854775808",
        "true",
        "null",
        "'a'",
        "\"ä\"",
        "r'\'",
        "'''b'''",
        "b'c'",
        "'\'",
        "has",
        "has(",
        "size(",
        "rate(",
        "duration(",
        ".all(t,",
        ".exists(t,",
        ".map(t,",
        ".startsWith(",
        "tags",
        "t",
        "method",
        "auth",
        "required",
        "auth.required",
        "timeout.total",
        "rate_limit",
        "token",
        "error_ratio",
        "'1000/min'",
        "'2s'",
        "ha_",
        "al_",
        "//",
        "{",
        "`",
    ];
    proptest::collection::vec(proptest::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn both_interpreters_give_the_same_answer(text in condition(), world in world()) {
        let answer = ours(&text, &world);
        // The other parser takes about 20 frames for each bracket.
        let given = (text.clone(), world.clone());
        let deep = std::thread::Builder::new().stack_size(64 << 20).spawn(move || theirs(&given.0, &given.1));
        let expected = deep.expect("a thread can be begun").join().expect("the oracle does not panic");
        prop_assert_eq!(answer.clone().ok(), expected.clone().ok(), "{}\n{:?}\n{:?} {:?}", text, world, answer, expected);
    }

    #[test]
    fn any_text_is_either_compiled_or_refused(text in prop_oneof![pieces(), "\\PC{0,40}"]) {
        for vocabulary in Vocabulary::ALL {
            match compile(&text, vocabulary) {
                Ok(expression) => {
                    let nothing_there = expression.evaluate(&[]);
                    prop_assert_eq!(expression.holds(&[]), nothing_there == Ok(true));
                }
                Err(mistakes) => {
                    prop_assert!(!mistakes.is_empty());
                    for mistake in mistakes {
                        prop_assert!(text.get(mistake.range.clone()).is_some(), "{:?}", mistake);
                    }
                }
            }
        }
    }
}
