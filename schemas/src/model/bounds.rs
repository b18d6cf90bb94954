//! What a gateway holds and does at most: figures that the compiler computes and the artifact carries.
//!
//! Each row is a product that people can check: so many of something, of so many bytes. What a node adds (its threads,
//! and the endpoints that its bindings name) stays a variable until a [`Node`] is given. How the rows come about stands
//! in [`crate::bounds`].

use serde::{Deserialize, Serialize};

use super::Bytes;

/// The worst case of one artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Callers' connections at once.
    pub connections: u32,
    /// Requests in flight at once: an HTTP/1 connection has one, and every upstream has its own limit.
    pub requests: u64,
    /// What `max-memory` allows, if the project says.
    pub max_memory: Option<Bytes>,
    /// What the least node needs: one thread, with the endpoints that the artifact names.
    pub least: Bytes,
    /// What is held.
    pub memory: Vec<MemoryRow>,
    /// What one request can cost.
    pub work: Vec<WorkRow>,
}

/// One thing that is held: `count` times `each`, as often as `per` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryRow {
    /// What it is.
    pub name: String,
    /// What the whole product is multiplied with.
    pub per: Per,
    /// How many there are.
    pub count: u64,
    /// How large one is.
    pub each: Bytes,
}

/// What a row is multiplied with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// Nothing: it is there once.
    Process,
    /// The threads of traffic.
    Thread,
    /// The endpoints of all upstreams.
    Endpoint,
    /// The threads of traffic, and the endpoints of all upstreams.
    ThreadAndEndpoint,
}

/// One thing that a request can make the gateway do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkRow {
    /// What is done.
    pub name: String,
    /// How often at most, for one request.
    pub most: u64,
}

/// What a node decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Threads of traffic.
    pub threads: u32,
    /// Endpoints of all upstreams together.
    pub endpoints: u32,
}

impl Bounds {
    /// The share of what is held that the allocator may need on top, as one part of so many.
    pub const SLACK: u64 = 8;

    /// The most that a gateway on this node holds, the allocator's slack included.
    pub fn total(&self, node: Node) -> Bytes {
        let held = self.memory.iter().fold(0_u64, |sum, row| sum.saturating_add(row.total(node).0));
        Bytes(held.saturating_add(held / Self::SLACK))
    }
}

impl MemoryRow {
    /// `count` times `each`.
    pub fn product(&self) -> Bytes {
        Bytes(self.count.saturating_mul(self.each.0))
    }

    /// What the row comes to on this node, without the allocator's slack.
    pub fn total(&self, node: Node) -> Bytes {
        let (threads, endpoints) = (u64::from(node.threads), u64::from(node.endpoints));
        let times = match self.per {
            Per::Process => 1,
            Per::Thread => threads,
            Per::Endpoint => endpoints,
            Per::ThreadAndEndpoint => threads.saturating_mul(endpoints),
        };
        Bytes(self.product().0.saturating_mul(times))
    }
}

impl Per {
    /// The variables, as they are written in a formula; empty for none.
    pub const fn variables(self) -> &'static str {
        match self {
            Self::Process => "",
            Self::Thread => "threads",
            Self::Endpoint => "endpoints",
            Self::ThreadAndEndpoint => "threads × endpoints",
        }
    }
}
