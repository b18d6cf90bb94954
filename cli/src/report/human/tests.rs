//! What a person sees.

use gw_syntax::{Code, CodeEntry, SourceMap, Span};

use super::*;

const ENTRY: CodeEntry =
    CodeEntry { code: Code(301), name: "not-said", severity: Severity::Error, title: "nobody said" };

fn render_one(text: &str, finding: impl FnOnce(SourceId) -> Finding) -> String {
    let mut sources = SourceMap::new();
    let id = sources.add("orders.yaml", text);
    let mut report = Report::default();
    report.push(Batch { shown: "shop".into(), sources, findings: vec![finding(id)], ..Batch::default() });
    render(&report, Look::Plain)
}

#[test]
fn a_finding_shows_place_caret_label_help_pointer_and_fingerprint() {
    let text = "paths:\n  /orders:\n    get:\n      x-gw-auth: {}\n";
    let shown = render_one(text, |id| {
        Finding::new(&ENTRY, "the operation `GET /orders` declares no security")
            .at(Span::new(id, 22, 25))
            .with_label(Span::new(id, 33, 42), "this says nothing")
            .with_pointer(gw_syntax::Pointer::parse("/paths/~1orders/get").unwrap())
            .with_help("add one of:\n  x-gw-auth: {public: true, reason: \"…\"}")
            .about("GET /orders")
    });
    insta::assert_snapshot!(shown);
}

#[test]
fn a_finding_about_no_place_has_no_snippet() {
    let shown = render_one("", |_| Finding::new(&ENTRY, "there is no operation"));
    insta::assert_snapshot!(shown);
}

#[test]
fn a_place_at_the_end_of_an_empty_file_is_shown() {
    let shown = render_one("", |id| Finding::new(&ENTRY, "the file is empty").at(Span::at(id, 0)));
    insta::assert_snapshot!(shown);
}

#[test]
fn a_very_long_line_is_shown_in_part() {
    let text = format!("{{\"a\": {}}}", "[".repeat(200_000));
    let shown = render_one(&text, |id| Finding::new(&ENTRY, "too deep").at(Span::new(id, 100_000, 200_000)));
    assert!(shown.len() < 2_000, "{}", shown.len());
    assert!(shown.contains("orders.yaml:1:100001"), "{shown}");
}

#[test]
fn two_places_far_apart_on_a_long_line_get_a_snippet_each() {
    let text = "x".repeat(200_000);
    let shown = render_one(&text, |id| {
        Finding::new(&ENTRY, "twice")
            .at(Span::new(id, 199_000, 199_001))
            .with_label(Span::new(id, 10, 11), "first")
    });
    assert!(shown.len() < 4_000, "{}", shown.len());
    assert!(shown.contains("orders.yaml:1:199001") && shown.contains("orders.yaml:1:11"), "{shown}");
}
