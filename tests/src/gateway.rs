//! A real gateway on ports that the system chooses, with its access log in a file.

use std::{
    fmt::Debug,
    io,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};

use gw_artifact::model::{EndpointAddress, EndpointScheme, Upstream};
use gw_runtime::{
    Running, ServeOptions, Signals,
    bindings::{
        AdminAddress, Bindings, CertificateFiles, ClientCertFiles, ListenAddress, LogSink, UpstreamTlsFiles,
    },
    options::{ArtifactSource, BindingsSource, Setting},
    serve,
};

/// A gateway at work on one thread. It ends when it is told to, or with the process.
#[derive(Debug)]
pub struct Gateway(Running);

/// What a gateway is started with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Node<'a> {
    /// Endpoints by upstream; several of one name are several endpoints.
    pub upstreams: &'a [(&'a str, SocketAddr)],
    /// Where access-log lines go; nowhere when not given.
    pub log: Option<&'a Path>,
    /// Exchanges in hand at once, if it is said.
    pub max_exchanges: Option<u32>,
    /// Certificates of the listeners that speak TLS.
    pub tls: &'a [(&'a str, CertificateFiles)],
    /// Whose client certificates are good, by listener.
    pub client_certs: &'a [(&'a str, ClientCertFiles)],
    /// The files of sets of API keys.
    pub keys: &'a [(&'a str, PathBuf)],
    /// What TLS to upstreams needs, by upstream.
    pub upstream_tls: &'a [(&'a str, UpstreamTlsFiles)],
    /// Listeners at Unix sockets, and their files.
    pub unix: &'a [(&'a str, &'a Path)],
    /// How long a handshake may take, if it is said.
    pub handshake: Option<Duration>,
}

impl Gateway {
    /// Loads an artifact with the runtime's own loader and serves it.
    ///
    /// # Errors
    /// When the artifact is refused, or no port is free.
    pub fn start(artifact: &[u8], node: Node<'_>) -> io::Result<Self> {
        let loaded = gw_artifact::decode(artifact).map_err(told)?;
        let mut options = ServeOptions::new(ArtifactSource::Loaded(Box::new(loaded)));
        let logs = node.log.map(|path| LogSink::File(path.to_owned())).into_iter().collect();
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut bindings = Bindings { logs: Some(logs), ..Bindings::default() };
        let ArtifactSource::Loaded(loaded) = &options.artifact else { unreachable!("it was loaded above") };
        for listener in loaded.artifact.listeners() {
            let file = node.unix.iter().find(|(name, _)| *name == listener.name);
            let address = file.map(|(_, path)| ListenAddress::Unix { path: path.to_path_buf(), mode: None });
            bindings.listen.insert(listener.name.clone(), address.unwrap_or_else(|| any_port.into()));
        }
        for (name, files) in node.tls {
            bindings.tls.entry((*name).to_owned()).or_default().push(files.clone());
        }
        bindings.client_certs =
            node.client_certs.iter().map(|(name, files)| ((*name).to_owned(), files.clone())).collect();
        bindings.keys = node.keys.iter().map(|(name, path)| ((*name).to_owned(), path.clone())).collect();
        bindings.upstream_tls =
            node.upstream_tls.iter().map(|(name, files)| ((*name).to_owned(), files.clone())).collect();
        let upstreams = loaded.artifact.upstreams();
        let scheme = |name: &str| upstreams.iter().find(|known| known.name == name).map(Upstream::scheme);
        let setting = |(name, address): &(&str, SocketAddr)| {
            setting(name, scheme(name).unwrap_or(EndpointScheme::Http), *address)
        };
        options.set = node.upstreams.iter().map(setting).collect();
        options.bindings = BindingsSource::Read(bindings);
        if let Some(handshake) = node.handshake {
            options.waits.handshake = handshake;
        }
        options.admin = Some(AdminAddress::Tcp(any_port));
        options.threads = NonZeroUsize::new(1);
        options.max_exchanges = node.max_exchanges;
        serve(options, Signals::Ignored).map(Self).map_err(told)
    }

    /// Where it listens.
    ///
    /// # Panics
    /// When it does so at Unix sockets alone.
    pub fn address(&self) -> SocketAddr {
        self.0.address().expect("it has a port")
    }

    /// Where one of its listeners listens.
    ///
    /// # Panics
    /// When it has no such listener, or a Unix socket.
    pub fn listener(&self, name: &str) -> SocketAddr {
        self.place(name).tcp().expect("it has a port")
    }

    /// The same, whatever it is.
    ///
    /// # Panics
    /// When it has no such listener.
    pub fn place(&self, name: &str) -> &ListenAddress {
        let found = self.0.listeners().iter().find(|listener| listener.name == name);
        &found.expect("the artifact names the listener").address
    }

    /// Where it is asked about itself.
    ///
    /// # Panics
    /// When that is no TCP address.
    pub fn admin(&self) -> SocketAddr {
        match self.0.admin() {
            AdminAddress::Tcp(address) => *address,
            AdminAddress::Unix(path) => panic!("admin listens at {}", path.display()),
        }
    }

    /// Lets it finish what runs, and waits until every log line is written.
    pub fn stop(self) {
        self.0.stop();
        self.0.wait().expect("nothing of it failed");
    }
}

fn setting(upstream: &str, scheme: EndpointScheme, address: SocketAddr) -> Setting {
    let endpoint = EndpointAddress { scheme, host: address.ip().to_string(), port: address.port() };
    Setting { upstream: upstream.to_owned(), endpoint }
}

fn told(fault: impl Debug) -> io::Error {
    io::Error::other(format!("{fault:?}"))
}
