//! What may stand in a committed file: no path or host of somebody's machine, no debris, a first line that
//! says what the file is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use gw_tests::repository;

/// Every committed file, relative to the repository.
fn committed() -> Vec<PathBuf> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(repository()).output();
    let output = output.expect("git lists what is committed; the test needs it");
    assert!(output.status.success(), "this is a git checkout");
    let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
    names.split_terminator('\0').map(PathBuf::from).filter(|path| repository().join(path).is_file()).collect()
}

/// Committed files that are text, with their text.
fn texts() -> Vec<(String, String)> {
    let read = |path: PathBuf| {
        let text = String::from_utf8(fs::read(repository().join(&path)).ok()?).ok()?;
        Some((path.display().to_string(), text))
    };
    committed().into_iter().filter_map(read).collect()
}

fn sources() -> impl Iterator<Item = (String, String)> {
    texts().into_iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|end| end == "rs"))
}

/// Lines of `texts` that hold one of `words`, as `file:line: word`.
fn lines_with(texts: impl IntoIterator<Item = (String, String)>, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in texts {
        for (number, line) in text.lines().enumerate() {
            let words = words.iter().filter(|word| line.contains(word.as_str()));
            found.extend(words.map(|word| format!("{path}:{}: {word}", number + 1)));
        }
    }
    found
}

fn words(parts: &[(&str, &str)]) -> Vec<String> {
    parts.iter().map(|(start, end)| format!("{start}{end}")).collect()
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    // In two parts, so that this file does not hold them itself.
    let forbidden = words(&[
        ("/wo", "rk/"),
        ("/ho", "me/"),
        ("/Us", "ers/"),
        ("/ro", "ot/"),
        ("../shared/ho", "use"),
        ("../shared/vo", "cabulary"),
        ("../shared/st", "yle"),
        ("registry.npm", "js"),
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("static.crates", ".io"),
        ("index.crates", ".io"),
    ]);
    let texts = texts().into_iter().filter(|(path, _)| path != "Cargo.lock");
    assert_eq!(lines_with(texts, &forbidden), Vec::<String>::new());
}

#[test]
fn no_source_holds_debris() {
    let forbidden = words(&[
        ("#[all", "ow("),
        ("#![all", "ow("),
        ("#[ign", "ore"),
        ("#[should_", "panic"),
        ("todo", "!("),
        ("unimplemented", "!("),
        ("TO", "DO"),
        ("FIX", "ME"),
        ("dbg", "!("),
    ]);
    assert_eq!(lines_with(sources(), &forbidden), Vec::<String>::new());
}

#[test]
fn no_test_sleeps() {
    let is_test = |path: &str| Path::new(path).components().any(|part| part.as_os_str() == "tests");
    let tests = sources().filter(|(path, _)| is_test(path) || path.ends_with("tests.rs"));
    let forbidden = words(&[("thread::sl", "eep"), ("time::sl", "eep(")]);
    assert_eq!(lines_with(tests, &forbidden), Vec::<String>::new());
}

#[test]
fn every_source_says_first_what_it_is() {
    // `tests.rs` says it with its name.
    let silent = sources().filter(|(path, text)| !path.ends_with("tests.rs") && !text.starts_with("//! "));
    let silent = silent.map(|(path, _)| path);
    assert_eq!(silent.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn every_crate_forbids_unsafe_code() {
    let roots = |path: &str| path.ends_with("src/lib.rs") || path.ends_with("src/main.rs");
    let daring = sources()
        .filter(|(path, text)| roots(path) && !text.contains("#![forbid(unsafe_code)]"))
        .map(|(path, _)| path);
    assert_eq!(daring.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn no_snapshot_waits_for_review() {
    let waiting = committed().into_iter().filter(|path| path.extension().is_some_and(|end| end == "new"));
    assert_eq!(waiting.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}
