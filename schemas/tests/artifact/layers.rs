//! Which digest covers what, and that nothing but the sources decides about the bytes.

use gw_artifact::model::{Place, SourceMap};
use gw_artifact::provenance::Input;
use gw_artifact::{Artifact, Defect, Digest, Provenance, decode, decode_cold, encode};

use crate::fixture;

#[test]
fn the_same_tables_give_the_same_bytes() {
    assert_eq!(fixture::encoded(), fixture::encoded());
}

#[test]
fn the_policy_digest_covers_the_tables_only() {
    let before = fixture::encoded();
    let other_file = Input { path: "other.yaml".to_owned(), digest: Digest::of(b"other") };
    let provenance = Provenance::new("0.2.0", [other_file]).unwrap();
    let after = encode(&fixture::artifact(), &SourceMap::default(), &provenance).unwrap();
    assert_eq!(before.policy_digest, after.policy_digest);
    assert_ne!(before.artifact_digest, after.artifact_digest);
}

#[test]
fn another_policy_has_another_policy_digest() {
    let mut tables = fixture::tables();
    tables.operations[0].body_max.0 += 1;
    let changed = Artifact::new(tables).unwrap();
    let after = encode(&changed, &fixture::sources(), &fixture::provenance()).unwrap();
    assert_ne!(fixture::encoded().policy_digest, after.policy_digest);
}

#[test]
fn an_artifact_without_source_map_reads_back() {
    let artifact = fixture::artifact();
    let encoded = encode(&artifact, &SourceMap::default(), &fixture::provenance()).unwrap();
    assert_eq!(decode(&encoded.bytes).unwrap().artifact, artifact);
    assert_eq!(decode_cold(&encoded.bytes, &artifact).unwrap(), SourceMap::default());
}

#[test]
fn a_source_map_of_other_tables_is_refused() {
    let changes: [fn(&mut SourceMap); 6] = [
        |map| map.operations.truncate(1),
        |map| map.scheme_names.truncate(1),
        |map| map.upstreams.truncate(1),
        |map| map.files.reverse(),
        |map| map.upstreams[0] = Some(Place { file: 2, line: 1, column: 1 }),
        |map| map.operations[0].place.line = 0,
    ];
    for change in changes {
        let mut sources = fixture::sources();
        change(&mut sources);
        let refusal = encode(&fixture::artifact(), &sources, &fixture::provenance());
        assert!(matches!(refusal, Err(Defect::Invariant(_))), "{refusal:?}");
    }
}
