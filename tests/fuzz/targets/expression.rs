//! Any text as an expression, and any table as a stored one: mistakes lie on characters, and an evaluation ends.
#![no_main]

use gw_artifact::expression::{Expression, List, Scalar, Type, Value};
use gw_artifact::model::{Bytes, Millis, Period, Rate};
use gw_compiler::expression::{Vocabulary, compile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(stored) = serde_json::from_str::<Expression>(text) {
        evaluate(&stored);
    }
    for vocabulary in Vocabulary::ALL {
        match compile(text, vocabulary) {
            Err(mistakes) => {
                assert!(!mistakes.is_empty(), "refused without a word");
                assert!(mistakes.iter().all(|mistake| text.get(mistake.range.clone()).is_some()));
            }
            Ok(expression) => {
                evaluate(&expression);
                let stored = serde_json::to_string(&expression).expect("plain data is written");
                let read: Expression = serde_json::from_str(&stored).expect("what was written is read");
                assert_eq!(read, expression);
            }
        }
    }
});

/// With nothing there, and with everything there.
fn evaluate(expression: &Expression) {
    let claims = serde_json::json!({"sub": "alice", "roles": ["admin", 1, null], "realm": {"id": 7.5}});
    let inputs: Vec<Option<Value<'_>>> =
        expression.inputs().iter().map(|input| Some(value(input.kind, &claims))).collect();
    for inputs in [inputs.as_slice(), &[]] {
        let answer = expression.evaluate(inputs);
        assert_eq!(expression.holds(inputs), answer == Ok(true));
        assert!(expression.decided_by(inputs).iter().all(|input| *input < expression.inputs().len()));
    }
}

fn value(kind: Type, claims: &serde_json::Value) -> Value<'_> {
    const TEXTS: &[Value<'_>] = &[Value::Text(""), Value::Text("a"), Value::Text("ä")];
    match kind {
        Type::One(Scalar::Bool) => Value::Bool(true),
        Type::One(Scalar::Integer) => Value::Integer(i64::MIN),
        Type::One(Scalar::Permille) => Value::Permille(300),
        Type::One(Scalar::Rate) => Value::Rate(Rate { count: u64::MAX, per: Period::Month }),
        Type::One(Scalar::Duration) => Value::Duration(Millis(u32::MAX)),
        Type::One(Scalar::Size) => Value::Size(Bytes(u64::MAX)),
        Type::One(Scalar::Text) => Value::Text("GET"),
        Type::List(_) => Value::List(List::new(TEXTS)),
        Type::Json => Value::Json(claims),
    }
}
