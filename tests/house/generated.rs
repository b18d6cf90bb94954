//! Files that are generated from tables are current. `UPDATE=1` writes them again.

use std::{fmt::Write as _, fs, path::PathBuf};

use gw_decision::FieldKind;
use gw_tests::repository;
use serde_json::Value;

/// Every JSON Schema, by the name that `gw schema` knows.
fn schemas() -> Vec<(&'static str, Value)> {
    let of_the_compiler = gw_compiler::SCHEMAS.iter().map(|name| (*name, gw_compiler::schema(name)));
    let of_the_compiler =
        of_the_compiler.map(|(name, schema)| (name, schema.expect("the list is of schemas")));
    let others = [
        ("bindings", gw_runtime::bindings::schema()),
        ("suite", gw_replay::suite_schema()),
        ("log", gw_replay::log_line_schema()),
    ];
    of_the_compiler.chain(others).collect()
}

fn folder() -> PathBuf {
    repository().join("schemas/json")
}

/// Every generated file, by its path in the repository.
fn files() -> Vec<(String, String)> {
    let schemas = schemas().into_iter();
    let schemas =
        schemas.map(|(name, schema)| (format!("schemas/json/{name}.schema.json"), format!("{schema:#}\n")));
    let pages = [
        ("docs/keys.md".to_owned(), gw_compiler::render_reference()),
        ("docs/findings.md".to_owned(), findings()),
        ("docs/log-line.md".to_owned(), log_line()),
    ];
    schemas.chain(pages).collect()
}

/// The codes of all findings, with the way to their pages.
fn findings() -> String {
    let mut page = String::from(
        "# Findings\n\nThis page is generated from the tables of codes. A code's own page says why, with an example \
         that fires and one that\ndoes not; `gw explain GW0301` shows it too.\n\n\
         | Code | Severity | Name | What was found |\n|---|---|---|---|\n",
    );
    for entry in gw_compiler::codes() {
        let gw_syntax::CodeEntry { code, severity, name, title } = entry;
        let path = format!("../compiler/src/codes/{code}.md");
        let _ = writeln!(page, "| [{code}]({path}) | {} | {name} | {title} |", severity.as_str());
    }
    page
}

/// The fields of the access log.
fn log_line() -> String {
    let mut page = String::from(
        "# The log line\n\nThis page is generated from the table of fields. One exchange is one line of JSON, in the \
         names of the Elastic Common\nSchema where it has them. An optional field is left out when what it says was \
         not there. `gw schema log` is the JSON Schema.\n\n| Field | Type | | Says |\n|---|---|---|---|\n",
    );
    for field in gw_decision::FIELDS {
        let kind = match field.kind {
            FieldKind::Timestamp => "time",
            FieldKind::Text => "text",
            FieldKind::Number => "number",
            FieldKind::List => "texts",
        };
        let presence = if field.optional { "optional" } else { "" };
        let _ = writeln!(page, "| `{}` | {kind} | {presence} | {} |", field.name, field.doc);
    }
    page
}

#[test]
fn generated_files_are_current() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = Vec::new();
    for (name, text) in files() {
        let path = repository().join(&name);
        if update {
            fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
            fs::write(&path, &text).expect("the file can be written");
        }
        if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; `UPDATE=1 cargo nextest run -p gw-tests --test house` writes them"
    );
}

#[test]
fn every_json_schema_is_generated() {
    let generated: Vec<_> = schemas().iter().map(|(name, _)| format!("{name}.schema.json")).collect();
    let entries = folder().read_dir().expect("the folder is there").flatten();
    let strangers = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let strangers: Vec<_> = strangers.filter(|name| !generated.contains(name)).collect();
    assert_eq!(strangers, Vec::<String>::new());
}
