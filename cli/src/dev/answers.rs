//! What a stand-in for one upstream answers: the document's example for each operation that is sent to it.

use std::collections::BTreeMap;

use gw_artifact::model::{Method, Operation, OperationId, PathEdit, UpstreamId};
use gw_artifact::path_trie::{Captures, PathTrie, Template};
use gw_compiler::Sealed;
use gw_compiler::resolve::resolved::Example;

use crate::project::Built;

/// The answers of one upstream, by forwarded path and method.
#[derive(Debug)]
pub(crate) struct Answers {
    paths: PathTrie,
    rows: Vec<BTreeMap<Method, Answer>>,
}

/// The answer for one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// What the document gives as an example; `None` where it gives nothing to go by.
    pub(crate) example: Option<Example>,
    /// Whether the operation is served only because this is `--dev`.
    pub(crate) unprotected: bool,
}

impl Answers {
    /// Collects the answers for an upstream. Where two operations arrive at the same forwarded path and method, the
    /// first one's example stands for both.
    pub(crate) fn collect(sealed: &Sealed, upstream: UpstreamId, built: &Built) -> Self {
        let artifact = &sealed.artifact;
        let mut shapes: BTreeMap<String, (Template, BTreeMap<Method, Answer>)> = BTreeMap::new();
        for (index, operation) in artifact.operations().iter().enumerate() {
            if operation.forward.upstream != upstream {
                continue;
            }
            let Ok(template) = Template::parse(&forwarded(operation)) else { continue };
            let api = &artifact.api_of(operation).name;
            let answer = Answer {
                example: built.example(api, &operation.name).cloned(),
                unprotected: built.is_unprotected(sealed, OperationId(index as u32)),
            };
            let row = shapes.entry(template.shape()).or_insert_with(|| (template, BTreeMap::new()));
            row.1.entry(operation.method).or_insert(answer);
        }
        let mut templates = Vec::new();
        let mut rows = Vec::new();
        for (template, row) in shapes.into_values() {
            templates.push((template, rows.len() as u32));
            rows.push(row);
        }
        let paths = PathTrie::build(&templates).expect("shapes are distinct, they are keys of a map");
        Self { paths, rows }
    }

    /// The answer for a request that the gateway forwarded. `HEAD` is answered like `GET` where nothing else is said.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<&Answer> {
        let row = &self.rows[self.paths.find(path, &mut Captures::new())? as usize];
        let method = Method::from_wire(method)?;
        row.get(&method).or_else(|| if method == Method::Head { row.get(&Method::Get) } else { None })
    }

    /// Whether some operation is served only because this is `--dev`.
    pub(crate) fn any_unprotected(&self) -> bool {
        self.rows.iter().flat_map(BTreeMap::values).any(|answer| answer.unprotected)
    }
}

/// The template as the upstream sees it.
fn forwarded(operation: &Operation) -> String {
    let path = match &operation.forward.path {
        PathEdit::Unchanged => operation.template.clone(),
        PathEdit::ReplaceBase { base, prefix } => {
            format!("{prefix}{}", operation.template.get(usize::from(*base)..).unwrap_or_default())
        }
    };
    if path.is_empty() { "/".to_owned() } else { path }
}
