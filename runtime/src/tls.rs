//! TLS at listeners: certificates and keys from the bindings, versions and client certificates as the artifact says.
//!
//! Each listener has its own configuration and its own ticket keys, so that a session that was begun at one listener is
//! never resumed at another. Files are read again when they change ([`Doors::refresh`]): what reads and fits
//! replaces what was there for connections from then on; what does not is told once, and what was there stays.
//!
//! A resumed session does not show its client certificate again, so its certificate is held against the authorities, the
//! revocation list and the clock once more, whatever was right when the ticket was made.

mod certificate;
mod choice;
mod door;
mod files;
mod identity;
mod verifier;

pub(crate) use certificate::Expiry;
pub(crate) use door::{Door, Doors};
pub(crate) use identity::facts;

use std::sync::Arc;

use rustls::crypto::CryptoProvider;

/// How long before its end a certificate is spoken of, in seconds.
const SOON: u64 = 14 * 24 * 60 * 60;

/// What is to be said about certificates that do not hold any more, do not hold yet, or not for long; `now` in seconds
/// since 1970-01-01T00:00:00Z.
pub(crate) fn warnings(doors: &Doors, now: u64) -> Vec<String> {
    let mut warnings = Vec::new();
    for (listener, door) in doors.iter() {
        for Expiry { file, name, not_before, not_after } in door.expiries() {
            let of = format!("listener `{listener}`: the certificate of `{name}` in `{file}`");
            if not_after <= now {
                warnings.push(format!("{of} has run out"));
            } else if not_before > now {
                warnings.push(format!("{of} does not hold yet"));
            } else if not_after - now < SOON {
                warnings.push(format!("{of} runs out in {} days", (not_after - now) / (24 * 60 * 60)));
            }
        }
    }
    warnings
}

/// The one implementation of cryptography.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}
