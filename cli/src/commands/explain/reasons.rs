//! What each reason of a denial means to the one who got it, and what can be done.

use gw_artifact::model::Reason;

/// The page of a reason.
pub(super) fn page(reason: Reason) -> String {
    format!(
        "{reason}: {} (status {}, step {})\n\n{}\n\nThe problem document of the answer has the type `urn:gw:problem:{reason}`.\n",
        reason.title(),
        reason.status(),
        reason.step(),
        text(reason),
    )
}

const fn text(reason: Reason) -> &'static str {
    match reason {
        Reason::MalformedRequest => {
            "The message breaks HTTP's own rules: no `Host` or two of them, a body whose length is not clear, a\n\
             broken header line. Mend the client; the connection is closed, because nobody knows what follows."
        }
        Reason::PathNotCanonical => {
            "The path has a spelling that two readers could understand differently: an encoded slash, a backslash,\n\
             a double slash, a dot segment that leaves the root, broken percent-encoding, NUL, or text that is not\n\
             UTF-8. Send the plain spelling."
        }
        Reason::RequestTimeout => {
            "The head did not arrive, or the body did not end, in time. `x-gw-timeout: {request-body: 60s}` gives\n\
             a slow body more time."
        }
        Reason::BodyTooLarge => {
            "The body is longer than the operation allows. `x-gw-body-max: 10MiB` allows more."
        }
        Reason::TargetTooLong => "The request target is longer than the gateway reads.",
        Reason::HeadTooLarge => "The request has more header lines, or longer ones, than the gateway reads.",
        Reason::AccessDenied => {
            "`x-gw-access` does not let the client in: its address, its method or its header lines. The address is that\n\
             of the connection, or the one that `trusted-proxies` tell of: `source.ip` of the log line, with the proxy\n\
             in `gw.peer.ip`. `gw dry-run … --from ADDRESS` shows the list and the line that it comes from."
        }
        Reason::SniMismatch => {
            "The listener asks for client certificates, and the request is for another host than the one that the TLS\n\
             handshake was made for. Clients open a connection of their own for each host there."
        }
        Reason::CredentialMissing => {
            "The operation demands a credential and none of a declared scheme is there. `WWW-Authenticate` says\n\
             which would do."
        }
        Reason::CredentialInvalid => {
            "A credential of a declared scheme is there, and it is not good: nobody holds the key, it has run out or was\n\
             revoked, the certificate has none of the names that are let in, or there are two where one belongs. The\n\
             caller is not told which. `gw key list FILE` shows the keys of a set."
        }
        Reason::ScopeMissing => {
            "The credential is good, and its holder lacks a scope that the operation's `security` demands. `gw key new\n\
             --scope` gives one to a key; `gw.consumer` of the log line says who called."
        }
        Reason::ClaimsRefused => {
            "The credential is good and has its scopes, and the condition of `x-gw-auth.claims` does not hold for its holder and\n\
             this request: another tenant's path, say. `gw dry-run` shows the condition and its line."
        }
        Reason::IdentityUnavailable => {
            "A credential is there, and nothing in this gateway can verify it. If the upstream verifies it, say so:\n\
             `x-gw-auth: {delegated: true, reason: \"…\"}`."
        }
        Reason::OperationUnknown => {
            "No document publishes this path under this host. `gw inspect ARTIFACT --routes` lists what is published."
        }
        Reason::MethodUnknown => "The path is published, but not for this method. `Allow` says which are.",
        Reason::AuthorityUnknown => {
            "No document publishes anything under this host. `servers` in the document, or `hosts` in `gw.yaml`,\n\
             say which hosts are served."
        }
        Reason::Capacity => {
            "The upstream has as many requests in flight as it may have. `limits: {requests: N}` of the upstream\n\
             sets how many that is."
        }
        Reason::Overloaded => {
            "The gateway itself has as much in hand as it may have. Try again, or add a node."
        }
        Reason::NoEndpoint => {
            "Every endpoint of the upstream rests after failing, or there is none. Look at the service; the bindings\n\
             or `upstreams` in `gw.yaml` say where it is."
        }
        Reason::UpstreamConnect => "No connection to the endpoint could be made within `connect`.",
        Reason::UpstreamTls => {
            "The connection to the endpoint stood, and TLS on it did not come about. `gw.fault` of the log line says why:\n\
             its certificate leads to no authority of `upstream-tls.NAME.ca` (tls-unknown-issuer), has run out\n\
             (tls-expired), is for another name (tls-wrong-name) or cannot be used (tls-bad-certificate); it refused the\n\
             handshake or the gateway's certificate (tls-refused); or it speaks no TLS (tls-broken)."
        }
        Reason::UpstreamReset => "The endpoint closed the connection before its answer was whole.",
        Reason::UpstreamProtocol => "The endpoint answered something that is not HTTP.",
        Reason::UpstreamTimeout => {
            "The endpoint did not answer in time. `x-gw-timeout: {response-head: 30s}` gives it more."
        }
        Reason::Loop => {
            "The request has been through this gateway already: an upstream leads back to it. `Via` shows the way\n\
             that it took."
        }
        Reason::Internal => {
            "The gateway's own code failed at this request, which is a bug: the standard error output says where, and\n\
             `gw_panics_total` counts it. Other requests are not touched. Please report it."
        }
    }
}
