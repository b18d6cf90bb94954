//! The project that is generated around a document that knows nothing of gw.

use std::path::{Component, Path, PathBuf};

use gw_compiler::{FileFault, Files};

/// A folder with one document, its text perhaps not the one on disk, and a `gw.yaml` that is not there.
#[derive(Debug)]
pub(crate) struct Project {
    folder: PathBuf,
    name: String,
    text: Option<String>,
}

impl Project {
    /// The project around a document as it stands on disk.
    pub(crate) fn around(document: &Path) -> Self {
        let folder = document.parent().unwrap_or(Path::new(".")).to_owned();
        let name = document.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self { folder, name, text: None }
    }

    /// The same project with another text of the document.
    pub(crate) fn with_text(self, text: String) -> Self {
        Self { text: Some(text), ..self }
    }

    /// What the defaults say: everything that the document leaves open, each with a reason.
    fn gw_yaml(&self) -> String {
        format!(
            "gw: 1\nname: corpus\napis: [{{name: document, spec: {}}}]\nupstreams: {{echo: {{}}}}\n\
             defaults: {{upstream: echo, auth: {{public: true, delegated: true, reason: real documents, run as they are}}}}\n",
            serde_json::Value::from(self.name.as_str())
        )
    }
}

impl Files for Project {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        if path == "gw.yaml" {
            return Ok(self.gw_yaml().into_bytes());
        }
        if let (true, Some(text)) = (path == self.name, &self.text) {
            return Ok(text.clone().into_bytes());
        }
        if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(FileFault::Missing);
        }
        std::fs::read(self.folder.join(path)).map_err(|_| FileFault::Missing)
    }
}
