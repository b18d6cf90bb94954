//! The bindings: a node's half of the configuration, never policy. TOML, read whole, every defect reported at once.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use gw_artifact::Artifact;
use gw_artifact::model::EndpointAddress;

use crate::options::{ArtifactSource, ServeOptions};

mod address;
mod read;
mod resolve;
mod schema;
mod upstream_tls;

pub use address::ListenAddress;
pub(crate) use read::nearest;
pub use read::read;
pub(crate) use resolve::{Resolved, ResolvedTls, nobody_comes, resolve};
pub use schema::schema;
pub(crate) use upstream_tls::ResolvedUpstreamTls;

/// Addresses, endpoints and sinks of one node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// The address of each listener that the artifact names.
    pub listen: BTreeMap<String, ListenAddress>,
    /// Where liveness, readiness and metrics are asked; apart from admin.
    pub health: Option<SocketAddr>,
    /// Where the gateway is asked and moved.
    pub admin: Option<AdminAddress>,
    /// The certificates of each listener that speaks TLS, with their keys; at least one.
    pub tls: BTreeMap<String, Vec<CertificateFiles>>,
    /// Whose client certificates are good, for each listener that asks for them.
    pub client_certs: BTreeMap<String, ClientCertFiles>,
    /// The file of each set of API keys that the artifact names (`gw key`); read again when it changes.
    pub keys: BTreeMap<String, PathBuf>,
    /// What TLS to each upstream needs that is reached over it.
    pub upstream_tls: BTreeMap<String, UpstreamTlsFiles>,
    /// Endpoints that replace the artifact's, by upstream.
    pub upstreams: BTreeMap<String, Vec<EndpointAddress>>,
    /// Where access-log lines go; nowhere when empty and given, to stdout when not given.
    pub logs: Option<Vec<LogSink>>,
}

/// A certificate with its chain, and its private key: PEM files, which are read again when they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, then those that lead to its authority.
    pub cert: PathBuf,
    /// Its key: PKCS#8, SEC1 or PKCS#1, not encrypted.
    pub key: PathBuf,
}

/// Whose client certificates are good: PEM files, which are read again when they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertFiles {
    /// The authorities' certificates.
    pub ca: PathBuf,
    /// What they revoked, if they say; it must not have run out.
    pub crl: Option<PathBuf>,
}

/// What TLS to one upstream needs: PEM files, which are read again when they change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpstreamTlsFiles {
    /// The certificates of the authorities whose certificates are good.
    pub ca: Option<PathBuf>,
    /// The certificate that the gateway shows, with its key.
    pub own: Option<CertificateFiles>,
}

/// Where the admin listener listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminAddress {
    /// TCP.
    Tcp(SocketAddr),
    /// A Unix socket: `unix:/run/gw.sock`.
    Unix(PathBuf),
}

/// Where access-log lines go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogSink {
    /// Standard output.
    Stdout,
    /// Appended to this file, which SIGHUP opens again.
    File(PathBuf),
}

/// One thing that is wrong with the bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindingDefect {
    /// Where: `upstreams.orders[1].weight`; empty when the file as a whole is meant.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it, if that is known.
    pub help: Option<String>,
}

impl BindingDefect {
    /// A defect without advice.
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: key.into(), message: message.into(), help: None }
    }

    /// The same defect with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for BindingDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for AdminAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl std::str::FromStr for AdminAddress {
    type Err = String;

    /// Reads `IP:PORT` or `unix:/absolute/path`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some(path) => address::unix_path(path).map(Self::Unix),
            None => socket_address(text).map(Self::Tcp),
        }
    }
}

/// Holds bindings against an artifact, without serving it.
///
/// # Errors
/// Everything that the artifact names and they lack, and everything that they give and it does not name.
pub fn check(artifact: &Artifact, bindings: Bindings) -> Result<(), Vec<BindingDefect>> {
    // Only the options beside the artifact are looked at.
    let options = ServeOptions::new(ArtifactSource::File(PathBuf::new()));
    resolve(artifact, bindings, &options).map(|_| ())
}

/// Reads `IP:PORT`, with port 0 for any.
///
/// # Errors
/// What an address looks like, when this is none.
pub fn socket_address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not an address; one looks like `127.0.0.1:8080` or `[::]:8080`"))
}
