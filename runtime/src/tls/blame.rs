//! Why TLS with an endpoint did not come about, in the decision core's words.

use std::io;

use gw_decision::Fault;
use rustls::{AlertDescription as Alert, CertificateError, Error};

/// Why a handshake failed.
pub(crate) fn of_handshake(fault: &io::Error) -> Fault {
    library(fault).map_or(Fault::TlsBroken, of)
}

/// Whether an endpoint refused the gateway's certificate after the handshake, as TLS 1.3 has it (RFC 8446 §4.4.2.4): whatever
/// else breaks a connection that stood is not about TLS.
pub(crate) fn is_refusal(fault: &io::Error) -> bool {
    library(fault).map(of) == Some(Fault::TlsRefused)
}

/// Whether TLS broke, and not the socket beneath it.
pub(crate) fn is_of_tls(fault: &io::Error) -> bool {
    library(fault).is_some()
}

/// What is wrong, as the library sees it.
pub(crate) fn of(fault: &Error) -> Fault {
    match fault {
        Error::InvalidCertificate(fault) => of_certificate(fault),
        Error::NoCertificatesPresented => Fault::TlsBadCertificate,
        Error::AlertReceived(alert) if refuses(*alert) => Fault::TlsRefused,
        Error::PeerIncompatible(_) | Error::NoApplicationProtocol => Fault::TlsRefused,
        _ => Fault::TlsBroken,
    }
}

fn of_certificate(fault: &CertificateError) -> Fault {
    match fault {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Fault::TlsExpired,
        CertificateError::UnknownIssuer => Fault::TlsUnknownIssuer,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Fault::TlsWrongName
        }
        _ => Fault::TlsBadCertificate,
    }
}

/// Whether an alert says no to the handshake, and not that something broke (RFC 8446 §6.2).
fn refuses(alert: Alert) -> bool {
    matches!(
        alert,
        Alert::HandshakeFailure
            | Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::ProtocolVersion
            | Alert::InsufficientSecurity
            | Alert::MissingExtension
            | Alert::UnrecognisedName
            | Alert::CertificateRequired
            | Alert::NoApplicationProtocol
    )
}

fn library(fault: &io::Error) -> Option<&Error> {
    fault.get_ref()?.downcast_ref()
}

#[cfg(test)]
mod tests {
    use rustls::PeerIncompatible;

    use super::*;

    #[test]
    fn every_cause_has_its_own_fault() {
        let certificate = Error::InvalidCertificate;
        for (fault, told) in [
            (certificate(CertificateError::Expired), Fault::TlsExpired),
            (certificate(CertificateError::NotValidYet), Fault::TlsExpired),
            (certificate(CertificateError::UnknownIssuer), Fault::TlsUnknownIssuer),
            (certificate(CertificateError::NotValidForName), Fault::TlsWrongName),
            (certificate(CertificateError::BadSignature), Fault::TlsBadCertificate),
            (certificate(CertificateError::InvalidPurpose), Fault::TlsBadCertificate),
            (Error::AlertReceived(Alert::ProtocolVersion), Fault::TlsRefused),
            (Error::AlertReceived(Alert::CertificateRequired), Fault::TlsRefused),
            (Error::AlertReceived(Alert::InternalError), Fault::TlsBroken),
            (Error::PeerIncompatible(PeerIncompatible::Tls12NotOffered), Fault::TlsRefused),
            (Error::DecryptError, Fault::TlsBroken),
        ] {
            let wrapped = io::Error::new(io::ErrorKind::InvalidData, fault.clone());
            assert_eq!(of_handshake(&wrapped), told, "{fault}");
            assert_eq!(is_refusal(&wrapped), told == Fault::TlsRefused, "{fault}");
        }
        assert_eq!(of_handshake(&io::ErrorKind::UnexpectedEof.into()), Fault::TlsBroken);
        assert!(!is_refusal(&io::ErrorKind::ConnectionReset.into()));
    }
}
