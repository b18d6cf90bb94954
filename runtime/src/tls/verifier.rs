//! Whose client certificates are good: the authorities and the revocation lists of the bindings.

use std::sync::Arc;

use gw_artifact::model::ClientCertDemand;
use rustls::RootCertStore;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{VerifierBuilderError, WebPkiClientVerifier};

use super::files::{self, FileDefect};
use super::provider;
use crate::bindings::ClientCertFiles;

/// What verifies the client certificates of a listener. A revocation list that has run out lets nobody in: nobody knows
/// whom it would have named.
///
/// # Errors
/// When a file does not read, or holds what is no authority.
pub(super) fn verifier(
    from: &ClientCertFiles,
    demand: ClientCertDemand,
) -> Result<Arc<dyn ClientCertVerifier>, FileDefect> {
    let mut authorities = RootCertStore::empty();
    for certificate in files::certificates(&from.ca)? {
        authorities.add(certificate).map_err(|fault| {
            FileDefect::new(&from.ca, format!("holds a certificate that can be no authority: {fault}"))
        })?;
    }
    let mut builder = WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), provider());
    if let Some(crl) = &from.crl {
        builder = builder
            .with_crls(files::revocation_lists(crl)?)
            .only_check_end_entity_revocation()
            .enforce_revocation_expiration();
    }
    if demand == ClientCertDemand::Optional {
        builder = builder.allow_unauthenticated();
    }
    builder.build().map_err(|fault| match (fault, &from.crl) {
        (VerifierBuilderError::InvalidCrl(_), Some(crl)) => {
            FileDefect::new(crl, "holds a revocation list that does not read; it is of version 2, with a number (RFC 5280 section 5)")
        }
        (fault, _) => FileDefect::new(&from.ca, format!("cannot be used: {fault}")),
    })
}
