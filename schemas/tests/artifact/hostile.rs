//! Files that somebody sealed to do harm: the digest holds, the content lies.

use gw_artifact::model::{Access, Scheme};
use gw_artifact::{Defect, Digest, decode, decode_cold};
use proptest::prelude::*;

use crate::counting::peak_of;
use crate::fixture;

/// The most that decoding may hold: what the file's size justifies, and one announced list.
fn allowed(bytes: &[u8]) -> usize {
    64 * bytes.len() + (2 << 20)
}

struct Parts {
    manifest: Vec<u8>,
    tables: Vec<u8>,
    source_map: Vec<u8>,
}

impl Parts {
    fn of_the_fixture() -> Self {
        let bytes = fixture::encoded().bytes;
        let length =
            |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
        let (manifest, rest) = bytes[24..].split_at(length(12));
        let (tables, rest) = rest.split_at(length(16));
        let source_map = &rest[..length(20)];
        Self { manifest: manifest.to_vec(), tables: tables.to_vec(), source_map: source_map.to_vec() }
    }

    /// A file with a digest that holds, and a manifest that names the tables' digest.
    fn sealed(&self) -> Vec<u8> {
        let version = gw_artifact::FORMAT_VERSION.to_be_bytes();
        let policy = Digest::of_parts(&[&version, &self.tables]).to_string();
        let manifest = String::from_utf8_lossy(&self.manifest);
        let manifest = manifest.replace(&fixture::encoded().policy_digest.to_string(), &policy);
        let sections = [manifest.as_bytes(), &self.tables, &self.source_map];
        let mut bytes = [&fixture::encoded().bytes[..8], &version].concat();
        bytes.extend(sections.iter().flat_map(|section| (section.len() as u32).to_be_bytes()));
        bytes.extend(sections.concat());
        bytes.extend(Digest::of(&bytes.clone()).as_bytes());
        bytes
    }
}

fn refusal(change: impl FnOnce(&mut Parts)) -> Defect {
    let mut parts = Parts::of_the_fixture();
    change(&mut parts);
    decode(&parts.sealed()).expect_err("a lying file is refused")
}

/// The largest number that postcard can write.
const HUGE: [u8; 10] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];

#[test]
fn the_parts_of_the_fixture_seal_to_the_fixture() {
    assert_eq!(Parts::of_the_fixture().sealed(), fixture::encoded().bytes);
}

#[test]
fn a_huge_length_anywhere_is_refused_without_a_huge_allocation() {
    let parts = Parts::of_the_fixture();
    for at in 0..parts.tables.len() {
        let tables = [&parts.tables[..at], &HUGE, &parts.tables[at..]].concat();
        let bytes = Parts { tables, ..Parts::of_the_fixture() }.sealed();
        let (result, peak) = peak_of(|| decode(&bytes));
        assert!(result.is_err(), "byte {at}");
        assert!(peak <= allowed(&bytes), "byte {at}: {peak} bytes were held for a file of {}", bytes.len());
    }
}

#[test]
fn a_huge_length_in_the_source_map_is_refused_without_a_huge_allocation() {
    let (parts, artifact) = (Parts::of_the_fixture(), fixture::artifact());
    for at in 0..parts.source_map.len() {
        let source_map = [&parts.source_map[..at], &HUGE, &parts.source_map[at..]].concat();
        let bytes = Parts { source_map, ..Parts::of_the_fixture() }.sealed();
        let (result, peak) = peak_of(|| decode_cold(&bytes, &artifact));
        assert!(result.is_err(), "byte {at}");
        assert!(peak <= allowed(&bytes), "byte {at}: {peak} bytes were held for a file of {}", bytes.len());
    }
}

#[test]
fn decoding_a_good_file_holds_a_small_multiple_of_it() {
    let bytes = fixture::encoded().bytes;
    let (result, peak) = peak_of(|| decode(&bytes));
    assert!(result.is_ok());
    assert!(peak <= 16 * bytes.len(), "{peak} bytes were held for a file of {}", bytes.len());
}

#[test]
fn lengths_that_overflow_are_refused() {
    let mut bytes = fixture::encoded().bytes;
    bytes[12..24].fill(0xFF);
    assert!(matches!(decode(&bytes), Err(Defect::Truncated { .. })));
}

#[test]
fn a_manifest_that_lies_is_refused() {
    let lie = |from: &'static str, to: &'static str| {
        refusal(move |parts| {
            let manifest = String::from_utf8(parts.manifest.clone()).unwrap();
            assert!(manifest.contains(from));
            parts.manifest = manifest.replace(from, to).into_bytes();
        })
    };
    let disagrees = Defect::Invariant("the manifest does not agree with the tables".to_owned());
    assert_eq!(lie("public-edge", "other-edge"), disagrees);
    assert_eq!(lie("\"operations\": 9", "\"operations\": 7"), disagrees);
    assert_eq!(lie("127.0.0.1:9001", "127.0.0.1:9009"), disagrees);
    assert_eq!(lie("\n  \"", "\n \""), disagrees);
    assert!(matches!(lie("\"project\"", "\"extra\""), Defect::Malformed { section: "manifest", .. }));
    assert!(matches!(lie("gw.yaml", "/gw.yaml"), Defect::Malformed { section: "manifest", .. }));
}

