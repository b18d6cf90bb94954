//! Bindings and options against the artifact: every address and endpoint that holds, or everything that is missing.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use gw_artifact::Artifact;
use gw_artifact::model::{ClientCertDemand, EndpointAddress, Listener, ListenerId, ListenerTls};

use super::read::nearest;
use super::upstream_tls::{self, ResolvedUpstreamTls};
use super::{
    AdminAddress, BindingDefect, Bindings, CertificateFiles, ClientCertFiles, ListenAddress, LogSink,
};
use crate::options::{ServeOptions, Setting};

/// Where everything is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) listen: Vec<(ListenerId, String, ListenAddress)>,
    pub(crate) admin: AdminAddress,
    pub(crate) health: Option<SocketAddr>,
    /// By upstream, in the order of their ids.
    pub(crate) endpoints: Vec<Vec<EndpointAddress>>,
    pub(crate) log: Option<LogSink>,
    /// The listeners that speak TLS.
    pub(crate) tls: Vec<ResolvedTls>,
    /// The sets of API keys by name, with their files, in the order of their ids.
    pub(crate) keys: Vec<(String, PathBuf)>,
    /// By upstream, in the order of their ids: TLS where it is reached over it.
    pub(crate) upstream_tls: Vec<Option<ResolvedUpstreamTls>>,
}

/// TLS at one listener: its policy, and the files that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedTls {
    pub(crate) listener: ListenerId,
    pub(crate) name: String,
    pub(crate) policy: ListenerTls,
    pub(crate) certificates: Vec<CertificateFiles>,
    pub(crate) clients: Option<ClientCertFiles>,
}

/// The listener that has an address without being told.
const PUBLIC: &str = "public";
const PUBLIC_ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
const ADMIN_ADDRESS: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9901);

/// Finds every address and endpoint. What the options say wins over the bindings, and those over the artifact.
///
/// # Errors
/// Everything that the artifact names and nobody gives, and everything that is given and the artifact does not name.
pub(crate) fn resolve(
    artifact: &Artifact,
    bindings: Bindings,
    options: &ServeOptions,
) -> Result<Resolved, Vec<BindingDefect>> {
    let mut defects = Vec::new();
    let listen = listen(artifact, &bindings.listen, options.listen.as_ref(), &mut defects);
    let tls = tls(artifact, bindings.tls, bindings.client_certs, &mut defects);
    let keys = keys(artifact, bindings.keys, &mut defects);
    let endpoints = endpoints(artifact, bindings.upstreams, &options.set, &mut defects);
    let upstream_tls = upstream_tls::resolve(artifact, &endpoints, bindings.upstream_tls, &mut defects);
    if !defects.is_empty() {
        return Err(defects);
    }
    Ok(Resolved {
        listen,
        admin: options.admin.clone().or(bindings.admin).unwrap_or(AdminAddress::Tcp(ADMIN_ADDRESS)),
        health: options.health.or(bindings.health),
        endpoints,
        tls,
        keys,
        upstream_tls,
        log: bindings.logs.unwrap_or_else(|| vec![LogSink::Stdout]).into_iter().next(),
    })
}

fn listen(
    artifact: &Artifact,
    bound: &BTreeMap<String, ListenAddress>,
    told: Option<&ListenAddress>,
    defects: &mut Vec<BindingDefect>,
) -> Vec<(ListenerId, String, ListenAddress)> {
    let names: Vec<&str> = artifact.listeners().iter().map(|listener| listener.name.as_str()).collect();
    unknown("listen", "listener", bound.keys(), &names, defects);
    let told = told.filter(|_| {
        if names.len() > 1 {
            let message = format!("one address cannot serve {} listeners", names.len());
            defects.push(BindingDefect::new("--listen", message).help("bind each of them under `listen`"));
        }
        names.len() == 1
    });
    let mut found = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let default = || (*name == PUBLIC).then_some(ListenAddress::Tcp(PUBLIC_ADDRESS));
        match told.or_else(|| bound.get(*name)).cloned().or_else(default) {
            Some(address) => {
                let is_passed = matches!(address, ListenAddress::Passed(_));
                let nobody = nobody_comes(&artifact.listeners()[at], address.unix().is_some());
                // What is passed shows what it is when it is there.
                defects.extend(nobody.filter(|_| !is_passed));
                found.push((ListenerId(at as u32), (*name).to_owned(), address));
            }
            None => defects.push(
                BindingDefect::new(format!("listen.{name}"), "is missing: the artifact names this listener")
                    .help(format!("add `listen = {{ {name} = \"127.0.0.1:8081\" }}`")),
            ),
        }
    }
    found
}

/// A listener for proxies alone, at a socket of a kind that none of them comes to.
pub(crate) fn nobody_comes(listener: &Listener, is_unix: bool) -> Option<BindingDefect> {
    let proxies = listener.proxy_protocol.as_ref()?;
    let (message, help) = match is_unix {
        true if !proxies.unix => {
            ("is a Unix socket, and the artifact believes proxies of networks alone", "add `unix` to")
        }
        false if proxies.from.is_empty() => (
            "is no Unix socket, and the artifact believes proxies of a Unix socket alone",
            "name the networks in",
        ),
        true | false => return None,
    };
    let help = format!("{help} `proxy-protocol.from` of it in gw.yaml");
    Some(BindingDefect::new(format!("listen.{}", listener.name), message).help(help))
}

