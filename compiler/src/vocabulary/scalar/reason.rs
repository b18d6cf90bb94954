//! Why gw says no, as people name it.

use super::{Syntax, words};

words! {
    /// Every reason of the vocabulary, also those that this version does not give yet.
    ReasonName {
        /// The message breaks HTTP's own rules.
        MalformedRequest = "malformed-request",
        /// The path can be read in two ways.
        PathNotCanonical = "path-not-canonical",
        /// A parameter does not fit its schema.
        ParameterInvalid = "parameter-invalid",
        /// The body does not fit its schema.
        BodyInvalid = "body-invalid",
        /// Checking it would take too much work.
        TooComplex = "too-complex",
        /// No credential is there.
        CredentialMissing = "credential-missing",
        /// The credential does not hold.
        CredentialInvalid = "credential-invalid",
        /// The address may not call.
        AccessDenied = "access-denied",
        /// No client certificate is there.
        ClientCertMissing = "client-cert-missing",
        /// The token lacks a scope.
        ScopeMissing = "scope-missing",
        /// The token's claims do not meet the condition.
        ClaimsRefused = "claims-refused",
        /// Nothing is published under this path.
        OperationUnknown = "operation-unknown",
        /// The path has no such method.
        MethodUnknown = "method-unknown",
        /// Nothing is published under this host.
        AuthorityUnknown = "authority-unknown",
        /// TLS asked for another host.
        SniMismatch = "sni-mismatch",
        /// No media type that the caller takes.
        NotAcceptable = "not-acceptable",
        /// The request did not arrive in time.
        RequestTimeout = "request-timeout",
        /// The body has no length.
        LengthRequired = "length-required",
        /// The body is too long.
        BodyTooLarge = "body-too-large",
        /// The target is too long.
        TargetTooLong = "target-too-long",
        /// The body's media type is not declared.
        MediaTypeUndeclared = "media-type-undeclared",
        /// The head is too large.
        HeadTooLarge = "head-too-large",
        /// A limit or quota is spent.
        QuotaExceeded = "quota-exceeded",
        /// The caller has too many requests in flight.
        ConcurrencyExceeded = "concurrency-exceeded",
        /// The upstream has as much as it may have.
        Capacity = "capacity",
        /// The breaker is open.
        BreakerOpen = "breaker-open",
        /// No endpoint is there.
        NoEndpoint = "no-endpoint",
        /// The gateway has as much as it may have.
        Overloaded = "overloaded",
        /// The store cannot be asked.
        StoreUnavailable = "store-unavailable",
        /// Nothing can verify the credential now.
        IdentityUnavailable = "identity-unavailable",
        /// No connection to the endpoint.
        UpstreamConnect = "upstream-connect",
        /// No TLS with the endpoint that can be relied on.
        UpstreamTls = "upstream-tls",
        /// The endpoint broke off.
        UpstreamReset = "upstream-reset",
        /// The endpoint's answer is not HTTP.
        UpstreamProtocol = "upstream-protocol",
        /// The endpoint did not answer in time.
        UpstreamTimeout = "upstream-timeout",
        /// The request has been here already.
        Loop = "loop",
        /// The gateway's own code failed.
        Internal = "internal",
    }
}

impl ReasonName {
    pub(in crate::vocabulary) const SYNTAX: Syntax =
        Syntax::of::<Self>("a reason such as `upstream-timeout`", "^[a-z]+(-[a-z]+)*$");
}
