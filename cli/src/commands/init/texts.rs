//! The files of a new project, as text.

use std::collections::BTreeMap;
use std::path::Path;

use gw_artifact::model::{Access, HostPattern};
use gw_compiler::Sealed;

use super::source::Spec;

/// The project's own file.
pub(super) const PROJECT: &str = "gw.yaml";
/// The bindings of one's own machine.
pub(super) const BINDINGS: &str = "bindings/local.toml";
/// What CI runs.
const RECIPE: &str = "ci/gw.sh";

/// What the texts are made of.
#[derive(Debug)]
pub(super) struct Facts {
    /// The name of project, API and upstream.
    pub(super) name: String,
    /// The document, relative to the project's folder.
    spec: String,
    /// The hosts that the document's `servers` name; empty for any.
    hosts: Vec<String>,
    /// Whether some operation demands credentials and nothing says who verifies them.
    pub(super) needs_verification: bool,
}

impl Facts {
    /// Gathers them from what the document alone compiles to.
    pub(super) fn of(directory: &Path, spec: &Spec, sealed: &Sealed) -> Self {
        let tables = sealed.artifact.tables();
        let patterns = tables.sites.iter().flat_map(|site| &site.hosts).map(|host| match host {
            HostPattern::Exact(name) => name.clone(),
            HostPattern::Suffix(suffix) => format!("*{suffix}"),
        });
        let needs_verification = tables.access.iter().any(Access::lets_nobody_in);
        Self { name: name(directory), spec: spec.path.clone(), hosts: patterns.collect(), needs_verification }
    }
}

/// The project's name: that of its folder, as far as it is a token.
fn name(directory: &Path) -> String {
    let folder = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
    let letters = folder.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let spell = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let name: String = letters.chars().map(spell).take(40).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "gateway".to_owned() } else { name.to_owned() }
}

/// All texts but the document and the suite, by path.
pub(super) fn project(facts: &Facts) -> BTreeMap<String, String> {
    let texts = [(PROJECT, gateway(facts)), (BINDINGS, bindings(facts)), (RECIPE, recipe(facts))];
    texts.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
}

fn gateway(facts: &Facts) -> String {
    let Facts { name, spec, .. } = facts;
    let spec = serde_json::Value::from(spec.as_str());
    let hosts = hosts(facts);
    let auth = auth(facts);
    format!(
        "# What is published, and under which policy. `gw explain KEY` says what a key does.\n\
         gw: 1\n\
         name: {name}\n\
         apis:\n  - name: {name}\n    spec: {spec}\n{hosts}\
         upstreams:\n  {name}: {{}}      # its addresses stand in {BINDINGS}\n\
         defaults:\n  upstream: {name}\n  timeout: 30s\n  body-max: 1MiB\n{auth}"
    )
}

/// Where the document names hosts, the machine at hand is one of them too, so that there is something to try.
fn hosts(facts: &Facts) -> String {
    if facts.hosts.is_empty() {
        return String::new();
    }
    let mut hosts = facts.hosts.clone();
    for local in ["localhost", "127.0.0.1"] {
        if !hosts.iter().any(|host| host == local) {
            hosts.push(local.to_owned());
        }
    }
    let quoted: Vec<String> =
        hosts.iter().map(|host| serde_json::Value::from(host.as_str()).to_string()).collect();
    format!("    hosts: [{}]   # instead of those in the document's `servers`\n", quoted.join(", "))
}

fn auth(facts: &Facts) -> &'static str {
    if !facts.needs_verification {
        return "";
    }
    "  # Operations with declared security are denied until somebody verifies credentials. If the service does:\n\
     \x20 # auth: {delegated: true, reason: \"the service verifies its own tokens\"}\n"
}

fn bindings(facts: &Facts) -> String {
    format!(
        "# One node's half: addresses and sinks, never policy. `gw schema bindings` says what can stand here.\n\
         listen = {{ public = \"127.0.0.1:8080\" }}\n\
         health = \"127.0.0.1:9090\"\n\
         admin = \"127.0.0.1:9901\"\n\
         logs = [{{ kind = \"stdout\" }}]\n\n\
         [upstreams]\n\
         {} = [\"http://127.0.0.1:9001\"]\n",
        facts.name
    )
}

fn recipe(facts: &Facts) -> String {
    format!(
        "#!/bin/sh\n\
         # What CI runs for this project, in any system that can run a script: `sh ci/gw.sh`. Needs `gw` on the PATH.\n\
         set -eu\n\
         cd \"$(dirname \"$0\")/..\"\n\
         gw validate --bindings {BINDINGS}\n\
         gw test\n\
         gw compile -o \"${{1:-{}.gwa}}\"\n",
        facts.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_token_whatever_the_folder_is_called() {
        assert_eq!(name(Path::new("Shop API (new)")), "shop-api--new");
        assert_eq!(name(Path::new("€")), "gateway");
        assert_eq!(name(Path::new("/")), "gateway");
    }
}
