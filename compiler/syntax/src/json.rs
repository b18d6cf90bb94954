//! Reading JSON (RFC 8259), strictly: no comments, no trailing commas, no other numbers.

mod scanner;
mod string;

use crate::code::CodeEntry;
use crate::diagnostic::Diagnostic;
use crate::reader::{Input, located, report_duplicates};
use crate::sink::Sink;
use crate::span::Span;
use crate::tree::Tree;
use scanner::Scanner;

/// Why a text is not JSON; the first reason ends the reading.
#[derive(Debug)]
struct Refusal {
    entry: &'static CodeEntry,
    message: String,
    start: u32,
    end: u32,
    /// Where the thing that is not closed was opened.
    opened: Option<u32>,
    help: Option<&'static str>,
}

/// Reads the text as one JSON document.
pub(crate) fn read(input: &Input, sink: &mut Sink) -> Option<Tree> {
    match Scanner::new(input).read() {
        Ok((tree, duplicates)) => {
            report_duplicates(input, &tree, &duplicates, sink);
            Some(tree)
        }
        Err((refusal, pointer)) => {
            sink.push(located(refusal.into_diagnostic(input), input, pointer));
            None
        }
    }
}

impl Refusal {
    fn new(entry: &'static CodeEntry, message: impl Into<String>, start: usize, end: usize) -> Self {
        Refusal {
            entry,
            message: message.into(),
            start: start as u32,
            end: end as u32,
            opened: None,
            help: None,
        }
    }

    fn opened_at(mut self, opened: u32) -> Self {
        self.opened = Some(opened);
        self
    }

    fn with_help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    fn into_diagnostic(self, input: &Input) -> Diagnostic {
        let span = |start, end| Span::new(input.source, start, end);
        let mut finding = Diagnostic::new(self.entry, self.message).at(span(self.start, self.end));
        if let Some(opened) = self.opened {
            finding = finding.with_label(span(opened, opened + 1), "opened here");
        }
        match self.help {
            Some(help) => finding.with_help(help),
            None => finding,
        }
    }
}
