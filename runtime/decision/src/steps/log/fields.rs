//! The fields of the line, as data: for `gw schema log`, the reference, and the test that holds the writer to it.

/// One field of the log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogField {
    /// The key.
    pub name: &'static str,
    /// The type of its value.
    pub kind: FieldKind,
    /// Whether it is left out when what it says was not there.
    pub optional: bool,
    /// What it says.
    pub doc: &'static str,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// RFC 3339, in UTC, with nanoseconds.
    Timestamp,
    /// A string.
    Text,
    /// A whole number, at least 0.
    Number,
    /// Strings.
    List,
}

const fn always(name: &'static str, kind: FieldKind, doc: &'static str) -> LogField {
    LogField { name, kind, optional: false, doc }
}

const fn maybe(name: &'static str, kind: FieldKind, doc: &'static str) -> LogField {
    LogField { name, kind, optional: true, doc }
}

use FieldKind::{List, Number, Text, Timestamp};

/// Every field, in the order in which it stands in the line.
pub const FIELDS: &[LogField] = &[
    always("@timestamp", Timestamp, "when the request's head was read"),
    always("data_stream.dataset", Text, "`gw.access`"),
    always("gw.log.version", Number, "the version of this line"),
    always("event.duration", Number, "nanoseconds from the request's head to the end of the exchange"),
    always("event.outcome", Text, "`success`, `failure`, or `unknown` when the caller went away"),
    maybe(
        "gw.step",
        Text,
        "the step that answered or cut; none when the upstream's answer was relayed in full",
    ),
    maybe("gw.reason", Text, "why gw said no"),
    maybe("gw.fault", Text, "what went wrong on the way, finer than the reason"),
    always("gw.ending", Text, "`complete`, `cut` or `client-gone`"),
    maybe("http.response.status_code", Number, "the status that was sent to the caller"),
    always("http.response.body.bytes", Number, "bytes of the body that were handed to the caller"),
    always("http.request.id", Text, "the exchange's name, as in `x-request-id`"),
    always("http.request.method", Text, "the method, at most 32 bytes"),
    always("http.version", Text, "`1.0` or `1.1`"),
    always("url.scheme", Text, "`http` or `https`"),
    maybe("url.domain", Text, "the authority as received, port included"),
    maybe("url.path", Text, "the canonical path, or what was received when there is none"),
    maybe("url.query", Text, "the query; values that can be credentials are `REDACTED`"),
    maybe("gw.request.framing", Text, "how the request's body ends: `length` or `chunked`"),
    maybe("gw.request.content_length", Number, "the length that the request announced"),
    maybe("gw.received.host", Text, "every `Host` as received, without user information"),
    maybe("gw.received.content_length", Text, "every `Content-Length` as received"),
    maybe("gw.received.transfer_encoding", Text, "every `Transfer-Encoding` as received"),
    maybe("gw.received.max_forwards", Text, "every `Max-Forwards` as received"),
    maybe("gw.received.authorizations", Number, "how many `Authorization` lines came"),
    maybe("gw.received.connection_names", Number, "how many names `Connection` has, empty ones too"),
    always("gw.received.lines", Number, "how many header lines came"),
    always("gw.received.bytes", Number, "their bytes, with four for colon, space and line end of each"),
    maybe("http.request.body.bytes", Number, "bytes of the body that were read from the caller"),
    maybe("gw.request.expect", Text, "every `Expect`"),
    maybe("gw.request.via", Text, "every `Via`"),
    maybe("user_agent.original", Text, "the first `User-Agent`"),
    maybe("trace.id", Text, "the trace id of a well-formed `traceparent`"),
    maybe(
        "source.ip",
        Text,
        "the client's address: that of the connection, or the one that trusted proxies tell of; none over a Unix socket",
    ),
    maybe(
        "source.port",
        Number,
        "the port of the connection's other end, or of whom it says that it connects for (`proxy-protocol`)",
    ),
    maybe(
        "gw.peer.ip",
        Text,
        "the address of the same, where that is a trusted proxy and the client another",
    ),
    maybe("gw.listener", Text, "the door"),
    maybe("tls.version", Text, "the version of TLS: `1.2` or `1.3`"),
    maybe("tls.client.server_name", Text, "the name that the client asked for in its handshake"),
    maybe("tls.client.subject", Text, "the subject of the client's certificate, which was verified"),
    maybe("tls.client.hash.sha256", Text, "its digest"),
    maybe("gw.consumer", Text, "who called, where gw verified a credential that is good"),
    maybe("gw.key.id", Text, "the public name of the API key that was shown"),
    maybe(
        "gw.credentials.present",
        List,
        "where the access rule looked and something was: `header:x-api-key`",
    ),
    maybe("gw.credentials.absent", List, "where the access rule looked and nothing was"),
    maybe("gw.credentials.alternative", Number, "which declared alternative was there in full, from 0"),
    always("gw.artifact.digest", Text, "the digest of the artifact that decided"),
    always("gw.policy.digest", Text, "the digest of its decision tables"),
    maybe("gw.api", Text, "the API"),
    maybe("gw.operation", Text, "the operation's name within its API"),
    maybe("http.route", Text, "the operation's public template"),
    maybe("rule.id", Text, "what said no: step and reason"),
    maybe("gw.upstream", Text, "the upstream that the operation names"),
    maybe("gw.endpoint", Text, "the last endpoint that was tried"),
    always("gw.attempts", Number, "attempts at an endpoint"),
    maybe("gw.phases.decide", Number, "nanoseconds from the head to the decision"),
    maybe("gw.phases.connect", Number, "nanoseconds until the connection stood; none for a kept one"),
    maybe("gw.phases.upstream", Number, "nanoseconds from the decision to the upstream's head or its fault"),
    maybe("gw.phases.relay", Number, "nanoseconds from there to the end"),
];
