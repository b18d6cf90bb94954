//! Which files the artifact was made from, by relative path and digest.

use gw_artifact::Digest;
use gw_artifact::provenance::{BadInput, Input, Provenance};
use gw_syntax::SourceMap;

/// Every file that was read. A file that is not UTF-8 never comes this far, so its text is its bytes.
pub(super) fn provenance(sources: &SourceMap) -> Result<Provenance, BadInput> {
    let input =
        |id| Input { path: sources.path(id).to_owned(), digest: Digest::of(sources.text(id).as_bytes()) };
    Provenance::new(env!("CARGO_PKG_VERSION"), sources.ids().map(input))
}
