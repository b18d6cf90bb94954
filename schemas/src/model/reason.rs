//! The public names of steps and denials, and the status of each.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The twelve steps of a request, with the textbook's numbers. Names are public: dry-run, logs, metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the textbook's; gw-decision documents each step")]
pub enum Step {
    Receive = 1,
    Validate = 2,
    Access = 3,
    Authorize = 4,
    RateLimit = 5,
    Route = 6,
    Discover = 7,
    Transform = 8,
    Error = 9,
    CircuitBreak = 10,
    Log = 11,
    Cache = 12,
}

impl Step {
    /// Every step, in the textbook's order.
    pub const ALL: [Self; 12] = [
        Self::Receive,
        Self::Validate,
        Self::Access,
        Self::Authorize,
        Self::RateLimit,
        Self::Route,
        Self::Discover,
        Self::Transform,
        Self::Error,
        Self::CircuitBreak,
        Self::Log,
        Self::Cache,
    ];

    /// The public name: `circuit_break`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Validate => "validate",
            Self::Access => "access",
            Self::Authorize => "authorize",
            Self::RateLimit => "rate_limit",
            Self::Route => "route",
            Self::Discover => "discover",
            Self::Transform => "transform",
            Self::Error => "error",
            Self::CircuitBreak => "circuit_break",
            Self::Log => "log",
            Self::Cache => "cache",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:literal, $step:ident, $title:literal;)*) => {
        /// Why gw said no. Each has one public name, one status, one step and one title.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Reason { $($(#[$doc])* $variant,)* }

        impl Reason {
            /// Every reason that this version can give.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The public name, which ends the problem's `type`: `credential-missing`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status of the answer.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The step that says no.
            pub const fn step(self) -> Step {
                match self { $(Self::$variant => Step::$step,)* }
            }

            /// The problem's `title` (RFC 9457 §3.1.3): what a stranger may know.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

reasons! {
    /// The message breaks HTTP's own rules: no `Host` or two, a body without clear length (RFC 9112 §3.2, §6.3).
    MalformedRequest = "malformed-request", 400, Receive, "The request is malformed";
    /// The path has a spelling that two readers could understand differently.
    PathNotCanonical = "path-not-canonical", 400, Receive, "The path is ambiguous";
    /// The head did not arrive, or the body did not end, in time.
    RequestTimeout = "request-timeout", 408, Receive, "The request did not arrive in time";
    /// The body is longer than the operation allows.
    BodyTooLarge = "body-too-large", 413, Validate, "The request body is too large";
    /// The request target is longer than the gateway reads.
    TargetTooLong = "target-too-long", 414, Receive, "The request target is too long";
    /// The head has too many lines or bytes.
    HeadTooLarge = "head-too-large", 431, Receive, "The request head is too large";
    /// The caller's address, its method or its header lines are not let in.
    AccessDenied = "access-denied", 403, Access, "Access is denied";
    /// No credential of a declared scheme is there.
    CredentialMissing = "credential-missing", 401, Authorize, "A credential is required";
    /// A credential is there, and it is not good: nobody holds it, or no more, or there are two.
    CredentialInvalid = "credential-invalid", 401, Authorize, "The credential is not valid";
    /// The credential is good, and its holder may not call this operation.
    ScopeMissing = "scope-missing", 403, Authorize, "The credential does not suffice";
    /// The credential is good, and `auth.claims` does not hold for its holder and this request.
    ClaimsRefused = "claims-refused", 403, Authorize, "The caller may not do this";
    /// A credential is there and nothing in this gateway can verify it.
    IdentityUnavailable = "identity-unavailable", 503, Authorize, "The credential cannot be verified";
    /// Nothing is published under this path.
    OperationUnknown = "operation-unknown", 404, Route, "No such operation";
    /// The path is published, but not for this method.
    MethodUnknown = "method-unknown", 405, Route, "The method is not allowed here";
    /// The host is not the name that the TLS handshake was made for, on a listener where that decides who the client is.
    SniMismatch = "sni-mismatch", 421, Route, "The connection was made for another host";
    /// Nothing is published under this host.
    AuthorityUnknown = "authority-unknown", 421, Route, "This host is not served here";
    /// The upstream has as many requests in flight as it may have.
    Capacity = "capacity", 503, CircuitBreak, "The service is at its capacity";
    /// The gateway itself has as much in hand as it may have.
    Overloaded = "overloaded", 503, Receive, "The gateway is overloaded";
    /// Every endpoint of the upstream rests, or there is none.
    NoEndpoint = "no-endpoint", 503, Discover, "The service has no endpoint";
    /// No connection to the endpoint could be made.
    UpstreamConnect = "upstream-connect", 502, Error, "The service cannot be reached";
    /// No TLS connection to the endpoint could be made that can be relied on.
    UpstreamTls = "upstream-tls", 502, Error, "The service cannot be reached securely";
    /// The upstream closed the connection before its answer was whole.
    UpstreamReset = "upstream-reset", 502, Error, "The service broke off";
    /// The upstream's answer is not HTTP.
    UpstreamProtocol = "upstream-protocol", 502, Error, "The service answered something that is not HTTP";
    /// The upstream's answer did not arrive in time.
    UpstreamTimeout = "upstream-timeout", 504, Error, "The service did not answer in time";
    /// The request has been through this gateway already (RFC 9110 §7.6.3).
    Loop = "loop", 508, Error, "The request loops";
    /// The gateway's own code failed, which is its bug.
    Internal = "internal", 500, Error, "The gateway failed";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
