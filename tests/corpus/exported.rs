//! The laws of exports, over one document: the export of a document publishes what the document does, and the export
//! of the export is the same text.

use std::{collections::BTreeSet, path::Path};

use gw_compiler::{
    Compilation, Entry, Outcome,
    export::{Fault, Gateway, Wish, openapi},
};

use crate::{one::compiled, project};

/// What is wrong with the exports of a document that compiles.
pub(crate) fn complaints(document: &Path) -> Vec<String> {
    let published = published(&compiled(document, None));
    let mut wrong = Vec::new();
    for gateway in [Gateway::Unsaid, Gateway::Told] {
        let mut complain = |text: &str| wrong.push(format!("the export with the gateway {gateway:?} {text}"));
        let text = match export(document, None, gateway) {
            Ok(text) => text,
            // A document near the limit grows over it when it is laid out for people, and is refused whole.
            Err(Fault::TooLong) => continue,
            Err(fault) => {
                complain(&format!("is not made: {fault}"));
                continue;
            }
        };
        let again = compiled(document, Some(text.clone()));
        if self::published(&again) != published {
            complain("publishes something else");
            continue;
        }
        if export(document, Some(text.clone()), gateway).as_ref() != Ok(&text) {
            complain("is another one when it is exported");
        }
    }
    wrong
}

fn export(document: &Path, text: Option<String>, gateway: Gateway) -> Result<String, Fault> {
    let entry = Entry::Project { path: "gw.yaml".into() };
    openapi(&entry, &project::around(document, text), &Wish { api: None, gateway })
}

/// Host, method, path and name of each operation; none for what does not compile.
fn published(compilation: &Compilation) -> BTreeSet<String> {
    let Outcome::Sealed(sealed) = &compilation.outcome else { return BTreeSet::new() };
    let artifact = &sealed.artifact;
    let rows = artifact.operations().iter();
    rows.map(|row| format!("{} {} {}", row.method, row.template, row.name)).collect()
}