fn tls(
    artifact: &Artifact,
    mut certificates: BTreeMap<String, Vec<CertificateFiles>>,
    mut clients: BTreeMap<String, ClientCertFiles>,
    defects: &mut Vec<BindingDefect>,
) -> Vec<ResolvedTls> {
    let names: Vec<&str> = artifact.listeners().iter().map(|listener| listener.name.as_str()).collect();
    unknown("tls", "listener", certificates.keys(), &names, defects);
    unknown("client-certs", "listener", clients.keys(), &names, defects);
    let mut found = Vec::new();
    for (listener, id) in artifact.listeners().iter().zip(0..) {
        let name = &listener.name;
        let (certificates, clients) = (certificates.remove(name), clients.remove(name));
        let asks = listener.tls.is_some_and(|tls| tls.client_cert != ClientCertDemand::None);
        if listener.tls.is_none() && certificates.is_some() {
            let message = "has certificates, and the artifact has the listener speak plain HTTP";
            defects.push(
                BindingDefect::new(format!("tls.{name}"), message).help("add `tls: {}` to it in gw.yaml"),
            );
        }
        if listener.tls.is_some() && certificates.is_none() {
            let message = "is missing: the artifact has the listener speak TLS";
            let help = format!(
                "add `{name} = [{{ cert = \"/etc/gw/tls.crt\", key = \"/etc/gw/tls.key\" }}]` under `[tls]`"
            );
            defects.push(BindingDefect::new(format!("tls.{name}"), message).help(help));
        }
        if asks && clients.is_none() {
            let message = "is missing: the artifact has the listener ask for client certificates";
            let help = format!("add `{name} = {{ ca = \"/etc/gw/clients.pem\" }}` under `[client-certs]`");
            defects.push(BindingDefect::new(format!("client-certs.{name}"), message).help(help));
        }
        if !asks && clients.is_some() {
            let message = "is given, and the artifact does not have the listener ask for client certificates";
            let help = "say `tls: {client-cert: required}` (or `optional`) of it in gw.yaml";
            defects.push(BindingDefect::new(format!("client-certs.{name}"), message).help(help));
        }
        if let (Some(policy), Some(certificates)) = (listener.tls, certificates) {
            found.push(ResolvedTls {
                listener: ListenerId(id),
                name: name.clone(),
                policy,
                certificates,
                clients,
            });
        }
    }
    found
}

fn keys(
    artifact: &Artifact,
    mut files: BTreeMap<String, PathBuf>,
    defects: &mut Vec<BindingDefect>,
) -> Vec<(String, PathBuf)> {
    let names: Vec<&str> = artifact.tables().key_sets.iter().map(String::as_str).collect();
    unknown("keys", "set of keys", files.keys(), &names, defects);
    let mut found = Vec::new();
    for name in names {
        match files.remove(name) {
            Some(path) => found.push((name.to_owned(), path)),
            None => defects.push(
                BindingDefect::new(
                    format!("keys.{name}"),
                    "is missing: the artifact verifies keys of this set",
                )
                .help(format!(
                    "add `{name} = \"/etc/gw/{name}.keys\"` under `[keys]`; `gw key new` makes the file"
                )),
            ),
        }
    }
    found
}

fn endpoints(
    artifact: &Artifact,
    mut bound: BTreeMap<String, Vec<EndpointAddress>>,
    settings: &[Setting],
    defects: &mut Vec<BindingDefect>,
) -> Vec<Vec<EndpointAddress>> {
    let mut told: BTreeMap<&str, Vec<EndpointAddress>> = BTreeMap::new();
    for Setting { upstream, endpoint } in settings {
        told.entry(upstream).or_default().push(endpoint.clone());
    }
    bound.extend(told.into_iter().map(|(name, endpoints)| (name.to_owned(), endpoints)));
    let names: Vec<&str> = artifact.upstreams().iter().map(|upstream| upstream.name.as_str()).collect();
    unknown("upstreams", "upstream", bound.keys(), &names, defects);
    let mut found = Vec::new();
    for upstream in artifact.upstreams() {
        let endpoints = bound.remove(&upstream.name).unwrap_or_else(|| upstream.endpoints.clone());
        if endpoints.is_empty() {
            let name = &upstream.name;
            let missing =
                BindingDefect::new(format!("upstreams.{name}"), "is missing: this upstream has no endpoint");
            let url = format!("{}://127.0.0.1:9001", upstream.scheme().as_str());
            let line = format!("add `{name} = [\"{url}\"]` under `[upstreams]`");
            defects.push(missing.help(format!("{line}, or `--set upstreams.{name}={url}`")));
        }
        found.push(endpoints);
    }
    found
}

pub(super) fn unknown<'n>(
    table: &str,
    what: &str,
    given: impl Iterator<Item = &'n String>,
    names: &[&str],
    defects: &mut Vec<BindingDefect>,
) {
    for name in given.filter(|name| !names.contains(&name.as_str())) {
        let defect =
            BindingDefect::new(format!("{table}.{name}"), format!("the artifact has no such {what}"));
        defects.push(match nearest(name, names) {
            Some(near) => defect.help(format!("did you mean `{near}`?")),
            None => defect.help(format!("it has: {}", names.join(", "))),
        });
    }
}
