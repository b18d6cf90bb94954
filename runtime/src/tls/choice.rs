//! Which certificate a client is shown: by the name that it asks for, then by the signatures that it can verify.

use std::collections::HashMap;
use std::sync::Arc;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::certificate::Certificate;

/// The certificates of one listener, at least one.
#[derive(Debug)]
pub(super) struct Choice {
    certificates: Vec<Certificate>,
    /// By name, the certificates that are for it, the best first.
    by_name: HashMap<String, Vec<usize>>,
    /// For clients that ask for no name, or for one that nothing here is for: the first one, and others for its names.
    default: Vec<usize>,
}

impl Choice {
    pub(super) fn new(certificates: Vec<Certificate>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, certificate) in certificates.iter().enumerate() {
            for name in &certificate.names {
                by_name.entry(name.clone()).or_default().push(at);
            }
        }
        let first = certificates.first().and_then(|certificate| certificate.names.first());
        let mut default = first.and_then(|name| by_name.get(name)).cloned().unwrap_or_else(|| vec![0]);
        for order in by_name.values_mut().chain([&mut default]) {
            order.sort_by_key(|at| !certificates[*at].is_ecdsa());
        }
        Self { certificates, by_name, default }
    }

    /// All of them.
    pub(super) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Those that are for a name (in lower case): by the name itself, else by the pattern one label above it.
    fn named(&self, name: &str) -> Option<&[usize]> {
        let pattern = || {
            let (_, rest) = name.split_once('.')?;
            self.by_name.get(&format!("*.{rest}"))
        };
        self.by_name.get(name).or_else(pattern).map(Vec::as_slice)
    }
}

impl ResolvesServerCert for Choice {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().map(str::to_ascii_lowercase);
        let order = name.as_deref().and_then(|name| self.named(name)).unwrap_or(&self.default);
        let keys =
            || order.iter().filter_map(|at| self.certificates.get(*at)).map(|certificate| &certificate.key);
        let suits = |key: &&Arc<CertifiedKey>| key.key.choose_scheme(hello.signature_schemes()).is_some();
        // Where none suits, the handshake says so with the first.
        keys().find(suits).or_else(|| keys().next()).cloned()
    }
}
