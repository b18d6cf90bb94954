//! The operations of one API, each with its effective policy.

use std::sync::Arc;

use gw_artifact::model::{LayerKind, Method};
use gw_syntax::{Diagnostic, NodeRef, Pointer, Sink};

use super::codes;
use super::examples::example;
use super::inherit::{DEFAULT_BODY_MAX, layered, layered_over, timeouts};
use super::names::OperationNames;
use super::publications::of_servers;
use super::references::References;
use super::request_schemas::request_schemas;
use super::resolved::{ApiIndex, Operation as Row, Publication, Resolved, Security, Spanned};
use super::schemes::Schemes;
use super::unenforced::Owners;
use crate::compile::Options;
use crate::parse::Parsed;
use crate::parse::annotations::{Policies, Spelling, policies};
use crate::parse::openapi::document::Document;
use crate::parse::openapi::operation::Operation;
use crate::parse::openapi::path_item::PathItem;
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
    pub(super) options: &'a Options,
}

/// What all operations of a document share.
struct Shared<'a> {
    entry: Option<&'a ApiEntry>,
    publications: Arc<[Publication]>,
    security: Security,
    root: Policies,
    defaults: Policies,
}

/// What all operations of a path share.
struct Path<'a> {
    key: NodeRef<'a>,
    template: &'a str,
    item: PathItem<'a>,
    /// The policies of the path item and, weaker, of what its `$ref` leads to.
    policies: Vec<Policies>,
    publications: Arc<[Publication]>,
}

impl<'a> Reader<'a> {
    /// Adds the document's operations to the project.
    pub(super) fn read(&self, resolved: &mut Resolved, owners: &mut Owners, sink: &mut Sink) {
        let before = resolved.operations.len();
        let shared = self.shared(resolved, sink);
        let mut names = OperationNames::default();
        owners.add(Place::of(self.document.root()), self.api, None);
        for (key, node) in self.document.paths() {
            let Some(path) = self.path(key, node, &shared, sink) else { continue };
            path.item.parts().iter().for_each(|part| owners.add(Place::of(*part), self.api, None));
            self.operations(&path, &shared, &mut names, resolved, owners, sink);
        }
        if resolved.operations.len() == before {
            sink.push(no_operations(self.document));
        }
    }

    fn shared(&self, resolved: &Resolved, sink: &mut Sink) -> Shared<'a> {
        let api = &resolved.apis[self.api];
        let project = self.parsed.project.as_ref();
        let security = self.document.security().map_or(Security::Undeclared, |node| {
            self.schemes.security(node, LayerKind::Root, self.api, sink)
        });
        Shared {
            entry: project
                .and_then(|project| project.apis.iter().find(|entry| Some(entry.name.span) == api.span)),
            publications: Arc::clone(&api.publications),
            security,
            root: policies(self.document.root(), Spelling::Prefixed, sink),
            defaults: project.map(|project| project.defaults.clone()).unwrap_or_default(),
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
        let item = PathItem::new(self.references.chain(node));
        let publications = match item.servers() {
            Some(servers) => of_servers(Some(servers), shared.entry, self.options, sink),
            None => Arc::clone(&shared.publications),
        };
        let policies = item.parts().iter().map(|part| policies(*part, Spelling::Prefixed, sink)).collect();
        Some(Path { key, template, item, policies, publications })
    }

    fn operations(
        &self,
        path: &Path<'a>,
        shared: &Shared<'a>,
        names: &mut OperationNames,
        resolved: &mut Resolved,
        owners: &mut Owners,
        sink: &mut Sink,
    ) {
        let mut seen: Vec<(Method, NodeRef<'a>)> = Vec::new();
        let bases: Vec<(Place, Pointer)> =
            path.item.parts().iter().map(|part| (Place::of(*part), part.pointer())).collect();
        for (method, key, node) in path.item.operations() {
            if let Some((_, first)) = seen.iter().find(|(earlier, _)| *earlier == method) {
                sink.push(method_twice(method, key, *first, path.template));
                continue;
            }
            seen.push((method, key));
            owners.add(Place::of(node), self.api, Some(resolved.operations.len()));
            let row = self.operation(path, shared, (method, key, Operation::new(node)), &bases, names, sink);
            resolved.operations.push(row);
        }
    }

    fn operation(
        &self,
        path: &Path<'a>,
        shared: &Shared<'a>,
        (method, key, operation): (Method, NodeRef<'a>, Operation<'a>),
        bases: &[(Place, Pointer)],
        names: &mut OperationNames,
        sink: &mut Sink,
    ) -> Row {
        let pointer = pointer_below(bases, key);
        let operation_id = operation
            .operation_id()
            .and_then(|id| Some(Spanned { value: id.as_str()?.to_owned(), span: id.span() }));
        let own = policies(operation.node(), Spelling::Prefixed, sink);
        let of_path = path.policies.iter().map(|policies| (LayerKind::Path, policies));
        let mut layers = vec![(LayerKind::Operation, &own)];
        layers.extend(of_path);
        layers.extend([(LayerKind::Root, &shared.root), (LayerKind::Defaults, &shared.defaults)]);
        Row {
            api: self.api,
            name: names.name(operation_id.as_ref(), (method, path.template), &pointer, sink),
            operation_id,
            method,
            path: path.template.to_owned(),
            path_span: path.key.span(),
            span: key.span(),
            pointer,
            tags: operation.tags().map(str::to_owned).collect(),
            deprecated: operation.deprecated(),
            publications: match operation.servers() {
                Some(servers) => of_servers(Some(servers), shared.entry, self.options, sink),
                None => Arc::clone(&path.publications),
            },
            security: match operation.security() {
                Some(node) => self.schemes.security(node, LayerKind::Operation, self.api, sink),
                None => shared.security.clone(),
            },
            auth: layered(&layers, |policies| policies.auth.as_ref()),
            upstream: layered(&layers, |policies| policies.upstream.as_ref()),
            timeouts: timeouts(&layers),
            body_max: layered_over(DEFAULT_BODY_MAX, &layers, |policies| policies.body_max.as_ref()),
            errors: layered(&layers, |policies| policies.errors.as_ref()),
            validate: layered(&layers, |policies| policies.validate.as_ref()),
            request_schemas: request_schemas(&path.item, operation, self.references),
            example: self.options.dev.then(|| example(operation, self.references)),
        }
    }
}

/// Where a method stands: below the part of the path item that holds it.
fn pointer_below(bases: &[(Place, Pointer)], key: NodeRef<'_>) -> Pointer {
    let holder =
        bases.iter().rev().find(|(place, _)| place.source == key.tree().source() && place.node < key.id());
    match (holder, key.scalar_text()) {
        (Some((_, base)), Some(name)) => base.child(name),
        _ => key.pointer(),
    }
}

fn method_twice(method: Method, key: NodeRef<'_>, first: NodeRef<'_>, template: &str) -> Diagnostic {
    Diagnostic::new(
        &codes::METHOD_TWICE,
        format!("`{method} {template}` is declared beside a `$ref` and behind it"),
    )
    .at(key.span())
    .with_pointer(key.pointer())
    .with_label(first.span(), "this one stands beside the `$ref`")
    .with_help("OpenAPI leaves open which of the two holds; keep one")
    .about(format!("{method} {template}"))
}
