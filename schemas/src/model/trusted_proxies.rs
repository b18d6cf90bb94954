//! Whom the gateway believes when it says who the client is.

use serde::{Deserialize, Serialize};

use crate::address_set::AddressSet;

/// The proxies in front of the gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustedProxies {
    /// Their addresses; empty when there is none, and then no header says who the client is.
    pub addresses: AddressSet,
    /// The one header in which they say where a request came from; the other one is whatever a stranger wrote.
    pub header: ForwardedHeader,
}

impl TrustedProxies {
    /// Nobody is believed.
    pub fn none() -> Self {
        Self { addresses: AddressSet::empty(), header: ForwardedHeader::XForwardedFor }
    }
}

/// Where trusted proxies write whom they forward for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`: addresses, the nearest last.
    XForwardedFor,
    /// `Forwarded` (RFC 7239), its `for` parameters, the nearest last.
    Forwarded,
}
