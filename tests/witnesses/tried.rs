//! A compilation, and its witnesses tried by the decision core.

use std::collections::BTreeMap;

use gw_compiler::{Compilation, Entry, FileFault, Files, Options, Outcome, compile};
use gw_replay::{Confirmed, Ground, Tried, confirm};
use gw_syntax::Diagnostic;

/// Files by path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(pub(crate) BTreeMap<String, String>);

impl Files for Texts {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(FileFault::Missing)
    }
}

impl Texts {
    /// Files from one text, each after a line `# file: NAME`; without such a line, one file of this name.
    pub(crate) fn read(text: &str, name: &str) -> Self {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        let mut current = name.to_owned();
        for line in text.lines() {
            match line.strip_prefix("# file: ") {
                Some(name) => name.clone_into(&mut current),
                None => files.entry(current.clone()).or_default().extend([line, "\n"]),
            }
        }
        Self(files)
    }

    /// Compiles the project, or the only document.
    pub(crate) fn compile(&self) -> Compilation {
        let entry = match self.0.keys().find(|name| name.starts_with("openapi.")) {
            _ if self.0.contains_key("gw.yaml") => Entry::Project { path: "gw.yaml".into() },
            document => Entry::Document { path: document.cloned().unwrap_or_default() },
        };
        compile(&entry, self, &Options::default())
    }
}

/// What witnesses are tried on, if there is anything.
pub(crate) fn ground(compilation: &Compilation) -> Option<Ground<'_>> {
    match (&compilation.outcome, &compilation.draft) {
        (Outcome::Sealed(sealed), _) => Some(Ground::Artifact(&sealed.artifact, &sealed.source_map)),
        (Outcome::Refused { .. }, draft) => draft.as_deref().map(Ground::Draft),
    }
}

/// The findings with confirmed witnesses.
///
/// # Errors
/// The first witness that is refuted, in words.
pub(crate) fn confirmed(compilation: &Compilation) -> Result<Vec<(&Diagnostic, Confirmed)>, String> {
    let Some(ground) = ground(compilation) else { return Ok(Vec::new()) };
    let tried = confirm(ground, &compilation.sources, &compilation.findings);
    let mut all = Vec::new();
    for (finding, tried) in compilation.findings.iter().zip(tried) {
        match tried {
            None | Some(Tried::KeptOut) => {}
            Some(Tried::Confirmed(confirmed)) => all.push((finding, confirmed)),
            Some(Tried::Refuted(ended)) => {
                let (code, message) = (finding.code, &finding.message);
                return Err(format!("{code} {message}\n{:#?}\nends as {ended:#?}", finding.witness));
            }
        }
    }
    Ok(all)
}
