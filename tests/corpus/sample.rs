//! A sample of findings, for people to judge: is each one right?
//!
//! Drawn by a seed, so that nobody chooses what is looked at, and stratified over the codes, so that rare ones are
//! looked at too: every code in turn gives its next finding, in the order of a digest over seed, document and place.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use gw_artifact::Digest;
use gw_compiler::Compilation;
use serde_json::{Value, json};

/// How many findings a sample has.
const SIZE: usize = 100;
/// How many findings of one code a document can give to the draw.
const PER_CODE: usize = 20;
/// How much of a long line is shown.
const LINE_CHARACTERS: usize = 160;

/// What is told about the findings of one compilation: at most [`PER_CODE`] of each code, spread over all.
pub(crate) fn tell(compilation: &Compilation) -> Value {
    let mut codes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for finding in &compilation.findings {
        let Some(span) = finding.span else { continue };
        let at = compilation.sources.position(span.source, span.start);
        let line =
            compilation.sources.text(span.source).lines().nth(at.line as usize - 1).unwrap_or_default();
        codes.entry(finding.code.to_string()).or_default().push(json!({
            "severity": finding.severity.as_str(),
            "place": format!("{}:{}", at.line, at.column),
            "pointer": finding.pointer.as_ref().map(ToString::to_string),
            "message": finding.message,
            "help": finding.help,
            "line": line.trim().chars().take(LINE_CHARACTERS).collect::<String>(),
        }));
    }
    for findings in codes.values_mut() {
        let step = findings.len().div_ceil(PER_CODE).max(1);
        *findings = findings.iter().step_by(step).cloned().collect();
    }
    json!(codes)
}

/// The findings of all documents, by code.
#[derive(Debug, Default)]
pub(crate) struct Draw {
    seed: String,
    codes: BTreeMap<String, BTreeMap<String, Drawn>>,
}

#[derive(Debug)]
struct Drawn {
    document: PathBuf,
    finding: Value,
}

impl Draw {
    /// A draw with this seed: the hash of the commit whose findings are judged.
    pub(crate) fn new(seed: &str) -> Self {
        Self { seed: seed.to_owned(), codes: BTreeMap::new() }
    }

    /// Adds what was told about a document.
    pub(crate) fn add(&mut self, document: &Path, told: &Value) {
        for (code, findings) in told.as_object().into_iter().flatten() {
            for finding in findings.as_array().into_iter().flatten() {
                let place = format!("{}:{}", document.display(), finding["place"]);
                let order = Digest::of(format!("{} {code} {place}", self.seed).as_bytes()).to_string();
                let drawn = Drawn { document: document.to_owned(), finding: finding.clone() };
                self.codes.entry(code.clone()).or_default().insert(order, drawn);
            }
        }
    }

    /// Each code in turn, until there are enough.
    fn sample(&self) -> Vec<(&str, &Drawn)> {
        let mut codes: Vec<_> =
            self.codes.iter().map(|(code, drawn)| (code.as_str(), drawn.values())).collect();
        let mut sample = Vec::new();
        while sample.len() < SIZE {
            let before = sample.len();
            for (code, drawn) in &mut codes {
                sample.extend(drawn.next().map(|drawn| (*code, drawn)));
            }
            if sample.len() == before {
                break;
            }
        }
        sample.truncate(SIZE);
        sample.sort_by_key(|(code, _)| *code);
        sample
    }
}

/// Markdown with room for a verdict on each finding.
impl fmt::Display for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed: {}", self.seed)?;
        for (number, (code, Drawn { document, finding })) in self.sample().into_iter().enumerate() {
            let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            writeln!(f, "\n## {}. {code} {}", number + 1, text("severity"))?;
            writeln!(f, "\n{}:{} `{}`\n", document.display(), text("place"), text("pointer"))?;
            writeln!(f, "    {}\n", text("line"))?;
            writeln!(f, "{}", text("message"))?;
            writeln!(f, "help: {}", text("help"))?;
            writeln!(f, "\nverdict: ")?;
        }
        Ok(())
    }
}
