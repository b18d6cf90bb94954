//! The services behind the gateway, and how one of their endpoints is chosen.

use serde::{Deserialize, Serialize};

use super::{EndpointAddress, EndpointScheme, TlsVersion};

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
    /// TLS, if its endpoints speak it: all of them or none.
    pub tls: Option<UpstreamTls>,
}

/// TLS to the endpoints of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamTls {
    /// The oldest version that is spoken.
    pub min: TlsVersion,
    /// The name that the endpoints are asked for and that their certificates must be for; each endpoint's own host unless
    /// said.
    pub server_name: Option<String>,
    /// What becomes of the certificates that endpoints show.
    pub verification: Verification,
    /// Whether the gateway shows a certificate of its own.
    pub client_cert: bool,
}

/// What becomes of the certificates that endpoints show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verification {
    /// They must lead to an authority of the bindings, hold now, and be for the name.
    Full,
    /// Nobody looks at them: whoever answers is believed.
    None,
}

impl UpstreamTls {
    /// What holds where nothing is said: certificates are verified, and none is shown.
    pub const DEFAULT: Self = Self {
        min: TlsVersion::V12,
        server_name: None,
        verification: Verification::Full,
        client_cert: false,
    };

    /// The name or address that the certificate of an endpoint must be for.
    pub fn name_of<'n>(&'n self, host: &'n str) -> &'n str {
        self.server_name.as_deref().unwrap_or(host)
    }
}

impl Upstream {
    /// What its endpoints speak.
    pub fn scheme(&self) -> EndpointScheme {
        if self.tls.is_some() { EndpointScheme::Https } else { EndpointScheme::Http }
    }

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
