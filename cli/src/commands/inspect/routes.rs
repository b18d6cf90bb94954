//! What is published, and where it goes.

use gw_artifact::model::{Access, HostEdit, HostPattern, Operation, PathEdit, Site};
use serde_json::{Value, json};

use crate::artifact_file::ArtifactFile;
use crate::table::Table;

pub(super) fn json(file: &ArtifactFile) -> Value {
    each(file, |site, operation| {
        let artifact = &file.loaded.artifact;
        json!({
            "hosts": hosts(site),
            "method": operation.method.as_str(),
            "path": operation.template,
            "api": artifact.api_of(operation).name,
            "operation": operation.name,
            "access": access(artifact.access_of(operation)),
            "upstream": artifact.upstream_of(operation).name,
            "forward": forward(operation),
        })
    })
    .into()
}

pub(super) fn human(file: &ArtifactFile) -> String {
    let artifact = &file.loaded.artifact;
    let mut table = Table::new(["method", "path", "hosts", "access", "upstream", "operation"]);
    for row in each(file, |site, operation| {
        [
            operation.method.as_str().to_owned(),
            operation.template.clone(),
            hosts(site).join(","),
            access(artifact.access_of(operation)).to_owned(),
            upstream(&artifact.upstream_of(operation).name, operation),
            format!("{}/{}", artifact.api_of(operation).name, operation.name),
        ]
    }) {
        table.push(row);
    }
    table.to_string()
}

/// Every operation under every site that publishes it, by path and method.
fn each<T>(file: &ArtifactFile, view: impl Fn(&Site, &Operation) -> T) -> Vec<T> {
    let tables = file.loaded.artifact.tables();
    let mut published = Vec::new();
    for site in &tables.sites {
        let items = site.paths.values().map(|item| &tables.path_items[item as usize]);
        let operations = items.flat_map(|item| &item.methods);
        published.extend(operations.map(|(_, operation)| (site, &tables.operations[operation.index()])));
    }
    published.sort_by_key(|(site, operation)| (&operation.template, operation.method, &site.hosts));
    published.into_iter().map(|(site, operation)| view(site, operation)).collect()
}

fn hosts(site: &Site) -> Vec<String> {
    let spell = |host: &HostPattern| match host {
        HostPattern::Exact(name) => name.clone(),
        HostPattern::Suffix(suffix) => format!("*{suffix}"),
    };
    if site.hosts.is_empty() { vec!["*".to_owned()] } else { site.hosts.iter().map(spell).collect() }
}

/// The outcome of the gate, in a word.
pub(super) fn access(access: &Access) -> &'static str {
    match access {
        Access::Public => "public",
        Access::Delegated { .. } => "delegated",
        Access::Verified { .. } if access.lets_nobody_in() => "denied",
        Access::Verified { .. } => "verified",
    }
}

fn upstream(name: &str, operation: &Operation) -> String {
    forward(operation).map_or_else(|| name.to_owned(), |change| format!("{name} ({change})"))
}

/// What changes in path and host, if something does.
fn forward(operation: &Operation) -> Option<String> {
    let path = match &operation.forward.path {
        PathEdit::Unchanged => None,
        PathEdit::ReplaceBase { base, prefix } => {
            let base = operation.template.get(..usize::from(*base)).unwrap_or_default();
            Some(format!("{} becomes {}", rooted(base), rooted(prefix)))
        }
    };
    let host = match &operation.forward.host {
        HostEdit::Endpoint => None,
        HostEdit::Fixed(host) => Some(format!("host {host}")),
    };
    let said: Vec<String> = path.into_iter().chain(host).collect();
    if said.is_empty() { None } else { Some(said.join(", ")) }
}

fn rooted(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}
