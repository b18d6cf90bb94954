//! A real gateway on ports that the system chooses, with its access log in a file.

use std::{
    fmt::Debug,
    io,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
    path::Path,
};

use gw_artifact::model::EndpointAddress;
use gw_runtime::{
    Running, ServeOptions, Signals,
    bindings::{AdminAddress, Bindings, LogSink},
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
        options.bindings = BindingsSource::Read(Bindings { logs: Some(logs), ..Bindings::default() });
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        options.listen = Some(any_port);
        options.admin = Some(AdminAddress::Tcp(any_port));
        options.threads = NonZeroUsize::new(1);
        options.max_exchanges = node.max_exchanges;
        options.set = node.upstreams.iter().map(|(name, address)| setting(name, *address)).collect();
        serve(options, Signals::Ignored).map(Self).map_err(told)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Lets it finish what runs, and waits until every log line is written.
    pub fn stop(self) {
        self.0.stop();
        self.0.wait();
    }
}

fn setting(upstream: &str, address: SocketAddr) -> Setting {
    let endpoint = EndpointAddress { host: address.ip().to_string(), port: address.port() };
    Setting { upstream: upstream.to_owned(), endpoint }
}

fn told(fault: impl Debug) -> io::Error {
    io::Error::other(format!("{fault:?}"))
}
