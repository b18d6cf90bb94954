//! Templates and paths over a small alphabet, so that they meet.

use proptest::prelude::*;

use super::super::*;

/// Text that several templates and paths are likely to share.
fn word() -> impl Strategy<Value = String> {
    let units =
        prop_oneof![4 => "[ab]", 1 => "[.-]", 1 => Just("%25".to_owned()), 1 => Just("%C3%A9".to_owned())];
    prop::collection::vec(units, 1..4).prop_map(|units| units.concat()).prop_filter("dots", |text| {
        !matches!(text.as_str(), "." | "..") && crate::canonical_path::canonicalize_literal(text).is_ok()
    })
}

fn segment() -> impl Strategy<Value = String> {
    let partial = prop_oneof![
        (word(), Just("{}".to_owned())).prop_map(|(a, b)| a + &b),
        word().prop_map(|text| format!("{{}}{text}")),
        word().prop_map(|text| format!("{{}}{text}{{}}")),
        (word(), word()).prop_map(|(a, b)| format!("{a}{{}}{b}")),
        (word(), word()).prop_map(|(a, b)| format!("{{}}{a}{{}}{b}")),
        (word(), word()).prop_map(|(a, b)| format!("{{}}{a}{{}}{b}{{}}")),
    ];
    prop_oneof![3 => word(), 3 => partial, 2 => Just("{}".to_owned())]
}

/// Gives each variable a name of its own.
fn named(segments: &[String], slash: bool) -> String {
    let text = segments.iter().flat_map(|segment| ["/", segment]).collect::<String>();
    let mut named = String::new();
    for (index, piece) in text.split("{}").enumerate() {
        if index > 0 {
            named += &["{v", &index.to_string(), "}"].concat();
        }
        named.push_str(piece);
    }
    named + if slash || segments.is_empty() { "/" } else { "" }
}

pub(super) fn template() -> impl Strategy<Value = String> {
    (prop::collection::vec(segment(), 0..4), prop::bool::weighted(0.15))
        .prop_map(|(s, slash)| named(&s, slash))
}

pub(super) fn template_set() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(template(), 1..12)
}

/// A template of whole segments, without text that wayfind reads otherwise.
pub(super) fn whole_template() -> impl Strategy<Value = String> {
    let segment = prop_oneof![3 => "[ab]{1,2}", 2 => Just("{}".to_owned())];
    prop::collection::vec(segment, 1..5).prop_map(|segments| named(&segments, false))
}

/// A canonical path.
pub(super) fn path() -> impl Strategy<Value = String> {
    let segment = prop::collection::vec(word(), 1..4).prop_map(|words| words.concat());
    (prop::collection::vec(segment, 0..4), prop::bool::weighted(0.15))
        .prop_map(|(segments, slash)| named(&segments, slash))
        .prop_filter("canonical", |path| crate::canonical_path::canonicalize(path).is_ok())
}

pub(super) fn value() -> impl Strategy<Value = String> {
    word()
}

/// The template with the same text for each variable.
pub(super) fn fill(template: &Template, value: &str) -> String {
    let segments = template.segments().iter().map(|segment| match segment {
        Segment::Literal(literal) => literal.clone(),
        Segment::Partial(partial) => partial.literals().join(value),
        Segment::Variable => value.to_owned(),
    });
    segments.flat_map(|segment| ["/".to_owned(), segment]).collect()
}
