//! One certificate with its key: whether they belong together, for which names, and until when.

use std::sync::Arc;

use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys, SignatureAlgorithm};
use webpki::EndEntityCert;
use x509_cert::Certificate as Parsed;
use x509_cert::der::Decode;

use super::files::{self, FileDefect};
use super::provider;
use crate::bindings::CertificateFiles;

/// A certificate that can be shown, with the key that proves it.
#[derive(Debug)]
pub(super) struct Certificate {
    pub(super) key: Arc<CertifiedKey>,
    /// The DNS names that it is for, in lower case; `*.` stands before those that it is for as a whole.
    pub(super) names: Vec<String>,
    pub(super) expiry: Expiry,
}

/// Until when a certificate holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expiry {
    /// The file that it was read from.
    pub(crate) file: String,
    /// Its first name, or its subject where it has none.
    pub(crate) name: String,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) not_before: u64,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) not_after: u64,
}

impl Certificate {
    /// Reads a certificate and its key.
    ///
    /// # Errors
    /// When one of the files does not read, or the key is that of another certificate.
    pub(super) fn read(from: &CertificateFiles) -> Result<Self, FileDefect> {
        let chain = files::certificates(&from.cert)?;
        let unreadable =
            |fault: String| FileDefect::new(&from.cert, format!("holds no certificate that reads: {fault}"));
        let parsed = Parsed::from_der(&chain[0]).map_err(|fault| unreadable(fault.to_string()))?;
        let leaf = EndEntityCert::try_from(&chain[0]).map_err(|fault| unreadable(fault.to_string()))?;
        let names: Vec<String> = leaf.valid_dns_names().map(str::to_ascii_lowercase).collect();
        let validity = parsed.tbs_certificate().validity();
        let expiry = Expiry {
            file: from.cert.display().to_string(),
            name: names.first().cloned().unwrap_or_else(|| parsed.tbs_certificate().subject().to_string()),
            not_before: validity.not_before.to_unix_duration().as_secs(),
            not_after: validity.not_after.to_unix_duration().as_secs(),
        };
        let key = files::key(&from.key)?;
        let key = CertifiedKey::from_der(chain, key, &provider()).map_err(|fault| match fault {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                let message = format!("is not the key of the certificate in `{}`", from.cert.display());
                FileDefect::new(&from.key, message)
            }
            fault => FileDefect::new(&from.key, format!("holds no key that gw can use: {fault}")),
        })?;
        Ok(Self { key: Arc::new(key), names, expiry })
    }

    /// Whether it has an ECDSA key: shorter and quicker than RSA, and shown first to whoever takes it.
    pub(super) fn is_ecdsa(&self) -> bool {
        self.key.key.algorithm() == SignatureAlgorithm::ECDSA
    }
}
