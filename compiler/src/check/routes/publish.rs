//! Each operation under each of its base paths, as a template that a request can match.

use std::collections::BTreeMap;

use gw_artifact::canonical_path::{NotCanonical, canonicalize};
use gw_artifact::path_trie::{Template, TemplateDefect};
use gw_syntax::{Diagnostic, Shows, Sink, Span, Witness};

use super::Published;
use super::places::Places;
use crate::check::Context;
use crate::check::codes::PATH_UNSERVABLE;
use crate::check::witness::with_witness;
use crate::check::wording::pointer_of_path;
use crate::resolve::resolved::Operation;

/// Templates that were read already: methods of one path share theirs. `None`: a finding stands.
type Read<'r> = BTreeMap<(Span, &'r str), Option<Template>>;

pub(super) fn all(context: &Context<'_>, sink: &mut Sink) -> Vec<Published> {
    let mut read = Read::new();
    let mut places = Places::default();
    let mut published = Vec::with_capacity(context.resolved.operations.len());
    for (index, operation) in context.resolved.operations.iter().enumerate() {
        for (base, hosts) in places.of(operation, sink) {
            let template = read
                .entry((operation.path_span, base))
                .or_insert_with(|| template(context, operation, base, sink));
            if let Some(template) = template {
                let template = template.clone();
                published.push(Published { operation: index, base: base.to_owned(), template, hosts });
            }
        }
    }
    if places.is_spent() {
        published.clear();
    }
    published
}

fn template(context: &Context<'_>, operation: &Operation, base: &str, sink: &mut Sink) -> Option<Template> {
    match Template::parse(&format!("{base}{}", operation.path)) {
        Ok(template) => Some(template),
        Err(defect) => {
            sink.push(finding(context, operation, base, &defect));
            None
        }
    }
}

fn finding(context: &Context<'_>, operation: &Operation, base: &str, defect: &TemplateDefect) -> Diagnostic {
    let in_path = position(defect).and_then(|at| at.checked_sub(base.len()));
    let message = format!("no request can match `{}`: {}", operation.path, reason(defect));
    let finding = Diagnostic::new(&PATH_UNSERVABLE, message)
        .at(in_path.map_or(operation.path_span, |at| place(context, operation, at)))
        .with_pointer(pointer_of_path(operation))
        .about(operation.path.as_str())
        .with_help(help(defect));
    with_witness(finding, witness(operation, base, defect))
}

/// The path itself, where people can send it. It is refused before its host is looked at.
fn witness(operation: &Operation, base: &str, defect: &TemplateDefect) -> Option<Witness> {
    let target = format!("{base}{}", operation.path);
    let can_be_sent = |byte: u8| byte.is_ascii_graphic() && !b"\"'`<>{}|^?#".contains(&byte);
    let is_refused = matches!(defect, TemplateDefect::Unservable(_)) && canonicalize(&target).is_err();
    let shows = Shows::Answers { status: 400, rather_than: None };
    (is_refused && target.len() <= MAX_TARGET && target.bytes().all(can_be_sent))
        .then(|| Witness::new(operation.method.as_str(), target, shows))
}

/// What fits into a line that people paste, in bytes.
const MAX_TARGET: usize = 1024;

/// The character at `at` of the path, where the source has the path as it is; else the whole key.
fn place(context: &Context<'_>, operation: &Operation, at: usize) -> Span {
    let key = operation.path_span;
    let text = context.sources.text(key.source).get(key.start as usize..key.end as usize).unwrap_or_default();
    let Some((start, character)) =
        text.find(operation.path.as_str()).zip(operation.path.get(at..).and_then(|rest| rest.chars().next()))
    else {
        return key;
    };
    let start = key.start + (start + at) as u32;
    Span::new(key.source, start, start + character.len_utf8() as u32)
}

fn position(defect: &TemplateDefect) -> Option<usize> {
    match defect {
        TemplateDefect::NoLeadingSlash | TemplateDefect::TooLong | TemplateDefect::TooManyVariables => None,
        TemplateDefect::QueryOrFragment { at, .. }
        | TemplateDefect::UnbalancedBrace { at }
        | TemplateDefect::EmptyName { at }
        | TemplateDefect::DuplicateName { at, .. }
        | TemplateDefect::AdjacentVariables { at } => Some(*at),
        TemplateDefect::Unservable(offence) => Some(offence.at()),
    }
}

/// What is wrong, without a position: the span has it.
fn reason(defect: &TemplateDefect) -> String {
    let words = match defect {
        TemplateDefect::UnbalancedBrace { .. } => "a brace has no partner in its segment",
        TemplateDefect::EmptyName { .. } => "a variable has no name",
        TemplateDefect::AdjacentVariables { .. } => "nothing says where the first of two variables ends",
        TemplateDefect::Unservable(offence) => match offence {
            NotCanonical::DotSegment { .. } => "it has a dot segment (`.` or `..`)",
            NotCanonical::EmptySegment { .. } => "it has an empty segment (`//`)",
            NotCanonical::Separator { .. } => "it has an encoded slash or a backslash",
            NotCanonical::Parameter { .. } => "it has a path parameter (`;`)",
            NotCanonical::Control { .. } => "it has a control character",
            NotCanonical::DoubleEncoding { .. } => "it is encoded twice",
            NotCanonical::MalformedEscape { .. } => "an escape lacks its two hexadecimal digits",
            NotCanonical::NotUtf8 { .. } => "its escapes are not UTF-8",
            NotCanonical::NoLeadingSlash | NotCanonical::TooLong | NotCanonical::NotAllowed { .. } => {
                return offence.to_string();
            }
        },
        TemplateDefect::NoLeadingSlash
        | TemplateDefect::TooLong
        | TemplateDefect::TooManyVariables
        | TemplateDefect::QueryOrFragment { .. }
        | TemplateDefect::DuplicateName { .. } => return defect.to_string(),
    };
    words.to_owned()
}

fn help(defect: &TemplateDefect) -> &'static str {
    match defect {
        TemplateDefect::QueryOrFragment { character: '#', .. } => {
            "clients keep what follows `#` to themselves (RFC 3986 §3.5): remove it, or tell operations apart by path"
        }
        TemplateDefect::QueryOrFragment { .. } => "declare what follows `?` as parameters with `in: query`",
        TemplateDefect::AdjacentVariables { .. } => {
            "put text between the two variables, as in `{a}-{b}` or `{a}/{b}`"
        }
        TemplateDefect::UnbalancedBrace { .. } | TemplateDefect::EmptyName { .. } => {
            "a variable is written `{name}`"
        }
        TemplateDefect::DuplicateName { .. } => "give each variable of a path its own name",
        TemplateDefect::NoLeadingSlash => "begin the path with `/`",
        TemplateDefect::TooLong | TemplateDefect::TooManyVariables => {
            "split the path into several operations"
        }
        TemplateDefect::Unservable(_) => {
            "gw refuses such requests with 400, because servers disagree about them"
        }
    }
}
