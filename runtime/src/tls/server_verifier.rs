//! Whose certificates of endpoints are good: the authorities of the bindings, or everybody's.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::files::{self, FileDefect};
use super::provider;

/// What verifies the certificates of endpoints: that they lead to an authority of the file, hold now, and are for the name
/// (RFC 5280 §6, RFC 9525).
///
/// # Errors
/// When the file does not read, or holds what is no authority.
pub(super) fn verifier(ca: &Path) -> Result<Arc<dyn ServerCertVerifier>, FileDefect> {
    let mut authorities = RootCertStore::empty();
    for certificate in files::certificates(ca)? {
        authorities.add(certificate).map_err(|fault| {
            FileDefect::new(ca, format!("holds a certificate that can be no authority: {fault}"))
        })?;
    }
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(authorities), provider()).build();
    match built {
        Ok(verifier) => Ok(verifier),
        Err(fault) => Err(FileDefect::new(ca, format!("cannot be used: {fault}"))),
    }
}

/// Believes whoever answers, because the artifact says so (`verify: false`); only that one end speaks all the while is held.
#[derive(Debug)]
pub(super) struct Credulous(Arc<CryptoProvider>);

impl Credulous {
    pub(super) fn new(provider: Arc<CryptoProvider>) -> Self {
        Self(provider)
    }
}

impl ServerCertVerifier for Credulous {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
