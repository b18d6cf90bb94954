//! What stands in an exported document and in no source of it.

use std::collections::{BTreeMap, BTreeSet};

use gw_syntax::{NodeRef, Pointer, Span};
use serde_json::{Value, json};

use super::bundle::{MAX_PARTS, Names};
use super::gateway::{self, Answers};
use super::section::Section;
use crate::check::Understood;
use crate::load::SourceSet;
use crate::parse::Parsed;
use crate::parse::openapi::document::Document;
use crate::parse::openapi::grammar::Object;
use crate::parse::openapi::path_item::PathItem;
use crate::resolve::resolved::{Alternative, ApiIndex, DeclaredBy, Operation, Publication, Scheme, Security};

/// Everything that is added.
#[derive(Debug, Default)]
pub(super) struct Additions<'s> {
    /// Instead of all `servers` of the document.
    pub(super) servers: Option<Value>,
    /// Schemes of gw.yaml that the document names: without them its `security` would mean nothing.
    pub(super) schemes: Vec<(&'s str, NodeRef<'s>)>,
    operations: BTreeMap<Span, Vec<AtOperation>>,
    components: BTreeMap<Section, Vec<(String, Value)>>,
}

/// What is added to an operation below one template.
#[derive(Clone, Debug, PartialEq)]
struct AtOperation {
    template: String,
    added: Added,
}

/// What is added to an operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Added {
    /// The names of response components by status.
    responses: BTreeMap<u16, String>,
    /// Where it is reached, if not where the whole API is.
    pub(super) servers: Option<Value>,
}

impl<'s> Additions<'s> {
    /// What a valid document needs: the schemes of gw.yaml that it names.
    pub(super) fn needed(
        project: &Understood,
        api: ApiIndex,
        parsed: &Parsed<'s>,
        document: Document<'s>,
    ) -> Self {
        Additions { schemes: schemes(project, api, parsed, document), ..Additions::default() }
    }

    /// Adds what the gateway answers by itself, and where it publishes the API.
    pub(super) fn with_gateway(
        mut self,
        project: &Understood,
        api: ApiIndex,
        parsed: &Parsed<'s>,
        (document, sources): (Document<'s>, &'s SourceSet<'s>),
    ) -> Self {
        let resolved = project.resolved();
        let row = &resolved.apis[api];
        let entries = parsed.project.iter().flat_map(|project| &project.apis);
        let mut entry = entries.filter(|entry| Some(entry.name.span) == row.span);
        // Where gw.yaml says nothing, the servers of the document hold, with their schemes and descriptions.
        let is_elsewhere = entry.next().is_some_and(|entry| entry.hosts.is_some() || entry.base.is_some());
        self.servers = is_elsewhere.then(|| servers(&row.publications));
        let declared = declared(document, sources);
        let mut responses = Responses::new(document);
        for (at, (operation, access)) in resolved.operations.iter().zip(project.access()).enumerate() {
            if operation.api == api {
                let service = project.upstreams().service_of(at);
                let service =
                    service.and_then(|at| project.upstreams().services().nth(at)).map(|(row, _)| row);
                let mut added = Added::default();
                let node = declared.get(&operation.span).copied();
                let is_said = |status| node.is_some_and(|node| declares(node, status));
                for answers in gateway::answers(operation, access, service) {
                    if !is_said(answers.status) {
                        added.responses.insert(answers.status, responses.name(answers));
                    }
                }
                let differs = is_elsewhere && operation.publications != row.publications;
                added.servers = differs.then(|| servers(&operation.publications));
                self.add(operation, added);
            }
        }
        self.components = responses.into_components();
        self
    }

    /// The components that are added to a section.
    pub(super) fn components(&self, section: Section) -> impl Iterator<Item = (&str, &Value)> {
        let rows = self.components.get(&section).into_iter().flatten();
        rows.map(|(name, value)| (name.as_str(), value))
    }

    /// What is added to the operation with this key: below this template, or below all of which it is the operation.
    pub(super) fn of(&self, key: NodeRef<'_>, template: Option<&str>) -> Added {
        let rows = self.operations.get(&key.span()).into_iter().flatten();
        let mut rows = rows.filter(|row| template.is_none_or(|template| row.template == template));
        let Some(first) = rows.next() else { return Added::default() };
        rows.fold(first.added.clone(), |both, row| both.in_common(&row.added))
    }

    fn add(&mut self, operation: &Operation, added: Added) {
        let template = operation.path.clone();
        self.operations.entry(operation.span).or_default().push(AtOperation { template, added });
    }
}

impl Added {
    /// The responses, each a reference.
    pub(super) fn responses(&self) -> impl Iterator<Item = (String, Value)> {
        self.responses.iter().map(|(status, name)| {
            (status.to_string(), json!({"$ref": format!("#/components/responses/{name}")}))
        })
    }

