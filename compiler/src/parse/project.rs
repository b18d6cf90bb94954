//! `gw.yaml`, read into values.

use gw_artifact::model::{Balance, Capacity, EndpointAddress, HostPattern, Upstream as UpstreamRow};
use gw_syntax::{Kind, NodeRef, Sink, SourceId, Span};

use super::address_list::{MAX_NETWORKS, networks};
use super::codes;
use super::finding::{finding_at, found};
use crate::load::SourceSet;
use crate::policy;
use crate::policy::project::ProjectTables;
use crate::policy::project::upstream::Balancing;
use crate::resolve::resolved::{Ceilings, Listener, Spanned, Upstream};
use crate::vocabulary::address::{base_path, host_pattern};
use crate::vocabulary::units;

/// A project file, as far as it could be understood.
#[derive(Debug)]
pub struct Project {
    /// The file.
    pub file: SourceId,
    /// The project's name.
    pub name: Option<Spanned<String>>,
    /// What is published, in source order.
    pub apis: Vec<ApiEntry>,
    /// The `upstreams` mapping, if there is one.
    pub upstreams_span: Option<Span>,
    /// Declared upstreams.
    pub upstreams: Vec<Upstream>,
    /// Declared listeners; may be empty.
    pub listeners: Vec<Listener>,
    /// `max-connections` and `max-memory`.
    pub capacity: Ceilings,
    /// Stores, secrets, plans and the like.
    pub tables: ProjectTables,
    /// The `defaults` mapping, if there is one.
    pub defaults_span: Option<Span>,
}

/// One entry of `apis`.
#[derive(Clone, Debug)]
pub struct ApiEntry {
    /// Its name.
    pub name: Spanned<String>,
    /// The version, empty when not said.
    pub version: String,
    /// The owner, empty when not said.
    pub owner: String,
    /// The document, when it could be read.
    pub document: Option<SourceId>,
    /// Hosts instead of those of `servers`; `None` in the list is any host.
    pub hosts: Option<Vec<Spanned<Option<HostPattern>>>>,
    /// The base path instead of those of `servers`.
    pub base: Option<Spanned<String>>,
}

/// Reads the file. Shapes have been checked; values that need more than their shape are checked here.
pub fn project(root: NodeRef<'_>, sources: &SourceSet<'_>, sink: &mut Sink) -> Project {
    let (upstreams, defaults) = (root.get("upstreams"), root.get("defaults"));
    let apis = root.get("apis").into_iter().flat_map(NodeRef::items);
    Project {
        file: root.tree().source(),
        name: root.get("name").and_then(text),
        apis: apis.filter_map(|node| api(node, sources, sink)).collect(),
        upstreams_span: upstreams.map(NodeRef::span),
        upstreams: entries(upstreams).filter_map(|(name, node)| upstream(name, node, sink)).collect(),
        capacity: ceilings(root),
        listeners: entries(root.get("listeners"))
            .filter_map(|(name, node)| listener(name, node, sink))
            .collect(),
        tables: tables(root, sources, sink),
        defaults_span: defaults.map(NodeRef::span),
    }
}

fn ceilings(root: NodeRef<'_>) -> Ceilings {
    let connections = root.get("max-connections").and_then(|node| {
        let value = u32::try_from(node.as_u64()?).ok()?;
        let is_allowed = (1..=Capacity::MOST_CONNECTIONS).contains(&value);
        is_allowed.then_some(Spanned { value, span: node.span() })
    });
    let memory = root.get("max-memory").and_then(|node| {
        let value = units::bytes(node.scalar_text()?)?;
        Some(Spanned { value, span: node.span() })
    });
    Ceilings { connections, memory }
}

/// The tables, with what the files of `address-lists` hold.
fn tables(root: NodeRef<'_>, sources: &SourceSet<'_>, sink: &mut Sink) -> ProjectTables {
    let mut tables = policy::project::read(root, sink);
    let mut left = MAX_NETWORKS;
    for list in &mut tables.address_lists {
        if let Some(file) = sources.find_from(root.tree().source(), &list.file.value) {
            list.networks = networks(file, sources.sources(), left, sink);
            left -= list.networks.len();
        }
    }
    tables
}

fn entries(node: Option<NodeRef<'_>>) -> impl Iterator<Item = (NodeRef<'_>, NodeRef<'_>)> {
    node.into_iter().flat_map(NodeRef::entries)
}

