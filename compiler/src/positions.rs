//! Answers to questions about places: what stands here, which operations it is about, and what holds for them.
//!
//! ```
//! # use std::collections::BTreeMap;
//! # use gw_compiler::{Entry, FileFault, Files};
//! use gw_compiler::positions::Positions;
//! # struct Texts(BTreeMap<&'static str, &'static str>);
//! # impl Files for Texts {
//! #     fn read(&self, path: &str) -> Result<Vec<u8>, FileFault> {
//! #         self.0.get(path).map(|text| text.as_bytes().to_vec()).ok_or(FileFault::Missing)
//! #     }
//! # }
//! let document = "\
//! openapi: 3.1.0
//! info: {title: pets, version: '1'}
//! x-gw-timeout: 9s
//! paths:
//!   /pets:
//!     get: {x-gw-timeout: 2s, responses: {}}
//! ";
//! let files = Texts(BTreeMap::from([("pets.yaml", document)]));
//! let positions = Positions::read(&Entry::Document { path: "pets.yaml".into() }, &files);
//! let answer = positions.at("pets.yaml", 6, Some(12)).unwrap();
//! assert_eq!(answer.key.as_deref(), Some("timeout"));
//! let timeout = answer.operations[0].spoken().into_iter().find(|spoken| spoken.key == "timeout.total").unwrap();
//! assert_eq!((&*timeout.words[0].text, &*timeout.words[1].text), ("2s", "9s"));
//! ```

use gw_syntax::{NodeRef, Pointer, Position, Sink, SourceId, SourceMap, Span};

use crate::compile::{Entry, Options};
use crate::load::{Files, SourceSet, load};
use crate::parse::parse;
use crate::resolve::resolved::{Api, Operation};
use crate::resolve::{Resolved, resolve};
use crate::vocabulary::annotations::PREFIX;

/// A project that can be asked about places. It need not pass the gate.
#[derive(Debug)]
pub struct Positions<'f> {
    set: SourceSet<'f>,
    resolved: Option<Resolved>,
}

/// What stands at a place.
#[derive(Clone, Debug)]
pub struct Answer<'p> {
    /// The place that was asked about.
    pub place: Span,
    /// The innermost key or item there, as a path through its file.
    pub pointer: Pointer,
    /// What the operations have to do with the place.
    pub scope: Scope,
    /// The policy key there, without `x-gw-`: `timeout`, `timeout.connect`.
    pub key: Option<String>,
    /// Where that key and its value stand.
    pub key_span: Option<Span>,
    /// The operations that the place is about, in the order of the project.
    pub operations: Vec<&'p Operation>,
}

/// What the operations of an [`Answer`] have to do with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// It stands in them; more than one where several APIs publish them.
    Operation,
    /// It stands in their path item.
    Path,
    /// It stands in their document, or in the entry of `apis` that publishes it.
    Api,
    /// It stands in the entry of `apply` that selects them.
    Apply,
    /// It stands in `gw.yaml`, or in a file that this extends, and speaks to all of them.
    Project,
    /// It speaks to none.
    Elsewhere,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nowhere {
    /// The project does not have the file, or it does not parse.
    File,
    /// The file has no such line, or the line no such column.
    Place,
    /// The project file could not be understood.
    Project,
}

impl<'f> Positions<'f> {
    /// Reads a project as far as its operations and their policy; what is wrong with it is for [`crate::compile()`] to
    /// say.
    pub fn read(entry: &Entry, files: &'f dyn Files) -> Self {
        let mut sink = Sink::new();
        let options = Options::default();
        let set = load(entry, files, &options, &mut sink);
        let parsed = parse(entry, &set, &mut sink);
        let resolved = resolve(entry, &parsed, &set, &options, &mut sink);
        drop(parsed);
        Positions { set, resolved }
    }

    /// The texts, for those who show places.
    pub fn sources(&self) -> &SourceMap {
        self.set.sources()
    }

