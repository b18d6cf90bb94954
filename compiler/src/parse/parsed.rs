//! What parsing gives: the project file, the documents, and what stands in them.

use std::collections::{BTreeMap, VecDeque};

use gw_syntax::{Diagnostic, NodeId, NodeRef, Sink, SourceId};

use super::beside;
use super::codes;
use super::conform::{Conformity, NotYet};
use super::finding::finding_at;
use super::misled::Misled;
use super::openapi::document::Document;
use super::openapi::grammar::Object;
use super::openapi::template::{spans_segments, variables};
use super::openapi::version::{Version, version};
use super::openapi::walk::{Place, Visited, walk};
use super::policy_file::{PolicyFile, conform_extended, policy_file};
use super::project::{Project, project};
use super::survey::Survey;
use crate::compile::Entry;
use crate::load::SourceSet;
use crate::vocabulary::Shape;
use crate::vocabulary::project::PROJECT;

/// A project whose parts have the right shape.
#[derive(Debug)]
pub struct Parsed<'t> {
    /// The project file; `None` for a bare document, or when there is no reading it.
    pub project: Option<Project>,
    /// The policy of the project file, and of each file that it or another one of these extends.
    pub policy_files: BTreeMap<SourceId, PolicyFile<'t>>,
    /// Documents of a version that gw reads, by their file.
    pub documents: BTreeMap<SourceId, Document<'t>>,
    /// Every `$ref` that can be reached from a document.
    pub references: Vec<Reference>,
    /// The values of every `$dynamicRef`.
    pub dynamic_references: Vec<Place>,
    /// Keys and values that nothing enforces yet, in the order in which they were met.
    pub unenforced: Vec<NotYetEnforced<'t>>,
}

/// A `$ref` in the place of an object.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The object that holds it.
    pub holder: Place,
    /// Its value.
    pub value: NodeId,
    /// What stands in its place.
    pub object: Object,
    /// Where it leads; `None` when there is nothing.
    pub target: Option<Place>,
}

/// One occurrence of a key or value that nothing enforces yet.
#[derive(Clone, Debug)]
pub struct NotYetEnforced<'t> {
    /// The name under which occurrences are grouped.
    pub name: String,
    /// The key, or the value.
    pub node: NodeRef<'t>,
    /// The object that holds the key; `None` in `gw.yaml`.
    pub holder: Option<Place>,
}

/// Checks the shape of everything that can be reached from the entry.
pub fn parse<'t>(entry: &Entry, sources: &'t SourceSet<'_>, sink: &mut Sink) -> Parsed<'t> {
    let mut parsed = Parsed {
        project: None,
        policy_files: BTreeMap::new(),
        documents: BTreeMap::new(),
        references: Vec::new(),
        dynamic_references: Vec::new(),
        unenforced: Vec::new(),
    };
    let root = sources.entry().and_then(|id| sources.tree(id)).map(gw_syntax::Tree::root);
    match entry {
        Entry::Document { .. } => parsed.documents.extend(root.and_then(|root| document(root, sink))),
        Entry::Project { .. } => {
            if let Some(root) = root {
                parsed.read_project(root, sources, sink);
            }
        }
    }
    parsed.survey(sources, sink);
    beside::report(&parsed.references, |source| parsed.documents.contains_key(&source), sources, sink);
    parsed
}

impl<'t> Parsed<'t> {
    fn read_project(&mut self, root: NodeRef<'t>, sources: &'t SourceSet<'_>, sink: &mut Sink) {
        let mut conformity = Conformity { sink: &mut *sink, not_yet: Vec::new() };
        conformity.value(&Shape::Object(PROJECT), "", root);
        let not_yet = conformity.not_yet;
        self.unenforced.extend(not_yet.into_iter().map(|found| unenforced(found, None)));
        let project = project(root, sources, sink);
        for id in project.apis.iter().filter_map(|api| api.document) {
            if !self.documents.contains_key(&id) {
                let root = sources.tree(id).map(gw_syntax::Tree::root);
                self.documents.extend(root.and_then(|root| document(root, sink)));
            }
        }
        self.project = Some(project);
        self.read_policy(root, sources, sink);
    }

