//! How long reading takes beside `serde_json::from_slice::<Value>` on the same bytes.
//!
//! `cargo bench -p gw-syntax --bench parse -- FILE [YAML TWIN]`: best of 5 in one process, ratios.
#![expect(clippy::print_stdout, reason = "it is a command")]
#![expect(clippy::disallowed_methods, reason = "a bench takes files, and the time")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use gw_syntax::{Sink, SourceMap, parse};

fn main() {
    let paths: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let texts: Vec<(String, Vec<u8>)> = paths.into_iter().filter_map(read).collect();
    let texts = if texts.is_empty() { vec![("made.json".to_owned(), made())] } else { texts };
    let base = best_of_5(|| serde_json::from_slice::<serde_json::Value>(&texts[0].1).is_ok());
    println!("serde_json::from_slice::<Value>  {:>8.1} ms", millis(base));
    for (path, text) in &texts {
        let time = best_of_5(|| nodes(path, text) > 0);
        let ratio = time.as_secs_f64() / base.as_secs_f64();
        println!("{path}: {} nodes, {:.1} ms, ratio {ratio:.2}", nodes(path, text), millis(time));
    }
}

/// How many nodes a file has; 0 when it is refused.
fn nodes(path: &str, text: &[u8]) -> usize {
    let mut sources = SourceMap::new();
    let id = sources.add(path, text);
    parse(&sources, id, &mut Sink::new()).map_or(0, |tree| tree.node_count())
}

fn read(path: String) -> Option<(String, Vec<u8>)> {
    let text = std::fs::read(&path).ok()?;
    Some((path, text))
}

/// A document of 20,000 small objects, for a run without arguments.
fn made() -> Vec<u8> {
    let object = |n: usize| format!(r#""schema-{n}":{{"type":"object","required":["id"],"maximum":{n}}}"#);
    let objects: Vec<String> = (0..20_000).map(object).collect();
    format!("{{{}}}", objects.join(",")).into_bytes()
}

fn best_of_5(run: impl Fn() -> bool) -> Duration {
    let timed = |_| {
        let start = Instant::now();
        assert!(black_box(run()), "the file is read");
        start.elapsed()
    };
    (0..5).map(timed).min().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
