//! The official schemas, as an npm package has them: those of 3.1 and 3.2 leave out what stands in Schema Objects.
//!
//! What `format` says is left out too: URLs, mail addresses and patterns are judged where they are used, if at all.

use std::path::PathBuf;

use boon::{Compiler, SchemaIndex, Schemas, ValidationError};
use serde_json::Value;

/// The schemas of all versions, compiled.
pub(crate) struct Official {
    schemas: Schemas,
    versions: [(&'static str, SchemaIndex); 3],
}

impl Official {
    /// Reads and compiles them.
    pub(crate) fn read() -> Self {
        let mut schemas = Schemas::new();
        let versions = ["3.0", "3.1", "3.2"].map(|version| {
            let mut compiler = Compiler::new();
            let url = format!("https://official.example/{version}");
            compiler.add_resource(&url, schema(version)).expect("the URL is new");
            (version, compiler.compile(&url, &mut schemas).expect("an official schema is one"))
        });
        Official { schemas, versions }
    }

    /// The places of a document at which its version's schema refuses it; `None` for a document of no such version.
    pub(crate) fn refusals(&self, document: &Value) -> Option<Vec<String>> {
        let declared = document["openapi"].as_str()?;
        let (_, schema) = self.versions.iter().find(|(version, _)| declared.starts_with(version))?;
        Some(match self.schemas.validate(document, *schema) {
            Ok(()) => Vec::new(),
            Err(error) => leaves(&error),
        })
    }
}

fn schema(version: &str) -> Value {
    let path: PathBuf =
        gw_tests::repository().join(format!("target/corpus/official/schemas/v{version}/schema.json"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|fault| panic!("{}: {fault}; run tests/corpus/fetch small", path.display()));
    let mut schema = serde_json::from_str(&text).expect("an official schema is JSON");
    without_formats(&mut schema);
    schema
}

fn without_formats(schema: &mut Value) {
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(entries) => {
                // A property may be called so: what stands behind it is no text.
                entries.retain(|key, value| key != "format" || !value.is_string());
                open.extend(entries.values_mut());
            }
            Value::Array(items) => open.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// The innermost reasons of an error, each with its place.
fn leaves(error: &ValidationError<'_, '_>) -> Vec<String> {
    let mut open = vec![error];
    let mut leaves = Vec::new();
    while let Some(error) = open.pop() {
        if error.causes.is_empty() {
            leaves.push(format!("{} {}", error.instance_location, error.kind));
        }
        open.extend(&error.causes);
    }
    leaves.sort();
    leaves.dedup();
    leaves
}
