//! The operations of one API, each with its effective policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use gw_artifact::model::{LayerKind, Method};
use gw_syntax::{Diagnostic, NodeRef, Pointer, Sink};

use super::codes;
use super::effective::{MAX_LIMITS, MAX_WAIVERS};
use super::examples::example;
use super::inherited::{Inherited, ProjectLayers};
use super::names::OperationNames;
use super::path_parameters;
use super::precedence::precedence;
use super::publications::of_own_servers;
use super::references::References;
use super::request_schemas::request_schemas;
use super::resolved::{
    ApiIndex, AppliedIndex, Effective, Operation as Row, Publication, Resolved, Security, Spanned,
};
use super::schemes::Schemes;
use super::unenforced::Owners;
use crate::compile::Options;
use crate::parse::Parsed;
use crate::parse::annotations::{Policies, Spelling, policies};
use crate::parse::finding::finding_at;
use crate::parse::openapi::document::Document;
use crate::parse::openapi::operation::Operation;
use crate::parse::openapi::path_item::{MethodEntry, PathItem};
use crate::parse::openapi::walk::Place;
use crate::parse::parsed::no_operations;
use crate::parse::project::ApiEntry;

/// Reads one document for one API.
pub(super) struct Reader<'a> {
    pub(super) api: ApiIndex,
    pub(super) document: Document<'a>,
    pub(super) parsed: &'a Parsed<'a>,
    pub(super) references: &'a References<'a>,
    pub(super) schemes: &'a Schemes,
    pub(super) layers: &'a ProjectLayers,
    pub(super) options: &'a Options,
}

/// What all operations of a document share.
struct Shared<'a> {
    entry: Option<&'a ApiEntry>,
    name: String,
    publications: Arc<[Publication]>,
    security: Security,
    inherited: Inherited<'a>,
}

/// What all operations of a path share.
struct Path<'a> {
    key: NodeRef<'a>,
    template: &'a str,
    item: PathItem<'a>,
    /// The policies of the path item and, weaker, of what its `$ref` leads to.
    policies: Vec<Policies>,
    /// The entries of `apply` that may select its operations.
    applied: Vec<AppliedIndex>,
    publications: Arc<[Publication]>,
}

impl<'a> Reader<'a> {
    /// Adds the document's operations to the project.
    pub(super) fn read(&self, resolved: &mut Resolved, owners: &mut Owners, sink: &mut Sink) {
        let before = resolved.operations.len();
        // What a reference hides may be an operation, and that it leads nowhere is a finding already.
        let mut is_lost = false;
        let mut shared = self.shared(resolved, sink);
        resolved.apis[self.api].policy = shared.inherited.policy(&Arc::from([]));
        let mut names = OperationNames::default();
        owners.add(Place::of(self.document.root()), self.api, None);
        for (key, node) in self.document.paths() {
            is_lost |= self.references.is_lost(node);
            let Some(path) = self.path(key, node, &shared, sink) else { continue };
            path.item.parts().for_each(|part| owners.add(Place::of(part), self.api, None));
            resolved.precedence.extend(precedence(self.api, key, &path.item));
            self.operations(&path, &mut shared, &mut names, resolved, owners, sink);
            if let Some(key) = path.item.trace() {
                sink.push_with(&codes::TRACE_NOT_PUBLISHED, || trace(key, path.template));
            }
        }
        names.settle(&mut resolved.operations[before..]);
        if resolved.operations.len() == before && !is_lost {
            sink.push(no_operations(self.document));
        }
    }

