//! The kept file of the current format version, byte for byte.

use std::path::PathBuf;

use gw_artifact::model::PathItemId;
use gw_artifact::{FORMAT_VERSION, decode, decode_cold};

use crate::fixture;

fn kept_file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/v{FORMAT_VERSION}.gwa"))
}

fn kept() -> Vec<u8> {
    let file = kept_file();
    std::fs::read(&file).unwrap_or_else(|fault| panic!("{}: {fault}", file.display()))
}

/// `GW_UPDATE_GOLDEN=1` writes the file anew; that is right only for a version that was never released.
#[test]
fn the_layout_changes_only_with_the_format_version() {
    let encoded = fixture::encoded();
    if std::env::var_os("GW_UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::write(kept_file(), &encoded.bytes).unwrap();
    }
    assert!(
        encoded.bytes == kept(),
        "the layout of the artifact changed: raise FORMAT_VERSION, then run this test with GW_UPDATE_GOLDEN=1"
    );
}

#[test]
fn the_kept_file_reads_as_what_was_written() {
    let bytes = kept();
    let loaded = decode(&bytes).unwrap();
    assert_eq!(loaded.artifact, fixture::artifact());
    assert_eq!(loaded.manifest.provenance, fixture::provenance());
    assert_eq!(decode_cold(&bytes, &loaded.artifact).unwrap(), fixture::sources());
    let encoded = fixture::encoded();
    assert_eq!(loaded.policy_digest, encoded.policy_digest);
    assert_eq!(loaded.artifact_digest, encoded.artifact_digest);
}

#[test]
fn a_decoded_artifact_finds_its_path_items() {
    let artifact = decode(&kept()).unwrap().artifact;
    let found = |host, path| fixture::path_item_of(&artifact, host, path);
    assert_eq!(found("api.example.com", "/orders/7"), Some(PathItemId(1)));
    assert_eq!(found("a.example.org", "/orders/7.json"), Some(PathItemId(2)));
    assert_eq!(found("api.example.com", "/orders/a-b:c"), Some(PathItemId(3)));
    assert_eq!(found("elsewhere", "/a%20b/"), Some(PathItemId(5)));
    assert_eq!(found("elsewhere", "/orders"), None);
}

#[test]
fn people_can_read_the_manifest() {
    let manifest = decode(&kept()).unwrap().manifest;
    insta::assert_snapshot!(serde_json::to_string_pretty(&manifest).unwrap());
    let text = String::from_utf8_lossy(&kept()).into_owned();
    assert!(text.contains("\n  \"project\": \"public-edge\",\n"));
}