fn api(node: NodeRef<'_>, sources: &SourceSet<'_>, sink: &mut Sink) -> Option<ApiEntry> {
    let word = |name: &str| node.get(name).and_then(NodeRef::scalar_text).unwrap_or_default().to_owned();
    let spec = node.get("spec").and_then(NodeRef::as_str);
    let hosts = node.get("hosts").map(|node| hosts(node, sink));
    let base = node.get("base").and_then(|node| base(node, sink));
    Some(ApiEntry {
        name: node.get("name").and_then(text)?,
        version: word("version"),
        owner: word("owner"),
        document: spec.and_then(|spec| sources.find_from(node.tree().source(), spec)),
        hosts,
        base,
    })
}

fn upstream(name: NodeRef<'_>, node: NodeRef<'_>, sink: &mut Sink) -> Option<Upstream> {
    let endpoints = node.get("endpoints").into_iter().flat_map(NodeRef::items);
    let policy = policy::project::upstream::read(node, sink);
    let balance = match policy.balance.as_ref().map(|balance| balance.value) {
        Some(Balancing::LeastRequest) => Balance::LeastRequest,
        _ => Balance::RoundRobin,
    };
    let requests = policy.limits.requests.as_ref().map(|requests| requests.value);
    Some(Upstream {
        name: name.scalar_text()?.to_owned(),
        span: name.span(),
        endpoints: endpoints.filter_map(|node| endpoint(node, sink)).collect(),
        balance,
        max_requests: requests.filter(|requests| *requests > 0).unwrap_or(UpstreamRow::DEFAULT_MAX_REQUESTS),
        policy,
    })
}

fn endpoint(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<EndpointAddress>> {
    match node.as_str()?.parse() {
        Ok(value) => Some(Spanned { value, span: node.span() }),
        Err(defect) => {
            let message = format!("{} is not an endpoint: {defect}", found(node));
            sink.push_with(&codes::VALUE_MALFORMED, || {
                finding_at(&codes::VALUE_MALFORMED, node, message).with_help(
                    "an endpoint is written `http://orders.internal:9001`, or `https://` where it speaks TLS",
                )
            });
            None
        }
    }
}

fn listener(name: NodeRef<'_>, node: NodeRef<'_>, sink: &mut Sink) -> Option<Listener> {
    let policy = policy::project::listener::read(node, sink);
    Some(Listener { name: name.scalar_text()?.to_owned(), span: Some(name.span()), policy })
}

/// The hosts of an API; a list that names none would say nothing.
fn hosts(node: NodeRef<'_>, sink: &mut Sink) -> Vec<Spanned<Option<HostPattern>>> {
    if node.kind() == Kind::Sequence && node.is_empty() {
        sink.push_with(&codes::VALUE_MALFORMED, || {
            finding_at(&codes::VALUE_MALFORMED, node, "`hosts` names no host").with_help(
                "name one, `*` for any host, or remove the key so that `servers` of the document holds",
            )
        });
    }
    node.items().filter_map(|node| host(node, sink)).collect()
}

fn host(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<Option<HostPattern>>> {
    let written = node.as_str()?;
    let value = if written == "*" { Some(None) } else { host_pattern(written).map(Some) };
    if value.is_none() {
        let message = format!("{} is not a host", found(node));
        sink.push_with(&codes::PUBLIC_PLACE_MALFORMED, || {
            finding_at(&codes::PUBLIC_PLACE_MALFORMED, node, message).with_help(
                "write `api.example.com`, `*.example.com` for every name below it, or `*` for any host, \
                 without scheme and port",
            )
        });
    }
    Some(Spanned { value: value?, span: node.span() })
}

fn base(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<String>> {
    let value = base_path(node.as_str()?);
    if value.is_none() {
        let message = format!("{} is not a base path", found(node));
        sink.push_with(&codes::PUBLIC_PLACE_MALFORMED, || {
            finding_at(&codes::PUBLIC_PLACE_MALFORMED, node, message)
                .with_help("a base path begins with `/`: `/orders`")
        });
    }
    Some(Spanned { value: value?, span: node.span() })
}

fn text(node: NodeRef<'_>) -> Option<Spanned<String>> {
    Some(Spanned { value: node.as_str()?.to_owned(), span: node.span() })
}
