//! Names of projects, APIs and operations.

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::Method;
use gw_syntax::{Diagnostic, Pointer, Sink, Span};

use super::codes;
use super::resolved::{Operation, Spanned};
use crate::parse::project::ApiEntry;

/// A name made from a file's: `specs/My Orders.yaml` gives `My-Orders`.
pub(crate) fn token_from_path(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = ["yaml", "yml", "json"]
        .iter()
        .find_map(|extension| file.strip_suffix(extension)?.strip_suffix('.'))
        .unwrap_or(file);
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let token: String = stem.chars().map(|c| if is_token(c) { c } else { '-' }).take(64).collect();
    let token = token.trim_matches('-');
    if token.is_empty() { "api".into() } else { token.to_owned() }
}

/// Reports names that stand twice among the APIs.
pub(super) fn report_duplicate_apis(apis: &[ApiEntry], sink: &mut Sink) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for api in apis {
        let name = api.name.value.as_str();
        if let Some(first) = seen.insert(name, api.name.span) {
            seen.insert(name, first);
            sink.push(
                Diagnostic::new(&codes::API_TWICE, format!("the API `{name}` stands here twice"))
                    .at(api.name.span)
                    .with_label(first, "it stands here first")
                    .with_help("give one of them another name")
                    .about(name),
            );
        }
    }
}

/// Gives the operations of one API their names, each once.
#[derive(Debug, Default)]
pub(super) struct OperationNames {
    given: BTreeSet<String>,
    first: BTreeMap<String, Span>,
    twice: BTreeSet<String>,
}

impl OperationNames {
    /// The `operationId` where there is one that is new; else method and path.
    pub(super) fn name(
        &mut self,
        operation_id: Option<&Spanned<String>>,
        (method, path): (Method, &str),
        pointer: &Pointer,
        sink: &mut Sink,
    ) -> String {
        if let Some(id) = operation_id {
            match self.first.get(&id.value) {
                None => {
                    self.first.insert(id.value.clone(), id.span);
                    if self.given.insert(id.value.clone()) {
                        return id.value.clone();
                    }
                }
                Some(first) => {
                    let first = *first;
                    self.twice.insert(id.value.clone());
                    sink.push_with(&codes::OPERATION_ID_TWICE, || twice(id, first, pointer, (method, path)));
                }
            }
        }
        let plain = format!("{method} {path}");
        let numbered = (2u32..).map(|number| format!("{plain} ({number})"));
        let mut candidates = std::iter::once(plain.clone()).chain(numbered);
        let name = candidates.find(|name| !self.given.contains(name)).unwrap_or_default();
        self.given.insert(name.clone());
        name
    }

    /// Takes an `operationId` back from the first that had it where others have it too: which one stands first in
    /// the document is no reason for a name.
    pub(super) fn settle(mut self, operations: &mut [Operation]) {
        for operation in operations {
            let is_shared = operation.operation_id.as_ref().is_some_and(|id| self.twice.contains(&id.value));
            let plain = format!("{} {}", operation.method, operation.path);
            if is_shared && self.given.insert(plain.clone()) {
                operation.name = plain;
            }
        }
    }
}

fn twice(id: &Spanned<String>, first: Span, pointer: &Pointer, (method, path): (Method, &str)) -> Diagnostic {
    Diagnostic::new(&codes::OPERATION_ID_TWICE, format!("the operationId `{}` stands here twice", id.value))
        .at(id.span)
        .with_pointer(pointer.child("operationId"))
        .with_label(first, "it stands here first")
        .with_help(format!(
            "give each operation its own (OpenAPI 3.1 section 4.8.10); until then this one is called `{method} {path}`"
        ))
        // Which of them stands first is no matter of what is found.
        .about(format!("/paths operationId {}", id.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_becomes_a_token() {
        for (path, name) in [
            ("specs/orders.yaml", "orders"),
            ("My Orders.json", "My-Orders"),
            ("api.github.com.json", "api.github.com"),
            ("ä.yml", "api"),
            ("openapi", "openapi"),
        ] {
            assert_eq!(token_from_path(path), name);
        }
    }

    #[test]
    fn names_are_unique_even_where_ids_look_like_paths() {
        let mut names = OperationNames::default();
        let mut sink = Sink::new();
        let span = Span::at(gw_syntax::SourceId(0), 0);
        let id = |text: &str| Some(Spanned { value: text.to_owned(), span });
        let mut name = |id: Option<Spanned<String>>, path| {
            names.name(id.as_ref(), (Method::Get, path), &Pointer::root(), &mut sink)
        };
        assert_eq!(name(id("list"), "/a"), "list");
        assert_eq!(name(id("list"), "/b"), "GET /b");
        assert_eq!(name(id("GET /c"), "/d"), "GET /c");
        assert_eq!(name(None, "/c"), "GET /c (2)");
        assert_eq!(sink.warnings(), 1);
    }
}
