//! The services behind the gateway, and how one of their endpoints is chosen.

use serde::{Deserialize, Serialize};

use super::EndpointAddress;

/// A named service with its endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upstream {
    /// The name that bindings and `--set upstreams.NAME=URL` use; unique.
    pub name: String,
    /// Endpoints that hold unless the bindings replace them; may be empty, then the bindings must give some.
    pub endpoints: Vec<EndpointAddress>,
    /// How an endpoint is chosen.
    pub balance: Balance,
    /// Requests in flight at once, per process; one more is refused with 503 `capacity`. At least 1.
    pub max_requests: u32,
}

impl Upstream {
    /// Requests in flight where `limits.requests` is not declared.
    pub const DEFAULT_MAX_REQUESTS: u32 = 10_000;
}

/// How an endpoint is chosen among those that do not rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Balance {
    /// Each in turn.
    RoundRobin,
    /// The less busy of two drawn at random (power of two choices).
    LeastRequest,
}