    fn shared(&self, resolved: &Resolved, sink: &mut Sink) -> Shared<'a> {
        let api = &resolved.apis[self.api];
        let project = self.parsed.project.as_ref();
        let security = self.document.security().map_or(Security::Undeclared, |node| {
            self.schemes.security(node, LayerKind::Root, self.api, sink)
        });
        let root = policies(self.document.root(), Spelling::Prefixed, sink);
        Shared {
            entry: project
                .and_then(|project| project.apis.iter().find(|entry| Some(entry.name.span) == api.span)),
            name: api.name.clone(),
            publications: Arc::clone(&api.publications),
            security,
            inherited: Inherited::new(self.layers, root),
        }
    }

    fn path(
        &self,
        key: NodeRef<'a>,
        node: NodeRef<'a>,
        shared: &Shared<'a>,
        sink: &mut Sink,
    ) -> Option<Path<'a>> {
        let template = key.scalar_text().filter(|text| text.starts_with('/'))?;
        let pointer = Pointer::root().child("paths").child(template);
        let item = PathItem::new(self.references.chain(node, pointer), self.document.version());
        let publications = match item.servers() {
            Some(servers) => of_own_servers(servers, shared.entry, sink),
            None => Arc::clone(&shared.publications),
        };
        let policies = item.parts().map(|part| policies(part, Spelling::Prefixed, sink)).collect();
        let applied = self.layers.selectors.of_path(&shared.name, template);
        Some(Path { key, template, item, policies, applied, publications })
    }

    fn operations(
        &self,
        path: &Path<'a>,
        shared: &mut Shared<'a>,
        names: &mut OperationNames,
        resolved: &mut Resolved,
        owners: &mut Owners,
        sink: &mut Sink,
    ) {
        let mut seen: BTreeMap<Method, NodeRef<'a>> = BTreeMap::new();
        let mut operations = Vec::new();
        for entry in path.item.operations() {
            if let Some(first) = seen.get(&entry.method).copied() {
                sink.push_with(&codes::METHOD_TWICE, || {
                    method_twice(entry.method, entry.key, first, path.template)
                });
                continue;
            }
            seen.insert(entry.method, entry.key);
            operations.push((entry.method, Operation::new(entry.node)));
            if resolved.operations.len() >= MAX_OPERATIONS {
                sink.push_with(&codes::PROJECT_TOO_LARGE, || too_many(entry.key));
                return;
            }
            owners.add(Place::of(entry.node), self.api, Some(resolved.operations.len()));
            let row = self.operation(path, shared, entry, names, sink);
            resolved.operations.push(row);
        }
        let (key, template, item) = (path.key, path.template, &path.item);
        let path = path_parameters::Path { key, template, item, operations: &operations };
        path_parameters::report(&path, self.references, sink);
    }

    fn operation(
        &self,
        path: &Path<'a>,
        shared: &mut Shared<'a>,
        MethodEntry { method, key, node, pointer }: MethodEntry<'a>,
        names: &mut OperationNames,
        sink: &mut Sink,
    ) -> Row {
        let operation = Operation::new(node);
        let operation_id = operation
            .operation_id()
            .and_then(|id| Some(Spanned { value: id.as_str()?.to_owned(), span: id.span() }));
        let tags: Vec<String> = operation.tags().map(str::to_owned).collect();
        let id = operation_id.as_ref().map(|id| id.value.as_str());
        let applied = self.layers.selectors.of_operation(&path.applied, method, id, &tags);
        Row {
            api: self.api,
            name: names.name(operation_id.as_ref(), (method, path.template), &pointer, sink),
            operation_id,
            method,
            path: path.template.to_owned(),
            path_span: path.key.span(),
            span: key.span(),
            pointer,
            tags,
            deprecated: operation.deprecated(),
            publications: match operation.servers() {
                Some(servers) => of_own_servers(servers, shared.entry, sink),
                None => Arc::clone(&path.publications),
            },
            security: match operation.security() {
                Some(node) => self.schemes.security(node, LayerKind::Operation, self.api, sink),
                None => shared.security.clone(),
            },
            policy: policy(shared.inherited.policy(&applied), path, operation, sink),
            applied,
            request_schemas: request_schemas(&path.item, operation, self.references),
            example: self.options.dev.then(|| example(operation, self.references)),
        }
    }
}

/// What holds for an operation once its path item and itself spoke, too.
fn policy(
    inherited: Arc<Effective>,
    path: &Path<'_>,
    operation: Operation<'_>,
    sink: &mut Sink,
) -> Arc<Effective> {
    let of_path = path.policies.iter().rev();
    let policy = of_path.fold(inherited, |policy, part| policy.under(LayerKind::Path, part));
    let policy = policy.under(LayerKind::Operation, &policies(operation.node(), Spelling::Prefixed, sink));
    if policy.rate_limit.as_ref().is_some_and(|limits| limits.value().limits.len() > MAX_LIMITS) {
        sink.push_with(&codes::PROJECT_TOO_LARGE, || too_many_limits(operation.node()));
    }
    if policy.waive.as_ref().is_some_and(|waive| waive.value().waivers.len() > MAX_WAIVERS) {
        sink.push_with(&codes::PROJECT_TOO_LARGE, || too_many_waivers(operation.node()));
    }
    policy
}

fn too_many_limits(operation: NodeRef<'_>) -> Diagnostic {
    let message = format!("the layers of this operation add up to more than {MAX_LIMITS} rate limits");
    finding_at(&codes::PROJECT_TOO_LARGE, operation, message)
        .with_help("let one layer replace the list: `rate-limit: [{limit: 100/min}]`")
}

fn too_many_waivers(operation: NodeRef<'_>) -> Diagnostic {
    let message = format!("the layers of this operation add up to more than {MAX_WAIVERS} waivers");
    finding_at(&codes::PROJECT_TOO_LARGE, operation, message)
        .with_help("waive at one place what is accepted for all of it")
}

/// How many operations a project may have. The largest public document has about 12,000.
const MAX_OPERATIONS: usize = 100_000;

fn too_many(key: NodeRef<'_>) -> Diagnostic {
    let message = format!("the project has more than {MAX_OPERATIONS} operations");
    finding_at(&codes::PROJECT_TOO_LARGE, key, message).with_help("split it into several projects")
}

fn trace(key: NodeRef<'_>, template: &str) -> Diagnostic {
    let message = format!("`TRACE {template}` is not published");
    finding_at(&codes::TRACE_NOT_PUBLISHED, key, message)
        .with_help("`TRACE` answers with what was sent, which may hold credentials; gw refuses it with 405")
        .about(format!("TRACE {template}"))
}

fn method_twice(method: Method, key: NodeRef<'_>, first: NodeRef<'_>, template: &str) -> Diagnostic {
    let message = format!("`{method} {template}` is declared beside a `$ref` and behind it");
    finding_at(&codes::METHOD_TWICE, key, message)
        .with_label(first.span(), "this one stands beside the `$ref`")
        .with_help("OpenAPI leaves open which of the two holds; keep one")
        .about(format!("{method} {template}"))
}
