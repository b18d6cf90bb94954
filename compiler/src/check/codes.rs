//! The table of codes of the gate (GW0301 to GW0399).

use gw_syntax::{Code, CodeEntry, Severity};

/// Operations for which neither the document nor the project says who may call them.
pub(crate) const CALLERS_UNDECLARED: CodeEntry =
    error(301, "callers-undeclared", "nothing says who may call an operation, or why anyone may");
/// `public` where the document demands credentials.
pub(crate) const PUBLIC_BESIDE_SECURITY: CodeEntry =
    error(302, "public-beside-security", "`public` stands beside a `security` that demands credentials");
/// `delegated` where the document demands no credential.
pub(crate) const DELEGATED_WITHOUT_SECURITY: CodeEntry =
    error(303, "delegated-without-security", "`delegated` stands where no credential is demanded");
/// `public` and `delegated` in one place that is not `defaults`.
pub(crate) const AUTH_CONTRADICTS: CodeEntry =
    error(304, "auth-contradicts", "`public` and `delegated` stand in one `x-gw-auth`");

/// A credential in a header that never arrives as the caller sent it.
pub(crate) const CREDENTIAL_IN_RESERVED_HEADER: CodeEntry =
    error(305, "credential-in-reserved-header", "a credential stands in a header that gw sets or drops");

/// Two operations become one path at their upstream, and callers would be treated differently.
pub(crate) const REWRITE_CHANGES_ACCESS: CodeEntry = error(
    306,
    "rewrite-changes-access",
    "two operations become one path at their upstream and differ in who may call them",
);
/// The same, with the same callers.
pub(crate) const REWRITES_MEET: CodeEntry =
    warning(307, "rewrites-meet", "two operations become one path at their upstream");

/// An operation outside of what `gw.yaml` claims for its API.
pub(crate) const OUTSIDE_CLAIM: CodeEntry =
    error(308, "outside-claim", "an operation is published outside what its API claims");
/// Two APIs that claim the same.
pub(crate) const CLAIMS_MEET: CodeEntry =
    warning(309, "claims-meet", "two APIs claim the same host and base path");

/// A path that no request can match.
pub(crate) const PATH_UNSERVABLE: CodeEntry = error(310, "path-unservable", "no request can match a path");
/// The same method of the same path twice.
pub(crate) const OPERATION_TWICE: CodeEntry =
    error(311, "operation-published-twice", "two operations claim the same method of the same path");
/// Two path items that are one path with different methods.
pub(crate) const PATHS_MERGED: CodeEntry =
    warning(312, "paths-merged", "two paths differ only in the names of their variables");
/// Two templates that match a common path, neither more specific than the other.
pub(crate) const PATHS_AMBIGUOUS: CodeEntry =
    warning(313, "paths-ambiguous", "two paths match the same request");
/// The same, and callers would be treated differently.
pub(crate) const AMBIGUITY_CHANGES_ACCESS: CodeEntry = error(
    314,
    "ambiguity-changes-access",
    "two paths match the same request and differ in who may call them",
);
/// More overlapping paths than are compared.
pub(crate) const PATHS_ENTANGLED: CodeEntry =
    error(316, "paths-entangled", "too many paths may match the same requests");
/// There is nothing to publish.
pub(crate) const NO_OPERATION: CodeEntry = error(315, "no-operation", "there is no operation to publish");

/// A template that no request reaches.
pub(crate) const OPERATION_UNREACHABLE: CodeEntry =
    error(317, "operation-unreachable", "no request reaches an operation");

/// Two spellings of one path that different callers may use.
pub(crate) const SPELLING_CHANGES_ACCESS: CodeEntry =
    error(318, "spelling-changes-access", "two spellings of one path differ in who may call them");

/// An upstream that nothing declares.
pub(crate) const UPSTREAM_UNKNOWN: CodeEntry = error(320, "upstream-unknown", "an upstream is not declared");
/// An operation without an upstream.
pub(crate) const UPSTREAM_MISSING: CodeEntry =
    error(321, "upstream-missing", "nothing says where an operation is sent");

