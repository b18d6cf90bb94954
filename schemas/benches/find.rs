//! How long a path takes: normalised, then found.
//!
//! `cargo bench -p gw-artifact --bench find -- [openapi.json]`: the paths of that document, or else of a made one
//! with 1,000 collections. Each figure is the best of 5 rounds.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use gw_artifact::canonical_path::canonicalize;
use gw_artifact::path_trie::{Captures, PathTrie, Relation, Segment, Template, compare};

fn main() -> Result<(), Box<dyn Error>> {
    let document = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let texts = match document {
        Some(file) => paths_of(&std::fs::read(file)?)?,
        None => made_paths(),
    };
    let parsed = texts.iter().map(|text| Template::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let mut shapes = std::collections::BTreeSet::new();
    let templates: Vec<(Template, u32)> =
        parsed.into_iter().filter(|template| shapes.insert(template.shape())).zip(0..).collect();
    let paths: Vec<String> = templates.iter().map(|(template, _)| request_for(template)).collect();
    let bytes: usize = paths.iter().map(String::len).sum();
    println!("{} templates, {} bytes per path", templates.len(), bytes / paths.len());

    let (trie, built) = timed(|| PathTrie::build(&templates));
    let trie = trie?;
    println!("build:        {built:?}");
    let mut captures = Captures::new();
    let find = |path: &String| trie.find(path, &mut captures).is_some();
    println!("find:         {:?} per path", per_path(&paths, find));
    let clean = |path: &String| canonicalize(path).is_ok_and(|path| path.is_borrowed());
    println!("canonicalize: {:?} per path", per_path(&paths, clean));
    let escaped: Vec<String> = paths.iter().map(|path| path.replacen('e', "%65", 1)).collect();
    let crooked = |path: &String| canonicalize(path).is_ok();
    println!("  rewriting:  {:?} per path", per_path(&escaped, crooked));
    let missing: Vec<String> = paths.iter().map(|path| format!("{path}/no/such/thing")).collect();
    let mut captures = Captures::new();
    let miss = |path: &String| trie.find(path, &mut captures).is_none();
    println!("find nothing: {:?} per path", per_path(&missing, miss));

    let (ambiguous, compared) = timed(|| {
        let pairs = templates
            .iter()
            .enumerate()
            .flat_map(|(at, (a, _))| templates[at + 1..].iter().map(move |(b, _)| compare(a, b)));
        pairs.filter(|relation| matches!(relation, Relation::Ambiguous { .. })).count()
    });
    println!("compare all:  {compared:?}, {ambiguous} ambiguous pairs");
    Ok(())
}

fn paths_of(document: &[u8]) -> Result<Vec<String>, Box<dyn Error>> {
    let document: serde_json::Value = serde_json::from_slice(document)?;
    let paths = document["paths"].as_object().ok_or("the document has no paths")?;
    Ok(paths.keys().cloned().collect())
}

fn made_paths() -> Vec<String> {
    let of_collection = |n: usize| {
        let collection = format!("/v1/collection-{n}");
        ["", "/{id}", "/{id}/items", "/{id}/items/{item}", "/{id}:cancel", "/{id}.json"]
            .map(|behind| format!("{collection}{behind}"))
    };
    (0..1000).flat_map(of_collection).collect()
}

/// A path that the template matches.
fn request_for(template: &Template) -> String {
    let fill = |segment: &Segment| match segment {
        Segment::Literal(literal) => format!("/{literal}"),
        Segment::Partial(partial) => format!("/{}", partial.literals().join("7")),
        Segment::Variable => "/octocat".to_owned(),
    };
    template.segments().iter().map(fill).collect()
}

/// The best of 5 rounds of at least 20 ms; every path must pass.
fn per_path(paths: &[String], mut work: impl FnMut(&String) -> bool) -> Duration {
    assert!(paths.iter().all(&mut work), "a path is not what the bench is about");
    let (_, once) = timed(|| paths.iter().filter(|path| work(black_box(path))).count());
    let repetitions = (20_000_000 / once.as_nanos().max(1)).clamp(1, 1_000_000) as u32;
    let mut round = || {
        let (_, time) = timed(|| {
            (0..repetitions).map(|_| paths.iter().filter(|path| work(black_box(path))).count()).sum::<usize>()
        });
        time
    };
    let best = (0..5).map(|_| round()).min().unwrap_or_default();
    best / (repetitions * paths.len() as u32)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = black_box(work());
    (result, start.elapsed())
}
