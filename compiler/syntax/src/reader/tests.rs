use std::collections::BTreeSet;
use std::fmt::Write;

use super::*;
use crate::code::Code;
use crate::sink::Findings;

/// What reading one file gives: the input, then the findings as plain text.
fn report(path: &str, text: &[u8]) -> String {
    let (sources, findings, tree) = read(path, text);
    let mut out = format!("----- {path}\n{}\n-----\n", shown(sources.text(SourceId(0))));
    for finding in findings.diagnostics() {
        describe(finding, &sources, &mut out);
    }
    for (code, count) in findings.suppressed() {
        writeln!(out, "and {count} more of {code}").expect("a string takes everything");
    }
    writeln!(out, "{}", if tree.is_some() { "a tree" } else { "no tree" })
        .expect("a string takes everything");
    out
}

/// The text with control characters escaped; of a long one the beginning.
fn shown(text: &str) -> String {
    let limit = if text.chars().count() > 500 { 60 } else { 500 };
    let escape =
        |c: char| if c.is_control() && c != '\n' { c.escape_default().to_string() } else { c.to_string() };
    let start: String = text.chars().take(limit).map(escape).collect();
    if text.chars().nth(limit).is_some() { format!("{start}… ({} bytes)", text.len()) } else { start }
}

fn describe(finding: &Diagnostic, sources: &SourceMap, out: &mut String) {
    let place = |span: Span| {
        let (start, end) =
            (sources.position(span.source, span.start), sources.position(span.source, span.end));
        format!("{}:{} to {}:{}", start.line, start.column, end.line, end.column)
    };
    let at = finding.span.map(place).unwrap_or_default();
    let pointer = finding.pointer.as_ref().map_or("-", Pointer::as_str);
    writeln!(out, "{} {} {at} [{pointer}]\n  {}", finding.code, finding.severity, finding.message)
        .expect("a string takes everything");
    for label in &finding.labels {
        writeln!(out, "  label {}: {}", place(label.span), label.text).expect("a string takes everything");
    }
    if let Some(help) = &finding.help {
        writeln!(out, "  help: {help}").expect("a string takes everything");
    }
    writeln!(out, "  {} about {}", finding.fingerprint(), finding.subject)
        .expect("a string takes everything");
}

fn read(path: &str, text: &[u8]) -> (SourceMap, Findings, Option<Tree>) {
    let mut sources = SourceMap::new();
    let id = sources.add(path, text);
    let mut sink = Sink::new();
    let tree = parse(&sources, id, &mut sink);
    let findings = sink.finish(&sources);
    (sources, findings, tree)
}

