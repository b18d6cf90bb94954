//! TLS to one upstream, and to all of them: what new connections ask for and show, and how it is replaced.
//!
//! Each endpoint has its own store of sessions, so that a session with one endpoint is never offered to another. A resumed
//! session shows no certificate, so the one that it began with is held against the authorities and the clock once more.

use std::path::Path;
use std::sync::Arc;

use gw_artifact::bounds::ceilings::SESSIONS;
use gw_artifact::model::{UpstreamTls, Verification};
use rustls::client::Resumption;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, ClientConnection, HandshakeKind};

use super::certificate::{Certificate, Expiry};
use super::files::FileDefect;
use super::kept::Kept;
use super::server_verifier::{Credulous, verifier};
use super::{provider, versions};
use crate::bindings::{CertificateFiles, ResolvedUpstreamTls, UpstreamTlsFiles};

/// What connections to the endpoints of one upstream get.
#[derive(Debug)]
pub(crate) struct Dialer {
    policy: UpstreamTls,
    files: UpstreamTlsFiles,
    /// By endpoint, the name or address that its certificate must be for.
    names: Vec<ServerName<'static>>,
    kept: Kept<Terms>,
}

/// The terms of new connections.
#[derive(Debug)]
struct Terms {
    /// By endpoint.
    configs: Vec<Arc<ClientConfig>>,
    verifier: Arc<dyn ServerCertVerifier>,
    expiry: Option<Expiry>,
}

/// What one new connection gets.
#[derive(Debug)]
pub(crate) struct Dial {
    /// For the handshake.
    pub(crate) config: Arc<ClientConfig>,
    /// The name or address that the certificate must be for.
    pub(crate) name: ServerName<'static>,
    /// The number of the files that hold for the connection.
    pub(crate) edition: u64,
    verifier: Arc<dyn ServerCertVerifier>,
}

impl Dialer {
    /// Reads the files of an upstream.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn open(from: &ResolvedUpstreamTls) -> Result<Self, Vec<FileDefect>> {
        let ResolvedUpstreamTls { policy, files, names, .. } = from.clone();
        let kept = Kept::new(paths(&files), || Terms::read(&policy, &files, names.len()))?;
        Ok(Self { policy, files, names, kept })
    }

    fn dial(&self, endpoint: usize) -> Dial {
        let (edition, terms) = self.kept.current();
        let (config, name) = (Arc::clone(&terms.configs[endpoint]), self.names[endpoint].clone());
        Dial { config, name, edition, verifier: Arc::clone(&terms.verifier) }
    }

    /// Until when the certificate holds that is shown, if one is.
    pub(crate) fn expiry(&self) -> Option<Expiry> {
        self.kept.current().1.expiry.clone()
    }

    fn refresh(&self) -> Option<Result<(), Vec<FileDefect>>> {
        self.kept.refresh(paths(&self.files), || Terms::read(&self.policy, &self.files, self.names.len()))
    }
}

fn paths(files: &UpstreamTlsFiles) -> impl Iterator<Item = &Path> {
    let own = files.own.iter().flat_map(|pair| [pair.cert.as_path(), pair.key.as_path()]);
    files.ca.as_deref().into_iter().chain(own)
}

impl Terms {
    fn read(
        policy: &UpstreamTls,
        files: &UpstreamTlsFiles,
        endpoints: usize,
    ) -> Result<Self, Vec<FileDefect>> {
        let mut defects = Vec::new();
        let verifier = verifier_of(policy, files).map_err(|defect| defects.push(defect));
        let own = own_certificate(policy, files).map_err(|defect| defects.push(defect));
        let (Ok(verifier), Ok(own)) = (verifier, own) else { return Err(defects) };
        let builder = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(versions(policy.min))
            .expect("the provider has suites for both versions")
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&verifier));
        let mut config = match &own {
            Some(own) => builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(own_key(own)))),
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let of_endpoint = || {
            let mut config = config.clone();
            config.resumption = Resumption::in_memory_sessions(SESSIONS);
            Arc::new(config)
        };
        let configs = (0..endpoints).map(|_| of_endpoint()).collect();
        Ok(Self { configs, verifier, expiry: own.map(|own| own.expiry) })
    }
}

