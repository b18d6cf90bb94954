//! The laws of exports, over one document: the export of a document publishes what the document does, and the export
//! of the export is the same text.

use std::{collections::BTreeSet, path::Path};

use gw_compiler::{
    Compilation, Entry, Outcome,
    export::{Gateway, Wish, openapi},
};

use crate::{one::compiled, project};

/// What is wrong with the exports of a document that compiles.
pub(crate) fn complaints(document: &Path) -> Vec<String> {
    let published = published(&compiled(document, None));
    let mut wrong = Vec::new();
    for gateway in [Gateway::Unsaid, Gateway::Told] {
        let mut complain = |text: &str| wrong.push(format!("the export with the gateway {gateway:?} {text}"));
        let Some(text) = export(document, None, gateway) else {
            complain("is not made");
            continue;
        };
        let again = compiled(document, Some(text.clone()));
        if self::published(&again) != published {
            complain("publishes something else");
            continue;
        }
        if export(document, Some(text.clone()), gateway).as_ref() != Some(&text) {
            complain("is another one when it is exported");
        }
    }
    wrong
}

fn export(document: &Path, text: Option<String>, gateway: Gateway) -> Option<String> {
    let entry = Entry::Project { path: "gw.yaml".into() };
    openapi(&entry, &project::around(document, text), &Wish { api: None, gateway }).ok()
}

/// Host, method, path and name of each operation; none for what does not compile.
fn published(compilation: &Compilation) -> BTreeSet<String> {
    let Outcome::Sealed(sealed) = &compilation.outcome else { return BTreeSet::new() };
    let artifact = &sealed.artifact;
    let rows = artifact.operations().iter();
    rows.map(|row| format!("{} {} {}", row.method, row.template, row.name)).collect()
}
