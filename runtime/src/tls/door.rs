//! TLS at one listener, and at all of them: what new connections get, and how it is replaced.

use std::path::Path;
use std::sync::Arc;

use gw_artifact::model::{ClientCertDemand, ListenerId, ListenerTls};
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, ProducesTickets};
use rustls::{HandshakeKind, ServerConfig, ServerConnection};

use super::certificate::{Certificate, Expiry};
use super::choice::Choice;
use super::files::FileDefect;
use super::kept::Kept;
use super::verifier::verifier;
use super::{provider, versions};
use crate::bindings::{CertificateFiles, ClientCertFiles};

/// What one listener's connections get.
#[derive(Debug)]
pub(crate) struct Door {
    policy: ListenerTls,
    certificates: Vec<CertificateFiles>,
    clients: Option<ClientCertFiles>,
    tickets: Arc<dyn ProducesTickets>,
    kept: Kept<Terms>,
}

/// The terms of new connections.
#[derive(Debug)]
pub(crate) struct Terms {
    /// For the handshake.
    pub(crate) config: Arc<ServerConfig>,
    verifier: Option<Arc<dyn ClientCertVerifier>>,
    choice: Arc<Choice>,
}

impl Door {
    /// Reads the files of a listener.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn open(
        policy: ListenerTls,
        certificates: Vec<CertificateFiles>,
        clients: Option<ClientCertFiles>,
    ) -> Result<Self, Vec<FileDefect>> {
        let tickets = rustls::crypto::aws_lc_rs::Ticketer::new().map_err(|fault| {
            vec![FileDefect::new(Path::new("tickets"), format!("cannot be made: {fault}"))]
        })?;
        let read = || Terms::read(policy, &certificates, clients.as_ref(), &tickets);
        let kept = Kept::new(paths(&certificates, clients.as_ref()), read)?;
        Ok(Self { policy, certificates, clients, tickets, kept })
    }

    /// What a new connection gets.
    pub(crate) fn terms(&self) -> Arc<Terms> {
        self.kept.current().1
    }

    /// Until when the certificates hold.
    pub(crate) fn expiries(&self) -> Vec<Expiry> {
        self.terms().choice.certificates().iter().map(|certificate| certificate.expiry.clone()).collect()
    }

    /// Reads the files again if one of them changed: `None` when none did.
    fn refresh(&self) -> Option<Result<(), Vec<FileDefect>>> {
        let read = || Terms::read(self.policy, &self.certificates, self.clients.as_ref(), &self.tickets);
        self.kept.refresh(paths(&self.certificates, self.clients.as_ref()), read)
    }
}

fn paths<'f>(
    certificates: &'f [CertificateFiles],
    clients: Option<&'f ClientCertFiles>,
) -> impl Iterator<Item = &'f Path> {
    let pairs = certificates.iter().flat_map(|pair| [pair.cert.as_path(), pair.key.as_path()]);
    let of_clients = clients
        .into_iter()
        .flat_map(|clients| std::iter::once(clients.ca.as_path()).chain(clients.crl.as_deref()));
    pairs.chain(of_clients)
}

impl Terms {
    fn read(
        policy: ListenerTls,
        certificates: &[CertificateFiles],
        clients: Option<&ClientCertFiles>,
        tickets: &Arc<dyn ProducesTickets>,
    ) -> Result<Self, Vec<FileDefect>> {
        let mut defects = Vec::new();
        let mut keep =
            |read: Result<Certificate, FileDefect>| read.map_err(|defect| defects.push(defect)).ok();
        let certificates: Vec<Certificate> =
            certificates.iter().filter_map(|files| keep(Certificate::read(files))).collect();
        let asked = clients.filter(|_| policy.client_cert != ClientCertDemand::None);
        let verifier = asked.map(|clients| verifier(clients, policy.client_cert)).transpose();
        let verifier = verifier.map_err(|defect| defects.push(defect)).ok().flatten();
        if !defects.is_empty() {
            return Err(defects);
        }
        let choice = Arc::new(Choice::new(certificates));
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(versions(policy.min))
            .expect("the provider has suites for both versions");
        let builder = match &verifier {
            Some(verifier) => builder.with_client_cert_verifier(Arc::clone(verifier)),
            None => builder.with_no_client_auth(),
        };
        let mut config = builder.with_cert_resolver(Arc::clone(&choice) as Arc<_>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // The gateway chooses the suite, so that no client talks it into a lesser one.
        config.ignore_client_order = true;
        config.ticketer = Arc::clone(tickets);
        // Sessions are in tickets alone: nothing of them is kept here.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 1;
        Ok(Self { config: Arc::new(config), verifier, choice })
    }

    /// Whether the connection, whose handshake is done, is one that may go on: a session that was resumed is held against
    /// what holds now.
    pub(crate) fn still_hold(&self, connection: &ServerConnection) -> bool {
        let resumed = connection.handshake_kind() == Some(HandshakeKind::Resumed);
        let Some(verifier) = self.verifier.as_ref().filter(|_| resumed) else { return true };
        match connection.peer_certificates().and_then(<[CertificateDer<'_>]>::split_first) {
            Some((leaf, chain)) => verifier.verify_client_cert(leaf, chain, UnixTime::now()).is_ok(),
            None => !verifier.client_auth_mandatory(),
        }
    }
}

/// The listeners that speak TLS.
#[derive(Debug, Default)]
pub(crate) struct Doors {
    doors: Vec<(ListenerId, String, Arc<Door>)>,
}

impl Doors {
    pub(crate) fn new(doors: Vec<(ListenerId, String, Arc<Door>)>) -> Self {
        Self { doors }
    }

    /// TLS at a listener, if it speaks it.
    pub(crate) fn at(&self, listener: ListenerId) -> Option<&Arc<Door>> {
        self.doors.iter().find(|(id, ..)| *id == listener).map(|(.., door)| door)
    }

    /// Whether no listener speaks it.
    pub(crate) fn is_empty(&self) -> bool {
        self.doors.is_empty()
    }

    /// Each with its listener's name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Door)> {
        self.doors.iter().map(|(_, name, door)| (name.as_str(), &**door))
    }

    /// Reads the files of each listener again that has changed ones, and says what came of it.
    pub(crate) fn refresh(&self, mut say: impl FnMut(String)) {
        for (name, door) in self.iter() {
            match door.refresh() {
                None => {}
                Some(Ok(())) => say(format!("the certificates of listener `{name}` were read again")),
                Some(Err(defects)) => {
                    for defect in defects {
                        say(format!("listener `{name}` keeps its certificates: {defect}"));
                    }
                }
            }
        }
    }
}
