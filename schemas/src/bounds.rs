//! The worst case of an artifact, computed from its tables: memory in rows, work in counts.
//!
//! The figures are promises of the runtime, so its buffers and queues take their sizes from [`ceilings`]; what is
//! computed from the tables is weighed ([`weigh`]). A gateway at all its ceilings stays below [`Bounds::total`]: the test
//! `tests/e2e/ceiling.rs` opens every connection and fills every buffer to hold that.
//!
//! Not counted: what the kernel holds for sockets, and files that the kernel caches.

use crate::Artifact;
use crate::manifest::Manifest;
use crate::model::{Bounds, Bytes, MemoryRow, Node, Operation, Per, Tables};

pub mod ceilings;
mod weight;
mod work;

pub use weight::weigh;
pub use work::{
    MAX_CONNECTION_NAMES, MAX_HEAD_BYTES, MAX_LINES, MAX_TARGET_BYTES, OperationBound, of_operations,
};

/// The lengths of the sections whose bytes a loader holds beside what it makes of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileSizes {
    pub(crate) tables: usize,
    pub(crate) source_map: usize,
}

/// Everything that the bound depends on, with the number of connections apart, so that another one can be tried.
pub(crate) fn of(artifact: &Artifact, sizes: FileSizes, manifest: &Manifest) -> Bounds {
    let tables = artifact.tables();
    let connections = tables.capacity.connections;
    let allowed: u64 = tables.upstreams.iter().map(|upstream| u64::from(upstream.max_requests)).sum();
    let requests = allowed.min(u64::from(connections));
    let memory = memory(tables, sizes, manifest, u64::from(connections), requests);
    let mut bounds = Bounds {
        connections,
        requests,
        max_memory: tables.capacity.memory,
        least: Bytes(0),
        memory,
        work: work::rows(artifact),
    };
    bounds.least = bounds.total(Node::least(artifact));
    bounds
}

impl Node {
    /// The least that serves an artifact: one thread, and one endpoint where the bindings must name them.
    pub fn least(artifact: &Artifact) -> Self {
        let endpoints = artifact.upstreams().iter().map(|upstream| upstream.endpoints.len().max(1));
        Self { threads: 1, endpoints: count(endpoints.sum()) }
    }
}

impl Bounds {
    /// The same bound with fewer connections, and so with fewer requests in flight.
    #[must_use]
    pub fn with_connections(&self, connections: u32) -> Self {
        let mut bounds = self.clone();
        bounds.connections = connections;
        bounds.requests = self.requests.min(u64::from(connections));
        bounds.recount();
        bounds
    }

    /// The same bound with fewer requests in flight.
    #[must_use]
    pub fn with_requests(&self, requests: u64) -> Self {
        let mut bounds = self.clone();
        bounds.requests = requests.min(u64::from(self.connections));
        bounds.recount();
        bounds
    }

    /// The most connections, up to those of this bound, with which a node stays within `max`; `None` when even one is
    /// too many.
    pub fn connections_within(&self, max: Bytes, node: Node) -> Option<u32> {
        let fits = |connections: u64| {
            self.with_connections(u32::try_from(connections).unwrap_or(u32::MAX)).total(node) <= max
        };
        largest(u64::from(self.connections), fits).map(|found| found as u32)
    }

    /// The most requests in flight with which a node stays within `max`, as many connections as there are.
    pub fn requests_within(&self, max: Bytes, node: Node) -> Option<u64> {
        largest(self.requests, |requests| self.with_requests(requests).total(node) <= max)
    }

    fn recount(&mut self) {
        for row in &mut self.memory {
            match row.name.as_str() {
                CONNECTIONS => row.count = u64::from(self.connections),
                TLS | ADDRESSES if row.count > 0 => row.count = u64::from(self.connections),
                REQUESTS => row.count = self.requests,
                UPSTREAM_TLS if row.count > 0 => row.count = self.requests,
                _ => {}
            }
        }
    }
}

/// The largest number from 1 to `most` that fits, where whatever is below one that fits does too.
fn largest(most: u64, fits: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if fits(middle) { low = middle } else { high = middle - 1 }
    }
    (low > 0).then_some(low)
}

