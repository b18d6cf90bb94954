//! Lines to copy: each check says not only what is missing, but what to write and where.

use gw_syntax::{SourceId, Span};

use super::Context;
use crate::resolve::resolved::{Operation, ProjectKind};

/// A line for `defaults` in `gw.yaml`, with the place where it goes; `None` in a bare document.
pub(super) fn below_defaults(context: &Context<'_>, line: &str) -> Option<String> {
    let ProjectKind::Configured { file, defaults, .. } = context.resolved.project.kind else {
        return None;
    };
    let path = context.sources.path(file);
    Some(match defaults {
        Some(span) if begins_with_brace(context, span) => {
            format!(
                "in {path}, inside the braces of `defaults` (line {}):\n\n  {line},\n",
                line_of(context, span)
            )
        }
        Some(span) => {
            let indent = context.sources.position(file, span.start).column as usize - 1;
            format!("in {path}, below `defaults:`:\n\n{:indent$}{line}\n", "")
        }
        None => format!("in {path}:\n\ndefaults:\n  {line}\n"),
    })
}

/// An annotation for the root of a document: `key` and `value` as YAML writes them.
pub(super) fn at_root(context: &Context<'_>, document: SourceId, annotation: &Annotation<'_>) -> String {
    let path = context.sources.path(document);
    format!("in {path}, at the top level:\n\n{}\n", annotation.spelled(context, document, 0))
}

/// An annotation for an operation.
pub(super) fn on_operation(
    context: &Context<'_>,
    operation: &Operation,
    annotation: &Annotation<'_>,
) -> String {
    let source = operation.span.source;
    let at = context.sources.position(source, operation.span.start);
    let after = &context.sources.text(source)[operation.span.end as usize..];
    let before = context.sources.text(source)[..operation.span.start as usize].rsplit('\n').next();
    let (place, line) = if after.trim_start_matches([':', ' ', '\t', '\r', '\n']).starts_with('{') {
        let line = annotation.spelled(context, source, 2);
        // On a line with other braces, those of the root perhaps, the column tells which are meant.
        let place = if before.is_some_and(|before| before.contains('{')) {
            format!("first inside the braces behind column {} of", at.column)
        } else {
            "first inside the braces of".to_owned()
        };
        (place, if is_json(context, source) { line } else { line + "," })
    } else {
        ("below".to_owned(), annotation.spelled(context, source, indent_below(after, at.column as usize)))
    };
    format!(
        "in {}, {place} line {} (`{} {}`):\n\n{line}\n",
        context.sources.path(source),
        at.line,
        operation.method,
        operation.path,
    )
}

/// How far the lines below a key are indented, which stands in this column: two more than it where there are none.
fn indent_below(after_key: &str, column: usize) -> usize {
    let lines =
        after_key.lines().skip(1).map(|line| (line.trim_start(), line.len() - line.trim_start().len()));
    let mut content = lines.filter(|(text, _)| !text.is_empty() && !text.starts_with('#'));
    content.next().map(|(_, indent)| indent).filter(|indent| *indent >= column).unwrap_or(column + 1)
}

/// A policy key of a document.
pub(super) struct Annotation<'a> {
    /// With its prefix.
    pub(super) key: &'a str,
    /// The value in YAML's flow style.
    pub(super) yaml: &'a str,
    /// The same in JSON.
    pub(super) json: &'a str,
}

impl Annotation<'_> {
    /// The line in the document's own language, `indent` columns from the left.
    fn spelled(&self, context: &Context<'_>, document: SourceId, indent: usize) -> String {
        if is_json(context, document) {
            format!("{:indent$}\"{}\": {},", "", self.key, self.json)
        } else {
            format!("{:indent$}{}: {}", "", self.key, self.yaml)
        }
    }
}

/// The line of a place, counted from 1.
pub(super) fn line_of(context: &Context<'_>, span: Span) -> u32 {
    context.sources.position(span.source, span.start).line
}

fn is_json(context: &Context<'_>, document: SourceId) -> bool {
    context.sources.text(document).trim_start().starts_with('{')
}

fn begins_with_brace(context: &Context<'_>, span: Span) -> bool {
    context.sources.text(span.source)[span.start as usize..].starts_with('{')
}
