//! TLS to upstreams: what the artifact demands against the endpoints and files that the bindings give.

use std::collections::BTreeMap;

use gw_artifact::Artifact;
use gw_artifact::model::{EndpointAddress, EndpointScheme, Upstream, UpstreamTls, Verification};
use rustls::pki_types::ServerName;

use super::resolve::unknown;
use super::{BindingDefect, UpstreamTlsFiles};

/// TLS to one upstream: its policy, the files that it needs, and whom its endpoints must prove to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResolvedUpstreamTls {
    /// The upstream's name.
    pub(crate) upstream: String,
    pub(crate) policy: UpstreamTls,
    pub(crate) files: UpstreamTlsFiles,
    /// By endpoint.
    pub(crate) names: Vec<ServerName<'static>>,
}

/// Whether every endpoint speaks what the artifact says, and every file is there that is needed, and none that is not.
pub(super) fn resolve(
    artifact: &Artifact,
    endpoints: &[Vec<EndpointAddress>],
    mut files: BTreeMap<String, UpstreamTlsFiles>,
    defects: &mut Vec<BindingDefect>,
) -> Vec<Option<ResolvedUpstreamTls>> {
    let names: Vec<&str> = artifact.upstreams().iter().map(|upstream| upstream.name.as_str()).collect();
    unknown("upstream-tls", "upstream", files.keys(), &names, defects);
    let mut found = Vec::new();
    for (upstream, endpoints) in artifact.upstreams().iter().zip(endpoints) {
        let given = files.remove(&upstream.name);
        schemes(upstream, endpoints, defects);
        if let Some(policy) = &upstream.tls {
            let files = given.unwrap_or_default();
            needed(&upstream.name, policy, &files, defects);
            let names = endpoints.iter().filter_map(|endpoint| name(upstream, policy, endpoint, defects));
            let (upstream, names) = (upstream.name.clone(), names.collect());
            found.push(Some(ResolvedUpstreamTls { upstream, policy: policy.clone(), files, names }));
        } else {
            if given.is_some() {
                let message = "is given, and the artifact has the upstream speak plain HTTP";
                let defect = BindingDefect::new(format!("upstream-tls.{}", upstream.name), message);
                defects.push(defect.help("say `tls: {}` of it in gw.yaml"));
            }
            found.push(None);
        }
    }
    found
}

/// Which endpoint a request goes to is no policy, so all of them speak what the artifact says.
fn schemes(upstream: &Upstream, endpoints: &[EndpointAddress], defects: &mut Vec<BindingDefect>) {
    let name = &upstream.name;
    for endpoint in endpoints.iter().filter(|endpoint| endpoint.scheme != upstream.scheme()) {
        let url = endpoint.url();
        let (message, help) = match endpoint.scheme {
            EndpointScheme::Http => (
                format!("`{url}` is plain HTTP, and the artifact has the upstream speak TLS"),
                format!("write `https://{endpoint}`"),
            ),
            EndpointScheme::Https => (
                format!("`{url}` speaks TLS, and the artifact has the upstream speak plain HTTP"),
                "say `tls: {}` of it in gw.yaml: whom to believe is policy".to_owned(),
            ),
        };
        defects.push(BindingDefect::new(format!("upstreams.{name}"), message).help(help));
    }
}

fn needed(name: &str, policy: &UpstreamTls, files: &UpstreamTlsFiles, defects: &mut Vec<BindingDefect>) {
    let mut say = |part: &str, message: &str, help: &str| {
        let key = format!("upstream-tls.{name}{part}");
        defects.push(BindingDefect::new(key, message).help(help.replace("NAME", name)));
    };
    match (policy.verification, &files.ca) {
        (Verification::Full, None) => say(
            ".ca",
            "is missing: the artifact has the upstream's certificates verified",
            "add `NAME = { ca = \"/etc/gw/services.pem\" }` under `[upstream-tls]`; the system's authorities are often in \
             `/etc/ssl/certs/ca-certificates.crt`",
        ),
        (Verification::None, Some(_)) => say(
            ".ca",
            "is given, and the artifact does not have the upstream's certificates verified",
            "remove `verify: false` from its `tls` in gw.yaml",
        ),
        (Verification::Full, Some(_)) | (Verification::None, None) => {}
    }
    match (policy.client_cert, &files.own) {
        (true, None) => say(
            ".cert",
            "is missing: the artifact has the gateway show a certificate to the upstream",
            "add `cert = \"/etc/gw/gw.crt\", key = \"/etc/gw/gw.key\"` to `NAME` under `[upstream-tls]`",
        ),
        (false, Some(_)) => say(
            ".cert",
            "is given, and the artifact does not have the gateway show a certificate to the upstream",
            "say `tls: {client-cert: required}` of it in gw.yaml",
        ),
        (true, Some(_)) | (false, None) => {}
    }
}

fn name(
    upstream: &Upstream,
    policy: &UpstreamTls,
    endpoint: &EndpointAddress,
    defects: &mut Vec<BindingDefect>,
) -> Option<ServerName<'static>> {
    // A plain endpoint is told elsewhere.
    let host = Some(&endpoint.host).filter(|_| endpoint.scheme == EndpointScheme::Https)?;
    let name = policy.name_of(host);
    let found = ServerName::try_from(name.to_owned()).ok();
    if found.is_none() {
        let message = format!("no certificate can be for `{name}`");
        defects.push(BindingDefect::new(format!("upstreams.{}", upstream.name), message));
    }
    found
}
