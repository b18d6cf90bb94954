//! Findings for people: place, caret, help, then counts.

use std::fmt::{self, Write as _};

use gw_syntax::{Diagnostic as Finding, Severity, SourceId};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::window::{Texts, Windows, printable};
use super::witness::Shown;
use super::{Batch, Counts, Report};
use crate::project::counted;

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// ASCII, no colours: pipes and files.
    Plain,
    /// Lines and colours: terminals.
    Terminal,
}

impl Look {
    /// The look of what goes to stderr.
    pub(super) fn with_colors(colors: bool) -> Self {
        if colors { Self::Terminal } else { Self::Plain }
    }

    fn theme(self) -> GraphicalTheme {
        match self {
            Self::Plain => GraphicalTheme::none(),
            Self::Terminal => GraphicalTheme::unicode(),
        }
    }
}

/// The whole report as text; empty without findings.
pub(super) fn render(report: &Report, look: Look) -> String {
    // Help holds lines to paste, which a wrap would break.
    let handler = GraphicalReportHandler::new_themed(look.theme()).with_wrap_lines(false).with_links(false);
    let mut text = String::new();
    for batch in &report.batches {
        let texts = Texts::new(&batch.sources);
        for at in 0..batch.findings.len() {
            render_finding(&handler, batch, &texts, at, &mut text)
                .expect("a String takes whatever is written to it");
        }
    }
    summary(report, &mut text).expect("a String takes whatever is written to it");
    text
}

fn render_finding(
    handler: &GraphicalReportHandler,
    batch: &Batch,
    texts: &Texts<'_>,
    at: usize,
    text: &mut String,
) -> fmt::Result {
    let finding = &batch.findings[at];
    let view = View::new(batch, texts, finding);
    let mut block = String::new();
    handler.render_report(&mut block, &view)?;
    // The renderer leaves a line empty below the code, which only spends room.
    text.push_str(&block.replacen("\n\n", "\n", 1));
    for (place, label) in &view.elsewhere {
        writeln!(text, "  note: {place}: {label}")?;
    }
    if let Some(pointer) = finding.pointer.as_ref().filter(|pointer| !pointer.is_root()) {
        writeln!(text, "  pointer: {}", printable(pointer.as_str()))?;
    }
    if let Some([line, outcome]) = Shown::of(batch, at).and_then(|witness| witness.lines()) {
        writeln!(text, "  witness: {}\n        -> {}", printable(&line), printable(&outcome))?;
    }
    if let Some(owner) = &finding.owner {
        writeln!(text, "  owner: {}", printable(owner))?;
    }
    writeln!(text, "  fingerprint: {}\n", finding.fingerprint())
}

fn summary(report: &Report, text: &mut String) -> fmt::Result {
    let rows = report.by_code();
    let counts = report.counts();
    if counts == Counts::default() {
        return Ok(());
    }
    writeln!(text, "{counts}")?;
    let most = rows.iter().map(|row| row.count).max().unwrap_or(0).to_string().len();
    for row in &rows {
        writeln!(text, "  {:>most$} x {} ({})", row.count, row.code, row.severity)?;
    }
    let hidden: usize = report.batches.iter().flat_map(|batch| batch.suppressed.values()).sum();
    if hidden > 0 {
        writeln!(text, "  {hidden} of them are counted and not shown")?;
    }
    match rows.first() {
        Some(row) => writeln!(text, "`gw explain {}` says more", row.code),
        None => Ok(()),
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "note")];
        let said = words.iter().filter(|(count, _)| *count > 0);
        let mut said: Vec<String> = said.map(|(count, word)| counted(*count, word)).collect();
        if said.is_empty() {
            said.push("no findings".to_owned());
        }
        if self.waived > 0 {
            said.push(format!("{} waived", self.waived));
        }
        f.write_str(&said.join(", "))
    }
}

/// A finding in the shape that the renderer wants.
#[derive(Debug)]
struct View<'b> {
    finding: &'b Finding,
    source: Option<Windows<'b>>,
    labels: Vec<LabeledSpan>,
    /// Labels that point into other texts: place and words.
    elsewhere: Vec<(String, String)>,
}

impl<'b> View<'b> {
    fn new(batch: &'b Batch, texts: &'b Texts<'_>, finding: &'b Finding) -> Self {
        let main = finding.span.or(finding.labels.first().map(|label| label.span));
        let Some(main) = main else {
            return Self { finding, source: None, labels: Vec::new(), elsewhere: Vec::new() };
        };
        let source = Windows::new(batch.path(main.source), texts, main.source);
        let here = |id: SourceId| id == main.source;
        let mut labels = Vec::new();
        if let Some(span) = finding.span {
            labels.push(LabeledSpan::new_primary_with_span(None, source.underline(span)));
        }
        for label in finding.labels.iter().filter(|label| here(label.span.source)) {
            let words = printable(&label.text).into_owned();
            labels.push(LabeledSpan::new_with_span(Some(words), source.underline(label.span)));
        }
        let elsewhere = finding
            .labels
            .iter()
            .filter(|label| !here(label.span.source))
            .map(|label| {
                let at = batch.sources.position(label.span.source, label.span.start);
                let place = format!("{}:{}:{}", batch.path(label.span.source), at.line, at.column);
                (place, printable(&label.text).into_owned())
            })
            .collect();
        Self { finding, source: Some(source), labels, elsewhere }
    }
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.finding.message))
    }
}

impl std::error::Error for View<'_> {}

impl Diagnostic for View<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", self.finding.severity, self.finding.code)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.finding.help.as_ref()?;
        Some(Box::new(printable(help).into_owned()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.labels.is_empty() { None } else { Some(Box::new(self.labels.iter().cloned())) }
    }
}

#[cfg(test)]
mod tests;
