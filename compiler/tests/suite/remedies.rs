//! The lines that the gate's finding prints, put where it says: the project passes.

use crate::support::{Folder, errors, rendered};

/// Puts each block of lines of the first finding's help where the line before it says.
fn applied(folder: &Folder) -> Folder {
    let compilation = folder.compile();
    let help =
        compilation.findings.iter().find_map(|finding| finding.help.clone()).expect("the finding has help");
    let mut fixed = folder.clone();
    // Lines of one file go in from below, so that numbers stay true.
    let mut steps: Vec<(&str, &str)> = Vec::new();
    let mut place = "";
    let mut blocks = help.split("\n\n");
    let first = blocks.next().unwrap_or_default();
    place = first.lines().last().unwrap_or(place);
    for block in blocks {
        let mut lines = block.lines();
        let line = lines.next().unwrap_or_default();
        if line.trim_start().starts_with(['x', 'a', 'd', '"']) && place.starts_with("in ") {
            steps.push((place, block));
        }
        place = block.lines().last().unwrap_or_default();
    }
    for (place, lines) in steps.into_iter().rev() {
        insert(&mut fixed, place, lines);
    }
    fixed
}

fn insert(folder: &mut Folder, place: &str, lines: &str) {
    let (file, place) =
        place.strip_prefix("in ").and_then(|rest| rest.split_once([',', ':'])).expect("a place");
    let text = String::from_utf8(folder.0[file].clone()).expect("it is text");
    let number =
        place.split("line ").nth(1).and_then(|rest| rest.split([' ', '(', ')', ':']).next()?.parse().ok());
    let after = |line: usize| text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
    let (at, lines) = if place.contains("inside the braces") {
        let start = after(number.unwrap_or(1) - 1);
        let key = place.split(['(', '`']).nth(2).and_then(|line| line.split(' ').next()).unwrap_or_default();
        let from = text[start..].find(&key.to_lowercase()).map_or(start, |found| start + found);
        (from + text[from..].find('{').expect("there are braces") + 1, lines.trim_end().to_owned())
    } else if place.contains("below `defaults:`") {
        (text.find("defaults:\n").expect("there are defaults") + "defaults:\n".len(), format!("{lines}\n"))
    } else if let Some(line) = number {
        (after(line), format!("{lines}\n"))
    } else if text.starts_with('{') {
        (1, lines.to_owned())
    } else {
        (text.len(), format!("{lines}\n"))
    };
    let fixed = format!("{}{lines}{}", &text[..at], &text[at..]);
    folder.0.insert(file.to_owned(), fixed.into_bytes());
}

#[track_caller]
fn passes_when_followed(text: &str, name: &str) {
    let folder = Folder::read(text, name);
    assert_eq!(errors(&folder.compile()), ["GW0301"]);
    let fixed = applied(&folder);
    let shown: Vec<_> = fixed.0.values().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    assert!(
        errors(&fixed.compile()).is_empty(),
        "{}\n{}",
        rendered(&fixed.compile()),
        shown.join("\n-----\n")
    );
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: t, version: \"1\"}\n";
const TOKEN: &str = "components: {securitySchemes: {token: {type: http, scheme: bearer}}}\n";
const GW: &str = "# file: gw.yaml\ngw: 1\nname: shop\napis: [{name: a, spec: a.yaml}]\nupstreams: {u: {}}\n";

#[test]
fn at_the_root_of_a_bare_document() {
    passes_when_followed(&format!("{HEAD}paths:\n  /a:\n    get:\n      responses: {{}}\n"), "openapi.yaml");
    let json = r#"{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}"#;
    passes_when_followed(json, "openapi.json");
}

#[test]
fn on_operations_where_the_root_does_not_fit() {
    let demanding = "    post:\n      security: [{token: []}]\n      responses: {}\n";
    let silent = format!(
        "    get:\n      responses: {{}}\n{demanding}    put:\n        security: []\n        responses: {{}}\n"
    );
    passes_when_followed(&format!("{HEAD}{TOKEN}paths:\n  /a:\n{silent}"), "openapi.yaml");
}

#[test]
fn inside_braces() {
    let operations = "    get: {responses: {}}\n    post: {security: [{token: []}], responses: {}}\n";
    passes_when_followed(&format!("{HEAD}{TOKEN}paths:\n  /a:\n{operations}"), "openapi.yaml");
}

#[test]
fn in_the_defaults_of_a_project() {
    let document = format!("# file: a.yaml\n{HEAD}paths:\n  /a:\n    get: {{responses: {{}}}}\n");
    passes_when_followed(&format!("{GW}defaults:\n    upstream: u\n{document}"), "");
    passes_when_followed(&format!("{GW}defaults: {{upstream: u}}\n{document}"), "");
}

#[test]
fn in_both_where_the_document_speaks_in_part() {
    let paths = "paths:\n  /a:\n    get:\n      responses: {}\n    post:\n      security: []\n      responses: {}\n    \
                 put:\n      security: [{token: []}]\n      responses: {}\n";
    passes_when_followed(&format!("{GW}defaults:\n  upstream: u\n# file: a.yaml\n{HEAD}{TOKEN}{paths}"), "");
}
