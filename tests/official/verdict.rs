//! What gw says about the structure of a document.

use std::collections::BTreeSet;

use gw_compiler::{Entry, FileFault, Files, Options, compile};
use gw_syntax::Severity;

/// A document as an API of a project that leaves nothing open.
struct Published<'t>(&'t str);

impl Files for Published<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        match path {
            "gw.yaml" => Ok(PROJECT.into()),
            "document" => Ok(self.0.into()),
            _ => Err(FileFault::Missing),
        }
    }
}

const PROJECT: &str = "\
gw: 1
name: official
apis: [{name: document, spec: document}]
upstreams: {echo: {}}
defaults: {upstream: echo, auth: {public: true, delegated: true, reason: documents run as they are}}
";

/// The codes about structure that a document gives, and of the errors before the gate all.
pub(crate) fn codes(text: &str) -> BTreeSet<u16> {
    let entry = Entry::Project { path: "gw.yaml".into() };
    let compilation = compile(&entry, &Published(text), &Options::default());
    let is_about_structure =
        |code: u16, severity| STRUCTURE.contains(&code) || (code < GATE && severity == Severity::Error);
    let told = compilation.findings.iter().map(|finding| (finding.code.0, finding.severity));
    told.filter(|(code, severity)| is_about_structure(*code, *severity)).map(|(code, _)| code).collect()
}

/// The warnings that say that a document breaks a rule of OpenAPI about its structure.
const STRUCTURE: [u16; 11] = [141, 144, 145, 146, 147, 148, 149, 150, 153, 154, 155];
/// The first code of the gate: it is about policies, and about what is published.
const GATE: u16 = 300;
