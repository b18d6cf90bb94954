//! Which path items are published under which hosts.

use serde::{Deserialize, Serialize};

use crate::path_trie::PathTrie;

/// The path items that one set of hosts publishes. A host belongs to at most one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The hosts, sorted, each once. Empty: any host that no other site claims.
    pub hosts: Vec<HostPattern>,
    /// From canonical path (base path included) to the index of a [`PathItem`](super::PathItem).
    pub paths: PathTrie,
}

/// A host as `servers` or `hosts` names it, in lower case and without a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HostPattern {
    /// This host and no other.
    Exact(String),
    /// `*.example.com`: one or more labels before this suffix, which is stored with its leading dot.
    Suffix(String),
}

impl HostPattern {
    /// Whether a host (lower case, no port) is meant. O(length).
    pub fn matches(&self, host: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == host,
            Self::Suffix(suffix) => host.len() > suffix.len() && host.ends_with(suffix.as_str()),
        }
    }
}
