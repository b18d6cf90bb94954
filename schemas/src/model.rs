//! The tables: plain data, one file per concept. What makes them valid stands in [`Artifact`](crate::Artifact).

mod access_list;
mod bounds;
mod capacity;
mod endpoint;
mod header;
mod id;
mod identity;
mod limit;
mod listener;
mod method;
mod operation;
mod rate;
mod reason;
mod route;
mod source;
mod transform;
mod trusted_proxies;
mod units;
mod upstream;

use serde::{Deserialize, Serialize};

use crate::expression::Expression;

pub use access_list::{AccessList, HeaderRule, MethodRule};
pub use bounds::{Bounds, MemoryRow, Node, Per, WorkRow};
pub use capacity::Capacity;
pub use endpoint::{EndpointAddress, EndpointDefect, EndpointScheme, is_server_name};
pub use header::{is_dropped_header, is_hop_by_hop_header, is_reserved_header, is_twin_header};
pub use id::{
    AccessId, AccessListId, ApiId, ConditionId, KeySetId, ListenerId, OperationId, PathItemId, SchemeId,
    SiteId, UpstreamId, VerifierId,
};
pub use identity::{Access, Alternative, CallerFact, IdentityHeader, Need, Scheme, Verifier};
pub use limit::Timeouts;
pub use listener::{
    ClientCertDemand, HttpsRedirect, Listener, ListenerCeilings, ListenerTls, ProxyProtocol, TlsVersion,
};
pub use method::{MAX_METHOD_BYTES, Method, MethodToken};
pub use operation::{Api, Operation, PathItem};
pub use rate::{NotARate, Period, Rate};
pub use reason::{Reason, Step};
pub use route::{HostPattern, Site};
pub use source::{Layer, LayerKind, OperationSources, Place, PolicySource, SourceMap};
pub use transform::{Forward, HostEdit, PathEdit};
pub use trusted_proxies::{ForwardedHeader, TrustedProxies};
pub use units::{Bytes, Millis, duration_millis, size_bytes};
pub use upstream::{Balance, Upstream, UpstreamTls, Verification};

/// The decision tables: everything that a request's fate depends on, and nothing else.
///
/// Their bytes are what the policy digest covers, so rows stand in a canonical order that formatting,
/// key order, the split into files and the names of components do not change: APIs by name, sites by their
/// hosts, path items and operations by API, template and method, all others by content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tables {
    /// The project's name; the pseudonym in `Via`.
    pub project: String,
    /// Published APIs.
    pub apis: Vec<Api>,
    /// Doors, at least one.
    pub listeners: Vec<Listener>,
    /// Hosts and their paths.
    pub sites: Vec<Site>,
    /// Path items; the tries' values are indices of these.
    pub path_items: Vec<PathItem>,
    /// Operations, at least one.
    pub operations: Vec<Operation>,
    /// Who may call at all, deduplicated.
    pub access_lists: Vec<AccessList>,
    /// Whom the gateway believes when it says who the client is.
    pub trusted_proxies: TrustedProxies,
    /// Demands on callers, deduplicated.
    pub access: Vec<Access>,
    /// Places of credentials, deduplicated.
    pub schemes: Vec<Scheme>,
    /// How credentials are verified, deduplicated.
    pub verifiers: Vec<Verifier>,
    /// What must hold of callers beside good credentials, deduplicated. The inputs are `consumer` and `method` (text),
    /// `scopes` (texts) and `path.NAME` (text, escapes read); any other one is never there.
    pub conditions: Vec<Expression>,
    /// The names of the sets of API keys that the bindings give, sorted.
    pub key_sets: Vec<String>,
    /// Services.
    pub upstreams: Vec<Upstream>,
    /// How much is taken on at once.
    pub capacity: Capacity,
}
