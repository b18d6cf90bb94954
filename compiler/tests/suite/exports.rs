//! Exports hold for every example of the book of codes that compiles: the document of each API compiles by itself,
//! publishes what the project publishes of it, and its own export is the same text.

use std::collections::{BTreeMap, BTreeSet};

use gw_compiler::export::{Fault, Gateway, Wish, openapi};
use gw_compiler::{Outcome, Sealed, codes, explain};

use crate::book::{blocks, folder};
use crate::support::{Folder, rendered};

/// Method and template, base included, of the operations of one API.
fn published(sealed: &Sealed, api: &str) -> BTreeSet<String> {
    let rows = sealed.artifact.operations().iter();
    let own = rows.filter(|row| sealed.artifact.api_of(row).name == api);
    own.map(|row| format!("{} {}", row.method, row.template)).collect()
}

/// A project around an exported document that lets everything through.
fn around(document: &str) -> Folder {
    let project = "gw: 1\nname: again\napis: [{name: again, spec: api.json}]\nupstreams: {main: {}}\n\
                   defaults: {upstream: main, auth: {public: true, delegated: true, reason: a test}}\n";
    let files = [("gw.yaml", project), ("api.json", document)];
    Folder(files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into())
}

fn hold(folder: &Folder, sealed: &Sealed, api: &str, gateway: Gateway) -> Result<(), String> {
    let text = match openapi(&folder.entry(), folder, &Wish { api: Some(api), gateway }) {
        Ok(text) => text,
        Err(Fault::Versions { .. }) => return Ok(()),
        Err(fault) => return Err(fault.to_string()),
    };
    let again = around(&text);
    let compilation = again.compile();
    if text.contains("\"security\": []") {
        // Only the operation itself may let anyone in, and that word was policy.
        return if crate::support::codes(&compilation) == ["GW0301"] {
            Ok(())
        } else {
            Err(rendered(&compilation))
        };
    }
    let Outcome::Sealed(twin) = &compilation.outcome else {
        return Err(format!("{text}\n{}", rendered(&compilation)));
    };
    // Without the gateway the document says nothing of `hosts` and `base` of gw.yaml.
    if gateway == Gateway::Told && published(twin, "again") != published(sealed, api) {
        return Err(format!("{text}\npublishes {:?}", published(twin, "again")));
    }
    let twice =
        openapi(&again.entry(), &again, &Wish { api: None, gateway }).map_err(|fault| fault.to_string())?;
    if twice == text { Ok(()) } else { Err(format!("{text}\nis exported as\n{twice}")) }
}

#[test]
fn every_example_of_the_book_that_compiles_is_exported() {
    let mut wrong = BTreeMap::new();
    let mut exported = 0;
    for entry in codes() {
        for block in blocks(explain(entry.code).unwrap_or_default()) {
            let folder = folder(&block);
            let Outcome::Sealed(sealed) = folder.compile().outcome else { continue };
            for api in &sealed.artifact.tables().apis {
                for gateway in [Gateway::Unsaid, Gateway::Told] {
                    exported += 1;
                    if let Err(why) = hold(&folder, &sealed, &api.name, gateway) {
                        wrong.insert(format!("{} {} {gateway:?}", entry.code, block.kind), why);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(exported > 150, "only {exported} documents were exported");
}
