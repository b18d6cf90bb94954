//! The doors of the gateway. The artifact names them and says how they treat connections; the bindings give their
//! addresses and certificates.

use serde::{Deserialize, Serialize};

use crate::address_set::AddressSet;

/// One named door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// The name that the bindings' `listen` and `tls` use; unique. `public` unless declared.
    pub name: String,
    /// TLS, if it is spoken here.
    pub tls: Option<ListenerTls>,
    /// Where plain HTTP is sent on to, if it is.
    pub https_redirect: Option<HttpsRedirect>,
    /// How long browsers insist on HTTPS, in seconds, if they are told (RFC 6797 §6.1.1). Only told over HTTPS.
    pub hsts: Option<u32>,
    /// Connections that may be open here at once.
    pub ceilings: ListenerCeilings,
    /// Who connects on behalf of clients and says so first, if anybody does.
    pub proxy_protocol: Option<ProxyProtocol>,
}

/// How many connections a listener has open at once, per process; at least 1, and no ceiling is above the one around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListenerCeilings {
    /// All of them; others wait in the kernel. Those of the whole gateway where nothing is said.
    pub connections: Option<u32>,
    /// Those of one client address (IPv4), or of one /64 (IPv6); others are closed at once. No ceiling where nothing is
    /// said.
    pub per_address: Option<u32>,
}

impl Listener {
    /// A door for plain HTTP.
    pub fn plain(name: impl Into<String>) -> Self {
        let ceilings = ListenerCeilings::default();
        Self {
            name: name.into(),
            tls: None,
            https_redirect: None,
            hsts: None,
            ceilings,
            proxy_protocol: None,
        }
    }
}

/// The PROXY protocol at a listener: each connection begins with a header that names the client, before TLS. There is no
/// connection without one, and none from anybody else: a header that may be left out could be left to a stranger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProxyProtocol {
    /// Whose connections are taken.
    pub from: AddressSet,
    /// Whether connections over a Unix socket are; always so where `from` is empty.
    pub unix: bool,
}

/// TLS at a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListenerTls {
    /// The oldest version that is spoken.
    pub min: TlsVersion,
    /// Whether clients are asked for certificates.
    pub client_cert: ClientCertDemand,
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TlsVersion {
    /// RFC 5246.
    V12,
    /// RFC 8446.
    V13,
}

impl TlsVersion {
    /// `1.2` or `1.3`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V12 => "1.2",
            Self::V13 => "1.3",
        }
    }
}

/// Whether clients are asked for certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ClientCertDemand {
    /// They are not.
    None,
    /// They may have one; one that does not verify ends the handshake.
    Optional,
    /// They must have one that verifies.
    Required,
}

/// Where plain HTTP is sent on to: the same place, in HTTPS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpsRedirect {
    /// The port that clients reach TLS at; 443 is not written.
    pub port: u16,
}