/// For every code the inputs that fire it; the snapshot of that name shows the findings.
fn cases() -> Vec<(CodeName, Vec<Case>)> {
    let text = |path, text: &str| (path, text.as_bytes().to_vec());
    let nested = |open: &str, count: usize| open.repeat(count).into_bytes();
    vec![
        (
            "file-empty",
            vec![
                text("a.yaml", ""),
                text("a.json", " \n"),
                text("a.yaml", "# only a comment\n"),
                text("a.yaml", "---\n...\n"),
                text("a.yaml", "\u{feff}"),
            ],
        ),
        (
            "text-not-utf8",
            vec![("a.yaml", b"info: caf\xe9\n".to_vec()), ("a.json", b"\xff\xfe{\0}\0".to_vec())],
        ),
        (
            "yaml-syntax",
            vec![
                text("a.yaml", "description: see: there\n"),
                text("a.yaml", "a: @handle\n"),
                text("a.yaml", "allow: *\n"),
                text("a.yaml", "a: 'open\nb: 1\n"),
                text("a.yaml", "a: [1, 2\nb: 3\n"),
                text("a.yaml", "a:\n  b: 1\n c: 2\n"),
                text("a.yaml", "{a: 1}}\n"),
                text("a.yaml", "- a\nb: 1\n"),
                text("a.yaml", "a: \"\\q\"\n"),
                text("a.yaml", "a: {b: 1]\n"),
                text("stdin", "{\"a\": 1,,}"),
            ],
        ),
        (
            "json-syntax",
            vec![
                text("a.json", "{\"a\": [1, 2}\n"),
                text("a.json", "{\"a\": 1,}"),
                text("a.json", "[1, // one\n2]"),
                text("a.json", "{'a': 1}"),
                text("a.json", "{\"a\" 1}"),
                text("a.json", "{\"a\": 01}"),
                text("a.json", "{\"a\": -}"),
                text("a.json", "{\"a\": \"x\ny\"}"),
                text("a.json", "{\"a\": \"\\x\"}"),
                text("a.json", "{\"a\": \"\\ud83d\"}"),
                text("a.json", "{\"a\": \"open"),
                text("a.json", "{\"a\": {\"b\": 1"),
                text("a.json", "{} {}"),
                text("a.json", "info: 1\n"),
                text("a.json", "[True]"),
            ],
        ),
        (
            "nesting-too-deep",
            vec![
                ("a.yaml", nested("[", 200_000)),
                ("a.json", nested("[", 200_000)),
                ("a.json", nested("{\"a\":", 20_000)),
                ("a.yaml", nested("- ", 20_000)),
                ("a.yaml", indented(20_000)),
                ("a.yaml", chained_aliases(10, 100)),
            ],
        ),
        (
            "duplicate-key",
            vec![
                text("a.yaml", "get: 1\nput: 2\n'get': 3\n"),
                text("a.json", "{\"x\": {\"a/b\": 1, \"a\\u002fb\": 2, \"a/b\": 3}}"),
                text("a.yaml", "200: a\n\"200\": b\n"),
            ],
        ),
        (
            "key-not-scalar",
            vec![
                text("a.yaml", "{name}: 1\n{other}: 2\n"),
                text("a.yaml", "? [a, b]\n: 1\n"),
                text("a.yaml", "a: &x {b: 1}\n*x : 2\n"),
            ],
        ),
        ("several-documents", vec![text("a.yaml", "a: 1\n---\nb: 2\n---\nc: 3\n")]),
        ("alias-unknown", vec![text("a.yaml", "a: *nothing\nb: [*later, &later 1]\n")]),
        ("alias-cyclic", vec![text("a.yaml", "a: &x\n  b: [1, *x]\n")]),
        ("alias-explosion", vec![("a.yaml", laughs(9))]),
        ("merge-key", vec![text("a.yaml", "a: &x {k: 1}\nb:\n  <<: *x\n  l: 2\n")]),
        (
            "tag-unsupported",
            vec![text("a.yaml", "a: !include b.yaml\nb: !!binary aGk=\nc: !vault [1]\nd: !!set {}\n")],
        ),
        ("tag-mismatch", vec![text("a.yaml", "a: !!int five\nb: !!map [1]\nc: !!str {}\nd: !!null x\n")]),
        ("tab-indentation", vec![text("a.yaml", "a:\n\tb: 1\n"), text("a.yaml", "a:\n  - b: 1\n\tc: 2\n")]),
        ("control-character", vec![text("a.yaml", "a: b\0c\n"), text("a.json", "{\"a\": \"x\u{1}y\tz\"}")]),
    ]
}

type CodeName = &'static str;

/// A path and the bytes of the file.
type Case = (&'static str, Vec<u8>);

fn indented(levels: usize) -> Vec<u8> {
    (0..levels).map(|level| " ".repeat(level % 300) + "a:\n").collect::<String>().into_bytes()
}

/// Anchors that each stand 100 levels deep in the next: no text is deep, what they mean is.
fn chained_aliases(links: usize, levels: usize) -> Vec<u8> {
    let (open, close) = ("[".repeat(levels), "]".repeat(levels));
    let link = |n: usize| match n {
        0 => format!("a0: &a0 {open}1{close}\n"),
        _ => format!("a{n}: &a{n} {open}*a{}{close}\n", n - 1),
    };
    (0..links).map(link).collect::<String>().into_bytes()
}

/// Each anchor holds nine of the one before.
fn laughs(levels: usize) -> Vec<u8> {
    let line = |n: usize| match n {
        0 => "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned(),
        _ => format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", ")),
    };
    (0..levels).map(line).collect::<String>().into_bytes()
}

#[test]
fn every_refusal_says_where_and_what() {
    for (name, inputs) in cases() {
        let reports: Vec<String> = inputs.iter().map(|(path, text)| report(path, text)).collect();
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(name, reports.join("\n"));
        });
    }
}

