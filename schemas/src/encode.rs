//! From tables to bytes: the same tables give the same bytes and the same digests, on every machine.

use serde::Serialize;

use crate::Artifact;
use crate::bounds::FileSizes;
use crate::defect::Defect;
use crate::digest::Digest;
use crate::envelope::{self, Sections};
use crate::manifest::Manifest;
use crate::model::SourceMap;
use crate::provenance::Provenance;
use crate::source_check;
use crate::version::FORMAT_VERSION;

/// A sealed artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// The digest of the decision tables and the format version: it changes exactly when a request may fare otherwise.
    pub policy_digest: Digest,
    /// The digest of the whole file but for itself.
    pub artifact_digest: Digest,
}

/// Writes an artifact. An empty source map stands for none.
///
/// # Errors
/// [`Defect::Invariant`] when the source map does not belong to the tables or these are a draft's, and [`Defect::TooLarge`] beyond
/// [`MAX_ARTIFACT_BYTES`](crate::envelope::MAX_ARTIFACT_BYTES).
pub fn encode(artifact: &Artifact, sources: &SourceMap, provenance: &Provenance) -> Result<Encoded, Defect> {
    if artifact.is_draft() {
        return Err(Defect::Invariant("a draft is never written".to_owned()));
    }
    source_check::check(sources, artifact)?;
    let tables = to_postcard("tables", artifact.tables())?;
    let source_map = to_postcard("source map", sources)?;
    let policy_digest = policy_digest(&tables);
    let sizes = FileSizes { tables: tables.len(), source_map: source_map.len() };
    let manifest = Manifest::of(artifact, sizes, policy_digest, provenance.clone()).to_bytes();
    let sections = Sections { manifest: &manifest, tables: &tables, source_map: &source_map };
    let (bytes, artifact_digest) = envelope::seal(sections)?;
    Ok(Encoded { bytes, policy_digest, artifact_digest })
}

/// The digest of the tables' bytes under this format version.
pub(crate) fn policy_digest(tables: &[u8]) -> Digest {
    Digest::of_parts(&[&FORMAT_VERSION.to_be_bytes(), tables])
}

/// The one form of a section's bytes.
pub(crate) fn to_postcard<T: Serialize>(section: &'static str, value: &T) -> Result<Vec<u8>, Defect> {
    postcard::to_allocvec(value).map_err(|error| Defect::malformed(section, error.to_string()))
}
