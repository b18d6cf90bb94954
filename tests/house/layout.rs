//! What stands where: the folders and root files of ARCHITECTURE.md exist, and each step, stage and example
//! has its place.

use gw_tests::repository;

fn missing<'a>(paths: &[&'a str]) -> Vec<&'a str> {
    paths.iter().copied().filter(|path| !repository().join(path).exists()).collect()
}

#[test]
fn the_root_is_furnished() {
    let root = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE",
        "Cargo.lock",
        "deny.toml",
        "clippy.toml",
        "rustfmt.toml",
        "rust-toolchain.toml",
        "test",
        ".ci/run",
    ];
    assert_eq!(missing(&root), Vec::<&str>::new());
}

#[test]
fn every_step_has_its_file() {
    let steps =
        gw_artifact::model::Step::ALL.map(|step| format!("runtime/decision/src/steps/{}.rs", step.as_str()));
    assert_eq!(missing(&steps.each_ref().map(String::as_str)), Vec::<&str>::new());
}

#[test]
fn every_stage_has_its_folder() {
    let stages = ["load", "parse", "resolve", "check", "lint", "lower", "emit", "codes"];
    let folders = stages.map(|stage| format!("compiler/src/{stage}"));
    assert_eq!(missing(&folders.each_ref().map(String::as_str)), Vec::<&str>::new());
}

#[test]
fn clocks_and_sockets_are_banned_where_the_core_is_pure() {
    for folder in ["compiler", "runtime/decision", "runtime/engines"] {
        let path = repository().join(folder).join("clippy.toml");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for banned in ["std::time::Instant::now", "std::time::SystemTime::now", "std::fs::", "std::env::"] {
            assert!(text.contains(banned), "{folder}/clippy.toml does not ban {banned}");
        }
    }
}
