//! The connection that a request comes on: which listener, and what its handshake told.

use std::sync::Arc;

use gw_artifact::Artifact;
use gw_artifact::model::{ClientCertDemand, Listener, ListenerId, TlsVersion};
use gw_decision::{Arrival, ClientCertificate, Exchange, Tls, UrlScheme};

use crate::request::Request;

/// How a request's connection differs from the usual one: at the first listener, with TLS where that is spoken, under the
/// name of the request's host, without client certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connection {
    /// The listener's name; the first one unless said.
    pub listener: Option<String>,
    /// Plain text, also where the listener speaks TLS.
    pub is_plain: bool,
    /// The name that the handshake asks for.
    pub server_name: ServerName,
    /// A client certificate that the listener has verified.
    pub certificate: Option<CertificateSaid>,
}

/// The name that a handshake asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ServerName {
    /// The request's host, as clients do.
    #[default]
    Host,
    /// This.
    Given(String),
    /// None.
    Absent,
}

/// A verified client certificate, as far as anybody looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateSaid {
    /// The subject, as RFC 4514 writes it: `CN=alice`.
    pub subject: String,
    /// The subject alternative names.
    pub names: Vec<String>,
}

impl Connection {
    /// The listener, if the artifact has it.
    pub fn listener<'a>(&self, artifact: &'a Artifact) -> Option<(ListenerId, &'a Listener)> {
        let mut listeners = artifact.listeners().iter().zip(0..);
        let found = match &self.listener {
            None => listeners.next(),
            Some(name) => listeners.find(|(listener, _)| listener.name == *name),
        };
        found.map(|(listener, id)| (ListenerId(id), listener))
    }

    /// The name that the handshake asks for; `host` is the request's, with a port or without.
    pub fn name(&self, host: &str) -> Option<String> {
        match &self.server_name {
            ServerName::Absent => None,
            ServerName::Given(name) => Some(name.to_ascii_lowercase()),
            // An address is no name (RFC 6066 §3).
            ServerName::Host if host.starts_with('[') => None,
            ServerName::Host => {
                let name = host.split(':').next().unwrap_or_default();
                let is_name = !name.is_empty() && name.parse::<std::net::IpAddr>().is_err();
                is_name.then(|| name.trim_end_matches('.').to_ascii_lowercase())
            }
        }
    }
}

/// An exchange on the request's connection. A listener that the artifact does not have is its first one; who runs suites
/// has said so by then.
pub(crate) fn exchange(request: &Request, host: &str, artifact: &Artifact) -> Exchange {
    let connection = &request.connection;
    let found = connection.listener(artifact).or_else(|| Connection::default().listener(artifact));
    let (listener, policy) = found.expect("an artifact has a listener");
    let secured = policy.tls.filter(|_| !connection.is_plain);
    let scheme = if secured.is_some() { UrlScheme::Https } else { UrlScheme::Http };
    let tls = secured.map(|secured| {
        let shown = connection.certificate.as_ref().filter(|_| secured.client_cert != ClientCertDemand::None);
        let client = shown.map(|certificate| ClientCertificate {
            subject: certificate.subject.clone(),
            names: certificate.names.clone(),
            fingerprint: "0".repeat(64),
        });
        Arc::new(Tls { version: TlsVersion::V13, server_name: connection.name(host), client })
    });
    Exchange::new(Arrival { client: request.client, scheme, listener }).over(tls)
}
