//! From untrusted bytes to an artifact: every refusal is a [`Defect`], nothing panics.
//!
//! **Bounds.** The file has at most [`MAX_ARTIFACT_BYTES`](crate::envelope::MAX_ARTIFACT_BYTES). Its digest is checked
//! before anything in it is read. A text is borrowed from the bytes that remain before it is copied, and a list grows
//! with the elements that were really there: what it announces reserves 1 MiB at most.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Artifact;
use crate::bounds::FileSizes;
use crate::defect::Defect;
use crate::digest::Digest;
use crate::encode::{policy_digest, to_postcard};
use crate::envelope::{self, Envelope};
use crate::manifest::Manifest;
use crate::model::{SourceMap, Tables};
use crate::source_check;

/// An artifact that was read from bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The tables, with every invariant checked.
    pub artifact: Artifact,
    /// The summary, which agrees with the tables.
    pub manifest: Manifest,
    /// The digest of the decision tables.
    pub policy_digest: Digest,
    /// The digest of the whole file but for itself.
    pub artifact_digest: Digest,
}

/// Reads an artifact. The source map is left alone.
///
/// ```
/// use gw_artifact::{Defect, decode};
///
/// let refusal = decode(b"openapi: 3.1.0").unwrap_err();
/// assert_eq!(refusal, Defect::NotAnArtifact);
/// assert_eq!(refusal.help(), "give a file that `gw compile -o FILE` wrote");
/// ```
///
/// # Errors
/// The first thing that is wrong with the bytes.
pub fn decode(bytes: &[u8]) -> Result<Loaded, Defect> {
    let Envelope { sections, digest } = envelope::open(bytes)?;
    let manifest: Manifest = serde_json::from_slice(sections.manifest)
        .map_err(|error| Defect::malformed("manifest", error.to_string()))?;
    let tables: Tables = from_postcard("tables", sections.tables)?;
    let artifact = Artifact::new(tables).map_err(|broken| Defect::Invariant(broken.to_string()))?;
    let policy_digest = policy_digest(sections.tables);
    let sizes = FileSizes { tables: sections.tables.len(), source_map: sections.source_map.len() };
    let summary = Manifest::of(&artifact, sizes, policy_digest, manifest.provenance.clone());
    if summary.to_bytes() != sections.manifest {
        return Err(Defect::Invariant("the manifest does not agree with the tables".to_owned()));
    }
    Ok(Loaded { artifact, manifest, policy_digest, artifact_digest: digest })
}

/// Reads the source map of an artifact; `bytes` are those that gave it. Empty when the artifact has none.
///
/// # Errors
/// The first thing that is wrong with the bytes, or when the map does not belong to the artifact.
pub fn decode_cold(bytes: &[u8], artifact: &Artifact) -> Result<SourceMap, Defect> {
    let Envelope { sections, .. } = envelope::open(bytes)?;
    let sources = from_postcard("source map", sections.source_map)?;
    source_check::check(&sources, artifact)?;
    Ok(sources)
}

/// Reads a whole section. Bytes that are left over are a defect, and so is a longer way to write the same: what is
/// equal has equal digests.
fn from_postcard<T: DeserializeOwned + Serialize>(section: &'static str, bytes: &[u8]) -> Result<T, Defect> {
    let value: T =
        postcard::from_bytes(bytes).map_err(|error| Defect::malformed(section, error.to_string()))?;
    if to_postcard(section, &value)? == bytes {
        Ok(value)
    } else {
        Err(Defect::malformed(section, "it is not written as gw writes it"))
    }
}
