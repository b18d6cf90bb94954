//! Laws that hold for every value that the key table allows, with values made from the table itself.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::read;
use crate::vocabulary::annotations::ANNOTATIONS;
use crate::vocabulary::{Key, Presence, Shape};

/// Scalars of every form; each form takes those that it reads.
const SCALARS: &[&str] = &[
    "10.0.0.0/8",
    "2001:db8::/32",
    "192.0.2.7",
    "caller",
    "ip",
    "consumer",
    "operation",
    "claim:sub",
    "claim:a.b",
    "header:x-a",
    "header:x-b",
    "path",
    "host",
    "query:q",
    "path:id",
    "connect",
    "reset",
    "timeout",
    "502",
    "404",
    "5s",
    "5s..60s",
    "250ms..1s",
    "1h",
    "365d",
    "enforce",
    "report",
    "none",
    "report@1%",
    "report@0.5%",
    "a.b.C/Get",
    "C/Get",
    "*",
    "field",
    "/",
    "/a",
    "/a/{x}",
    "/a~1b",
    "https://a.example",
    "https://*.a.example:8443",
    "2027-01-31",
    "2027-01-31T12:00:00Z",
    "Sun, 31 Jan 2027 12:00:00 GMT",
    "GW0401",
    "gw0402",
    "x-user",
    "X-User",
    "cookie",
    "sub",
    "scope|scp",
    "token.sub",
    "token.a.b",
    "upstream-timeout",
    "loop",
    "true",
    "1.0",
    "0x1f",
];

/// Texts that plain YAML would take for something else, among others.
const TEXTS: &[&str] =
    &["why", "a: b", "true", "12", "two\nlines", "a \"quote\"", "#", "ä", "- x", "~", "{a}", "\\"];

/// Choices that were made beforehand, so that a failure shrinks.
struct Tape<'t> {
    choices: &'t [u16],
    at: usize,
}

impl Tape<'_> {
    /// A number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        self.at += 1;
        usize::from(self.choices.get(self.at - 1).copied().unwrap_or_default()) % bound.max(1)
    }

    fn one_of<'c>(&mut self, texts: &[&'c str]) -> &'c str {
        texts[self.below(texts.len())]
    }

    /// A value of the shape as YAML on one line. The recursion follows the table.
    fn value(&mut self, shape: &Shape) -> String {
        match shape {
            Shape::Any => self.one_of(&["soon", "{a: [1, x]}", "5"]).to_owned(),
            Shape::Text => in_quotes(self.one_of(TEXTS)),
            Shape::Word => self.one_of(&["a", "1", "2.0"]).to_owned(),
            Shape::Literal => self.one_of(&["'a b'", "-7", "true", "'12'"]).to_owned(),
            Shape::Name => in_quotes(self.one_of(&["orders", "v1.x", "12", "true"])),
            Shape::Flag => self.one_of(&["true", "false"]).to_owned(),
            Shape::True => "true".to_owned(),
            Shape::Integer { least, most } => {
                (least + self.below(300) as u64 % (most - least + 1).min(300)).to_string()
            }
            Shape::Duration => self.one_of(&["250ms", "30s", "90s", "1h"]).to_owned(),
            Shape::Size => self.one_of(&["1B", "64KiB", "1MiB"]).to_owned(),
            Shape::Rate => self.one_of(&["100/min", "1/s", "10000/month"]).to_owned(),
            Shape::Percent => self.one_of(&["0%", "0.5%", "20%", "100%"]).to_owned(),
            Shape::Expression(vocabulary) => in_quotes(vocabulary.example()),
            Shape::Scalar(syntax) => {
                let taken: Vec<&str> =
                    SCALARS.iter().copied().filter(|text| (syntax.check)(text).is_ok()).collect();
                in_quotes(self.one_of(&taken))
            }
            Shape::Choice(choices) => choices[self.below(choices.len())].word.to_owned(),
            Shape::List(item) => {
                let items: Vec<String> = (0..=self.below(3)).map(|_| self.value(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Shape::Map(item) => format!("{{a: {}, b: {}}}", self.value(item), self.value(item)),
            Shape::MapBy(keys, item) => {
                let key = self.value(&Shape::Scalar(keys));
                format!("{{{key}: {}}}", self.value(item))
            }
            Shape::Object(keys) => self.object(keys),
            Shape::Policies(_) => "{}".to_owned(),
            Shape::Either(shapes) => {
                let at = self.below(shapes.len());
                self.value(&shapes[at])
            }
        }
    }

    fn object(&mut self, keys: &[Key]) -> String {
        let mut entries = Vec::new();
        for key in keys {
            if key.presence == Presence::Required || self.below(3) == 0 {
                entries.push(format!("{}: {}", key.name, self.value(&key.shape)));
            }
        }
        format!("{{{}}}", entries.join(", "))
    }
}

fn in_quotes(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The keys whose values have readers of their own.
fn keys() -> impl Iterator<Item = &'static Key> {
    // `sensitive` is a truth, `timeout` and `body-max` are durations and sizes in the words of their author.
    ANNOTATIONS.iter().filter(|key| !["sensitive", "timeout", "body-max"].contains(&key.name))
}

/// Whether the value has no finding; then its text reads as the same value.
fn reads_back(key: &Key, value: &str) -> bool {
    let (first, codes) = read(key.name, value);
    let strange: Vec<&String> = codes
        .iter()
        .filter(|code| !["GW0120", "GW0121", "GW0122", "GW0132", "GW0133", "GW0135"].contains(&code.as_str()))
        .collect();
    assert!(strange.is_empty(), "{}: {value}: {strange:?}", key.name);
    if !codes.is_empty() {
        return false;
    }
    let first = first.unwrap_or_else(|| panic!("{}: {value} has no finding and no value", key.name));
    let (again, codes) = read(key.name, &first.text);
    assert!(codes.is_empty(), "{}: {value} prints as {}: {codes:?}", key.name, first.text);
    assert_eq!(again.as_ref(), Some(&first), "{}: {value}", key.name);
    true
}

proptest! {
    #[test]
    fn what_reads_without_a_finding_prints_as_what_reads_the_same(tape in vec(any::<u16>(), 128)) {
        for key in keys() {
            let value = Tape { choices: &tape, at: 0 }.value(&key.shape);
            reads_back(key, &value);
        }
    }
}

#[test]
fn the_law_is_about_values_of_every_key() {
    let mut runner = TestRunner::deterministic();
    for key in keys() {
        let clean = (0..400).filter(|_| {
            let tape = vec(any::<u16>(), 128).new_tree(&mut runner).expect("a vector of numbers").current();
            reads_back(key, &Tape { choices: &tape, at: 0 }.value(&key.shape))
        });
        let clean = clean.count();
        assert!(clean >= 10, "{}: {clean} of 400 values have no finding", key.name);
    }
}
