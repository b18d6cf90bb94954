//! One kept file for each format version: the current one is read byte for byte, the older ones are refused.

use std::path::PathBuf;

use gw_artifact::model::PathItemId;
use gw_artifact::{Defect, FORMAT_VERSION, decode, decode_cold};

use crate::fixture;

fn kept_file(version: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/v{version}.gwa"))
}

fn kept(version: u32) -> Vec<u8> {
    let file = kept_file(version);
    std::fs::read(&file).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()))
}

/// `GW_UPDATE_GOLDEN=1` writes the file anew; that is right only for a version that was never released.
#[test]
fn the_layout_changes_only_with_the_format_version() {
    let encoded = fixture::encoded();
    if std::env::var_os("GW_UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(kept_file(FORMAT_VERSION), &encoded.bytes).unwrap();
    }
    assert!(
        encoded.bytes == kept(FORMAT_VERSION),
        "the layout of the artifact changed: raise FORMAT_VERSION, then run this test with GW_UPDATE_GOLDEN=1"
    );
}

#[test]
fn the_kept_file_reads_as_what_was_written() {
    let bytes = kept(FORMAT_VERSION);
    let loaded = decode(&bytes).unwrap();
    assert_eq!(loaded.artifact, fixture::artifact());
    assert_eq!(loaded.manifest.provenance, fixture::provenance());
    assert_eq!(decode_cold(&bytes, &loaded.artifact).unwrap(), fixture::sources());
    let encoded = fixture::encoded();
    assert_eq!(loaded.policy_digest, encoded.policy_digest);
    assert_eq!(loaded.artifact_digest, encoded.artifact_digest);
}

#[test]
fn the_file_of_an_older_version_is_refused_by_its_number() {
    for found in 1..FORMAT_VERSION {
        let refusal = decode(&kept(found)).unwrap_err();
        assert_eq!(refusal, Defect::UnsupportedVersion { found, supported: FORMAT_VERSION });
        let artifact = fixture::artifact();
        assert_eq!(decode_cold(&kept(found), &artifact), Err(refusal.clone()));
        assert_eq!(refusal.help(), "compile the project again with this gw");
    }
}

#[test]
fn a_decoded_artifact_finds_its_path_items() {
    let artifact = decode(&kept(FORMAT_VERSION)).unwrap().artifact;
    let found = |host, path| fixture::path_item_of(&artifact, host, path);
    assert_eq!(found("api.example.com", "/orders/7"), Some(PathItemId(1)));
    assert_eq!(found("a.example.org", "/orders/7.json"), Some(PathItemId(2)));
    assert_eq!(found("api.example.com", "/orders/a-b:c"), Some(PathItemId(3)));
    assert_eq!(found("elsewhere", "/a%20b/"), Some(PathItemId(5)));
    assert_eq!(found("elsewhere", "/orders"), None);
}

#[test]
fn people_can_read_the_manifest() {
    let manifest = decode(&kept(FORMAT_VERSION)).unwrap().manifest;
    insta::assert_snapshot!(serde_json::to_string_pretty(&manifest).unwrap());
    let text = String::from_utf8_lossy(&kept(FORMAT_VERSION)).into_owned();
    assert!(text.contains("\n  \"project\": \"public-edge\",\n"));
}
