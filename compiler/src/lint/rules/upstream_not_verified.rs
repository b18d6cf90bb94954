//! Upstreams whose certificates nobody verifies: whoever answers gets the requests.

use gw_syntax::{Code, CodeEntry, Diagnostic, Severity};

use crate::policy::project::upstream::UpstreamTls;
use crate::resolve::Resolved;
use crate::resolve::resolved::Upstream;

/// The rule's code.
pub(in crate::lint) const UPSTREAM_NOT_VERIFIED: CodeEntry = CodeEntry {
    code: Code(410),
    name: "upstream-not-verified",
    severity: Severity::Warning,
    title: "the certificates of an upstream are not verified",
};

const HELP: &str = "remove `verify: false`, and name the authority in the bindings: \
     `upstream-tls.NAME = { ca = \"…\" }`; one that signed itself can be its own authority";

/// One finding for each upstream.
pub(in crate::lint) fn run(resolved: &Resolved) -> Vec<Diagnostic> {
    resolved.upstreams.iter().filter_map(finding).collect()
}

fn finding(upstream: &Upstream) -> Option<Diagnostic> {
    let tls: &UpstreamTls = upstream.policy.tls.as_ref().filter(|tls| tls.is_unverified())?;
    let name = &upstream.name;
    let message = format!(
        "the certificates of upstream `{name}` are not verified: whoever answers in its place receives every request, \
         credentials and all"
    );
    let at = tls.verify.as_ref().map_or(tls.span, |verify| verify.span);
    Some(
        Diagnostic::new(&UPSTREAM_NOT_VERIFIED, message)
            .at(at)
            .about(format!("{name} verify"))
            .with_help(HELP.replace("NAME", name)),
    )
}
