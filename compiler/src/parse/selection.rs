//! Selectors of operations, read into values.

use std::fmt;

use gw_artifact::model::Method;
use gw_syntax::{Diagnostic, Kind, NodeRef, Sink, Span};

use super::codes;
use super::finding::{finding_at, found};
use super::glob::{Glob, MAX_GLOB_BYTES};
use crate::resolve::resolved::{Operation, Spanned};

/// Which operations are meant: those that every given key selects. `None`: the key is not given.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Where `select` or `except` stands.
    pub span: Span,
    /// `operations`, by `operationId`.
    pub operations: Option<Vec<Spanned<String>>>,
    /// `tags`.
    pub tags: Option<Vec<Spanned<String>>>,
    /// `paths`.
    pub paths: Option<Vec<Spanned<Glob>>>,
    /// `methods`.
    pub methods: Option<Vec<Method>>,
    /// `apis`, by name.
    pub apis: Option<Vec<Spanned<String>>>,
}

/// Reads a selector. Shapes have been checked; `None` where it would select something else than what is meant.
pub fn selection((key, node): (NodeRef<'_>, NodeRef<'_>), sink: &mut Sink) -> Option<Selection> {
    if node.kind() != Kind::Mapping && !node.is_null() {
        return None;
    }
    if node.is_empty() {
        sink.push_with(&codes::VALUE_MALFORMED, || {
            let name = key.scalar_text().unwrap_or_default();
            let message = format!("`{name}` selects by nothing");
            finding_at(&codes::VALUE_MALFORMED, node, message).with_help(match name {
                "except" => "name what is exempt, or remove the key",
                _ => "what holds for every operation stands below `defaults`",
            })
        });
        return None;
    }
    let mut is_whole = true;
    let mut list = |name: &str| {
        let list = node.get(name)?;
        is_whole &= list.kind() == Kind::Sequence && !list.is_empty();
        if list.kind() == Kind::Sequence && list.is_empty() {
            sink.push_with(&codes::VALUE_MALFORMED, || empty(name, list));
        }
        Some(list)
    };
    let lists = ["operations", "tags", "paths", "methods", "apis"].map(&mut list);
    is_whole &= lists.iter().any(Option::is_some);
    let [operations, tags, paths, methods, apis] = lists;
    let mut read = true;
    let selection = Selection {
        span: key.span(),
        operations: operations.map(|list| each(list, &mut read, text)),
        tags: tags.map(|list| each(list, &mut read, text)),
        paths: paths.map(|list| each(list, &mut read, |node| glob(node, sink))),
        methods: methods.map(|list| each(list, &mut read, |node| Method::from_wire(node.as_str()?))),
        apis: apis.map(|list| each(list, &mut read, text)),
    };
    (is_whole && read).then_some(selection)
}

impl Selection {
    /// Whether it selects an operation of the API of this name. O(names and globs).
    pub fn selects(&self, api: &str, operation: &Operation) -> bool {
        let any = |names: &Option<Vec<Spanned<String>>>, is: &dyn Fn(&str) -> bool| {
            names.as_ref().is_none_or(|names| names.iter().any(|name| is(&name.value)))
        };
        let id = operation.operation_id.as_ref().map(|id| id.value.as_str());
        any(&self.apis, &|name| name == api)
            && any(&self.operations, &|name| Some(name) == id)
            && any(&self.tags, &|name| operation.tags.iter().any(|tag| tag == name))
            && self.methods.as_ref().is_none_or(|methods| methods.contains(&operation.method))
            && self
                .paths
                .as_ref()
                .is_none_or(|globs| globs.iter().any(|glob| glob.value.matches(&operation.path)))
    }
}

impl fmt::Display for Selection {
    /// As people write it on one line: `{tags: [admin], methods: [POST, PUT]}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn list<T>(items: Option<&Vec<T>>, word: impl Fn(&T) -> String) -> Option<String> {
            items.map(|items| items.iter().map(word).collect::<Vec<_>>().join(", "))
        }
        let name = |name: &Spanned<String>| name.value.clone();
        let keys = [
            ("operations", list(self.operations.as_ref(), name)),
            ("tags", list(self.tags.as_ref(), name)),
            ("paths", list(self.paths.as_ref(), |glob| glob.value.to_string())),
            ("methods", list(self.methods.as_ref(), ToString::to_string)),
            ("apis", list(self.apis.as_ref(), name)),
        ];
        let given = keys.into_iter().filter_map(|(key, words)| Some(format!("{key}: [{}]", words?)));
        write!(f, "{{{}}}", given.collect::<Vec<_>>().join(", "))
    }
}

/// The items that can be read; one that cannot is a finding, and the selector is left out.
fn each<'t, T>(
    list: NodeRef<'t>,
    is_whole: &mut bool,
    mut read: impl FnMut(NodeRef<'t>) -> Option<T>,
) -> Vec<T> {
    let items: Vec<T> = list.items().filter_map(&mut read).collect();
    *is_whole &= items.len() == list.len();
    items
}

fn text(node: NodeRef<'_>) -> Option<Spanned<String>> {
    Some(Spanned { value: node.as_str()?.to_owned(), span: node.span() })
}

fn glob(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<Glob>> {
    let value = Glob::parse(node.as_str()?);
    if value.is_none() {
        sink.push_with(&codes::VALUE_MALFORMED, || {
            let message = format!("{} is no glob over paths", found(node));
            finding_at(&codes::VALUE_MALFORMED, node, message).with_help(format!(
                "a glob begins with `/` and has at most {MAX_GLOB_BYTES} bytes; `**` is a segment of its own: \
                 `/orders/**`"
            ))
        });
    }
    Some(Spanned { value: value?, span: node.span() })
}

fn empty(name: &str, list: NodeRef<'_>) -> Diagnostic {
    finding_at(&codes::VALUE_MALFORMED, list, format!("`{name}` names nothing"))
        .with_help("name what it selects, or remove the key")
}