    /// The API of an operation.
    pub fn api_of(&self, operation: &Operation) -> Option<&Api> {
        self.resolved.as_ref()?.apis.get(operation.api)
    }

    /// What stands at a line and a column, both from 1; without a column, at the first word of the line.
    ///
    /// # Errors
    /// When there is no such place.
    pub fn at(&self, path: &str, line: u32, column: Option<u32>) -> Result<Answer<'_>, Nowhere> {
        let source = self.sources().find(path).ok_or(Nowhere::File)?;
        let offset = self.offset(source, line, column).ok_or(Nowhere::Place)?;
        self.at_offset(source, offset)
    }

    /// What stands at a byte offset.
    ///
    /// # Errors
    /// When there is no such place.
    pub fn at_offset(&self, source: SourceId, offset: u32) -> Result<Answer<'_>, Nowhere> {
        let resolved = self.resolved.as_ref().ok_or(Nowhere::Project)?;
        let tree = self.set.tree(source).ok_or(Nowhere::File)?;
        let trail = trail(tree.root(), offset);
        let tokens: Vec<&str> = trail.iter().map(|step| step.token.as_str()).collect();
        let (scope, operations) = self.scope(resolved, source, offset, &tokens);
        let key = key_of(&trail, &tokens, resolved.is_policy_file(source));
        let pointer = pointer_of(&tokens);
        Ok(Answer {
            place: Span::at(source, offset),
            pointer,
            scope,
            key: key.as_ref().map(|(name, _)| name.clone()),
            key_span: key.map(|(_, span)| span),
            operations,
        })
    }

    fn scope<'p>(
        &self,
        resolved: &'p Resolved,
        source: SourceId,
        offset: u32,
        tokens: &[&str],
    ) -> (Scope, Vec<&'p Operation>) {
        let all = resolved.operations.iter();
        if resolved.is_policy_file(source) {
            return in_policy_file(resolved, source, self.range_of(source, tokens, 2), tokens);
        }
        let here = |operation: &&Operation| operation.span.source == source;
        let inside: Vec<&Operation> =
            all.clone().filter(here).filter(|operation| is_within(tokens, &operation.pointer)).collect();
        if !inside.is_empty() {
            return (Scope::Operation, inside);
        }
        let below = |operation: &&Operation| {
            let mut item = operation.pointer.clone();
            item.pop();
            is_within(tokens, &item)
                || (operation.path_span.source == source && covers(operation.path_span, offset))
        };
        let below: Vec<&Operation> = all.clone().filter(here).filter(below).collect();
        if !below.is_empty() {
            return (Scope::Path, below);
        }
        let of_document: Vec<&Operation> =
            all.filter(|operation| resolved.apis[operation.api].document == source).collect();
        let scope = if of_document.is_empty() { Scope::Elsewhere } else { Scope::Api };
        (scope, of_document)
    }

    /// The range of the node at the first steps of a path: key and value.
    fn range_of(&self, source: SourceId, tokens: &[&str], steps: usize) -> Option<Span> {
        let pointer = pointer_of(tokens.get(..steps).unwrap_or(tokens));
        Some(self.set.tree(source)?.root().at_pointer(&pointer)?.span())
    }

    /// The offset of a place.
    fn offset(&self, source: SourceId, line: u32, column: Option<u32>) -> Option<u32> {
        let sources = self.sources();
        let text = sources.text(source);
        let wanted = Position { line, column: column.unwrap_or(1) };
        let (mut low, mut high) = (0, text.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            if sources.position(source, middle) < wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if column.is_some() || line == 0 {
            return (sources.position(source, low) == wanted).then_some(low);
        }
        let rest = text.get(low as usize..)?;
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let mut start = low + blank as u32;
        // An item begins behind its dash.
        while let Some(rest) = text.get(start as usize..).and_then(|rest| rest.strip_prefix("- ")) {
            start += 2 + (rest.len() - rest.trim_start_matches(' ').len()) as u32;
        }
        (sources.position(source, start).line == line).then_some(start)
    }
}

