//! Projects in memory, and findings as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gw_compiler::{Compilation, Date, Entry, FileFault, Files, Options, Outcome, Sealed, compile};
use gw_syntax::{Code, Severity};

/// Files by path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folder(pub(crate) BTreeMap<String, Vec<u8>>);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        self.0.get(path).cloned().ok_or(FileFault::Missing)
    }
}

impl Folder {
    /// Files from one text, each after a line `# file: NAME`; without such a line, one file of this name.
    pub(crate) fn read(text: &str, name: &str) -> Self {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut current = name.to_owned();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("# file: ") {
                name.clone_into(&mut current);
                files.entry(current.clone()).or_default();
            } else {
                let file = files.entry(current.clone()).or_default();
                file.push_str(line);
                file.push('\n');
            }
        }
        Self(files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect())
    }

    /// A project when there is a `gw.yaml`, else its one document.
    pub(crate) fn entry(&self) -> Entry {
        if self.0.contains_key("gw.yaml") {
            return Entry::Project { path: "gw.yaml".into() };
        }
        let document = self.0.keys().find(|name| name.starts_with("openapi.")).or(self.0.keys().next());
        Entry::Document { path: document.cloned().unwrap_or_default() }
    }

    /// Compiles it as it would be published.
    pub(crate) fn compile(&self) -> Compilation {
        without_slips(self.compile_in_full(None))
    }

    /// Compiles it for `serve --dev`.
    pub(crate) fn compile_dev(&self) -> Compilation {
        without_slips(compile(&self.entry(), self, &Options { dev: true, ..Options::default() }))
    }

    /// Compiles it as `gw lint` does on a day.
    pub(crate) fn lint(&self, today: &str) -> Compilation {
        without_slips(self.compile_in_full(Some(today.parse().expect("a day"))))
    }

    /// Compiles it as it would be published, and tells also what only people and other tools would miss.
    pub(crate) fn compile_in_full(&self, today: Option<Date>) -> Compilation {
        compile(&self.entry(), self, &Options { today, ..Options::default() })
    }
}

/// The smallest text that shows something has no `info`, no descriptions and no parameters: that is no matter but of its
/// own tests.
fn without_slips(mut compilation: Compilation) -> Compilation {
    compilation.findings.retain(|finding| !SLIPS.contains(&finding.code));
    compilation.suppressed.retain(|code, _| !SLIPS.contains(code));
    compilation
}

/// A rule of OpenAPI is broken where nothing that gw does depends on it; a variable of a path is declared nowhere.
const SLIPS: [Code; 2] = [Code(144), Code(214)];

/// Compiles a text of the form that [`Folder::read`] reads.
pub(crate) fn compiled(text: &str) -> Compilation {
    Folder::read(text, "openapi.yaml").compile()
}

/// The sealed artifact of a text that must pass.
#[track_caller]
pub(crate) fn sealed(text: &str) -> Box<Sealed> {
    let compilation = compiled(text);
    let findings = rendered(&compilation);
    match compilation.outcome {
        Outcome::Sealed(sealed) => sealed,
        Outcome::Refused { .. } => panic!("it is refused:\n{text}\n{findings}"),
    }
}

/// The codes of all findings, in their order.
pub(crate) fn codes(compilation: &Compilation) -> Vec<String> {
    compilation.findings.iter().map(|finding| finding.code.to_string()).collect()
}

/// The codes of all errors, in their order.
pub(crate) fn errors(compilation: &Compilation) -> Vec<String> {
    let errors = compilation.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code.to_string()).collect()
}

/// All findings as plain text.
pub(crate) fn rendered(compilation: &Compilation) -> String {
    let mut text = String::new();
    let place = |span: gw_syntax::Span| {
        let at = compilation.sources.position(span.source, span.start);
        let source = compilation.sources.text(span.source);
        let end = (span.end as usize).min(source.len());
        let shown = source[span.start as usize..end].lines().next().unwrap_or_default();
        format!("{}:{}:{} `{shown}`", compilation.sources.path(span.source), at.line, at.column)
    };
    for finding in &compilation.findings {
        let _ = writeln!(text, "{}[{}]: {}", finding.severity, finding.code, finding.message);
        if let Some(span) = finding.span {
            let _ = writeln!(text, "  at {}", place(span));
        }
        if let Some(pointer) = &finding.pointer {
            let _ = writeln!(text, "  pointer {pointer}");
        }
        for label in &finding.labels {
            let _ = writeln!(text, "  label {}: {}", place(label.span), label.text);
        }
        for line in finding.help.iter().flat_map(|help| help.lines()) {
            let _ = writeln!(text, "  help| {line}");
        }
    }
    text
}

/// Input and findings, as a snapshot shows them.
pub(crate) fn shown(text: &str) -> String {
    let compilation = compiled(text);
    let outcome = match &compilation.outcome {
        Outcome::Sealed(_) => "sealed",
        Outcome::Refused { .. } => "refused",
    };
    format!("{}\n----- {outcome}\n{}", text.trim(), rendered(&compilation))
}
