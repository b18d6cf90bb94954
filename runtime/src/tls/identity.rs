//! What a handshake told, in the words of the decision core.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use gw_artifact::Digest;
use gw_artifact::model::TlsVersion;
use gw_decision::{ClientCertificate, Tls};
use rustls::pki_types::CertificateDer;
use rustls::{ProtocolVersion, ServerConnection};
use x509_cert::Certificate as Parsed;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// The facts of a connection whose handshake is done. A certificate that the verifier took and that does not read here
/// counts as none.
pub(crate) fn facts(connection: &ServerConnection) -> Arc<Tls> {
    let version = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_2) => TlsVersion::V12,
        _ => TlsVersion::V13,
    };
    let name = connection.server_name().map(|name| name.trim_end_matches('.').to_ascii_lowercase());
    let leaf = connection.peer_certificates().and_then(<[CertificateDer<'_>]>::first);
    Arc::new(Tls { version, server_name: name, client: leaf.and_then(certificate) })
}

fn certificate(leaf: &CertificateDer<'_>) -> Option<ClientCertificate> {
    let parsed = Parsed::from_der(leaf).ok()?;
    let body = parsed.tbs_certificate();
    let names = body.get_extension::<SubjectAltName>().ok().flatten();
    let names = names.map(|(_, names)| names.0.iter().filter_map(name).collect());
    let digest = Digest::of(leaf).to_string();
    Some(ClientCertificate {
        subject: body.subject().to_string(),
        names: names.unwrap_or_default(),
        fingerprint: digest.rsplit(':').next().unwrap_or_default().to_owned(),
    })
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(text)
        | GeneralName::Rfc822Name(text)
        | GeneralName::UniformResourceIdentifier(text) => Some(text.to_string()),
        GeneralName::IpAddress(bytes) => match bytes.as_bytes() {
            v4 if v4.len() == 4 => {
                <[u8; 4]>::try_from(v4).ok().map(|octets| Ipv4Addr::from(octets).to_string())
            }
            v6 => <[u8; 16]>::try_from(v6).ok().map(|octets| Ipv6Addr::from(octets).to_string()),
        },
        _ => None,
    }
}
