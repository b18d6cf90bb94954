//! Findings as a SARIF 2.1.0 log (OASIS), for code scanning.
//!
//! Results are told apart by the fingerprint of a finding, so that one stays the same when lines move. A path is that of
//! the command's folder, as code scanning wants it relative to the repository. Columns count Unicode scalar values.

use std::collections::BTreeMap;

use gw_compiler::{codes, explain};
use gw_syntax::{Code, CodeEntry, Diagnostic, Label, Severity, Span};
use serde_json::{Value, json};

use super::witness::Shown;
use super::{Batch, Report};

/// The log: one run.
pub(super) fn log(report: &Report) -> Value {
    let rules = rules(report);
    let indices: BTreeMap<Code, usize> =
        rules.iter().enumerate().map(|(index, entry)| (entry.code, index)).collect();
    let mut results = Vec::new();
    for batch in &report.batches {
        results.extend((0..batch.findings.len()).map(|at| result(batch, at, &indices)));
    }
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "gw",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_iter().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {"notShown": not_shown(report)},
        }],
    })
}

/// The codes that were found, in their order.
fn rules(report: &Report) -> Vec<&'static CodeEntry> {
    let found = report.by_code();
    let is_found = |entry: &&CodeEntry| found.iter().any(|row| row.code == entry.code);
    codes().into_iter().filter(is_found).collect()
}

fn rule(entry: &CodeEntry) -> Value {
    let page = explain(entry.code).unwrap_or_default();
    // The first line of a page is its title; the rest is the help.
    let help = page.split_once('\n').map_or("", |(_, rest)| rest).trim();
    json!({
        "id": entry.code.to_string(),
        "name": name(entry.name),
        "shortDescription": {"text": entry.title},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": level(entry.severity)},
    })
}

/// `identity-undefined` as SARIF spells names: `IdentityUndefined`.
fn name(name: &str) -> String {
    let capitalized = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    name.split('-').filter_map(capitalized).collect()
}

fn result(batch: &Batch, at: usize, rules: &BTreeMap<Code, usize>) -> Value {
    let found = &batch.findings[at];
    let related = found.labels.iter().enumerate().map(|(id, label)| related(batch, id, label));
    let mut result = json!({
        "ruleId": found.code.to_string(),
        "level": level(found.severity),
        "message": {"text": message(found)},
        "locations": found.span.map(|span| location(batch, span, found)).into_iter().collect::<Vec<_>>(),
        "relatedLocations": related.collect::<Vec<_>>(),
        "partialFingerprints": {"gw/v1": found.fingerprint()},
        "properties": {
            "subject": found.subject,
            "owner": found.owner,
            "pointer": found.pointer.as_ref().map(gw_syntax::Pointer::as_str),
            "witness": Shown::of(batch, at).map(|witness| witness.json()),
        },
    });
    if let (Some(index), Some(result)) = (rules.get(&found.code), result.as_object_mut()) {
        result.insert("ruleIndex".to_owned(), json!(index));
    }
    result
}

/// What is wrong, and what to do: viewers show nothing else beside the line.
///
/// Braces stay as they are, though SARIF 2.1.0 section 3.11.5 would have them doubled: no message has arguments, viewers
/// look for `{0}` alone, and those that know nothing of it would show every template as `/pets/{{id}}`.
fn message(found: &Diagnostic) -> String {
    match &found.help {
        Some(help) => format!("{}\n\n{help}", found.message),
        None => found.message.clone(),
    }
}

fn location(batch: &Batch, span: Span, found: &Diagnostic) -> Value {
    let mut location = json!({"physicalLocation": physical(batch, span)});
    if !found.subject.is_empty()
        && let Some(location) = location.as_object_mut()
    {
        location.insert("logicalLocations".to_owned(), json!([{"fullyQualifiedName": found.subject}]));
    }
    location
}

fn related(batch: &Batch, id: usize, label: &Label) -> Value {
    json!({
        "id": id,
        "physicalLocation": physical(batch, label.span),
        "message": {"text": label.text},
    })
}

/// Lines and columns count from 1; the end column is the one behind the last (SARIF 2.1.0 section 3.30.8).
fn physical(batch: &Batch, span: Span) -> Value {
    let start = batch.sources.position(span.source, span.start);
    let end = batch.sources.position(span.source, span.end);
    json!({
        "artifactLocation": {"uri": uri(&batch.path(span.source))},
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

/// A path as a URI reference (RFC 3986 section 4.2): a colon in its first step would begin a scheme.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn not_shown(report: &Report) -> Value {
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for (code, more) in report.batches.iter().flat_map(|batch| &batch.suppressed) {
        *codes.entry(code.to_string()).or_default() += more;
    }
    json!(codes)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_uri_reference() {
        assert_eq!(uri("a b/ü:%.yaml"), "a%20b/%C3%BC%3A%25.yaml");
    }

    #[test]
    fn a_name_has_no_dashes() {
        assert_eq!(name("identity-undefined"), "IdentityUndefined");
    }
}
