//! Findings, on their way to a person or a program. Only this folder knows how they look.

mod github;
mod human;
mod json;
mod sarif;
mod window;
mod witness;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gw_compiler::Waived;
use gw_replay::Confirmed;
use gw_syntax::{Code, Diagnostic, Severity, SourceId, SourceMap};
use serde_json::Value;

use crate::args::{FindingArgs, FindingFormat};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::out::Out;
use crate::workspace::write_atomically;

/// What one compilation or one suite found, with the texts that the findings point into.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// What a person put in front of the paths of `sources`.
    pub(crate) shown: PathBuf,
    /// The texts.
    pub(crate) sources: SourceMap,
    /// The findings, in their final order.
    pub(crate) findings: Vec<Diagnostic>,
    /// How many more there were of each code.
    pub(crate) suppressed: BTreeMap<Code, usize>,
    /// The findings that waivers accept: they are counted, and never make a command say no.
    pub(crate) waived: Vec<Waived>,
    /// How many more of these there were of each code.
    pub(crate) waived_suppressed: BTreeMap<Code, usize>,
    /// Beside `findings`: what the decision core confirmed. May be shorter.
    pub(crate) confirmed: Vec<Option<Confirmed>>,
}

impl Batch {
    /// All findings that are kept, waived or not.
    fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().chain(self.waived.iter().map(|waived| &waived.finding))
    }

    /// The path of a text as a person would type it.
    fn path(&self, id: SourceId) -> String {
        shown_path(&self.shown, self.sources.path(id))
    }
}

/// A path inside a project's folder, as a person in the folder of the command would type it.
pub(crate) fn shown_path(folder: &Path, path: &str) -> String {
    folder.join(path).display().to_string()
}

/// Everything that one command found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    batches: Vec<Batch>,
}

impl From<Batch> for Report {
    fn from(batch: Batch) -> Self {
        Self { batches: vec![batch] }
    }
}

/// How many findings there are of each weight, kept or only counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) infos: usize,
    pub(crate) waived: usize,
}

impl Report {
    /// Takes more findings.
    pub(crate) fn push(&mut self, batch: Batch) {
        self.batches.push(batch);
    }

    /// Whether anything was found with this code, waived or not.
    pub(crate) fn holds(&self, code: Code) -> bool {
        self.batches.iter().any(|batch| batch.all().any(|finding| finding.code == code))
    }

    /// How many findings there are of each weight.
    pub(crate) fn counts(&self) -> Counts {
        let waived = |batch: &Batch| batch.waived.len() + batch.waived_suppressed.values().sum::<usize>();
        let mut counts = Counts { waived: self.batches.iter().map(waived).sum(), ..Counts::default() };
        for row in self.by_code() {
            match row.severity {
                Severity::Error => counts.errors += row.count,
                Severity::Warning => counts.warnings += row.count,
                Severity::Info => counts.infos += row.count,
            }
        }
        counts
    }

    /// Whether there are findings at or above a weight, and whether one of them is our own bug.
    pub(crate) fn exit(&self, at_or_above: Severity) -> Exit {
        let rows = self.by_code();
        if rows.iter().any(|row| row.code == OUR_BUG) {
            return Exit::Bug;
        }
        if rows.iter().any(|row| row.severity >= at_or_above) { Exit::Refused } else { Exit::Clean }
    }

    /// Writes the findings where the flags want them: for a person on stderr, and into `--report`.
    /// In JSON they are part of the command's result: see [`Report::document`]. The other formats are the findings alone.
    pub(crate) fn publish(
        &self,
        flags: &FindingArgs,
        document: &Value,
        out: &mut Out,
    ) -> Result<(), Failure> {
        let text = match flags.format {
            FindingFormat::Human => human::render(self, human::Look::Plain),
            FindingFormat::Json => format!("{document}\n"),
            FindingFormat::Sarif => format!("{}\n", sarif::log(self)),
            FindingFormat::Github => github::render(self),
        };
        match flags.format {
            FindingFormat::Human => self.tell(out),
            FindingFormat::Json | FindingFormat::Sarif | FindingFormat::Github => {
                out.raw_result(text.as_bytes());
            }
        }
        let Some(path) = &flags.report else { return Ok(()) };
        write_atomically(path, text.as_bytes())
    }

    /// Writes the findings for a person, on stderr.
    pub(crate) fn tell(&self, out: &mut Out) {
        let text = human::render(self, human::Look::with_colors(out.colors()));
        if !text.is_empty() {
            out.say(text.trim_end_matches('\n'));
        }
    }

    /// The findings as one JSON document; `result` is what the command itself adds to it.
    pub(crate) fn document(&self, command: &str, exit: Exit, result: Value) -> Value {
        json::document(self, command, exit, result)
    }

    /// One row for each code, in the order of codes.
    fn by_code(&self) -> Vec<CodeRow> {
        let mut rows: BTreeMap<(Code, Severity), usize> = BTreeMap::new();
        for batch in &self.batches {
            for finding in &batch.findings {
                *rows.entry((finding.code, finding.severity)).or_default() += 1;
            }
            for (code, more) in &batch.suppressed {
                let severity = batch.all().find(|finding| finding.code == *code).map(|found| found.severity);
                *rows.entry((*code, severity.unwrap_or(Severity::Error))).or_default() += more;
            }
        }
        rows.into_iter().map(|((code, severity), count)| CodeRow { code, severity, count }).collect()
    }
}

/// How often a code was found.
#[derive(Clone, Copy, Debug)]
struct CodeRow {
    code: Code,
    severity: Severity,
    count: usize,
}

/// The code of findings that only a bug in gw can make.
const OUR_BUG: Code = Code(0);