fn verifier_of(
    policy: &UpstreamTls,
    files: &UpstreamTlsFiles,
) -> Result<Arc<dyn ServerCertVerifier>, FileDefect> {
    match (policy.verification, &files.ca) {
        (Verification::Full, Some(ca)) => verifier(ca),
        (Verification::Full, None) => Err(FileDefect::new(Path::new("ca"), "is missing")),
        (Verification::None, _) => Ok(Arc::new(Credulous::new(provider()))),
    }
}

fn own_certificate(
    policy: &UpstreamTls,
    files: &UpstreamTlsFiles,
) -> Result<Option<Certificate>, FileDefect> {
    let own: Option<&CertificateFiles> = files.own.as_ref().filter(|_| policy.client_cert);
    own.map(Certificate::read).transpose()
}

fn own_key(own: &Certificate) -> CertifiedKey {
    CertifiedKey::clone(&own.key)
}

impl Dial {
    /// Whether the connection, whose handshake is done, is one that may be used: a session that was resumed is held against
    /// what holds now.
    ///
    /// # Errors
    /// What is wrong with the certificate that the session began with.
    pub(crate) fn still_holds(&self, connection: &ClientConnection) -> Result<(), rustls::Error> {
        if connection.handshake_kind() != Some(HandshakeKind::Resumed) {
            return Ok(());
        }
        let chain = connection.peer_certificates().and_then(<[CertificateDer<'_>]>::split_first);
        let (leaf, chain) = chain.ok_or(rustls::Error::NoCertificatesPresented)?;
        self.verifier.verify_server_cert(leaf, chain, &self.name, &[], UnixTime::now()).map(|_| ())
    }
}

/// The upstreams that are reached over TLS.
#[derive(Debug, Default)]
pub(crate) struct Dialers {
    dialers: Vec<(String, Dialer)>,
    /// By endpoint of all upstreams: which of `dialers`, and which of its endpoints.
    by_endpoint: Vec<Option<(usize, usize)>>,
}

impl Dialers {
    /// `endpoints` says how many endpoints each upstream has; `dialers` are by upstream.
    pub(crate) fn new(endpoints: &[usize], dialers: Vec<Option<(String, Dialer)>>) -> Self {
        let mut all = Self::default();
        for (count, dialer) in endpoints.iter().zip(dialers) {
            let which = all.dialers.len();
            let is_secured = dialer.is_some();
            all.by_endpoint.extend((0..*count).map(|at| is_secured.then_some((which, at))));
            all.dialers.extend(dialer);
        }
        all
    }

    /// What a new connection to an endpoint gets; `None` where it is plain.
    pub(crate) fn dial(&self, endpoint: usize) -> Option<Dial> {
        let (which, at) = self.by_endpoint.get(endpoint).copied().flatten()?;
        Some(self.dialers[which].1.dial(at))
    }

    /// The number of the files that hold for connections to an endpoint; 0 where it is plain.
    pub(crate) fn edition(&self, endpoint: usize) -> u64 {
        let found = self.by_endpoint.get(endpoint).copied().flatten();
        found.map_or(0, |(which, _)| self.dialers[which].1.kept.edition())
    }

    /// Whether no upstream is reached over TLS.
    pub(crate) fn is_empty(&self) -> bool {
        self.dialers.is_empty()
    }

    /// Each with its upstream's name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Dialer)> {
        self.dialers.iter().map(|(name, dialer)| (name.as_str(), dialer))
    }

    /// Reads the files of each upstream again that has changed ones, and says what came of it.
    pub(crate) fn refresh(&self, mut say: impl FnMut(String)) {
        for (name, dialer) in self.iter() {
            match dialer.refresh() {
                None => {}
                Some(Ok(())) => say(format!("the TLS files of upstream `{name}` were read again")),
                Some(Err(defects)) => {
                    for defect in defects {
                        say(format!("upstream `{name}` keeps its TLS files: {defect}"));
                    }
                }
            }
        }
    }
}
