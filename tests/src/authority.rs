//! A certificate authority of the tests' own, and the files that it writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gw_runtime::bindings::{CertificateFiles, ClientCertFiles};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
    PKCS_RSA_SHA256, RevokedCertParams, SerialNumber, SignatureAlgorithm, date_time_ymd,
};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, ServerConfig, SignatureScheme,
    SupportedProtocolVersion,
};

/// An authority with its key.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate that an authority gave, with its key.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The certificate, as PEM.
    pub cert: String,
    /// The key, as PEM.
    pub key: String,
    /// The serial number, for revocation lists.
    pub serial: u64,
}

/// What is asked of an authority.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The common name.
    pub subject: &'a str,
    /// DNS names and addresses.
    pub names: &'a [&'a str],
    /// The serial number.
    pub serial: u64,
    /// Whether it has run out.
    pub expired: bool,
    /// Whether the key is RSA; else it is ECDSA.
    pub rsa: bool,
    /// Whether it is for clients alone.
    pub for_clients: bool,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Self { subject: "test", names: &[], serial: 1, expired: false, rsa: false, for_clients: false }
    }
}

impl Authority {
    /// A new one, unknown to everybody.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer =
            CertifiedIssuer::self_signed(params, key(&PKCS_ECDSA_P256_SHA256)).expect("it signs itself");
        Self { issuer }
    }

    /// Gives a certificate.
    pub fn issue(&self, wish: Wish<'_>) -> Issued {
        let names: Vec<String> = wish.names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("the names are names");
        params.distinguished_name.push(DnType::CommonName, wish.subject);
        params.serial_number = Some(SerialNumber::from(wish.serial));
        if wish.expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2020, 2, 1);
        }
        if wish.for_clients {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        }
        let key = if wish.rsa { rsa_key() } else { key(&PKCS_ECDSA_P256_SHA256) };
        let cert = params.signed_by(&key, &self.issuer).expect("it signs");
        Issued { cert: cert.pem(), key: key.serialize_pem(), serial: wish.serial }
    }

    /// A list of what it revoked, good until 2090, or run out.
    pub fn revoke(&self, serials: &[u64], expired: bool) -> String {
        let revoked = |serial: &u64| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2021, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(2021, 1, 1),
            next_update: date_time_ymd(if expired { 2021 } else { 2090 }, 2, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: serials.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let issuer: &Issuer<'static, KeyPair> = &self.issuer;
        params.signed_by(issuer).expect("it signs").pem().expect("a list is PEM")
    }

    /// Its own certificate, as PEM.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Writes its certificate under a name.
    pub fn write(&self, folder: &Path, name: &str) -> PathBuf {
        write(folder, name, &self.pem())
    }

    /// A certificate that nobody signed but itself, for these names.
    ///
    /// # Panics
    /// When the names are none.
    pub fn alone(names: &[&str]) -> Issued {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let params = CertificateParams::new(names).expect("the names are names");
        let key = key(&PKCS_ECDSA_P256_SHA256);
        let cert = params.self_signed(&key).expect("it signs itself");
        Issued { cert: cert.pem(), key: key.serialize_pem(), serial: 0 }
    }

    /// Writes its certificate, and what it revoked, for a listener that asks for certificates.
    pub fn write_client_certs(&self, folder: &Path, revoked: Option<&str>) -> ClientCertFiles {
        let ca = write(folder, "clients.pem", &self.pem());
        let crl = revoked.map(|list| write(folder, "clients.crl", list));
        ClientCertFiles { ca, crl }
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Issued {
    fn read(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let chain = CertificateDer::pem_slice_iter(self.cert.as_bytes()).collect::<Result<Vec<_>, _>>();
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes());
        (chain.expect("the certificate is PEM"), key.expect("the key is PEM"))
    }

    /// Writes certificate and key under a name.
    pub fn write(&self, folder: &Path, name: &str) -> CertificateFiles {
        let cert = write(folder, &format!("{name}.crt"), &self.cert);
        CertificateFiles { cert, key: write(folder, &format!("{name}.key"), &self.key) }
    }
}

/// A server that shows this, and asks for certificates of `clients` if they are said.
///
/// # Panics
/// When what is shown does not read.
pub fn server(
    shown: &Issued,
    clients: Option<&Authority>,
    versions: &[&'static SupportedProtocolVersion],
) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .expect("there are versions");
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(clients) => {
            let mut authorities = RootCertStore::empty();
            let certificate = CertificateDer::from_pem_slice(clients.pem().as_bytes());
            authorities.add(certificate.expect("it is PEM")).expect("it is an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), provider);
            builder.with_client_cert_verifier(verifier.build().expect("it has an authority"))
        }
    };
    let (chain, key) = shown.read();
    let mut config = builder.with_single_cert(chain, key).expect("they belong together");
    config.ticketer = rustls::crypto::aws_lc_rs::Ticketer::new().expect("there is chance");
    config
}

fn key(algorithm: &'static SignatureAlgorithm) -> KeyPair {
    KeyPair::generate_for(algorithm).expect("keys can be made")
}

fn rsa_key() -> KeyPair {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).expect("keys can be made")
}

/// Writes a file whole: who reads it sees the old one or the new one.
fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let (path, new) = (folder.join(name), folder.join(format!(".{name}.new")));
    std::fs::write(&new, text).expect("the folder takes files");
    std::fs::rename(&new, &path).expect("a file can be replaced");
    path
}

/// A client of gateways: it believes every server, since these tests are about what servers believe.
pub fn client(shown: Option<&Issued>) -> ClientConfig {
    particular_client(shown, rustls::DEFAULT_VERSIONS, None)
}

/// The same for a client that speaks these versions only, and knows these signatures only, if it is said.
///
/// # Panics
/// When what is shown does not read.
pub fn particular_client(
    shown: Option<&Issued>,
    versions: &[&'static SupportedProtocolVersion],
    schemes: Option<Vec<SignatureScheme>>,
) -> ClientConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .expect("there are versions")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Credulous { provider, schemes }));
    let Some(issued) = shown else { return builder.with_no_client_auth() };
    let (chain, key) = issued.read();
    builder.with_client_auth_cert(chain, key).expect("they belong together")
}

#[derive(Debug)]
struct Credulous {
    provider: Arc<CryptoProvider>,
    schemes: Option<Vec<SignatureScheme>>,
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
        rustls::crypto::verify_tls12_signature(
            message,
            cert,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            cert,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let all = || self.provider.signature_verification_algorithms.supported_schemes();
        self.schemes.clone().unwrap_or_else(all)
    }
}