#[test]
fn sections_that_end_early_or_late_are_refused() {
    let is_malformed = |defect: &Defect| matches!(defect, Defect::Malformed { section: "tables", .. });
    assert!(is_malformed(&refusal(|parts| parts.tables.push(0))));
    assert!(is_malformed(&refusal(|parts| parts.tables.truncate(40))));
    assert!(is_malformed(&refusal(|parts| parts.tables.clear())));
}

#[test]
fn a_longer_way_to_write_the_same_is_refused() {
    let refused = refusal(|parts| {
        assert_eq!(parts.tables[0], 11, "the length of `public-edge`");
        parts.tables.splice(0..1, [0x8B, 0x00]);
    });
    assert_eq!(
        refused,
        Defect::Malformed { section: "tables", reason: "it is not written as gw writes it".to_owned() }
    );
}

#[test]
fn a_deep_manifest_is_refused() {
    let refused = refusal(|parts| parts.manifest = vec![b'['; 200_000]);
    assert!(matches!(refused, Defect::Malformed { section: "manifest", .. }));
}

#[test]
fn tables_that_break_a_promise_are_refused() {
    let refused = refusal(|parts| {
        let mut tables = fixture::tables();
        tables.operations[0].access.0 = 3;
        parts.tables = postcard::to_allocvec(&tables).unwrap();
    });
    assert_eq!(refused, Defect::Invariant("`operation-0` has no access rule".to_owned()));
}

#[test]
fn a_credential_in_a_header_that_gw_drops_is_refused() {
    for name in ["proxy-authorization", "x-forwarded-access-token", "x_real_ip", "host", "traceparent"] {
        let refused = refusal(|parts| {
            let mut tables = fixture::tables();
            tables.schemes[1] = Scheme::Header(name.to_owned());
            parts.tables = postcard::to_allocvec(&tables).unwrap();
        });
        let words = format!("header `{name}` is gw's own, and no credential");
        assert_eq!(refused, Defect::Invariant(words));
    }
}

#[test]
fn a_credential_that_is_verified_as_another_kind_is_refused() {
    let refused = refusal(|parts| {
        let mut tables = fixture::tables();
        tables.verifiers.swap(0, 1);
        parts.tables = postcard::to_allocvec(&tables).unwrap();
    });
    assert_eq!(
        refused,
        Defect::Invariant("a credential is verified as if it were of another kind".to_owned())
    );
}

#[test]
fn a_delegated_credential_that_is_verified_is_refused() {
    let refused = refusal(|parts| {
        let mut tables = fixture::tables();
        let Access::Verified { alternatives, challenges, .. } = tables.access[2].clone() else {
            panic!("it is verified")
        };
        tables.access[1] = Access::Delegated { alternatives, challenges };
        parts.tables = postcard::to_allocvec(&tables).unwrap();
    });
    assert_eq!(refused, Defect::Invariant("a credential is delegated, and verified".to_owned()));
}

#[test]
fn a_header_of_gw_cannot_tell_the_caller() {
    let refused = refusal(|parts| {
        let mut tables = fixture::tables();
        let Access::Verified { forward, .. } = &mut tables.access[2] else { panic!("it is verified") };
        forward[0].name = "x-forwarded-for".to_owned();
        parts.tables = postcard::to_allocvec(&tables).unwrap();
    });
    assert_eq!(refused, Defect::Invariant("header `x-forwarded-for` cannot tell the caller".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever the tables say, they are refused or safe to use, and never cost more than they should.
    #[test]
    fn altered_tables_are_refused_or_work(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut parts = Parts::of_the_fixture();
        for (at, byte) in changes {
            let at = at.index(parts.tables.len());
            parts.tables[at] = byte;
        }
        let bytes = parts.sealed();
        let (result, peak) = peak_of(|| decode(&bytes));
        prop_assert!(peak <= allowed(&bytes), "{} bytes were held", peak);
        if let Ok(loaded) = result {
            for path in ["/orders/7", "/orders/a-b:c", "/v7", "/"] {
                if let Some(item) = fixture::path_item_of(&loaded.artifact, "api.example.com", path) {
                    let _ = loaded.artifact.path_item(item);
                }
            }
        }
    }

    #[test]
    fn random_tables_never_panic(tables in prop::collection::vec(any::<u8>(), 0..300)) {
        let bytes = Parts { tables, ..Parts::of_the_fixture() }.sealed();
        let (result, peak) = peak_of(|| decode(&bytes));
        prop_assert!(result.is_err());
        prop_assert!(peak <= allowed(&bytes), "{} bytes were held", peak);
    }
}
