//! Files that are generated from tables are current. `UPDATE=1` writes them again.

use std::{fs, path::PathBuf};

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

#[test]
fn the_json_schemas_are_current() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = Vec::new();
    for (name, schema) in schemas() {
        let path = folder().join(format!("{name}.schema.json"));
        let text = format!("{schema:#}\n");
        if update {
            fs::create_dir_all(folder()).expect("the folder can be made");
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
