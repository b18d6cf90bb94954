//! One GET.

use std::time::Duration;

use gw_compiler::MAX_FILE_BYTES;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use super::unreachable;
use crate::failure::Failure;

/// How long one document may take, from looking up the name to its last byte.
const TIMEOUT: Duration = Duration::from_mins(1);
/// How many times a server may send on.
const MAX_REDIRECTS: u32 = 5;

/// The bytes that a URL gives. Certificates are held against the machine's own store.
pub(super) fn get(url: &str) -> Result<Vec<u8>, Failure> {
    // The one that the gateway uses; that it is installed already is as good.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(MAX_REDIRECTS)
        // Plain HTTP is for this machine alone, which the URL's own reader sees to; nobody is sent on to it.
        .https_only(url.starts_with("https:"))
        .user_agent(concat!("gw/", env!("CARGO_PKG_VERSION")))
        .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
        .build()
        .into();
    let mut response = agent.get(url).call().map_err(|fault| unreachable(url, fault))?;
    let body = response.body_mut().with_config().limit(MAX_FILE_BYTES);
    body.read_to_vec().map_err(|fault| unreachable(url, fault))
}