/// One step on the way from the root of a file to a place.
struct Step {
    token: String,
    /// Key and value, or the item.
    span: Span,
}

/// The steps to the innermost key or item at an offset. An entry goes on until the next one begins, so that comments
/// and blanks belong to what stands before them; what an overlay put there stands elsewhere. Each step goes down: it
/// ends with the tree.
fn trail(root: NodeRef<'_>, offset: u32) -> Vec<Step> {
    let mut trail = Vec::new();
    let mut node = root;
    let source = root.tree().source();
    let is_before = |node: NodeRef<'_>| node.span().source == source && node.span().start <= offset;
    loop {
        let entry = node.entries().filter(|(key, _)| is_before(*key)).max_by_key(|(key, _)| key.span().start);
        let items = node.items().enumerate().filter(|(_, item)| is_before(*item));
        let item = items.max_by_key(|(_, item)| item.span().start);
        let (token, start, value) = match (entry, item) {
            (Some((key, value)), _) => {
                (key.scalar_text().unwrap_or_default().to_owned(), key.span().start, value)
            }
            (None, Some((index, item))) => (index.to_string(), item.span().start, item),
            (None, None) => return trail,
        };
        // An alias leads to another place, and so does what an overlay put here.
        let is_here = value.span().source == source && value.span().start >= start;
        let end = if is_here { value.span().end } else { start };
        trail.push(Step { token, span: Span::new(source, start, end) });
        if !is_here || value.span().start > offset {
            return trail;
        }
        node = value;
    }
}

/// The policy key on the way, with its range.
fn key_of(trail: &[Step], tokens: &[&str], is_policy_file: bool) -> Option<(String, Span)> {
    let (at, name) = if is_policy_file {
        let at = match tokens {
            ["defaults", _, ..] => 1,
            ["apply", _, "set", _, ..] => 3,
            _ => return None,
        };
        (at, tokens[at])
    } else {
        let at = tokens.iter().position(|token| token.starts_with(PREFIX))?;
        (at, tokens[at].strip_prefix(PREFIX)?)
    };
    match tokens.get(at + 1) {
        Some(phase) if name == "timeout" => Some((format!("{name}.{phase}"), trail[at + 1].span)),
        _ => Some((name.to_owned(), trail[at].span)),
    }
}

fn in_policy_file<'p>(
    resolved: &'p Resolved,
    source: SourceId,
    entry: Option<Span>,
    tokens: &[&str],
) -> (Scope, Vec<&'p Operation>) {
    let within = |span: Span| span.source == source && entry.is_some_and(|entry| covers(entry, span.start));
    let all = resolved.operations.iter();
    match tokens {
        ["apply", _, ..] => {
            let applied = resolved.applied.iter().position(|applied| within(applied.select.span));
            let selected =
                all.filter(|operation| applied.is_some_and(|index| operation.applied.contains(&index)));
            (Scope::Apply, selected.collect())
        }
        ["apis", _, ..] => {
            let published = |operation: &&Operation| resolved.apis[operation.api].span.is_some_and(within);
            (Scope::Api, all.filter(published).collect())
        }
        ["defaults", ..] => (Scope::Project, all.collect()),
        _ => (Scope::Elsewhere, Vec::new()),
    }
}

fn pointer_of(tokens: &[&str]) -> Pointer {
    tokens.iter().fold(Pointer::root(), |pointer, token| pointer.child(token))
}

fn covers(range: Span, offset: u32) -> bool {
    range.start <= offset && offset < range.end.max(range.start + 1)
}

/// Whether a path goes through a node.
fn is_within(tokens: &[&str], pointer: &Pointer) -> bool {
    let mut way = tokens.iter();
    pointer.tokens().all(|token| way.next().is_some_and(|step| *step == token))
}
