//! Findings as workflow commands of GitHub Actions, which become annotations of a pull request.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step; the worst stand first, and the last line counts.

use std::fmt::Write as _;

use gw_syntax::{Diagnostic, Severity};

use super::{Batch, Report};

/// One line for each finding, errors first, then one that counts them.
pub(super) fn render(report: &Report) -> String {
    let mut rows: Vec<(&Batch, &Diagnostic)> = Vec::new();
    for batch in &report.batches {
        rows.extend(batch.findings.iter().map(|finding| (batch, finding)));
    }
    rows.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
    let mut text = String::new();
    for (batch, finding) in rows {
        text.push_str(&line(batch, finding));
    }
    text.push_str(&count(report));
    text
}

/// `::error file=a.yaml,line=1,col=2,endLine=1,endColumn=5,title=GW0301::what is wrong`
fn line(batch: &Batch, finding: &Diagnostic) -> String {
    let mut line = format!("::{} ", level(finding.severity));
    if let Some(span) = finding.span {
        let start = batch.sources.position(span.source, span.start);
        let end = batch.sources.position(span.source, span.end);
        let file = property(&batch.path(span.source));
        let _ = write!(line, "file={file},line={},col={},endLine={}", start.line, start.column, end.line);
        // A column of the end means something on the line of the start alone.
        if start.line == end.line {
            let _ = write!(line, ",endColumn={}", end.column);
        }
        line.push(',');
    }
    let _ = write!(line, "title={}::{}", property(&finding.code.to_string()), data(&finding.message));
    if let Some(help) = &finding.help {
        let _ = write!(line, "{}", data(&format!("\n{help}")));
    }
    line.push('\n');
    line
}

/// What all annotations of a step together say, also those that GitHub does not show.
fn count(report: &Report) -> String {
    let counts = report.counts();
    let all = counts.errors + counts.warnings + counts.infos;
    if all == 0 {
        return String::new();
    }
    let told: usize = report.batches.iter().map(|batch| batch.findings.len()).sum();
    let more = if all > told { format!("; {} of them are not told here", all - told) } else { String::new() };
    format!("::notice title=gw::{counts}{more}\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// The escapes of a command's message (`@actions/core`, `escapeData`).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of a command's property (`@actions/core`, `escapeProperty`).
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use gw_syntax::{Code, CodeEntry, SourceMap, Span};

    use super::*;

    fn entry(severity: Severity) -> CodeEntry {
        CodeEntry { code: Code(304), name: "x", severity, title: "x" }
    }

    fn rendered(findings: Vec<Diagnostic>) -> String {
        let mut sources = SourceMap::new();
        sources.add("a,b:%.yaml", "one\ntwo\n");
        render(&Report::from(Batch { sources, findings, ..Batch::default() }))
    }

    fn place(start: u32, end: u32) -> Span {
        let mut sources = SourceMap::new();
        Span::new(sources.add("a", ""), start, end)
    }

    #[test]
    fn what_means_something_to_github_is_escaped() {
        let found = Diagnostic::new(&entry(Severity::Error), "50% of\r\n::error::this, or: that")
            .at(place(4, 7))
            .with_help("do\nthis");
        assert_eq!(
            rendered(vec![found]),
            "::error file=a%2Cb%3A%25.yaml,line=2,col=1,endLine=2,endColumn=4,title=GW0304\
             ::50%25 of%0D%0A::error::this, or: that%0Ado%0Athis\n\
             ::notice title=gw::1 error\n"
        );
    }

    #[test]
    fn the_worst_stand_first_and_no_column_ends_on_another_line() {
        let warning = Diagnostic::new(&entry(Severity::Warning), "w").at(place(0, 7));
        let error = Diagnostic::new(&entry(Severity::Error), "e");
        let text = rendered(vec![warning, error]);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("::error title=GW0304::e"));
        assert_eq!(
            lines.next(),
            Some("::warning file=a%2Cb%3A%25.yaml,line=1,col=1,endLine=2,title=GW0304::w")
        );
    }

    #[test]
    fn nothing_found_is_nothing_said() {
        assert_eq!(rendered(Vec::new()), "");
    }
}
