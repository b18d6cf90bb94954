//! What one request can make the gateway do.

use crate::Artifact;
use crate::model::{Access, Bytes, Operation, SiteId, WorkRow};
use crate::path_trie::Template;

/// The longest request target that is read, in bytes.
pub const MAX_TARGET_BYTES: usize = 8 * 1024;
/// The most header lines that are read.
pub const MAX_LINES: usize = 96;
/// The most bytes of header lines, with the four that colon, space and line end take in each.
pub const MAX_HEAD_BYTES: usize = 32 * 1024;
/// The most names in `Connection`, empty ones too: each is looked for among all lines.
pub const MAX_CONNECTION_NAMES: usize = 32;

/// The worst case of one operation's requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationBound {
    /// Requests in flight at once: those that its upstream admits, and no more than there are connections.
    pub requests: u64,
    /// What they hold beside their connections.
    pub memory: Bytes,
    /// The longest request body that is forwarded; it is never held as a whole.
    pub body_max: Bytes,
    /// Nodes of the path trie that a path of its length visits at most.
    pub nodes: u64,
    /// Credentials that are looked for at most.
    pub credentials: u64,
}

/// What a request costs at most, whatever it asks for.
pub(super) fn rows(artifact: &Artifact) -> Vec<WorkRow> {
    let tables = artifact.tables();
    let hosts: usize = tables.sites.iter().map(|site| site.hosts.len()).sum();
    let nodes = tables.sites.iter().map(|site| site.paths.most_visits().last().copied().unwrap_or(0));
    let methods = tables.path_items.iter().map(|item| item.methods.len());
    let lists = (0..tables.sites.len()).map(|site| artifact.lists_of(Some(SiteId(site as u32))).len());
    let lists = lists.chain([artifact.lists_of(None).len(), usize::from(!tables.access_lists.is_empty())]);
    let comparisons = tables.access_lists.iter().map(|list| list.addresses.most_comparisons());
    let headers = tables.access_lists.iter().map(|list| list.headers.len());
    let credentials = tables.access.iter().map(credentials);
    let row = |name: &str, most: u64| WorkRow { name: name.to_owned(), most };
    vec![
        row("bytes of the target that are read", MAX_TARGET_BYTES as u64),
        row("header lines that are read", MAX_LINES as u64),
        row("bytes of header lines that are read", MAX_HEAD_BYTES as u64),
        row("names in `Connection` that are looked for", MAX_CONNECTION_NAMES as u64),
        row("hosts that are compared", hosts as u64),
        row("nodes of a path trie that are visited", nodes.max().unwrap_or(0)),
        row("methods that are compared", methods.max().unwrap_or(0) as u64),
        row("access lists that are asked", lists.max().unwrap_or(0) as u64),
        row("addresses that one of them compares", comparisons.max().unwrap_or(0)),
        row("header rules of one of them", headers.max().unwrap_or(0) as u64),
        row("credentials that are looked for", credentials.max().unwrap_or(0)),
    ]
}

/// The worst case of each operation, in the order of their ids.
pub fn of_operations(artifact: &Artifact) -> Vec<OperationBound> {
    let visits: Vec<Vec<u64>> = artifact.tables().sites.iter().map(|site| site.paths.most_visits()).collect();
    artifact.operations().iter().map(|operation| of_operation(artifact, operation, &visits)).collect()
}

fn of_operation(artifact: &Artifact, operation: &Operation, visits: &[Vec<u64>]) -> OperationBound {
    let connections = u64::from(artifact.tables().capacity.connections);
    let upstream = artifact.upstream_of(operation);
    let requests = connections.min(u64::from(upstream.max_requests));
    let tls = if upstream.tls.is_some() { super::ceilings::TLS_BYTES } else { 0 };
    let depth = Template::parse(&operation.template).map_or(usize::MAX, |template| template.segments().len());
    let at_depth = |visits: &Vec<u64>| visits.get(depth).or(visits.last()).copied().unwrap_or(0);
    OperationBound {
        requests,
        memory: Bytes(requests.saturating_mul(super::ceilings::REQUEST_BYTES + tls)),
        body_max: operation.body_max,
        nodes: visits.iter().map(at_depth).max().unwrap_or(0),
        credentials: credentials(artifact.access_of(operation)),
    }
}

fn credentials(access: &Access) -> u64 {
    match access {
        Access::Public => 0,
        Access::Delegated { alternatives, .. } | Access::Verified { alternatives, .. } => {
            alternatives.iter().map(|alternative| alternative.needs.len() as u64).sum()
        }
    }
}
