//! TLS at listeners and to upstreams: certificates, keys and authorities from the bindings, versions and who must show what
//! as the artifact says.
//!
//! Each listener has its own configuration and its own ticket keys, so that a session that was begun at one listener is
//! never resumed at another; endpoints of upstreams are kept apart likewise. Files are read again when they change
//! ([`Doors::refresh`], [`Dialers::refresh`]): what reads and fits replaces what was there for connections from then on; what does not is told once, and what was there stays.
//!
//! A resumed session does not show its client certificate again, so its certificate is held against the authorities, the
//! revocation list and the clock once more, whatever was right when the ticket was made.

pub(crate) mod blame;
mod certificate;
mod choice;
mod dialer;
mod door;
mod files;
mod identity;
mod kept;
mod server_verifier;
mod verifier;

pub(crate) use certificate::Expiry;
pub(crate) use dialer::{Dial, Dialer, Dialers};
pub(crate) use door::{Door, Doors};
pub(crate) use files::{FileDefect, Stamp, read as read_file, stamps};
pub(crate) use identity::facts;

use std::sync::Arc;

use gw_artifact::model::TlsVersion;
use rustls::crypto::CryptoProvider;
use rustls::{SupportedProtocolVersion, version};

/// How long before its end a certificate is spoken of, in seconds.
const SOON: u64 = 14 * DAY;
const DAY: u64 = 24 * 60 * 60;

/// What is to be said about certificates that do not hold any more, do not hold yet, or not for long; `now` in seconds
/// since 1970-01-01T00:00:00Z.
pub(crate) fn warnings(doors: &Doors, dialers: &Dialers, now: u64) -> Vec<String> {
    let of_door = |(listener, door): (&str, &Door)| {
        let of = move |expiry: &Expiry| {
            warning(expiry, now).map(|words| format!("listener `{listener}`: {words}"))
        };
        door.expiries().iter().filter_map(of).collect::<Vec<_>>()
    };
    let of_dialer = |(upstream, dialer): (&str, &Dialer)| {
        let words = warning(&dialer.expiry()?, now)?;
        Some(format!("upstream `{upstream}`: {words}"))
    };
    doors.iter().flat_map(of_door).chain(dialers.iter().filter_map(of_dialer)).collect()
}

fn warning(expiry: &Expiry, now: u64) -> Option<String> {
    let Expiry { file, name, not_before, not_after } = expiry;
    let words = match not_after.checked_sub(now) {
        None | Some(0) => "has run out".to_owned(),
        Some(_) if *not_before > now => "does not hold yet".to_owned(),
        Some(left) if left < SOON => format!("runs out in {} days", left / DAY),
        Some(_) => return None,
    };
    Some(format!("the certificate of `{name}` in `{file}` {words}"))
}

/// The one implementation of cryptography.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

static BOTH: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];
static NEWEST: &[&SupportedProtocolVersion] = &[&version::TLS13];

/// The versions that are spoken.
fn versions(min: TlsVersion) -> &'static [&'static SupportedProtocolVersion] {
    match min {
        TlsVersion::V12 => BOTH,
        TlsVersion::V13 => NEWEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_spoken_of_two_weeks_before_its_end_and_after_it() {
        let (file, name) = ("a.crt".to_owned(), "a.example".to_owned());
        let expiry = Expiry { file, name, not_before: 10 * DAY, not_after: 100 * DAY };
        let words = |day: u64| {
            warning(&expiry, day * DAY)
                .map(|words| words.replace("the certificate of `a.example` in `a.crt` ", ""))
        };
        assert_eq!(words(9).as_deref(), Some("does not hold yet"));
        assert_eq!(words(10), None);
        assert_eq!(words(86), None);
        assert_eq!(words(87).as_deref(), Some("runs out in 13 days"));
        assert_eq!(words(100).as_deref(), Some("has run out"));
    }
}
