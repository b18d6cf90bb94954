//! The views over the span tree, held against another reader of OpenAPI 3.0 on real documents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gw_compiler::{Compilation, Entry, FileFault, Files, Options, compile};
use gw_syntax::Severity;
use openapiv3::{OpenAPI, ReferenceOr};

use crate::support::rendered;

const PROJECT: &str = "\
gw: 1
name: oracle
apis: [{name: api, spec: openapi, hosts: ['*'], base: /}]
upstreams: {api: {}}
defaults: {upstream: api, auth: {public: true, delegated: true, reason: documents without annotations}}
";

/// One document, as a project that publishes it.
struct Document(Vec<u8>);

impl Files for Document {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
        match path {
            "gw.yaml" => Ok(PROJECT.into()),
            "openapi" => Ok(self.0.clone()),
            _ => Err(FileFault::Missing),
        }
    }
}

/// The 3.0 documents of the packages that `tests/corpus/fetch small` gets.
#[expect(clippy::disallowed_methods, reason = "a test may read the files that it is about")]
fn documents() -> Vec<(PathBuf, Vec<u8>)> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/corpus");
    let folders = ["readme/3.0/json", "readme/3.0/yaml"].map(|folder| corpus.join(folder));
    let mut paths =
        vec![corpus.join("github/generated/api.github.com.json"), corpus.join("blockfrost/openapi.yaml")];
    for folder in folders {
        let entries = std::fs::read_dir(&folder)
            .unwrap_or_else(|fault| panic!("{}: {fault}; run tests/corpus/fetch small", folder.display()));
        paths.extend(
            entries
                .map(|entry| entry.expect("the folder can be listed").path())
                .filter(|path| path.is_file()),
        );
    }
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = std::fs::read(&path)
            .unwrap_or_else(|fault| panic!("{}: {fault}; run tests/corpus/fetch small", path.display()));
        (path, bytes)
    };
    paths.into_iter().map(read).collect()
}

/// What an operation is, as far as both readers know: its names and its demands on callers.
type Known = BTreeMap<(String, String), (Option<String>, usize, Vec<BTreeSet<String>>)>;

fn theirs(api: &OpenAPI) -> Known {
    let mut known = Known::new();
    for (path, item) in &api.paths.paths {
        // It does not follow references of path items.
        let ReferenceOr::Item(item) = item else { continue };
        for (method, operation) in item.iter() {
            let security = operation.security.as_ref().or(api.security.as_ref());
            let alternatives = security.into_iter().flatten().map(|one| one.keys().cloned().collect());
            known.insert(
                (method.to_uppercase(), path.clone()),
                (operation.operation_id.clone(), operation.tags.len(), alternatives.collect()),
            );
        }
    }
    known
}

/// The same, from the resolved project: the stages that are held against the other reader.
fn ours(bytes: &[u8]) -> Option<Known> {
    let document = Document(bytes.to_vec());
    let entry = Entry::Project { path: "gw.yaml".into() };
    let mut sink = gw_syntax::Sink::new();
    let sources = gw_compiler::load::load(&entry, &document, &gw_compiler::Options::default(), &mut sink);
    let parsed = gw_compiler::parse::parse(&entry, &sources, &mut sink);
    let resolved = gw_compiler::resolve::resolve(&entry, &parsed, &sources, &Options::default(), &mut sink)?;
    let known = resolved.operations.iter().map(|operation| {
        let alternatives = match &operation.security {
            gw_compiler::resolve::resolved::Security::Undeclared => Vec::new(),
            gw_compiler::resolve::resolved::Security::Declared { alternatives, .. } => alternatives
                .iter()
                .map(|one| one.schemes.iter().map(|scheme| scheme.name.clone()).collect())
                .collect(),
        };
        let id = operation.operation_id.as_ref().map(|id| id.value.clone());
        ((operation.method.to_string(), operation.path.clone()), (id, operation.tags.len(), alternatives))
    });
    Some(known.collect())
}

#[test]
fn both_readers_see_the_same_operations() {
    let mut compared = 0;
    for (path, bytes) in documents() {
        let api: Result<OpenAPI, String> = match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => serde_json::from_slice(&bytes).map_err(|fault| fault.to_string()),
            _ => serde_yaml::from_slice(&bytes).map_err(|fault| fault.to_string()),
        };
        // The other reader refuses some documents; then there is nothing to compare.
        let Ok(api) = api else { continue };
        let mut ours = ours(&bytes).unwrap_or_default();
        ours.retain(|(_, path), _| !matches!(api.paths.paths.get(path), Some(ReferenceOr::Reference { .. })));
        assert_eq!(ours, theirs(&api), "{}", path.display());
        compared += 1;
    }
    assert!(compared >= 20, "only {compared} documents were compared");
}

#[test]
fn no_real_document_is_misread() {
    for (path, bytes) in documents() {
        let entry = Entry::Project { path: "gw.yaml".into() };
        let compilation: Compilation = compile(&entry, &Document(bytes), &Options::default());
        let misread: Vec<String> = compilation
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .filter(|finding| finding.code.0 < 200 && finding.code.0 != 137)
            .map(|finding| finding.code.to_string())
            .collect();
        assert!(misread.is_empty(), "{}\n{}", path.display(), rendered(&compilation));
    }
}
