//! Documents with every object of their version, each with one thing changed: what the official schema refuses then,
//! gw has a finding about.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{documents::value_of, schemas::Official, verdict};

const WHOLE: [&str; 3] =
    [include_str!("whole-3.0.yaml"), include_str!("whole-3.1.yaml"), include_str!("whole-3.2.yaml")];

/// What is done to one place of a document.
#[derive(Clone, Copy, Debug)]
enum Change {
    Removed,
    Renamed,
    Added,
    Replaced(usize),
}

/// What a value is replaced by.
fn values() -> [Value; 6] {
    [json!(7), json!("odd"), json!([]), json!({}), json!(null), json!(true)]
}

#[test]
fn the_whole_documents_are_clean() {
    let official = Official::read();
    for text in WHOLE {
        assert_eq!(official.refusals(&value_of(text).unwrap()).unwrap(), [""; 0]);
        assert!(verdict::codes(text).is_empty(), "{:?} of {}", verdict::codes(text), &text[..20]);
    }
}

#[test]
fn what_the_schema_of_3_0_refuses_of_a_changed_document_has_a_finding() {
    has_a_finding(WHOLE[0]);
}

#[test]
fn what_the_schema_of_3_1_refuses_of_a_changed_document_has_a_finding() {
    has_a_finding(WHOLE[1]);
}

#[test]
fn what_the_schema_of_3_2_refuses_of_a_changed_document_has_a_finding() {
    has_a_finding(WHOLE[2]);
}

#[track_caller]
fn has_a_finding(text: &str) {
    let official = Official::read();
    let whole = value_of(text).expect("the document reads");
    let mut refused = 0;
    let mut missed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (place, change, mutant) in mutants(&whole) {
        let refusals = official.refusals(&mutant).unwrap_or_default();
        if refusals.is_empty() {
            continue;
        }
        refused += 1;
        if verdict::codes(&mutant.to_string()).is_empty() {
            missed.insert(format!("{place} {change:?}"), refusals);
        }
    }
    assert!(missed.is_empty(), "{} of {refused}: {missed:#?}", missed.len());
    assert!(refused > 1000, "{refused} changes are refused");
}

/// Every document that differs in one place.
fn mutants(whole: &Value) -> Vec<(String, Change, Value)> {
    let mut mutants = Vec::new();
    for place in places(whole) {
        let replaced = (0..values().len()).map(Change::Replaced);
        for change in [Change::Removed, Change::Renamed, Change::Added].into_iter().chain(replaced) {
            let mut mutant = whole.clone();
            if apply(&mut mutant, &place, change).is_some() {
                mutants.push((place.clone(), change, mutant));
            }
        }
    }
    mutants
}

/// The paths of all values but the root.
fn places(whole: &Value) -> Vec<String> {
    let mut places = Vec::new();
    let mut open = vec![(String::new(), whole)];
    while let Some((place, value)) = open.pop() {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), value)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
            }
            _ => Vec::new(),
        };
        for (key, value) in inner {
            let inner = format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
            places.push(inner.clone());
            open.push((inner, value));
        }
    }
    places.sort();
    places
}

fn apply(document: &mut Value, place: &str, change: Change) -> Option<()> {
    let (parent, key) = place.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    match change {
        Change::Removed => drop(document.pointer_mut(parent)?.as_object_mut()?.remove(&key)?),
        Change::Renamed => {
            let entries = document.pointer_mut(parent)?.as_object_mut()?;
            let value = entries.remove(&key)?;
            entries.insert(format!("{key}-odd"), value);
        }
        Change::Added => {
            document.pointer_mut(place)?.as_object_mut()?.insert("odd".to_owned(), json!({}));
        }
        Change::Replaced(value) => *document.pointer_mut(place)? = values().into_iter().nth(value)?,
    }
    Some(())
}
