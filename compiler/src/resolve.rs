//! Resolve: `$ref`, names and inheritance are settled; each operation has its effective policy (GW02xx).

mod applied;
pub mod codes;
mod dynamic;
pub mod effective;
mod examples;
mod extends;
mod guardrails;
mod inherited;
pub mod layered;
mod names;
mod operations;
mod passed_over;
mod path_parameters;
mod precedence;
mod publications;
mod references;
mod request_schemas;
pub mod resolved;
mod schemes;
mod selectors;
pub mod spoken;
#[cfg(test)]
mod tests;
mod unenforced;

use std::sync::Arc;

use gw_syntax::Sink;

pub(crate) use names::token_from_path;
pub use resolved::Resolved;

use crate::compile::{Entry, Options};
use crate::load::SourceSet;
use crate::parse::Parsed;
use crate::policy::project::listener::ListenerPolicy;
use effective::Effective;
use inherited::ProjectLayers;
use operations::Reader;
use references::References;
use resolved::{Api, Ceilings, Claim, Listener, Project, ProjectKind};
use selectors::Selectors;

/// Settles what the parsed project means. `None` when the entry itself could not be read.
pub fn resolve(
    entry: &Entry,
    parsed: &Parsed<'_>,
    sources: &SourceSet<'_>,
    options: &Options,
    sink: &mut Sink,
) -> Option<Resolved> {
    let references = References::check(parsed, sources, sink);
    dynamic::report(parsed, sources, sink);
    let mut resolved = Resolved {
        project: project(entry, parsed, sources)?,
        apis: apis(parsed, sources, sink),
        operations: Vec::new(),
        defaults: Effective::built_in(),
        precedence: Vec::new(),
        upstreams: parsed.project.as_ref().map(|project| project.upstreams.clone()).unwrap_or_default(),
        schemes: Vec::new(),
        listeners: listeners(parsed),
        tables: parsed.project.as_ref().map(|project| project.tables.clone()).unwrap_or_default(),
        policy_files: Vec::new(),
        applied: Vec::new(),
        guardrails: Vec::new(),
        unenforced: Vec::new(),
    };
    let chain = extends::chain(parsed, sources, sink);
    resolved.policy_files = chain.iter().map(|file| file.root.tree().source()).collect();
    resolved.guardrails = guardrails::of(&chain, sink);
    let selectors = Selectors::of(&chain, sources.entry(), sink);
    let layers = ProjectLayers::new(&chain, selectors);
    resolved.defaults = Arc::clone(&layers.defaults);
    let schemes = schemes::Schemes::declare(&chain, parsed, &resolved.apis, &references, sink);
    let mut owners = unenforced::Owners::default();
    for api in 0..resolved.apis.len() {
        let Some(document) = parsed.documents.get(&resolved.apis[api].document) else { continue };
        let reader = Reader {
            api,
            document: *document,
            parsed,
            references: &references,
            schemes: &schemes,
            layers: &layers,
            options,
        };
        reader.read(&mut resolved, &mut owners, sink);
    }
    resolved.schemes = schemes.into_rows();
    resolved.applied = layers.selectors.into_rows();
    if parsed.project.as_ref().is_none_or(|project| project.apis.len() == resolved.apis.len()) {
        applied::report(&resolved, sink);
    }
    resolved.unenforced = owners.attribute(parsed, &resolved.apis);
    Some(resolved)
}

fn project(entry: &Entry, parsed: &Parsed<'_>, sources: &SourceSet<'_>) -> Option<Project> {
    let file = sources.entry()?;
    let from_file = || names::token_from_path(sources.sources().path(file));
    Some(match (entry, &parsed.project) {
        (Entry::Document { .. }, _) => Project {
            name: from_file(),
            name_span: None,
            kind: ProjectKind::Bare { document: file },
            capacity: Ceilings::default(),
        },
        (Entry::Project { .. }, None) => return None,
        (Entry::Project { .. }, Some(project)) => Project {
            name: project.name.as_ref().map_or_else(from_file, |name| name.value.clone()),
            name_span: project.name.as_ref().map(|name| name.span),
            kind: ProjectKind::Configured {
                file,
                defaults: project.defaults_span,
                upstreams: project.upstreams_span,
            },
            capacity: project.capacity.clone(),
        },
    })
}

/// The APIs whose document could be read.
fn apis(parsed: &Parsed<'_>, sources: &SourceSet<'_>, sink: &mut Sink) -> Vec<Api> {
    let Some(project) = &parsed.project else {
        return parsed.documents.values().map(|document| bare_api(*document, sources, sink)).collect();
    };
    names::report_duplicate_apis(&project.apis, sink);
    let readable = project.apis.iter().filter_map(|entry| {
        let document = parsed.documents.get(&entry.document?)?;
        let publications = publications::of_api(*document, Some(entry), sink);
        Some(Api {
            name: entry.name.value.clone(),
            version: entry.version.clone(),
            owner: entry.owner.clone(),
            span: Some(entry.name.span),
            document: entry.document?,
            publications,
            claim: Claim { hosts: entry.hosts.clone().unwrap_or_default(), base: entry.base.clone() },
            policy: Effective::built_in(),
        })
    });
    readable.collect()
}

fn bare_api(
    document: crate::parse::openapi::document::Document<'_>,
    sources: &SourceSet<'_>,
    sink: &mut Sink,
) -> Api {
    let source = document.root().tree().source();
    Api {
        name: names::token_from_path(sources.sources().path(source)),
        version: String::new(),
        owner: String::new(),
        span: None,
        document: source,
        publications: publications::of_api(document, None, sink),
        claim: Claim::default(),
        policy: Effective::built_in(),
    }
}

fn listeners(parsed: &Parsed<'_>) -> Vec<Listener> {
    match &parsed.project {
        Some(project) if !project.listeners.is_empty() => project.listeners.clone(),
        _ => vec![Listener { name: "public".into(), span: None, policy: ListenerPolicy::default() }],
    }
}
