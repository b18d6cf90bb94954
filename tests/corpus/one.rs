//! One document: compiled as it stands, and what validates is served.

use std::{collections::BTreeSet, path::Path};

use gw_compiler::{Compilation, Entry, Options, compile};
use gw_syntax::{Severity, Sink, SourceMap, Tree, parse};

use crate::{marks::marked, outcome::Outcome, project, requests::plan, served};

/// Compiles a document; when it validates, serves a marked copy of it and sends one request per operation.
pub(crate) fn run(document: &Path) -> Outcome {
    let mut outcome = Outcome::default();
    let compilation = compiled(document, None);
    tell_findings(&compilation, &mut outcome);
    let gw_compiler::Outcome::Sealed(sealed) = compilation.outcome else {
        if outcome.errors.is_empty() {
            outcome.wrong.push("refused without a finding".into());
        }
        return outcome;
    };
    outcome.compiled = true;
    outcome.operations = sealed.artifact.operations().len() as u64;
    let templates: Vec<String> = templates(&sealed.artifact);
    drop(sealed);
    if let Err(why) = serve(document, &templates, &mut outcome) {
        outcome.wrong.push(why);
    }
    outcome
}

fn compiled(document: &Path, text: Option<String>) -> Compilation {
    let entry = Entry::Project { path: "gw.yaml".into() };
    compile(&entry, &project::around(document, text), &Options::default())
}

/// Every finding has a place; errors are counted.
fn tell_findings(compilation: &Compilation, outcome: &mut Outcome) {
    for finding in &compilation.findings {
        if finding.severity == Severity::Error {
            *outcome.errors.entry(finding.code.to_string()).or_default() += 1;
        }
        if finding.span.is_none() {
            outcome.wrong.push(format!("{} has no place: {}", finding.code, finding.message));
        }
    }
}

fn templates(artifact: &gw_artifact::Artifact) -> Vec<String> {
    let told = |operation: &gw_artifact::model::Operation| format!("{} {}", operation.method, operation.template);
    artifact.operations().iter().map(told).collect()
}

fn serve(document: &Path, templates: &[String], outcome: &mut Outcome) -> Result<(), String> {
    let tree = tree(document)?;
    let plan = plan(&tree);
    let operations: BTreeSet<_> = plan.requests.iter().map(|request| request.operation).collect();
    let copy = compiled(document, Some(marked(&tree, &operations)));
    let gw_compiler::Outcome::Sealed(sealed) = copy.outcome else {
        return Err(format!("the marked copy does not compile: {:?}", copy.findings.first()));
    };
    if self::templates(&sealed.artifact) != templates {
        return Err("the marked copy has other operations".into());
    }
    outcome.unbuilt = plan.unbuilt as u64;
    served::serve(sealed.bytes, &plan.requests, outcome).map_err(|error| format!("cannot serve: {error}"))
}

fn tree(document: &Path) -> Result<Tree, String> {
    let text = std::fs::read_to_string(document).map_err(|error| error.to_string())?;
    let mut sources = SourceMap::new();
    let id = sources.add("document", text);
    parse(&sources, id, &mut Sink::new()).ok_or_else(|| "the document does not parse a second time".to_owned())
}
