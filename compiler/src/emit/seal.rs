//! From tables to the artifact's file, and back again with the runtime's own loader.

use gw_artifact::provenance::BadInput;
use gw_artifact::{Artifact, BrokenInvariant, Defect, Digest, decode, encode};
use gw_syntax::SourceMap;

use super::provenance::provenance;
use crate::compile::Sealed;
use crate::lower::Lowered;

/// Why a sealed file is not what it should be; always our fault.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error(transparent)]
    Invariant(#[from] BrokenInvariant),
    #[error(transparent)]
    Input(#[from] BadInput),
    #[error(transparent)]
    File(#[from] Defect),
    #[error("the file does not read back as what was written")]
    OtherTables,
}

pub(super) fn seal(lowered: Lowered, sources: &SourceMap) -> Result<Sealed, Broken> {
    let artifact = Artifact::new(lowered.tables)?;
    let encoded = encode(&artifact, &lowered.source_map, &provenance(sources)?)?;
    let loaded = decode(&encoded.bytes)?;
    if loaded.artifact != artifact {
        return Err(Broken::OtherTables);
    }
    let bytes_of = |digest: Digest| *digest.as_bytes();
    Ok(Sealed {
        artifact,
        bounds: loaded.manifest.bounds,
        bytes: encoded.bytes,
        source_map: lowered.source_map,
        policy_digest: bytes_of(encoded.policy_digest),
        artifact_digest: bytes_of(encoded.artifact_digest),
    })
}
