//! A request as a suite or a command line says it: what a caller would send, byte for byte.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use gw_artifact::Artifact;
use gw_artifact::model::HostPattern;
use gw_decision::{Framing, Head, Line, Version};

use crate::connection::Connection;
use crate::units::DEFAULT_PORT;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, as it is sent.
    pub method: String,
    /// The target, as it is sent.
    pub target: String,
    /// The version.
    pub version: Version,
    /// What is sent as `Host`.
    pub host: HostLine,
    /// The other header lines, names in lower case; a `host` among them stands for itself.
    pub lines: Vec<(String, String)>,
    /// The body.
    pub body: RequestBody,
    /// The caller's address; `None` over a Unix socket.
    pub client: Option<SocketAddr>,
    /// The connection.
    pub connection: Connection,
}

/// What is sent as `Host`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostLine {
    /// A host that the artifact publishes: see [`published_host`].
    Published,
    /// This.
    Given(String),
    /// None.
    Absent,
}

/// The body of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestBody {
    /// What is sent.
    pub bytes: Vec<u8>,
    /// Whether it is sent in chunks instead of with its length.
    pub chunked: bool,
    /// Whether the end never comes.
    pub stalls: bool,
}

/// A request's head with everything that sending it adds: host and framing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentHead {
    /// The method.
    pub method: String,
    /// The target.
    pub target: String,
    /// The version.
    pub version: Version,
    /// All header lines, in order, names in lower case.
    pub lines: Vec<(String, String)>,
    /// How the body's end is told.
    pub framing: Framing,
}

impl Request {
    /// A request without body. An absolute URL is sent as path and query, with its authority as `Host`.
    pub fn new(method: &str, target_or_url: &str) -> Self {
        let url = ["http://", "https://"].iter().find_map(|scheme| target_or_url.strip_prefix(scheme));
        let (host, target) = match url {
            None => (HostLine::Published, target_or_url.to_owned()),
            Some(rest) => {
                let end = rest.find(['/', '?']).unwrap_or(rest.len());
                let (authority, target) = rest.split_at(end);
                let slash = if target.starts_with('/') { "" } else { "/" };
                (HostLine::Given(authority.to_owned()), format!("{slash}{target}"))
            }
        };
        Self {
            method: method.to_owned(),
            target,
            version: Version::Http11,
            host,
            lines: Vec::new(),
            body: RequestBody::default(),
            client: Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), DEFAULT_PORT)),
            connection: Connection::default(),
        }
    }

    /// Adds a header line; its name is put into lower case.
    pub fn line(mut self, name: &str, value: impl Into<String>) -> Self {
        self.lines.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// Gives it a body that is sent with its length.
    pub fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body.bytes = bytes.into();
        self
    }

    /// The head as it is sent to a gateway of this artifact. Framing that the suite wrote itself stays.
    pub fn head(&self, artifact: &Artifact) -> SentHead {
        let mut lines = Vec::new();
        match &self.host {
            _ if self.has("host") => {}
            HostLine::Absent => {}
            HostLine::Published => lines.push(("host".to_owned(), published_host(artifact))),
            HostLine::Given(host) => lines.push(("host".to_owned(), host.clone())),
        }
        lines.extend(self.lines.iter().cloned());
        let framing = self.framing(&mut lines);
        SentHead {
            method: self.method.clone(),
            target: self.target.clone(),
            version: self.version,
            lines,
            framing,
        }
    }

    fn framing(&self, lines: &mut Vec<(String, String)>) -> Framing {
        let length = self.body.bytes.len() as u64;
        if self.has("transfer-encoding") {
            return Framing::Chunked;
        }
        if let Some((_, value)) = self.lines.iter().find(|(name, _)| name == "content-length") {
            return value.parse().map_or(Framing::None, Framing::Length);
        }
        if self.body.chunked {
            lines.push(("transfer-encoding".into(), "chunked".into()));
            return Framing::Chunked;
        }
        if self.body.stalls {
            // One byte more than will ever come.
            lines.push(("content-length".into(), (length + 1).to_string()));
            return Framing::Length(length + 1);
        }
        if length == 0 {
            return Framing::None;
        }
        lines.push(("content-length".into(), length.to_string()));
        Framing::Length(length)
    }

    fn has(&self, name: &str) -> bool {
        self.lines.iter().any(|(other, _)| other == name)
    }
}

impl SentHead {
    /// What is sent as `Host`; empty when nothing is.
    pub fn host(&self) -> &str {
        self.lines.iter().find(|(name, _)| name == "host").map_or("", |(_, host)| host)
    }

    /// Lends the head to a decision.
    pub fn with<T>(&self, act: impl FnOnce(&Head<'_>) -> T) -> T {
        let lines: Vec<_> =
            self.lines.iter().map(|(name, value)| Line { name, value: value.trim().as_bytes() }).collect();
        act(&Head {
            method: &self.method,
            target: &self.target,
            version: self.version,
            lines: &lines,
            body: self.framing,
        })
    }
}

/// The host that a request is sent to when nothing is said: the first that the artifact names, `x` in front of a
/// suffix, `localhost` where any host is served.
pub fn published_host(artifact: &Artifact) -> String {
    let first = artifact.tables().sites.iter().flat_map(|site| &site.hosts).next();
    match first {
        _ if artifact.tables().sites.iter().any(|site| site.hosts.is_empty()) => "localhost".to_owned(),
        None => "localhost".to_owned(),
        Some(HostPattern::Exact(host)) => host.clone(),
        Some(HostPattern::Suffix(suffix)) => format!("x{suffix}"),
    }
}
