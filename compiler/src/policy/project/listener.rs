//! What `gw.yaml` says about one listener.

use gw_artifact::model::{Capacity, TlsVersion as Row};
use gw_syntax::{NodeRef, Sink};

use super::super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{ProxyEntry, words};
use crate::vocabulary::units::{self, Seconds};

/// How a listener treats connections; what is `None` was not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListenerPolicy {
    /// TLS; plain unless said. Its certificates are the bindings'.
    pub tls: Option<ListenerTls>,
    /// The port of HTTPS that plain HTTP is sent on to; `None` in it where that is said not to happen.
    pub https_redirect: Option<Spanned<Option<u16>>>,
    /// How long browsers insist on HTTPS (RFC 6797 section 6.1.1); they are not told unless said.
    pub hsts: Option<Spanned<Seconds>>,
    /// Connections that are open here at once, at least 1; no other ceiling than the gateway's unless said.
    pub max_connections: Option<Spanned<u32>>,
    /// Those of one client address, at least 1; no ceiling unless said.
    pub max_connections_per_address: Option<Spanned<u32>>,
    /// Whose connections begin with a header of the PROXY protocol; nobody's unless said, else at least one's.
    pub proxy_protocol: Vec<Spanned<ProxyEntry>>,
}

/// TLS at a listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenerTls {
    /// The oldest version that is spoken; 1.2 unless said.
    pub min: Option<Spanned<TlsVersion>>,
    /// Whether clients are asked for certificates; not unless said.
    pub client_cert: Option<Spanned<ClientCertDemand>>,
}

words! {
    /// A version of TLS.
    TlsVersion {
        /// RFC 5246.
        V12 = "1.2",
        /// RFC 8446.
        V13 = "1.3",
    }
}

impl TlsVersion {
    /// The row of the tables.
    pub(crate) fn lower(self) -> Row {
        match self {
            Self::V12 => Row::V12,
            Self::V13 => Row::V13,
        }
    }
}

words! {
    /// Whether clients are asked for certificates.
    ClientCertDemand {
        /// They are not.
        None = "none",
        /// They may have one.
        Optional = "optional",
        /// They must have one.
        Required = "required",
    }
}

/// Reads one entry of `listeners`.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> ListenerPolicy {
    let tls = |tls: NodeRef<'_>| ListenerTls {
        min: parts::part(tls, "min"),
        client_cert: parts::part(tls, "client-cert"),
    };
    ListenerPolicy {
        tls: node.get("tls").map(tls),
        https_redirect: node.get("https-redirect").and_then(https_redirect),
        hsts: node.get("hsts").and_then(|node| parts::with(node, units::seconds)),
        max_connections: node.get("max-connections").and_then(connections),
        max_connections_per_address: node.get("max-connections-per-address").and_then(connections),
        proxy_protocol: node.get("proxy-protocol").map(|node| proxies(node, sink)).unwrap_or_default(),
    }
}

/// A number of connections, as `max-connections` of the gateway is written.
fn connections(node: NodeRef<'_>) -> Option<Spanned<u32>> {
    let value = u32::try_from(node.as_u64()?).ok()?;
    (1..=Capacity::MOST_CONNECTIONS).contains(&value).then(|| parts::spanned(node, value))
}

/// Who is believed; never everybody.
fn proxies(node: NodeRef<'_>, sink: &mut Sink) -> Vec<Spanned<ProxyEntry>> {
    let from: Vec<Spanned<ProxyEntry>> = parts::list(node, "from");
    self_check::list(node, "from", &from, sink);
    let is_everybody =
        |entry: &&Spanned<ProxyEntry>| entry.value.network().is_some_and(|network| network.prefix() == 0);
    if let Some(everybody) = from.iter().find(is_everybody) {
        let message = format!("`{}` is everybody, and so anybody says who calls", everybody.value);
        let help =
            "name the networks of the proxies alone: who is believed can call from any address that it likes";
        self_check::contradiction(node, &message, Some((everybody.span, "every address")), help, sink);
    }
    from
}

/// `true` is the usual port, `{port: 8443}` another.
fn https_redirect(node: NodeRef<'_>) -> Option<Spanned<Option<u16>>> {
    let port = match (node.as_bool(), node.get("port").and_then(NodeRef::as_u64)) {
        (Some(true), _) => Some(443),
        (Some(false), _) => None,
        (None, Some(port)) => Some(u16::try_from(port).ok().filter(|port| *port > 0)?),
        (None, None) => return None,
    };
    Some(parts::spanned(node, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::tests::project;

    fn policy(text: &str) -> (ListenerPolicy, Vec<String>) {
        let text = format!("listeners: {{public: {text}}}\n");
        project(&text, |root, sink| {
            let public = root.get("listeners").and_then(|listeners| listeners.get("public"));
            read(public.expect("the text has it"), sink)
        })
    }

    #[test]
    fn every_part_is_read() {
        let (policy, codes) = policy(
            "{tls: {min: \"1.2\", client-cert: none}, https-redirect: true, hsts: 365d, max-connections: 100, \
             max-connections-per-address: 5, proxy-protocol: {from: [10.0.0.0/8, \"::1\", unix]}}",
        );
        assert_eq!(codes, [""; 0]);
        assert_eq!(policy.proxy_protocol.len(), 3);
        assert_eq!(policy.https_redirect.map(|redirect| redirect.value), Some(Some(443)));
        assert_eq!(policy.hsts.map(|hsts| hsts.value), Some(Seconds(365 * 86_400)));
        assert_eq!(policy.max_connections.map(|most| most.value), Some(100));
        assert_eq!(policy.max_connections_per_address.map(|most| most.value), Some(5));
        let tls = policy.tls.unwrap();
        assert_eq!(tls.min.map(|min| min.value), Some(TlsVersion::V12));
        assert_eq!(tls.client_cert.map(|demand| demand.value), Some(ClientCertDemand::None));
        let (policy, _) = self::policy("{tls: {min: 1.3}}");
        assert_eq!(policy.tls.and_then(|tls| tls.min).map(|min| min.value), Some(TlsVersion::V13));
    }

    #[test]
    fn whom_a_proxy_speaks_for_is_believed_of_some_and_never_of_everybody() {
        for (from, code) in [
            ("[]", "GW0121"),
            ("[10.0.0.0/8, 10.0.0.0/8]", "GW0122"),
            ("[0.0.0.0/0]", "GW0120"),
            ("[10.0.0.0/8, \"::/0\"]", "GW0120"),
            ("[\"fe80::1%eth0\"]", "GW0133"),
            ("[10.0.0.1/8]", "GW0133"),
            ("[office]", "GW0133"),
            ("[unix, unix]", "GW0122"),
            ("10.0.0.0/8", "GW0133"),
        ] {
            assert_eq!(policy(&format!("{{proxy-protocol: {{from: {from}}}}}")).1, [code], "{from}");
        }
        assert_eq!(policy("{proxy-protocol: {}}").1, ["GW0132"]);
        assert_eq!(policy("{proxy-protocol: true}").1, ["GW0133"]);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for text in [
            "{tls: {min: 1.1}}",
            "{tls: {client-cert: true}}",
            "{hsts: 1500ms}",
            "{https-redirect: {port: 0}}",
            "{max-connections: 0}",
            "{max-connections: 65537}",
            "{max-connections-per-address: 0}",
        ] {
            assert_eq!(policy(text).1, ["GW0133"], "{text}");
        }
    }
}
