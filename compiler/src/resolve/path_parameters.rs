//! The variables of a path and its parameters: each variable is declared, and each parameter stands in the path (OpenAPI
//! 3.1 sections 4.8.8.2 and 4.8.12.1).

use std::collections::{BTreeMap, BTreeSet};

use gw_artifact::model::Method;
use gw_artifact::path_trie::Template;
use gw_syntax::{Diagnostic, NodeRef, Sink, nearest};

use super::codes;
use super::references::References;
use crate::parse::finding::finding_at;
use crate::parse::openapi::operation::Operation;
use crate::parse::openapi::path_item::PathItem;
use crate::parse::openapi::template::variables;

/// One path as it stands in a document: its key, and the item with its operations.
pub(super) struct Path<'a, 'p> {
    pub(super) key: NodeRef<'a>,
    pub(super) template: &'a str,
    pub(super) item: &'p PathItem<'a>,
    pub(super) operations: &'p [(Method, Operation<'a>)],
}

/// Reports variables that no parameter declares, and parameters that no variable stands for. A path that reaches no
/// request is a finding anyway, and one without operations need declare nothing.
pub(super) fn report<'a>(path: &Path<'a, '_>, references: &'a References<'_>, sink: &mut Sink) {
    if path.operations.is_empty() || Template::parse(path.template).is_err() {
        return;
    }
    let variables: BTreeSet<&str> = variables(path.template).collect();
    let shared = Declared::by(path.item.parameters(), references);
    let mut undeclared: BTreeMap<&str, Vec<Method>> = BTreeMap::new();
    shared.report_unplaced(path.template, &variables, sink);
    for (method, operation) in path.operations {
        let own = Declared::by(operation.parameters(), references);
        own.report_unplaced(path.template, &variables, sink);
        if own.is_complete && shared.is_complete {
            let missing = variables.iter().filter(|name| !own.has(name) && !shared.has(name));
            missing.for_each(|name| undeclared.entry(name).or_default().push(*method));
        }
    }
    for (name, methods) in undeclared {
        sink.push_with(&codes::PATH_VARIABLE_UNDECLARED, || undeclared_by(path, name, &methods));
    }
}

/// The parameters `in: path` of one list.
struct Declared<'a> {
    /// Entries of the list, by the name that they declare.
    by_name: BTreeMap<&'a str, NodeRef<'a>>,
    /// Whether each entry of the list says what it is.
    is_complete: bool,
}

impl<'a> Declared<'a> {
    fn by(parameters: impl Iterator<Item = NodeRef<'a>>, references: &'a References<'_>) -> Self {
        let mut declared = Declared { by_name: BTreeMap::new(), is_complete: true };
        for entry in parameters {
            let parameter = references.target(entry);
            let text = |key: &str| parameter.get(key).and_then(NodeRef::as_str);
            match (text("in"), text("name")) {
                (Some("path"), Some(name)) => drop(declared.by_name.entry(name).or_insert(entry)),
                (Some(_), Some(_)) => {}
                _ => declared.is_complete = false,
            }
        }
        declared
    }

    fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    fn report_unplaced(&self, template: &str, variables: &BTreeSet<&str>, sink: &mut Sink) {
        for (name, entry) in self.by_name.iter().filter(|(name, _)| !variables.contains(*name)) {
            sink.push_with(&codes::PATH_PARAMETER_UNPLACED, || unplaced(*entry, name, template, variables));
        }
    }
}

fn undeclared_by(path: &Path<'_, '_>, name: &str, methods: &[Method]) -> Diagnostic {
    let methods: Vec<String> = methods.iter().map(|method| format!("`{method}`")).collect();
    let template = path.template;
    let message = format!("no parameter declares `{{{name}}}` of `{template}` for {}", methods.join(", "));
    finding_at(&codes::PATH_VARIABLE_UNDECLARED, path.key, message)
        .with_help(format!(
            "declare it at the path item: `parameters: [{{name: {name}, in: path, required: true, schema: {{type: string}}}}]`"
        ))
        .about(format!("{template} {name}"))
}

fn unplaced(entry: NodeRef<'_>, name: &str, template: &str, variables: &BTreeSet<&str>) -> Diagnostic {
    let message = format!("the parameter `{name}` is `in: path`, and `{template}` has no `{{{name}}}`");
    let help = match nearest(name, variables.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write `{{{name}}}` into the path, or remove the parameter"),
    };
    finding_at(&codes::PATH_PARAMETER_UNPLACED, entry, message).with_help(help)
}
