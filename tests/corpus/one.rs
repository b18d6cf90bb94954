//! One document: compiled as it stands, and what validates is served.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::Path,
};

use gw_compiler::{Compilation, Entry, Options, compile};
use gw_syntax::{Severity, Sink, SourceMap, Tree, parse};

use crate::{exported, marks::marked, outcome::Outcome, project, requests::plan, sample, served};

/// Compiles a document as it stands.
pub(crate) fn compile_it(document: &Path) -> Outcome {
    let mut outcome = Outcome::default();
    let compilation = compiled(document, None);
    tell_findings(&compilation, &mut outcome);
    match compilation.outcome {
        gw_compiler::Outcome::Sealed(sealed) => {
            outcome.compiled = true;
            outcome.operations = sealed.artifact.operations().len() as u64;
        }
        gw_compiler::Outcome::Refused { .. } if outcome.errors.is_empty() => {
            outcome.wrong.push("refused without a finding".into());
        }
        gw_compiler::Outcome::Refused { .. } => {}
    }
    outcome
}

/// The findings of a document, for a sample.
pub(crate) fn findings_of(document: &Path) -> serde_json::Value {
    sample::tell(&compiled(document, None))
}

/// Serves a marked copy of a document that compiled, and sends one request per operation.
pub(crate) fn serve_it(document: &Path) -> Outcome {
    let mut outcome = Outcome { compiled: true, ..Outcome::default() };
    if let Err(why) = serve(document, &mut outcome) {
        outcome.wrong.push(why);
    }
    outcome
}

/// Exports a document that compiled, and holds the export against it.
pub(crate) fn export_it(document: &Path) -> Outcome {
    let mut outcome = Outcome { compiled: true, ..Outcome::default() };
    outcome.wrong.extend(exported::complaints(document));
    outcome
}

pub(crate) fn compiled(document: &Path, text: Option<String>) -> Compilation {
    let entry = Entry::Project { path: "gw.yaml".into() };
    compile(&entry, &project::around(document, text), &Options::default())
}

/// Every finding has a place; errors are counted, and told to a person who runs one document alone.
fn tell_findings(compilation: &Compilation, outcome: &mut Outcome) {
    for finding in &compilation.findings {
        if finding.severity == Severity::Error {
            *outcome.errors.entry(finding.code.to_string()).or_default() += 1;
            let line =
                finding.span.map_or(0, |span| compilation.sources.position(span.source, span.start).line);
            writeln!(io::stderr(), "line {line}: {} {}", finding.code, finding.message).unwrap_or(());
        }
        if finding.span.is_none() {
            outcome.wrong.push(format!("{} has no place: {}", finding.code, finding.message));
        }
    }
}

fn serve(document: &Path, outcome: &mut Outcome) -> Result<(), String> {
    let tree = tree(document)?;
    let plan = plan(&tree);
    let operations: BTreeSet<_> = plan.requests.iter().map(|request| request.operation).collect();
    let copy = compiled(document, Some(marked(&tree, &operations)));
    let gw_compiler::Outcome::Sealed(sealed) = copy.outcome else {
        return Err(format!("the marked copy does not compile: {:?}", copy.findings.first()));
    };
    drop(tree);
    outcome.operations = sealed.artifact.operations().len() as u64;
    outcome.unbuilt = plan.unbuilt as u64;
    served::serve(&sealed.bytes, &plan.requests, outcome).map_err(|error| format!("cannot serve: {error}"))
}

fn tree(document: &Path) -> Result<Tree, String> {
    let text = std::fs::read_to_string(document).map_err(|error| error.to_string())?;
    let mut sources = SourceMap::new();
    let id = sources.add("document", text);
    parse(&sources, id, &mut Sink::new())
        .ok_or_else(|| "the document does not parse a second time".to_owned())
}
