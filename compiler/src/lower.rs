//! Lower: a project that passed the gate becomes tables. Total: nothing here can fail.
//!
//! What the gate refused becomes a [`Draft`](gw_artifact::Draft), as far as it was understood. That is another type, and
//! emit takes none.
//!
//! Rows stand in an order that depends on nothing but their content, so that formatting, key order, the split into
//! files and the names of components change no byte of the tables.

mod access;
mod access_lists;
mod challenges;
mod draft;
mod operations;
mod places;
mod policies;
mod sites;

use gw_artifact::model::{
    Api, ApiId, Capacity, ClientCertDemand, ForwardedHeader, HttpsRedirect, Listener, ListenerCeilings,
    ListenerTls, OperationId, ProxyProtocol, SourceMap as PolicySources, Tables, TlsVersion, TrustedProxies,
};
use gw_syntax::SourceMap;

use crate::check::{Checked, Understood};
use crate::policy::project::ForwardedBy;
use crate::policy::project::listener::{ClientCertDemand as Demand, ListenerPolicy};
use crate::resolve::Resolved;
use crate::resolve::resolved::Ceilings;
use crate::vocabulary::scalar::ProxyEntry;
use access::AccessTables;
pub(crate) use draft::draft;

/// The tables, and where their rows come from.
#[derive(Debug)]
pub(crate) struct Lowered {
    /// What decides about requests.
    pub(crate) tables: Tables,
    /// What explains the decisions.
    pub(crate) source_map: PolicySources,
}

impl Lowered {
    /// For `serve --dev`: whatever doors the project has, it is served at one, without certificates.
    pub(crate) fn behind_one_plain_door(mut self) -> Self {
        self.tables.listeners = vec![Listener::plain("public")];
        self
    }
}

/// What was lowered, and which row each thing became.
struct Parts {
    lowered: Lowered,
    access: AccessTables,
    /// For each row of `Routes::published`, its operation.
    operations: Vec<OperationId>,
}

/// Puts everything into tables.
pub(crate) fn lower(checked: &Checked, sources: &SourceMap) -> Lowered {
    parts(checked, sources).lowered
}

fn parts(checked: &Understood, sources: &SourceMap) -> Parts {
    let resolved = checked.resolved();
    let (apis, api_ids) = apis(resolved);
    let access = access::lower(checked);
    let access_lists = access_lists::lower(resolved);
    let operations = operations::lower(checked, &api_ids, &access, &access_lists);
    let (sites, path_items) = sites::lower(checked.routes(), &operations);
    let source_map = policies::lower(checked, &operations, &access, sources);
    let tables = Tables {
        project: resolved.project.name.clone(),
        apis,
        listeners: listeners(resolved),
        sites,
        path_items,
        operations: operations.rows,
        access_lists: access_lists.rows,
        trusted_proxies: trusted_proxies(resolved),
        access: access.rows.clone(),
        schemes: access.named.schemes.clone(),
        verifiers: access.named.verifiers.clone(),
        conditions: access.named.conditions.clone(),
        key_sets: access.named.key_sets.clone(),
        upstreams: checked.upstreams().services().map(|(service, _)| service.clone()).collect(),
        capacity: capacity(resolved),
    };
    Parts { lowered: Lowered { tables, source_map }, access, operations: operations.ids }
}

/// The APIs by name, and the id of each in the order of `Resolved::apis`.
fn apis(resolved: &Resolved) -> (Vec<Api>, Vec<ApiId>) {
    let mut order: Vec<usize> = (0..resolved.apis.len()).collect();
    order.sort_by_key(|&index| &resolved.apis[index].name);
    let mut ids = vec![ApiId(0); order.len()];
    for (position, &index) in order.iter().enumerate() {
        ids[index] = ApiId(position as u32);
    }
    let row = |&index: &usize| {
        let api = &resolved.apis[index];
        Api { name: api.name.clone(), version: api.version.clone(), owner: api.owner.clone() }
    };
    (order.iter().map(row).collect(), ids)
}

fn capacity(resolved: &Resolved) -> Capacity {
    let Ceilings { connections, memory } = &resolved.project.capacity;
    Capacity {
        connections: connections.as_ref().map_or(Capacity::DEFAULT.connections, |said| said.value),
        memory: memory.as_ref().map(|said| said.value),
    }
}

fn trusted_proxies(resolved: &Resolved) -> TrustedProxies {
    let tables = &resolved.tables;
    let networks = tables.trusted_proxies.iter().map(|network| network.value);
    let header = match tables.forwarded_header.as_ref().map(|said| said.value) {
        Some(ForwardedBy::Forwarded) => ForwardedHeader::Forwarded,
        Some(ForwardedBy::XForwardedFor) | None => ForwardedHeader::XForwardedFor,
    };
    TrustedProxies { addresses: access_lists::set(networks), header }
}

fn listeners(resolved: &Resolved) -> Vec<Listener> {
    let mut rows: Vec<Listener> = resolved.listeners.iter().map(listener).collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
}

fn listener(listener: &crate::resolve::resolved::Listener) -> Listener {
    let policy = &listener.policy;
    let tls = policy.tls.as_ref().map(|tls| ListenerTls {
        min: tls.min.as_ref().map_or(TlsVersion::V12, |min| min.value.lower()),
        client_cert: match tls.client_cert.as_ref().map(|demand| demand.value) {
            Some(Demand::Required) => ClientCertDemand::Required,
            Some(Demand::Optional) => ClientCertDemand::Optional,
            Some(Demand::None) | None => ClientCertDemand::None,
        },
    });
    Listener {
        name: listener.name.clone(),
        tls,
        https_redirect: policy
            .https_redirect
            .as_ref()
            .and_then(|said| said.value)
            .map(|port| HttpsRedirect { port }),
        hsts: policy.hsts.as_ref().map(|hsts| hsts.value.0),
        ceilings: ListenerCeilings {
            connections: policy.max_connections.as_ref().map(|most| most.value),
            per_address: policy.max_connections_per_address.as_ref().map(|most| most.value),
        },
        proxy_protocol: proxy_protocol(policy),
    }
}

fn proxy_protocol(policy: &ListenerPolicy) -> Option<ProxyProtocol> {
    let entries = || policy.proxy_protocol.iter().map(|entry| entry.value);
    let from = access_lists::set(entries().filter_map(ProxyEntry::network));
    let unix = entries().any(|entry| entry == ProxyEntry::Unix);
    (unix || !from.is_empty()).then_some(ProxyProtocol { from, unix })
}
