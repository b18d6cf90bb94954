//! The part of an artifact that people and their tools can read: JSON, right behind the head of the file.
//!
//! It says nothing that the tables and the provenance do not: it is made from them, and a reader that has decoded
//! both makes it again and compares.

use serde::{Deserialize, Serialize};

use crate::Artifact;
use crate::bounds::{self, FileSizes};
use crate::digest::Digest;
use crate::model::{Bounds, Bytes, ClientCertDemand, EndpointAddress, Listener, Upstream, Verification};
use crate::provenance::Provenance;
use crate::version::FORMAT_VERSION;

/// A summary of one artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout of the file: [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The project's name.
    pub project: String,
    /// The digest of the decision tables.
    pub policy_digest: Digest,
    /// The APIs, by name.
    pub apis: Vec<ApiSummary>,
    /// How many operations there are.
    pub operations: usize,
    /// What a node has to bring.
    pub bindings: BindingsNeeded,
    /// What a gateway holds and does at most.
    pub bounds: Bounds,
    /// What the artifact was made from.
    pub provenance: Provenance,
}

/// One API and how large it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiSummary {
    /// Its name.
    pub name: String,
    /// Its version, empty when not said.
    pub version: String,
    /// Its owner, empty when not said.
    pub owner: String,
    /// How many operations it has.
    pub operations: usize,
}

/// The names that the bindings of a node give addresses for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BindingsNeeded {
    /// Listeners, by name.
    pub listeners: Vec<ListenerNeeded>,
    /// Upstreams, by name.
    pub upstreams: Vec<UpstreamNeeded>,
    /// Sets of API keys, by name.
    pub key_sets: Vec<String>,
}

/// One listener, and what it needs beside an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenerNeeded {
    /// Its name.
    pub name: String,
    /// Whether it speaks TLS, and so needs certificates with their keys.
    pub certificates: bool,
    /// Whether it asks for client certificates, and so needs those of their authorities.
    pub client_certs: bool,
    /// Whether connections begin with a header of the PROXY protocol, and come from proxies alone.
    pub proxy_protocol: bool,
}

/// One upstream, and what the bindings must give for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamNeeded {
    /// Its name.
    pub name: String,
    /// What its endpoints speak: `http` or `https`.
    pub scheme: String,
    /// The URLs of endpoints that hold where the bindings name none; without any, the bindings must.
    pub default_endpoints: Vec<String>,
    /// Whether its certificates are verified, and so the bindings must give their authorities.
    pub authorities: bool,
    /// Whether the gateway shows a certificate there, and so the bindings must give one with its key.
    pub certificate: bool,
}

impl Manifest {
    /// The summary of an artifact's tables; `sizes` are those of the other sections.
    pub(crate) fn of(
        artifact: &Artifact,
        sizes: FileSizes,
        policy_digest: Digest,
        provenance: Provenance,
    ) -> Self {
        let tables = artifact.tables();
        let mut operations_of = vec![0; tables.apis.len()];
        for operation in &tables.operations {
            operations_of[operation.api.index()] += 1;
        }
        let apis = tables.apis.iter().zip(operations_of).map(|(api, operations)| ApiSummary {
            name: api.name.clone(),
            version: api.version.clone(),
            owner: api.owner.clone(),
            operations,
        });
        let mut manifest = Self {
            format_version: FORMAT_VERSION,
            project: tables.project.clone(),
            policy_digest,
            apis: apis.collect(),
            operations: tables.operations.len(),
            bindings: BindingsNeeded {
                listeners: tables.listeners.iter().map(listener_needed).collect(),
                upstreams: tables.upstreams.iter().map(upstream_needed).collect(),
                key_sets: tables.key_sets.clone(),
            },
            bounds: UNKNOWN,
            provenance,
        };
        manifest.bounds = bounds::of(artifact, sizes, &manifest);
        manifest
    }

    /// The section's bytes: indented JSON between two line breaks, so that it stands out in a pager.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let json = serde_json::to_string_pretty(self).expect("strings, numbers and lists have a JSON form");
        format!("\n{json}\n").into_bytes()
    }
}

fn listener_needed(listener: &Listener) -> ListenerNeeded {
    ListenerNeeded {
        name: listener.name.clone(),
        certificates: listener.tls.is_some(),
        client_certs: listener.tls.is_some_and(|tls| tls.client_cert != ClientCertDemand::None),
        proxy_protocol: listener.proxy_protocol.is_some(),
    }
}

fn upstream_needed(upstream: &Upstream) -> UpstreamNeeded {
    let tls = upstream.tls.as_ref();
    UpstreamNeeded {
        name: upstream.name.clone(),
        scheme: upstream.scheme().as_str().to_owned(),
        default_endpoints: upstream.endpoints.iter().map(EndpointAddress::url).collect(),
        authorities: tls.is_some_and(|tls| tls.verification == Verification::Full),
        certificate: tls.is_some_and(|tls| tls.client_cert),
    }
}

/// Stands in while the rest of the manifest is weighed.
const UNKNOWN: Bounds = Bounds {
    connections: 0,
    requests: 0,
    max_memory: None,
    least: Bytes(0),
    memory: Vec::new(),
    work: Vec::new(),
};