/// `x-gw-precedence` over a template that is not there.
pub(crate) const PRECEDENCE_UNKNOWN: CodeEntry =
    error(322, "precedence-unknown", "a path is to go before one that is not there");
/// `x-gw-precedence` that changes nothing.
pub(crate) const PRECEDENCE_WITHOUT_EFFECT: CodeEntry =
    warning(323, "precedence-without-effect", "that a path goes before another changes nothing");
/// `x-gw-precedence` that leads to no order.
pub(crate) const PRECEDENCE_CIRCULAR: CodeEntry =
    error(324, "precedence-circular", "the order of paths goes in a circle");

/// An answer that the cache keeps for callers who may not have it.
pub(crate) const CACHE_SHARED_BY_CALLERS: CodeEntry =
    error(325, "cache-shared-by-callers", "a cached answer may reach another caller");
/// A key by identity where there is none.
pub(crate) const IDENTITY_UNDEFINED: CodeEntry =
    error(326, "identity-undefined", "a key needs a verified caller where there is none");
/// An authenticator of another kind than its scheme.
pub(crate) const AUTHENTICATOR_MISFIT: CodeEntry =
    error(331, "authenticator-misfit", "an authenticator verifies another kind of credential");
/// Something about a caller that gw does not know, or cannot tell.
pub(crate) const CALLER_UNTOLD: CodeEntry =
    error(332, "caller-untold", "what is said about the caller is not known here");
/// Retries of a method that may take effect twice.
pub(crate) const RETRY_OF_UNSAFE_METHOD: CodeEntry =
    warning(327, "retry-of-unsafe-method", "a request is sent again although it may take effect twice");
/// More tries than there is time for.
pub(crate) const TRIES_EXCEED_TOTAL: CodeEntry =
    warning(328, "tries-exceed-total", "there is no time for all tries of a request");
/// What only an upstream makes sense of, beside a fixed answer.
pub(crate) const RESPOND_BESIDE_UPSTREAM: CodeEntry =
    warning(329, "respond-beside-upstream", "a key means nothing beside a fixed answer");

/// A phase that is longer than the whole.
pub(crate) const TIMEOUT_EXCEEDS_TOTAL: CodeEntry =
    error(330, "timeout-exceeds-total", "a phase may take longer than the whole request");

/// A key of the vocabulary that this version does not enforce.
pub(crate) const NOT_ENFORCED: CodeEntry =
    error(340, "not-enforced", "a key is not enforced by this version");
/// Request schemas that this version does not enforce.
pub(crate) const VALIDATION_NOT_ENFORCED: CodeEntry =
    warning(341, "validation-not-enforced", "request schemas are not enforced by this version");

/// Copies of requests for the upstream that gets the requests.
pub(crate) const MIRROR_OF_ITSELF: CodeEntry =
    error(350, "mirror-of-itself", "an upstream gets copies of its own requests");
/// A store or a secret that no table declares.
pub(crate) const NAME_UNDECLARED: CodeEntry = error(351, "name-undeclared", "a name is not declared");
/// A quota by plan where no plan has one.
pub(crate) const QUOTA_WITHOUT_PLAN: CodeEntry =
    error(352, "quota-without-plan", "a quota is left to plans that do not have one");
/// What needs TLS where there is none.
pub(crate) const TLS_MISSING: CodeEntry =
    error(353, "tls-missing", "a key needs TLS that no listener speaks");
/// gRPC for an upstream that speaks HTTP/1.1.
pub(crate) const GRPC_OVER_HTTP1: CodeEntry =
    error(354, "grpc-over-http1", "gRPC is called at an upstream that speaks HTTP/1.1");
/// A breaker of an operation, and one of its upstream.
pub(crate) const BREAKER_TWICE: CodeEntry =
    warning(355, "breaker-twice", "an operation and its upstream both have a circuit breaker");
/// An end for what is not deprecated.
pub(crate) const SUNSET_NOT_DEPRECATED: CodeEntry =
    warning(356, "sunset-not-deprecated", "an operation goes away and is not deprecated");

/// A variable of a rewritten path that the operation's path does not have.
pub(crate) const VARIABLE_UNKNOWN: CodeEntry =
    error(357, "variable-unknown", "a rewritten path has a variable that the public path does not have");