#[test]
fn every_code_has_an_input_that_fires_it() {
    // A file of that size has no place in a test; see `a_file_that_is_too_large_is_refused`.
    let mut silent: BTreeSet<Code> = codes::CODES.iter().map(|entry| entry.code).collect();
    silent.remove(&codes::FILE_TOO_LARGE.code);
    for (name, inputs) in cases() {
        let entry = codes::CODES.iter().find(|entry| entry.name == name).expect("the name is a code's");
        for (path, text) in inputs {
            let fired: Vec<Code> = read(path, &text).1.diagnostics().iter().map(|d| d.code).collect();
            assert!(fired.contains(&entry.code), "{name}: {fired:?}");
        }
        silent.remove(&entry.code);
    }
    assert_eq!(silent, BTreeSet::new());
}

#[test]
fn broken_text_gives_no_tree_but_a_doubled_key_does() {
    assert!(read("a.json", b"{\"a\": 1").2.is_none());
    let (_, _, tree) = read("a.json", b"{\"a\": 1, \"a\": 2}");
    assert_eq!(tree.and_then(|tree| tree.root().get("a")?.as_i64()), Some(1));
}

#[test]
fn a_path_decides_and_else_the_first_character() {
    assert!(read("a.JSON", b"a: 1").2.is_none(), "a .json file is never read as YAML");
    assert!(read("stdin", b" {\"a\": 1}").2.is_some());
    assert!(read("a.yaml", b"{a: 1, b: [x, y]}").2.is_some(), "flow YAML is no JSON and still fine");
    assert!(read("a.yaml", b"[{\"a\": 1}, # comment\n]").2.is_some());
}

#[test]
fn a_byte_order_mark_is_skipped() {
    for (path, text) in
        [("a.yaml", "\u{feff}a: 1"), ("a.json", "\u{feff}{\"a\": 1}"), ("x", "\u{feff}{\"a\": 1}")]
    {
        let (_, findings, tree) = read(path, text.as_bytes());
        assert!(findings.diagnostics().is_empty());
        assert_eq!(tree.and_then(|tree| tree.root().get("a")?.as_i64()), Some(1));
    }
}

#[test]
fn nesting_up_to_the_bound_is_read() {
    for path in ["a.json", "a.yaml"] {
        let text = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
        assert!(read(path, text.as_bytes()).2.is_some(), "{path}");
        assert!(read(path, format!("[{text}]").as_bytes()).2.is_none(), "{path}");
    }
    let flow = format!("# yaml\n{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert!(read("a.yaml", flow.as_bytes()).2.is_some());
    let block = "- ".repeat(MAX_DEPTH) + "x";
    assert!(read("a.yaml", block.as_bytes()).2.is_some());
    assert!(read("a.yaml", format!("- {block}").as_bytes()).2.is_none());
}

#[test]
fn aliases_below_the_bound_are_followed() {
    let (_, findings, tree) = read("a.yaml", &laughs(5));
    assert!(findings.diagnostics().is_empty());
    let tree = tree.expect("it is read");
    assert_eq!(tree.root().get("a4").map(crate::NodeRef::len), Some(9));
    assert!(tree.node_count() < 100, "nodes are shared, not copied");
}

#[test]
fn endless_keys_do_not_multiply_in_findings() {
    let long = "k".repeat(100_000);
    let (_, findings, _) = read("a.json", format!("{{\"{long}\": {{\"a\": 1, \"a\": 2}}}}").as_bytes());
    let finding = &findings.diagnostics()[0];
    assert_eq!((finding.pointer.as_ref(), finding.subject.as_str()), (None, "a.json"));
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let entry = codes::FILE_TOO_LARGE;
    assert_eq!(
        refuse_length(&input("a.yaml"), MAX_SOURCE_BYTES + 1).map(|finding| finding.code),
        Some(entry.code)
    );
    assert_eq!(refuse_length(&input("a.yaml"), MAX_SOURCE_BYTES).map(|finding| finding.code), None);
}

fn input(path: &str) -> Input {
    Input { source: SourceId(0), path: path.to_owned(), text: Arc::new(String::new()) }
}