    fn in_common(mut self, other: &Self) -> Self {
        self.responses.retain(|status, name| other.responses.get(status) == Some(name));
        self.servers = self.servers.filter(|servers| other.servers.as_ref() == Some(servers));
        self
    }
}

/// The schemes that the `security` of a document or of its operations names and the document does not declare.
fn schemes<'s>(
    project: &Understood,
    api: ApiIndex,
    parsed: &Parsed<'s>,
    document: Document<'s>,
) -> Vec<(&'s str, NodeRef<'s>)> {
    let resolved = project.resolved();
    let is_own = |name: &str| document.security_schemes().any(|(own, _)| own.scalar_text() == Some(name));
    let names: BTreeSet<&str> = at_root(document)
        .chain(resolved.operations.iter().filter(|operation| operation.api == api).flat_map(at_operation))
        .filter(|name| !is_own(name))
        .collect();
    let declared = names.into_iter().filter_map(|name| {
        let of_project = |scheme: &&Scheme| scheme.declared_by == DeclaredBy::Project && scheme.name == name;
        let span = resolved.schemes.iter().find(of_project)?.span;
        let files = parsed.policy_files.values();
        let (name, node) =
            files.flat_map(|file| &file.security_schemes).find(|(name, _)| name.span() == span)?;
        Some((name.scalar_text()?, *node))
    });
    declared.collect()
}

fn at_root(document: Document<'_>) -> impl Iterator<Item = &str> {
    let requirements = document.security().into_iter().flat_map(NodeRef::items);
    requirements.flat_map(NodeRef::entries).filter_map(|(name, _)| name.scalar_text())
}

fn at_operation(operation: &Operation) -> impl Iterator<Item = &str> {
    let alternatives: &[Alternative] = match &operation.security {
        Security::Undeclared => &[],
        Security::Declared { alternatives, .. } => alternatives,
    };
    alternatives.iter().flat_map(|alternative| &alternative.schemes).map(|scheme| scheme.name.as_str())
}

/// The operations of a document by their keys.
fn declared<'s>(document: Document<'s>, sources: &'s SourceSet<'s>) -> BTreeMap<Span, NodeRef<'s>> {
    let items = document.paths().map(|(_, item)| {
        let mut parts = vec![(item, Pointer::root())];
        while let Some(value) = parts.last().and_then(|(last, _)| last.get("$ref"))
            && let Ok(target) = sources.follow(value, Object::PathItem)
            && parts.len() < MAX_PARTS
        {
            parts.push((target, Pointer::root()));
        }
        PathItem::new(parts, document.version())
    });
    let operations = items.flat_map(|item| item.operations().collect::<Vec<_>>());
    operations.map(|operation| (operation.key.span(), operation.node)).collect()
}

/// Whether an operation declares a response. A range such as `4XX` stands for all of its codes.
fn declares(operation: NodeRef<'_>, status: u16) -> bool {
    let range = format!("{}XX", status / 100);
    let is_range = |key: NodeRef<'_>| key.scalar_text().is_some_and(|key| key.eq_ignore_ascii_case(&range));
    operation.get("responses").is_some_and(|responses| {
        responses.get(&status.to_string()).is_some() || responses.entries().any(|(key, _)| is_range(key))
    })
}

/// The answers of the gateway as components, each once.
struct Responses {
    names: Names,
    schema: String,
    rows: BTreeMap<Answers, String>,
}

impl Responses {
    fn new(document: Document<'_>) -> Self {
        let schema = Names::of(document, Section::Schemas).take("GatewayProblem");
        Responses { names: Names::of(document, Section::Responses), schema, rows: BTreeMap::new() }
    }

    fn name(&mut self, answers: Answers) -> String {
        let names = &mut self.names;
        let wanted = format!("Gateway{}", answers.status);
        self.rows.entry(answers).or_insert_with(|| names.take(&wanted)).clone()
    }

    fn into_components(self) -> BTreeMap<Section, Vec<(String, Value)>> {
        if self.rows.is_empty() {
            return BTreeMap::new();
        }
        let response = |(answers, name): (&Answers, &String)| (name.clone(), answers.response(&self.schema));
        let mut responses: Vec<(String, Value)> = self.rows.iter().map(response).collect();
        responses.sort_by(|one, other| one.0.cmp(&other.0));
        let schema = (self.schema.clone(), gateway::problem());
        BTreeMap::from([(Section::Responses, responses), (Section::Schemas, vec![schema])])
    }
}

/// Public places as servers. What terminates TLS in front of the gateway is not known here, so that a host has no
/// scheme (`//api.example.com`, RFC 3986 section 4.2); a host of any name is where the document itself comes from.
fn servers(publications: &[Publication]) -> Value {
    let mut urls: Vec<String> = publications.iter().map(url).collect();
    urls.dedup();
    urls.into_iter().map(|url| json!({"url": url})).collect()
}

fn url(place: &Publication) -> String {
    use gw_artifact::model::HostPattern;
    match &place.host {
        Some(HostPattern::Exact(host)) => format!("//{host}{}", place.base),
        Some(HostPattern::Suffix(_)) | None if place.base.is_empty() => "/".to_owned(),
        Some(HostPattern::Suffix(_)) | None => place.base.clone(),
    }
}
