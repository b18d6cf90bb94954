//! What this crate reads, beside what serde_json and serde_yaml read from the same text.

use gw_syntax::{Kind, NodeRef, Severity, Sink, SourceMap, Span, Tree, parse};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Number, Value};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_text_gives_the_value_it_was_written_from(value in value()) {
        let compact = serde_json::to_string(&value).expect("a value is written");
        let pretty = serde_json::to_string_pretty(&value).expect("a value is written");
        prop_assert_eq!(read_clean("a.json", &compact), value.clone());
        prop_assert_eq!(read_clean("a.json", &pretty), value);
    }

    #[test]
    fn json_text_gives_the_same_value_as_yaml(value in value()) {
        let text = serde_json::to_string_pretty(&value).expect("a value is written");
        prop_assert_eq!(read_clean("a.yaml", &format!("# not JSON\n{text}")), value);
    }

    #[test]
    fn yaml_text_gives_the_value_it_was_written_from(value in value()) {
        let text = serde_yaml::to_string(&value).expect("a value is written");
        prop_assert_eq!(read_clean("a.yaml", &text), value);
    }

    #[test]
    fn json_is_accepted_exactly_when_serde_json_accepts_it(text in JSON_LIKE) {
        let oracle = serde_json::from_str::<Value>(&text);
        let (tree, _) = read("a.json", &text);
        match (&oracle, &tree) {
            (Ok(value), Some(tree)) => prop_assert_eq!(rounded(&value_of(tree.root())), rounded(value)),
            (Err(error), Some(_)) => prop_assert!(error.to_string().contains("out of range"), "{}", error),
            (Ok(_), None) => prop_assert!(false, "refused {:?}", text),
            (Err(_), None) => {}
        }
    }

    #[test]
    fn no_text_breaks_the_readers(text in YAML_LIKE) {
        for path in ["a.yaml", "a.json"] {
            let (tree, errors) = read(path, &text);
            prop_assert!(tree.is_some() || errors > 0, "no tree and no reason: {:?}", text);
            if let Some(tree) = tree {
                prop_assert_eq!(spans_that_do_not_nest(&tree), Vec::<Span>::new());
            }
        }
    }

    #[test]
    fn no_bytes_break_the_readers(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        for path in ["a.yaml", "a.json"] {
            let mut sources = SourceMap::new();
            let id = sources.add(path, bytes.clone());
            let mut sink = Sink::new();
            let tree = parse(&sources, id, &mut sink);
            prop_assert!(tree.is_some() || sink.has_errors());
        }
    }

    #[test]
    fn damage_gives_a_tree_or_a_located_error(value in value(), at in any::<Index>(), with in DAMAGE) {
        let mut text = serde_yaml::to_string(&value).expect("a value is written");
        let places: Vec<usize> = text.char_indices().map(|(offset, _)| offset).collect();
        text.insert_str(places[at.index(places.len())], &with);
        let (tree, errors) = read("a.yaml", &text);
        prop_assert!(tree.is_some() || errors > 0);
        if let Some(tree) = tree {
            prop_assert_eq!(spans_that_do_not_nest(&tree), Vec::<Span>::new());
        }
    }
}

const JSON_LIKE: &str = "[\\[\\]{}:,\"\\\\ntrue0-19.eE+/ \n\u{1}é]{0,12}";
const YAML_LIKE: &str = "[a-c0:\\-\n {}\\[\\],'\"#&*!|>%?\t\r\u{feff}é]{0,40}";
const DAMAGE: &str = "[\\[\\]{}:,'\"*&!\n\t -]{1,2}";

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e12..1e12f64).prop_map(Value::from),
        string().prop_map(Value::String),
    ];
    scalar.prop_recursive(4, 40, 16, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::hash_map(string(), inner, 0..16)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Strings of all sorts but those that YAML 1.1, which the oracle writes, takes for something else: the
/// merge key (GW0113) and the line breaks of Unicode.
fn string() -> impl Strategy<Value = String> {
    let marks = "[ \n\t\"'\\\\:#&*!|>%@`{}\\[\\],?-]{0,6}";
    let text = prop_oneof!["[a-z/~$-]{0,8}", "\\PC{0,6}", marks, plain()];
    text.prop_filter("YAML 1.1", |text| text != "<<" && !text.contains(['\u{85}', '\u{2028}', '\u{2029}']))
}

/// Text that older or looser readers take for something else.
fn plain() -> impl Strategy<Value = String> {
    prop::sample::select(WORDS).prop_map(str::to_owned)
}

const WORDS: &[&str] =
    &["yes", "no", "on", "~", "null", "true", "3.0", "0777", "0x1f", "1_000", "1e3", ".inf", "=", "- a"];

fn read(path: &str, text: &str) -> (Option<Tree>, usize) {
    let mut sources = SourceMap::new();
    let id = sources.add(path, text);
    let mut sink = Sink::new();
    let tree = parse(&sources, id, &mut sink);
    let findings = sink.finish(&sources);
    let errors = findings.diagnostics().iter().filter(|d| d.severity == Severity::Error && d.span.is_some());
    (tree, errors.count())
}

fn read_clean(path: &str, text: &str) -> Value {
    let (tree, errors) = read(path, text);
    assert_eq!(errors, 0, "{text}");
    value_of(tree.expect("a clean text gives a tree").root())
}

/// The JSON value of a node; the test's own documents are shallow, so recursion is fine.
fn value_of(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => node.as_bool().map_or(Value::Null, Value::Bool),
        Kind::Integer | Kind::Float => number_of(node),
        Kind::String => node.as_str().map_or(Value::Null, Value::from),
        Kind::Sequence => node.items().map(value_of).collect(),
        Kind::Mapping => Value::Object(node.entries().map(entry_of).collect()),
    }
}

fn number_of(node: NodeRef<'_>) -> Value {
    let integer = node.as_i64().map(Value::from).or_else(|| node.as_u64().map(Value::from));
    integer.unwrap_or_else(|| node.as_f64().and_then(Number::from_f64).map_or(Value::Null, Value::Number))
}

fn entry_of((key, value): (NodeRef<'_>, NodeRef<'_>)) -> (String, Value) {
    (key.scalar_text().unwrap_or_default().to_owned(), value_of(value))
}

/// The value with numbers to 12 digits: serde_json reads `-0` as a float and floats not to the last bit.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(format!("{:.12e}", number.as_f64().unwrap_or_default() + 0.0)),
        Value::Array(items) => items.iter().map(rounded).collect(),
        Value::Object(entries) => {
            let rounded = |(key, value): (&String, &Value)| (key.clone(), rounded(value));
            Value::Object(entries.iter().map(rounded).collect())
        }
        other => other.clone(),
    }
}

/// The spans of nodes that lie outside their parent, or not on characters.
fn spans_that_do_not_nest(tree: &Tree) -> Vec<Span> {
    let mut wrong = Vec::new();
    let mut open = vec![tree.root()];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(node) = open.pop().filter(|node| seen.insert(node.id())) {
        let span = node.span();
        if tree.text().get(span.start as usize..span.end as usize).is_none() {
            wrong.push(span);
        }
        let children = node.items().chain(node.entries().flat_map(|(key, value)| [key, value]));
        for child in children.filter(|child| child.id() > node.id()) {
            let inside = span.start <= child.span().start && child.span().end <= span.end;
            if !inside {
                wrong.push(child.span());
            }
            open.push(child);
        }
    }
    wrong
}
