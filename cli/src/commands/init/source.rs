//! The document that a project is made around: where it stands, what it leaves unprotected, what becomes of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gw_artifact::model::{Method, OperationId};
use gw_compiler::{Entry, Sealed};

use super::annotate::annotate;
use crate::examples;
use crate::failure::Failure;
use crate::project::Built;
use crate::report::Batch;
use crate::workspace::Overlay;

/// The document and the files around it.
#[derive(Debug)]
pub(super) struct Source {
    /// Its name in its own folder.
    name: String,
    /// Its text.
    text: String,
    /// Its place inside the project's folder, with `/`, if it is there already.
    inside: Option<String>,
    /// Its folder's files.
    pub(super) files: Overlay,
    /// What a person puts in front of paths in its folder.
    pub(super) shown: PathBuf,
}

/// The document as the project will use it.
#[derive(Debug)]
pub(super) struct Spec {
    /// Relative to the project's folder, with `/`.
    pub(super) path: String,
    /// The text to write; `None` when the file is there already.
    text: Option<String>,
}

/// An operation that nothing protects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unprotected {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) method: Method,
    pub(super) path: String,
}

/// Reads the document, or takes the example that comes with gw.
///
/// # Errors
/// When it cannot be read (exit 74).
pub(super) fn read(from: Option<&Path>, directory: &Path) -> Result<Source, Failure> {
    let Some(path) = from else { return Ok(example()) };
    let fault = |error: std::io::Error| Failure::read(path, &error);
    let bytes = crate::workspace::read_bounded(
        fs::File::open(path).map_err(fault)?,
        &format!("`{}`", path.display()),
    )?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::not_understood(format!("`{}` is not UTF-8", path.display())))?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("openapi.yaml").to_owned();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    Ok(Source {
        files: Overlay::new(&folder, []),
        inside: inside(path, directory),
        name,
        text,
        shown: folder,
    })
}

fn example() -> Source {
    let name = "openapi.yaml".to_owned();
    let text = examples::PETSTORE.to_owned();
    let files = Overlay::of([(name.clone(), text.clone().into_bytes())]);
    Source { name, text, inside: None, files, shown: PathBuf::new() }
}

/// The path from the project's folder to the document, when it leads downwards.
fn inside(path: &Path, directory: &Path) -> Option<String> {
    let path = path.canonicalize().ok()?;
    let below = path.strip_prefix(directory.canonicalize().ok()?).ok()?;
    let names: Option<Vec<&str>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    Some(names?.join("/"))
}

impl Source {
    /// What the compiler starts from.
    pub(super) fn entry(&self) -> Entry {
        Entry::Document { path: self.name.clone() }
    }

    /// The document as a person named it.
    pub(super) fn named(&self) -> PathBuf {
        self.shown.join(&self.name)
    }

    /// The document as it is: in its place if it stands in the project's folder, else copied there.
    pub(super) fn unchanged(&self) -> Spec {
        match &self.inside {
            Some(path) => Spec { path: path.clone(), text: None },
            None => Spec { path: self.name.clone(), text: Some(self.text.clone()) },
        }
    }

    /// A copy in which each unprotected operation says that anyone may call it, and why.
    ///
    /// # Errors
    /// When an operation stands in another file than the document (exit 1).
    pub(super) fn annotated(
        &self,
        batch: &Batch,
        unprotected: &[Unprotected],
        reason: &str,
    ) -> Result<Spec, Failure> {
        if let Some(elsewhere) = unprotected.iter().find(|one| one.file != self.name) {
            return Err(Failure::refused(format!(
                "nothing was written: `{}` holds operations too",
                elsewhere.file
            ))
            .with_help(format!("add this line to each of them: {}", super::annotate::line(reason))));
        }
        let places: Vec<(u32, u32)> = unprotected.iter().map(|one| (one.line, one.column)).collect();
        let text = annotate(&batch.sources, &self.name, &places, reason)?;
        let path = self.inside.as_deref().map_or_else(|| self.name.clone(), beside);
        Ok(Spec { path, text: Some(text) })
    }
}

impl Spec {
    /// The files to write.
    pub(super) fn files(&self) -> BTreeMap<String, String> {
        self.text.iter().map(|text| (self.path.clone(), text.clone())).collect()
    }
}

/// `apis/orders.yaml` becomes `apis/orders.gw.yaml`.
fn beside(path: &str) -> String {
    let (stem, extension) = path.rsplit_once('.').unwrap_or((path, "yaml"));
    format!("{stem}.gw.{extension}")
}

/// The operations that nothing protects, in the order of their places.
pub(super) fn unprotected(survey: &Built, sealed: &Sealed) -> Vec<Unprotected> {
    let artifact = &sealed.artifact;
    let mut found = Vec::new();
    let operations = artifact.operations().iter().zip(&sealed.source_map.operations);
    for (index, (operation, sources)) in operations.enumerate() {
        if survey.is_unprotected(sealed, OperationId(index as u32)) {
            let file = sealed.source_map.files.get(sources.place.file as usize).cloned().unwrap_or_default();
            let (line, column) = (sources.place.line, sources.place.column);
            found.push(Unprotected {
                file,
                line,
                column,
                method: operation.method,
                path: operation.template.clone(),
            });
        }
    }
    found.sort();
    // An operation that is published under several bases stands at one place.
    found.dedup_by_key(|one| (one.file.clone(), one.line, one.column));
    found
}
