//! A sealed file that was damaged: cut, flipped, extended, or never one.

use gw_artifact::{Defect, Digest, FORMAT_VERSION, decode, decode_cold};
use proptest::prelude::*;

use crate::fixture;

#[test]
fn every_altered_bit_is_refused() {
    let mut bytes = fixture::encoded().bytes;
    let artifact = fixture::artifact();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            assert!(decode(&bytes).is_err(), "bit {bit} of byte {at}");
            assert!(decode_cold(&bytes, &artifact).is_err(), "bit {bit} of byte {at}");
            bytes[at] ^= 1 << bit;
        }
    }
    assert!(decode(&bytes).is_ok());
}

#[test]
fn every_cut_is_refused_as_one() {
    let bytes = fixture::encoded().bytes;
    for length in 0..bytes.len() {
        let refusal = decode(&bytes[..length]).expect_err("a cut file is refused");
        assert!(matches!(refusal, Defect::Truncated { found, .. } if found == length), "{length}: {refusal}");
    }
}

#[test]
fn bytes_behind_the_end_are_refused() {
    let mut bytes = fixture::encoded().bytes;
    bytes.push(0);
    let refusal = decode(&bytes).unwrap_err();
    assert_eq!(refusal.to_string(), "the envelope of the artifact cannot be read: 1 bytes too many");
}

#[test]
fn another_version_is_refused_before_the_digest() {
    let mut bytes = fixture::encoded().bytes;
    for (found, help) in [(FORMAT_VERSION + 1, "update gw"), (0, "compile the project again")] {
        bytes[8..12].copy_from_slice(&found.to_be_bytes());
        let refusal = decode(&bytes).unwrap_err();
        assert_eq!(refusal, Defect::UnsupportedVersion { found, supported: FORMAT_VERSION });
        assert!(refusal.help().starts_with(help), "{}", refusal.help());
    }
}

#[test]
fn what_is_no_artifact_is_called_so() {
    for bytes in [&b"openapi: 3.1.0\n"[..], b"{}", b"\x7fELF", b"\x89PNG\r\n\x1a\n"] {
        assert_eq!(decode(bytes), Err(Defect::NotAnArtifact));
    }
    assert!(matches!(decode(b""), Err(Defect::Truncated { found: 0, .. })));
}

#[test]
fn an_altered_file_names_both_digests() {
    let encoded = fixture::encoded();
    let mut bytes = encoded.bytes;
    bytes[100] ^= 1;
    let (content, _) = bytes.split_at(bytes.len() - Digest::LENGTH);
    let (sealed, found) = (encoded.artifact_digest, Digest::of(content));
    assert_eq!(decode(&bytes), Err(Defect::DigestMismatch { sealed, found }));
}

proptest! {
    #[test]
    fn random_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(decode(&bytes).is_err());
    }

    #[test]
    fn random_bytes_before_or_inside_are_refused(
        noise in prop::collection::vec(any::<u8>(), 1..64),
        at in any::<prop::sample::Index>(),
    ) {
        let bytes = fixture::encoded().bytes;
        let at = at.index(bytes.len());
        prop_assert!(decode(&[&bytes[..at], &noise, &bytes[at..]].concat()).is_err());
    }

    #[test]
    fn random_bytes_behind_a_true_head_are_refused(noise in prop::collection::vec(any::<u8>(), 0..200)) {
        let head = &fixture::encoded().bytes[..12];
        prop_assert!(decode(&[head, &noise].concat()).is_err());
    }
}
