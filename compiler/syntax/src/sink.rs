//! Where findings go: counted, capped, and put into one order.

use std::collections::BTreeMap;

use crate::code::{Code, CodeEntry, Severity};
use crate::diagnostic::Diagnostic;
use crate::source_map::{Position, SourceMap};

/// How many findings of one code are kept; the rest are counted.
pub const MAX_PER_CODE: usize = 100;

/// Collects findings, at most [`MAX_PER_CODE`] of each code.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    kept: Vec<Diagnostic>,
    seen: BTreeMap<Code, usize>,
    errors: usize,
    warnings: usize,
}

/// All findings of a run, in their final order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    diagnostics: Vec<Diagnostic>,
    suppressed: BTreeMap<Code, usize>,
}

impl Sink {
    /// A sink without findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a finding; past [`MAX_PER_CODE`] of its code it is only counted.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.count(diagnostic.code, diagnostic.severity) {
            self.kept.push(diagnostic);
        }
    }

    /// Like [`Sink::push`], but makes the finding only when it will be kept, for the ones that cost
    /// time to describe. `diagnostic` must have the entry's code and severity.
    pub fn push_with(&mut self, entry: &CodeEntry, diagnostic: impl FnOnce() -> Diagnostic) {
        if self.count(entry.code, entry.severity) {
            self.kept.push(diagnostic());
        }
    }

    /// Takes over everything that `other` holds, as if it had been pushed here.
    pub fn append(&mut self, other: Sink) {
        let suppressed = other.suppressed();
        let (errors, warnings) = (self.errors + other.errors, self.warnings + other.warnings);
        other.kept.into_iter().for_each(|diagnostic| self.push(diagnostic));
        for (code, count) in suppressed {
            *self.seen.entry(code).or_default() += count;
        }
        (self.errors, self.warnings) = (errors, warnings);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether an error was found, kept or only counted.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors were found, kept or only counted.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many warnings were found, kept or only counted.
    pub fn warnings(&self) -> usize {
        self.warnings
    }

    /// What is kept so far, in the order of arrival.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.kept
    }

    /// How many findings of each code were counted but not kept; codes without any are absent.
    pub fn suppressed(&self) -> BTreeMap<Code, usize> {
        let over = |(code, seen): (&Code, &usize)| Some((*code, seen.checked_sub(MAX_PER_CODE)?));
        self.seen.iter().filter_map(over).filter(|(_, count)| *count > 0).collect()
    }

    /// Puts the findings into their final order: by path, offset and code, those without a place first.
    pub fn finish(self, sources: &SourceMap) -> Findings {
        let suppressed = self.suppressed();
        let mut diagnostics = self.kept;
        put_in_order(&mut diagnostics, sources);
        Findings { diagnostics, suppressed }
    }

    /// Counts one more; whether it is to be kept.
    fn count(&mut self, code: Code, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => {}
        }
        let seen = self.seen.entry(code).or_default();
        *seen += 1;
        *seen <= MAX_PER_CODE
    }
}

impl Findings {
    /// The findings that were kept.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// How many more there were of each code.
    pub fn suppressed(&self) -> &BTreeMap<Code, usize> {
        &self.suppressed
    }

    /// How much the weightiest finding weighs; `None` without findings.
    pub fn worst(&self) -> Option<Severity> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.severity).max()
    }

    /// Line and column of a finding.
    pub fn position(diagnostic: &Diagnostic, sources: &SourceMap) -> Option<Position> {
        diagnostic.span.map(|span| sources.position(span.source, span.start))
    }
}

/// The final order of findings: by path, offset and code, those without a place first.
pub fn put_in_order(diagnostics: &mut [Diagnostic], sources: &SourceMap) {
    diagnostics.sort_by(|a, b| order(a, sources).cmp(&order(b, sources)));
}

fn order<'d>(diagnostic: &'d Diagnostic, sources: &'d SourceMap) -> (Option<(&'d str, u32)>, Code, &'d str) {
    let place = diagnostic.span.map(|span| (sources.path(span.source), span.start));
    (place, diagnostic.code, &diagnostic.subject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{DUPLICATE_KEY, TAG_UNSUPPORTED};
    use crate::span::Span;

    #[test]
    fn keeps_a_hundred_of_a_code_and_counts_the_rest() {
        let mut sink = Sink::new();
        for _ in 0..130 {
            sink.push_with(&DUPLICATE_KEY, || Diagnostic::new(&DUPLICATE_KEY, "x"));
        }
        sink.push(Diagnostic::new(&TAG_UNSUPPORTED, "y"));
        assert_eq!(sink.errors(), 131);
        let findings = sink.finish(&SourceMap::new());
        assert_eq!(findings.diagnostics().len(), 101);
        assert_eq!(findings.suppressed(), &BTreeMap::from([(DUPLICATE_KEY.code, 30)]));
    }

    #[test]
    fn orders_by_path_then_offset_then_code() {
        let mut sources = SourceMap::new();
        let (second, first) = (sources.add("b.yaml", "xxxx"), sources.add("a.yaml", "xxxx"));
        let mut sink = Sink::new();
        sink.push(Diagnostic::new(&TAG_UNSUPPORTED, "4").at(Span::at(second, 2)));
        sink.push(Diagnostic::new(&DUPLICATE_KEY, "3").at(Span::at(second, 2)));
        sink.push(Diagnostic::new(&DUPLICATE_KEY, "2").at(Span::at(first, 3)));
        sink.push(Diagnostic::new(&DUPLICATE_KEY, "1"));
        let findings = sink.finish(&sources);
        let messages: Vec<&str> = findings.diagnostics().iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages, ["1", "2", "3", "4"]);
        assert_eq!(findings.worst(), Some(Severity::Error));
    }

    #[test]
    fn appending_keeps_the_counts() {
        let full = || {
            let mut sink = Sink::new();
            (0..120).for_each(|_| sink.push(Diagnostic::new(&DUPLICATE_KEY, "x")));
            sink
        };
        let mut sink = full();
        sink.append(full());
        assert_eq!(sink.errors(), 240);
        assert_eq!(sink.diagnostics().len(), 100);
        assert_eq!(sink.suppressed(), BTreeMap::from([(DUPLICATE_KEY.code, 140)]));
    }
}
