//! The layout of the file: a head, three sections, a digest over all of it.
//!
//! | Bytes | What |
//! |---|---|
//! | 8 | magic: `89 47 57 41 0D 0A 1A 0A`, which a transfer as text damages |
//! | 4 | format version |
//! | 4 × 3 | the lengths of the sections |
//! | … | the manifest: JSON, for people and their tools |
//! | … | the tables: postcard, all that the serving runtime reads |
//! | … | the source map: postcard, read by those who explain |
//! | 32 | SHA-256 of everything before it: the artifact digest |
//!
//! Numbers are big-endian. The lengths must give exactly the length of the file, so that nothing can hide behind or
//! between the sections.

use crate::defect::Defect;
use crate::digest::Digest;
use crate::version::FORMAT_VERSION;

/// The longest artifact that is written or read, in bytes: 256 MiB.
pub const MAX_ARTIFACT_BYTES: usize = 256 << 20;

/// The sections of a file whose digest holds. Borrows the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Envelope<'a> {
    pub(crate) sections: Sections<'a>,
    pub(crate) digest: Digest,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Sections<'a> {
    pub(crate) manifest: &'a [u8],
    pub(crate) tables: &'a [u8],
    pub(crate) source_map: &'a [u8],
}

/// Puts sections into a file and seals it.
pub(crate) fn seal(sections: Sections<'_>) -> Result<(Vec<u8>, Digest), Defect> {
    let Sections { manifest, tables, source_map } = sections;
    let sections = [manifest, tables, source_map];
    let found = sections.iter().fold(HEAD + Digest::LENGTH, |sum, section| sum.saturating_add(section.len()));
    if found > MAX_ARTIFACT_BYTES {
        return Err(Defect::TooLarge { found, max: MAX_ARTIFACT_BYTES });
    }
    let mut bytes = Vec::with_capacity(found);
    bytes.extend(MAGIC);
    bytes.extend(FORMAT_VERSION.to_be_bytes());
    bytes.extend(sections.iter().flat_map(|section| (section.len() as u32).to_be_bytes()));
    bytes.extend(sections.concat());
    let digest = Digest::of(&bytes);
    bytes.extend(digest.as_bytes());
    Ok((bytes, digest))
}

/// Finds the sections of a file and checks its digest. Allocates nothing; O(bytes).
pub(crate) fn open(bytes: &[u8]) -> Result<Envelope<'_>, Defect> {
    let head = head(bytes)?;
    if bytes.len() > MAX_ARTIFACT_BYTES {
        return Err(Defect::TooLarge { found: bytes.len(), max: MAX_ARTIFACT_BYTES });
    }
    let (content, sealed) = bytes
        .split_last_chunk()
        .ok_or(Defect::Truncated { expected: HEAD + Digest::LENGTH, found: bytes.len() })?;
    let lengths = head.map(|length| length as usize);
    let expected = lengths.iter().fold(HEAD + Digest::LENGTH, |sum, length| sum.saturating_add(*length));
    if bytes.len() < expected {
        return Err(Defect::Truncated { expected, found: bytes.len() });
    }
    if bytes.len() > expected {
        return Err(Defect::malformed("envelope", format!("{} bytes too many", bytes.len() - expected)));
    }
    let (sealed, found) = (Digest::from(*sealed), Digest::of(content));
    if sealed != found {
        return Err(Defect::DigestMismatch { sealed, found });
    }
    let (manifest, rest) = content[HEAD..].split_at(lengths[0]);
    let (tables, source_map) = rest.split_at(lengths[1]);
    Ok(Envelope { sections: Sections { manifest, tables, source_map }, digest: found })
}

/// Checks magic and version; gives the sections' lengths.
fn head(bytes: &[u8]) -> Result<[u32; 3], Defect> {
    let truncated = Defect::Truncated { expected: HEAD + Digest::LENGTH, found: bytes.len() };
    let begins = &bytes[..bytes.len().min(MAGIC.len())];
    if !MAGIC.starts_with(begins) {
        return Err(Defect::NotAnArtifact);
    }
    let numbers = bytes.get(MAGIC.len()..).unwrap_or_default();
    let Some((version, numbers)) = number(numbers) else {
        return Err(truncated);
    };
    if version != FORMAT_VERSION {
        return Err(Defect::UnsupportedVersion { found: version, supported: FORMAT_VERSION });
    }
    let mut rest = numbers;
    let mut lengths = [0; 3];
    for length in &mut lengths {
        (*length, rest) = number(rest).ok_or_else(|| truncated.clone())?;
    }
    Ok(lengths)
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_be_bytes(*number), rest))
}

const MAGIC: [u8; 8] = *b"\x89GWA\r\n\x1a\n";

/// Length of everything before the sections.
const HEAD: usize = MAGIC.len() + 4 + 3 * 4;