    /// Reads the policy of the project file and of what it extends, each file once.
    fn read_policy(&mut self, project: NodeRef<'t>, sources: &'t SourceSet<'_>, sink: &mut Sink) {
        let mut open = vec![project];
        while let Some(root) = open.pop() {
            let source = root.tree().source();
            if self.policy_files.contains_key(&source) {
                continue;
            }
            if root.tree().source() != project.tree().source() {
                let mut conformity = Conformity { sink: &mut *sink, not_yet: Vec::new() };
                conform_extended(root, &mut conformity);
                let not_yet = conformity.not_yet;
                self.unenforced.extend(not_yet.into_iter().map(|found| unenforced(found, None)));
            }
            let file = policy_file(root, sources, sink);
            let extended = file.extends.iter().rev();
            open.extend(extended.filter_map(|(_, source)| sources.tree(*source)).map(gw_syntax::Tree::root));
            self.policy_files.insert(source, file);
        }
    }

    /// Visits every object that can be reached from the documents: first what stands in them, so that it is known what
    /// everything is to which a reference leads.
    fn survey(&mut self, sources: &'t SourceSet<'_>, sink: &mut Sink) {
        let mut visited = Visited::default();
        let mut misled = Misled::default();
        let documents = self.documents.values();
        let mut open: VecDeque<(NodeRef<'t>, Object, Version)> =
            documents.map(|document| (document.root(), Object::Document, document.version())).collect();
        while let Some((start, object, version)) = open.pop_front() {
            let version = version.of_target(start);
            let mut survey = Survey::new(version, sink);
            walk(start, object, version, &mut visited, &mut survey);
            let mut found = survey.into_found();
            found.references.sort_unstable_by_key(|reference| reference.value);
            for reference in &mut found.references {
                let value = start.tree().node(reference.value);
                let target = sources.follow(value, reference.object).ok();
                reference.target = target.map(Place::of);
                let next =
                    target.filter(|target| !misled.report(value, reference.object, *target, &visited, sink));
                open.extend(next.map(|target| (target, reference.object, version)));
            }
            self.references.append(&mut found.references);
            self.dynamic_references.append(&mut found.dynamic);
            let not_yet = found.not_yet.into_iter().map(|(holder, name, node)| {
                let node = start.tree().node(node);
                NotYetEnforced { name, node, holder: Some(holder) }
            });
            self.unenforced.extend(not_yet);
        }
    }
}

fn unenforced(found: NotYet<'_>, holder: Option<Place>) -> NotYetEnforced<'_> {
    NotYetEnforced { name: found.name, node: found.node, holder }
}

/// The view over a document, when gw reads its version.
fn document<'t>(root: NodeRef<'t>, sink: &mut Sink) -> Option<(SourceId, Document<'t>)> {
    let version = version(root, sink)?;
    let document = Document::new(root, version);
    for (template, _) in document.paths() {
        if !template.scalar_text().is_some_and(|text| text.starts_with('/')) {
            sink.push_with(&codes::PATH_WITHOUT_SLASH, || without_slash(template));
        }
        let wide = |text| variables(text).find(|variable| spans_segments(variable));
        if let Some(variable) = template.scalar_text().and_then(wide) {
            sink.push_with(&codes::VARIABLE_OPERATOR, || with_operator(template, variable));
        }
    }
    Some((root.tree().source(), document))
}

fn without_slash(template: NodeRef<'_>) -> Diagnostic {
    let text = template.scalar_text().unwrap_or_default();
    finding_at(&codes::PATH_WITHOUT_SLASH, template, format!("the path `{text}` does not begin with `/`"))
        .with_help(format!("write `/{text}`: it is appended to the server's URL (OpenAPI 3.1 section 4.8.8)"))
}

fn with_operator(template: NodeRef<'_>, variable: &str) -> Diagnostic {
    let message = format!("`{{{variable}}}` matches no `/`: OpenAPI has no variables of several segments");
    finding_at(&codes::VARIABLE_OPERATOR, template, message)
        .with_help("write a path for each number of segments, with a variable for each segment")
}

/// The finding about a document that publishes nothing.
pub(crate) fn no_operations(document: Document<'_>) -> Diagnostic {
    let root = document.root();
    let at = root.entry("paths").map_or(root, |(key, _)| key);
    let has_webhooks = root.get("webhooks").is_some_and(|webhooks| !webhooks.is_empty());
    let help = if document.version() >= Version::V3_1 && has_webhooks {
        "`webhooks` are calls that the API makes itself: they need no gateway, and gw has nothing to serve here"
    } else {
        "an operation is a method below a path: `paths: {/health: {get: {responses: {default: {description: …}}}}}`"
    };
    finding_at(&codes::NO_OPERATIONS, at, "no path of the document has an operation to publish")
        .with_help(help)
}
