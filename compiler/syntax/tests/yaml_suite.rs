//! The YAML reader beside yaml-test-suite, from `tests/corpus/fetch small`.
//!
//! What gw reads is narrower than YAML on purpose: one document, keys that are scalars and stand once, no tags of its
//! own making. So valid texts may be refused, each with a code that says so, and the snapshot lists every one. What is
//! accepted has the value that the suite gives. Invalid texts that are accepted are listed too.

use std::fmt::Write as _;
use std::path::Path;

use gw_syntax::{Kind, NodeRef, Severity, Sink, SourceMap, Tree, parse};
use serde_json::{Map, Number, Value};

#[expect(clippy::disallowed_methods, reason = "a test may read the files that it is about")]
fn tests() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/corpus/yamlsuite/data");
    let entries = std::fs::read_dir(&folder)
        .unwrap_or_else(|fault| panic!("{}: {fault}; run tests/corpus/fetch small", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "js") && !path.ends_with("index.js"));
    paths.sort();
    let read = |path: &Path| {
        let text = std::fs::read_to_string(path).expect("it can be read");
        let (_, json) = text.split_once("export default ").expect("a module with one value");
        serde_json::from_str(json.trim_end().trim_end_matches(';')).expect("the value is JSON")
    };
    paths.iter().map(|path| read(path)).collect()
}

/// The tree, and the codes of errors.
fn read(text: &str) -> (Option<Tree>, Vec<String>) {
    let mut sources = SourceMap::new();
    let id = sources.add("a.yaml", text);
    let mut sink = Sink::new();
    let tree = parse(&sources, id, &mut sink);
    let findings = sink.finish(&sources);
    let errors = findings.diagnostics().iter().filter(|finding| finding.severity == Severity::Error);
    let mut codes: Vec<String> = errors.map(|finding| finding.code.to_string()).collect();
    codes.dedup();
    (tree, codes)
}

/// The JSON value of a node. The suite's texts are shallow, so recursion is fine.
fn value_of(node: NodeRef<'_>) -> Value {
    let number = |number: Option<f64>| number.and_then(Number::from_f64).map_or(Value::Null, Value::Number);
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => node.as_bool().map_or(Value::Null, Value::Bool),
        Kind::Integer | Kind::Float => number(node.as_f64()),
        Kind::String => node.as_str().map_or(Value::Null, Value::from),
        Kind::Sequence => node.items().map(value_of).collect(),
        Kind::Mapping => {
            let entry = |(key, value): (NodeRef<'_>, _)| {
                (key.scalar_text().unwrap_or_default().to_owned(), value_of(value))
            };
            Value::Object(node.entries().map(entry).collect::<Map<_, _>>())
        }
    }
}

/// The value with all numbers as floats.
fn floated(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64()),
        Value::Array(items) => items.iter().map(floated).collect(),
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), floated(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn valid_texts_have_their_value_and_invalid_ones_are_refused() {
    let (mut valid, mut invalid) = ((0, 0), (0, 0));
    let (mut refused, mut accepted) = (String::new(), String::new());
    for test in tests() {
        for (number, case) in test["cases"].as_array().into_iter().flatten().enumerate() {
            let name = format!("{}-{number} {}", test["id"].as_str().unwrap_or_default(), case["name"]);
            let (tree, codes) = read(case["yaml"].as_str().unwrap_or_default());
            let is_clean = tree.is_some() && codes.is_empty();
            if case["fail"] == true {
                invalid = (invalid.0 + u32::from(!is_clean), invalid.1 + 1);
                if is_clean {
                    writeln!(accepted, "{name}").expect("a string takes everything");
                }
                continue;
            }
            valid = (valid.0 + u32::from(is_clean), valid.1 + 1);
            if !is_clean {
                writeln!(refused, "{} {name}", codes.join(" ")).expect("a string takes everything");
                continue;
            }
            let documents = case["json"].as_str().map(serde_json::Deserializer::from_str);
            let documents: Vec<Value> = documents
                .into_iter()
                .flat_map(serde_json::Deserializer::into_iter::<Value>)
                .filter_map(Result::ok)
                .collect();
            if let ([expected], Some(tree)) = (documents.as_slice(), &tree) {
                assert_eq!(value_of(tree.root()), floated(expected), "{name}");
            }
        }
    }
    let told = format!(
        "{} of {} valid texts are read, {} of {} invalid ones are refused\n\nvalid and refused:\n{refused}\n\
         invalid and accepted:\n{accepted}",
        valid.0, valid.1, invalid.0, invalid.1
    );
    insta::assert_snapshot!(told);
}
