//! Real documents: where gw finds nothing wrong with the structure, the official schema accepts the document.

use crate::{documents::documents, schemas::Official, verdict};

/// Documents that the official schema refuses and gw does not, and why not.
const EXCEPTIONS: &[(&str, &str)] = &[];

#[test]
fn the_official_schema_accepts_every_document_that_gw_finds_clean() {
    let official = Official::read();
    let mut judged = [0; 2];
    let mut contradictions = Vec::new();
    for document in documents() {
        let Some(refusals) = official.refusals(&document.value) else { continue };
        judged[usize::from(!refusals.is_empty())] += 1;
        let is_expected = EXCEPTIONS.iter().any(|(name, _)| *name == document.name);
        let is_missed = !refusals.is_empty() && verdict::codes(&document.text).is_empty();
        if is_missed != is_expected {
            contradictions.push(format!("{}: {:#?}", document.name, refusals));
        }
    }
    assert!(contradictions.is_empty(), "{}", contradictions.join("\n"));
    assert!(judged[0] > 100 && judged[1] > 0, "accepted and refused: {judged:?}");
}
