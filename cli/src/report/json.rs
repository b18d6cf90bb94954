//! Findings for programs: every field, with a format version.

use gw_compiler::Waived;
use gw_syntax::{Diagnostic, Label, Span};
use serde_json::{Value, json};

use super::witness::Shown;
use super::{Batch, Report};
use crate::exit_code::Exit;

/// The version of the document's shape. It grows when a field changes its meaning or goes away.
const FORMAT_VERSION: u32 = 1;

/// The document: what the command says, then every finding. Fields of `result` stand at the top level.
pub(super) fn document(report: &Report, command: &str, exit: Exit, result: Value) -> Value {
    let counts = report.counts();
    let mut document = json!({
        "format_version": FORMAT_VERSION,
        "tool": {"name": "gw", "version": env!("CARGO_PKG_VERSION")},
        "command": command,
        "exit_code": exit.number(),
        "summary": {
            "errors": counts.errors,
            "warnings": counts.warnings,
            "infos": counts.infos,
            "waived": counts.waived,
            "not_shown": not_shown(report),
        },
        "findings": findings(report),
        "waived": waived(report),
    });
    if let (Some(document), Value::Object(result)) = (document.as_object_mut(), result) {
        document.extend(result);
    }
    document
}

fn findings(report: &Report) -> Vec<Value> {
    let each = |batch: &Batch| {
        let shown = |(at, found)| finding(batch, found, Shown::of(batch, at).as_ref());
        batch.findings.iter().enumerate().map(shown).collect::<Vec<_>>()
    };
    report.batches.iter().flat_map(each).collect()
}

/// The findings that are accepted, each with its waiver.
fn waived(report: &Report) -> Vec<Value> {
    let each = |batch: &Batch| batch.waived.iter().map(|waived| accepted(batch, waived)).collect::<Vec<_>>();
    report.batches.iter().flat_map(each).collect()
}

fn accepted(batch: &Batch, Waived { finding: found, waiver }: &Waived) -> Value {
    let mut value = finding(batch, found, None);
    value["waiver"] = json!({
        "reason": waiver.reason.value,
        "expires": waiver.expires.as_ref().map(|expires| expires.value.to_string()),
        "place": place(batch, waiver.span),
    });
    value
}

fn not_shown(report: &Report) -> Value {
    let mut codes = serde_json::Map::new();
    for (code, more) in report.batches.iter().flat_map(|batch| &batch.suppressed) {
        let sum = codes.get(&code.to_string()).and_then(Value::as_u64).unwrap_or(0) + *more as u64;
        codes.insert(code.to_string(), sum.into());
    }
    Value::Object(codes)
}

fn finding(batch: &Batch, found: &Diagnostic, witness: Option<&Shown<'_>>) -> Value {
    json!({
        "code": found.code.to_string(),
        "severity": found.severity.as_str(),
        "message": found.message,
        "place": found.span.map(|span| place(batch, span)),
        "pointer": found.pointer.as_ref().map(gw_syntax::Pointer::as_str),
        "labels": found.labels.iter().map(|label| labelled(batch, label)).collect::<Vec<_>>(),
        "help": found.help,
        "fix": found.fix.as_ref().map(|fix| json!({
            "title": fix.title,
            "place": place(batch, fix.span),
            "replacement": fix.replacement,
        })),
        "witness": witness.map(Shown::json),
        "subject": found.subject,
        "owner": found.owner,
        "fingerprint": found.fingerprint(),
    })
}

fn labelled(batch: &Batch, label: &Label) -> Value {
    json!({"text": label.text, "place": place(batch, label.span)})
}

/// Lines and columns count from 1, columns in Unicode scalar values; the end is the place behind the last.
fn place(batch: &Batch, span: Span) -> Value {
    let start = batch.sources.position(span.source, span.start);
    let end = batch.sources.position(span.source, span.end);
    json!({
        "file": batch.path(span.source),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    })
}

#[cfg(test)]
mod tests {
    use gw_syntax::{Code, CodeEntry, Diagnostic, Severity, SourceMap};

    use super::*;

    #[test]
    fn a_finding_carries_every_field() {
        let entry = CodeEntry { code: Code(304), name: "x", severity: Severity::Warning, title: "x" };
        let mut sources = SourceMap::new();
        let id = sources.add("a.yaml", "one\ntwo\n");
        let found = Diagnostic::new(&entry, "two is odd").at(Span::new(id, 4, 7)).about("a.yaml two");
        let mut report = Report::default();
        report.push(Batch { shown: "shop".into(), sources, findings: vec![found], ..Batch::default() });

        let document = document(&report, "validate", Exit::Clean, json!({"artifact": null}));
        assert_eq!(document["format_version"], 1);
        assert_eq!(document["artifact"], Value::Null);
        assert_eq!(document["summary"]["warnings"], 1);
        let place = json!({"file": "shop/a.yaml", "line": 2, "column": 1, "end_line": 2, "end_column": 4});
        assert_eq!(document["findings"][0]["place"], place);
        assert_eq!(document["findings"][0]["fingerprint"].as_str().map(str::len), Some(12));
    }
}