fn memory(
    tables: &Tables,
    sizes: FileSizes,
    manifest: &Manifest,
    connections: u64,
    requests: u64,
) -> Vec<MemoryRow> {
    let row = |name: &str, per, count: u64, each: u64| MemoryRow {
        name: name.to_owned(),
        per,
        count,
        each: Bytes(each),
    };
    let operations = tables.operations.len() as u64 + 1;
    let upstreams = tables.upstreams.len() as u64;
    let has_tls = tables.listeners.iter().any(|listener| listener.tls.is_some());
    let reaches_tls = tables.upstreams.iter().any(|upstream| upstream.tls.is_some());
    let where_reached = |count: u64| if reaches_tls { count } else { 0 };
    let has_addresses = tables.listeners.iter().any(|listener| listener.ceilings.per_address.is_some());
    let file = sizes.tables as u64 + sizes.source_map as u64 + weigh(manifest);
    vec![
        row(CONNECTIONS, Per::Process, connections, ceilings::CONNECTION_BYTES),
        row(TLS, Per::Process, if has_tls { connections } else { 0 }, ceilings::TLS_BYTES),
        row(ADDRESSES, Per::Process, if has_addresses { connections } else { 0 }, ceilings::ADDRESS_BYTES),
        row(REQUESTS, Per::Process, requests, ceilings::REQUEST_BYTES),
        row(UPSTREAM_TLS, Per::Process, where_reached(requests), ceilings::TLS_BYTES),
        row("connections kept to endpoints", Per::ThreadAndEndpoint, ceilings::KEPT, ceilings::KEPT_BYTES),
        row(
            "TLS of kept connections",
            Per::ThreadAndEndpoint,
            where_reached(ceilings::KEPT),
            ceilings::KEPT_TLS_BYTES,
        ),
        row("TLS sessions with endpoints", Per::Endpoint, where_reached(1), ceilings::SESSIONS_BYTES),
        row("decision tables", Per::Process, 1, weigh(tables)),
        row("automata of header patterns", Per::Process, automata(tables), ceilings::AUTOMATON_BYTES),
        row("caches of header patterns", Per::Thread, automata(tables), ceilings::AUTOMATON_CACHE_BYTES),
        row("copies of the file while it is read", Per::Process, COPIES, file),
        row("program and control thread", Per::Process, 1, ceilings::PROGRAM_BYTES),
        row("stack and buffers of a thread", Per::Thread, 1, ceilings::THREAD_BYTES),
        row("counters of operations", Per::Thread, operations, ceilings::OPERATION_COUNTERS_BYTES),
        row("counters of upstreams", Per::Thread, upstreams, ceilings::HISTOGRAM_BYTES),
        row("addresses and states of endpoints", Per::ThreadAndEndpoint, 1, ceilings::ENDPOINT_BYTES),
        row("log lines on their way", Per::Process, 1, ceilings::LOG_BYTES),
        row("admin and health connections", Per::Process, ceilings::DOORS, ceilings::DOOR_BYTES),
        row("scrapes of the counters", Per::Process, ceilings::SCRAPES, scrape_bytes(tables)),
    ]
}

/// Sets of patterns in all access lists.
fn automata(tables: &Tables) -> u64 {
    let rules = tables.access_lists.iter().flat_map(|list| &list.headers);
    rules.map(|rule| u64::from(rule.allow.is_some()) + u64::from(rule.deny.is_some())).sum()
}

/// One text of all counters, in a buffer that has doubled.
fn scrape_bytes(tables: &Tables) -> u64 {
    let lines = |names: usize| ceilings::SERIES_LINES * (ceilings::SERIES_LINE_BYTES + 2 * names as u64);
    let of_operation = |operation: &Operation| ceilings::STATUSES * lines(operation.template.len());
    let operations: u64 = tables.operations.iter().map(of_operation).sum();
    let upstreams: u64 = tables.upstreams.iter().map(|upstream| lines(upstream.name.len())).sum();
    let listeners: u64 = tables.listeners.iter().map(|listener| lines(listener.name.len())).sum();
    2 * (operations + ceilings::STATUSES * lines(0) + upstreams + listeners + ceilings::OTHER_SERIES_BYTES)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The file's bytes, the tables written again to compare them, and what a growing buffer leaves behind.
const COPIES: u64 = 3;

const CONNECTIONS: &str = "connections of callers";
const TLS: &str = "TLS of callers' connections";
const UPSTREAM_TLS: &str = "TLS of requests in flight";
const ADDRESSES: &str = "addresses of callers that are counted";
const REQUESTS: &str = "requests in flight";
