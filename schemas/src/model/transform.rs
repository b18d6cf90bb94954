//! How a request changes on its way to the upstream.

use serde::{Deserialize, Serialize};

use super::UpstreamId;

/// Where an operation's requests go, and what changes in their target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Forward {
    /// The service.
    pub upstream: UpstreamId,
    /// What happens to the path. The query is never touched.
    pub path: PathEdit,
    /// What the upstream sees as `Host`.
    pub host: HostEdit,
}

/// What happens to the canonical path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PathEdit {
    /// The matched path is the forwarded path, byte for byte.
    Unchanged,
    /// The public base is replaced.
    ReplaceBase {
        /// Length in bytes of the public base that falls away; the rest begins with `/` or is empty.
        base: u16,
        /// What takes its place: canonical, begins with `/`, has no final `/`; or empty.
        prefix: String,
    },
}

/// What the upstream sees as `Host`. The caller's own stands in `Forwarded` and `X-Forwarded-Host`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum HostEdit {
    /// The authority of the endpoint that was chosen.
    Endpoint,
    /// This authority.
    Fixed(String),
}