/// A body that must be held and is longer than all that may be held.
pub(crate) const BODY_EXCEEDS_MEMORY: CodeEntry =
    error(358, "body-exceeds-memory", "a body that must be held whole may be larger than `max-memory`");
/// A waiver of a code that there is not.
pub(crate) const WAIVER_UNKNOWN: CodeEntry =
    error(360, "waiver-unknown", "a waiver names a finding that gw does not have");
/// A waiver of an error, or of a finding about waivers.
pub(crate) const WAIVER_REFUSED: CodeEntry =
    error(361, "waiver-refused", "a waiver names a finding that cannot be accepted");

/// Endpoints of one upstream, some with TLS and some without.
pub(crate) const ENDPOINTS_DISAGREE: CodeEntry =
    error(370, "endpoints-disagree", "an upstream's endpoints do not agree whether they speak TLS");

/// An operation whose effective policy does not meet a guardrail.
pub(crate) const GUARDRAIL_BROKEN: CodeEntry = error(380, "guardrail-broken", "a guardrail is not met");
/// Two guardrails of one name.
pub(crate) const GUARDRAIL_TWICE: CodeEntry =
    error(381, "guardrail-twice", "two guardrails have the same name");
/// A gateway could hold more than `max-memory`.
pub(crate) const MEMORY_EXCEEDS_MAX: CodeEntry =
    error(390, "memory-exceeds-max", "a gateway could hold more than `max-memory`");
/// A ceiling on connections above the one around it.
pub(crate) const CEILING_OUT_OF_REACH: CodeEntry =
    error(391, "ceiling-out-of-reach", "a ceiling on connections is above the one around it");

/// Every code of the gate, in the order of their numbers.
pub(crate) const CODES: &[CodeEntry] = &[
    CALLERS_UNDECLARED,
    PUBLIC_BESIDE_SECURITY,
    DELEGATED_WITHOUT_SECURITY,
    AUTH_CONTRADICTS,
    CREDENTIAL_IN_RESERVED_HEADER,
    REWRITE_CHANGES_ACCESS,
    REWRITES_MEET,
    OUTSIDE_CLAIM,
    CLAIMS_MEET,
    PATH_UNSERVABLE,
    OPERATION_TWICE,
    PATHS_MERGED,
    PATHS_AMBIGUOUS,
    AMBIGUITY_CHANGES_ACCESS,
    NO_OPERATION,
    PATHS_ENTANGLED,
    OPERATION_UNREACHABLE,
    SPELLING_CHANGES_ACCESS,
    UPSTREAM_UNKNOWN,
    UPSTREAM_MISSING,
    PRECEDENCE_UNKNOWN,
    PRECEDENCE_WITHOUT_EFFECT,
    PRECEDENCE_CIRCULAR,
    CACHE_SHARED_BY_CALLERS,
    IDENTITY_UNDEFINED,
    AUTHENTICATOR_MISFIT,
    CALLER_UNTOLD,
    RETRY_OF_UNSAFE_METHOD,
    TRIES_EXCEED_TOTAL,
    RESPOND_BESIDE_UPSTREAM,
    TIMEOUT_EXCEEDS_TOTAL,
    NOT_ENFORCED,
    VALIDATION_NOT_ENFORCED,
    MIRROR_OF_ITSELF,
    NAME_UNDECLARED,
    QUOTA_WITHOUT_PLAN,
    TLS_MISSING,
    GRPC_OVER_HTTP1,
    BREAKER_TWICE,
    SUNSET_NOT_DEPRECATED,
    VARIABLE_UNKNOWN,
    BODY_EXCEEDS_MEMORY,
    WAIVER_UNKNOWN,
    WAIVER_REFUSED,
    ENDPOINTS_DISAGREE,
    GUARDRAIL_BROKEN,
    GUARDRAIL_TWICE,
    MEMORY_EXCEEDS_MAX,
    CEILING_OUT_OF_REACH,
];

const fn error(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { code: Code(number), name, severity: Severity::Error, title }
}

const fn warning(number: u16, name: &'static str, title: &'static str) -> CodeEntry {
    CodeEntry { code: Code(number), name, severity: Severity::Warning, title }
}
