//! The project that is generated around a document that knows nothing of gw.

use std::path::Path;

use gw_tests::Folder;

/// The folder of a document with a `gw.yaml` that is not there. Its defaults say everything that the document leaves
/// open, each with a reason; where `text` is given, it holds instead of what stands in the document's file.
pub(crate) fn around(document: &Path, text: Option<String>) -> Folder {
    let name = document.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let gw_yaml = format!(
        "gw: 1\nname: corpus\napis: [{{name: document, spec: {}}}]\nupstreams: {{echo: {{}}}}\n\
         defaults: {{upstream: echo, auth: {{public: true, delegated: true, reason: real documents run as they are}}}}\n",
        serde_json::Value::from(name.as_str())
    );
    let folder = Folder::at(document.parent().unwrap_or(Path::new("."))).with("gw.yaml", gw_yaml);
    match text {
        Some(text) => folder.with(name, text),
        None => folder,
    }
}
