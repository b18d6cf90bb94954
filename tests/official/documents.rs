//! The documents of the small corpus, as text and as values.

use std::path::{Path, PathBuf};

use gw_syntax::{Kind, NodeRef, Sink, SourceMap, parse};
use serde_json::{Map, Number, Value};

/// A document of the corpus.
pub(crate) struct Document {
    /// Its path below the corpus.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
    /// What stands in it.
    pub(crate) value: Value,
}

/// Every document of the small packages that JSON can say, but for the dereferenced ones: they are the others again, at
/// five times the size.
pub(crate) fn documents() -> Vec<Document> {
    let corpus = gw_tests::repository().join("target/corpus");
    let mut files = Vec::new();
    for folder in ["galaxy", "readme", "blockfrost", "github"] {
        let before = files.len();
        collect(&corpus.join(folder), &mut files);
        assert!(files.len() > before, "there is no document of `{folder}`; run tests/corpus/fetch small");
    }
    files.sort();
    files.into_iter().filter_map(|path| read(&path, &corpus)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_document = [".json", ".yaml", ".yml"].iter().any(|end| name.ends_with(end));
        if path.is_dir() {
            collect(&path, files);
        } else if is_document && name != "package.json" && !name.contains(".deref.") {
            files.push(path);
        }
    }
}

fn read(path: &Path, corpus: &Path) -> Option<Document> {
    let name = path.strip_prefix(corpus).ok()?.display().to_string();
    let text = std::fs::read_to_string(path).ok()?;
    let value = if name.ends_with("json") { serde_json::from_str(&text).ok()? } else { value_of(&text)? };
    Some(Document { name, text, value })
}

/// What stands in a text of YAML or JSON.
pub(crate) fn value_of(text: &str) -> Option<Value> {
    let mut sources = SourceMap::new();
    let id = sources.add("document", text);
    Some(value(parse(&sources, id, &mut Sink::new())?.root()))
}

fn value(node: NodeRef<'_>) -> Value {
    match node.kind() {
        Kind::Mapping => {
            let entries = node.entries();
            let key = |key: NodeRef<'_>| key.scalar_text().unwrap_or_default().to_owned();
            Value::Object(entries.map(|(name, inner)| (key(name), value(inner))).collect::<Map<_, _>>())
        }
        Kind::Sequence => Value::Array(node.items().map(value).collect()),
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
        Kind::Integer | Kind::Float => match (node.as_i64(), node.as_f64().and_then(Number::from_f64)) {
            (Some(whole), _) => Value::from(whole),
            (None, number) => number.map_or(Value::Null, Value::Number),
        },
        Kind::String => Value::from(node.as_str().unwrap_or_default()),
    }
}
