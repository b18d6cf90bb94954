//! The policy keys: `x-gw-*` in documents, the same names without the prefix in `gw.yaml`.

use super::scalar::{
    AddressEntry, CODE, CacheKey, CallerFact, ClaimAlternatives, DAY, DurationRange, GrpcBody, GrpcMethod,
    HeaderName, HeaderValue, HttpUrl, LimitKey, MethodName, Moment, Network, Origin, PathTemplate,
    PointerText, QueryName, ReasonName, Redaction, RetryOn, SECONDS, SampledMode, ValuePattern,
};
use super::shape::{Choice, Key, Place, Shape};
use crate::expression::Vocabulary;

/// What marks a policy key in an OpenAPI document.
pub const PREFIX: &str = "x-gw-";

/// Where a key may stand that belongs to operations and may be inherited.
const ANY: &[Place] = &[Place::Defaults, Place::Apply, Place::Root, Place::Path, Place::Operation];
/// Where a key may stand that makes sense for one operation only.
const OPERATION: &[Place] = &[Place::Operation];
const ROOT: &[Place] = &[Place::Root];
const ROOT_OR_OPERATION: &[Place] = &[Place::Defaults, Place::Apply, Place::Root, Place::Operation];

/// Every policy key.
pub const ANNOTATIONS: &[Key] = &[
    Key::enforced(
        "auth",
        Shape::Object(AUTH),
        "Who vouches for the caller where `security` alone does not say: nobody (`public`) or the upstream \
         (`delegated`), each with a reason.",
    )
    .at(ANY),
    Key::enforced(
        "authenticator",
        Shape::Object(AUTHENTICATOR),
        "How the gateway verifies credentials of a security scheme. A scheme without one can only be delegated.",
    )
    .at(&[Place::SecurityScheme]),
    Key::enforced(
        "access",
        Shape::Object(ACCESS),
        "Who may ask at all, by address, method and header lines, before anybody is asked for a credential: `deny` wins, \
         any `allow` refuses the rest, with 403. The address is the client's, also behind `trusted-proxies`.",
    )
    .at(ANY),
    Key::not_yet(
        "rate-limit",
        Shape::Either(&[Shape::Rate, Shape::List(&Shape::Object(RATE_LIMIT)), Shape::Object(RATE_LIMIT_OR_ADD)]),
        "How many requests a caller may send per unit of time.",
    )
    .at(ANY),
    Key::not_yet(
        "quota",
        Shape::Either(&[Shape::Rate, Shape::Object(QUOTA)]),
        "How many requests a consumer has per calendar period.",
    )
    .at(ANY),
    Key::not_yet(
        "concurrency",
        Shape::Either(&[AT_LEAST_ONE, Shape::Object(CONCURRENCY)]),
        "How many requests may be in flight at once.",
    )
    .at(ANY),
    Key::enforced(
        "validate",
        Shape::Either(&[Shape::Choice(VALIDATE_MODES), Shape::Object(VALIDATE)]),
        "Whether requests and responses are held against the document's schemas. `none` says that they are not.",
    )
    .at(ANY),
    Key::enforced("body-max", Shape::Size, "The longest request body that is forwarded; a longer one is refused with 413.")
        .at(ANY),
    Key::enforced(
        "upstream",
        Shape::Either(&[Shape::Name, Shape::Object(UPSTREAM_USE)]),
        "The service that requests are sent to. The received path is forwarded unchanged unless `path` replaces \
         the public base.",
    )
    .at(ANY),
    Key::enforced(
        "timeout",
        Shape::Either(&[Shape::Duration, Shape::Object(TIMEOUT)]),
        "How long a request may take: in all, or by phase. Phases that a layer does not name keep what weaker \
         layers say.",
    )
    .at(ANY),
    Key::not_yet("retry", Shape::Object(RETRY), "Which failures are tried again, and how often.").at(ANY),
    Key::not_yet("circuit-breaker", Shape::Object(CIRCUIT_BREAKER), "When a failing service is left alone for a while.")
        .at(ANY),
    Key::not_yet("grpc", Shape::Object(GRPC), "The gRPC method that a JSON operation is transcoded to.").at(OPERATION),
    Key::not_yet("transform", Shape::Object(TRANSFORM), "Changes to headers, query, path and body on the way.").at(ANY),
    Key::not_yet("cache", Shape::Either(&[Shape::Duration, Shape::Object(CACHE)]), "How long responses are kept.")
        .at(OPERATION),
    Key::enforced("errors", Shape::Object(ERRORS), "How denials and faults are told to the caller.").at(ROOT_OR_OPERATION),
    Key::not_yet("respond", Shape::Object(RESPOND), "A fixed response instead of an upstream.").at(OPERATION),
    Key::not_yet("match", Shape::Object(MATCH), "What else than host and path selects this API.").at(ROOT),
    Key::not_yet(
        "cors",
        Shape::Either(&[Shape::List(ORIGIN), Shape::Object(CORS)]),
        "Which origins may call from a browser.",
    )
    .at(ANY),
    Key::not_yet(
        "log",
        Shape::Either(&[Shape::Percent, Shape::Object(LOG)]),
        "Sampling and redaction of the access log; a percentage alone is the sample.",
    )
    .at(ANY),
    Key::not_yet(
        "mirror",
        Shape::Either(&[Shape::Name, Shape::Object(MIRROR)]),
        "An upstream that gets a copy of requests; its answers are thrown away.",
    )
    .at(ANY),
    Key::not_yet(
        "stream",
        Shape::Either(&[Shape::Choice(STREAMS), Shape::List(&Shape::Choice(STREAMS))]),
        "Exchanges that stay open: server-sent events and WebSockets.",
    )
    .at(ANY),
    Key::not_yet(
        "sunset",
        Shape::Either(&[Shape::Scalar(&Moment::SYNTAX), Shape::Object(SUNSET)]),
        "When an operation goes away (RFC 8594).",
    )
    .at(ANY),
    Key::not_yet("sensitive", Shape::Flag, "Redacted wherever gw writes.").at(&[Place::Schema, Place::Parameter]),
    Key::enforced("precedence", Shape::Object(PRECEDENCE), "Which of two overlapping templates wins.").at(&[Place::Path]),
    Key::enforced(
        "waive",
        Shape::List(&Shape::Object(WAIVER)),
        "Warnings and notes that are accepted about what this place covers, with a reason and, if they are to come back, a \
         last day: `[{code: GW0401, reason: the keys come next month, expires: 2027-01-31}]`. Waivers of several layers add up.",
    )
        .at(ANY),
];

/// The row of a policy key, by its name without prefix.
pub fn annotation(name: &str) -> Option<&'static Key> {
    ANNOTATIONS.iter().find(|key| key.name == name)
}

/// The rows that may stand at a place, in the order of the table.
pub fn annotations_at(place: Place) -> impl Iterator<Item = &'static Key> + Clone {
    ANNOTATIONS.iter().filter(move |key| key.places.contains(&place))
}

/// The shape of `circuit-breaker`, at operations and at upstreams alike.
pub(super) const CIRCUIT_BREAKER: &[Key] = &[
    Key::not_yet(
        "when",
        Shape::Expression(Vocabulary::Breaker),
        "The expression that opens it: `error_ratio > 30%`.",
    ),
    Key::not_yet("min-requests", AT_LEAST_ONE, "How many requests there must be before it can open."),
    Key::not_yet(
        "open",
        Shape::Scalar(&DurationRange::SYNTAX),
        "How long it stays open: from, and at most: `5s..60s`.",
    ),
    Key::not_yet("half-open", AT_LEAST_ONE, "How many requests try whether the service is back."),
];

/// The protocols that an upstream can speak.
pub(super) const PROTOCOLS: &[Choice] =
    &[Choice::enforced("http1"), Choice::not_yet("h2"), Choice::not_yet("grpc")];

/// A count that cannot be zero.
pub(super) const AT_LEAST_ONE: Shape = Shape::Integer { least: 1, most: u32::MAX as u64 };

/// The shape of an authenticator, at a document's scheme and at one of `gw.yaml` alike.
pub(super) const AUTHENTICATOR: &[Key] = &[
    Key::not_yet("issuers", Shape::List(&Shape::Text), "Accepted issuers."),
    Key::not_yet("audiences", Shape::List(&Shape::Text), "Accepted audiences; missing ones are an error."),
    Key::not_yet(
        "algorithms",
        Shape::List(&Shape::Choice(ALGORITHMS)),
        "Accepted signature algorithms; the asymmetric ones unless said, and never both kinds.",
    ),
    Key::not_yet("clock-skew", Shape::Duration, "How far clocks may be apart."),
    Key::not_yet(
        "claims",
        Shape::Object(IDENTITY_CLAIMS),
        "Which claims name the consumer, its scopes and roles.",
    ),
    Key::not_yet("refresh", Shape::Duration, "How often keys are fetched."),
    Key::not_yet("cooldown", Shape::Duration, "The least time between two fetches of keys."),
    Key::not_yet(
        "introspection",
        Shape::Object(INTROSPECTION),
        "Ask the issuer about each token (RFC 7662).",
    ),
    Key::enforced(
        "keys",
        Shape::Name,
        "A set of hashed API keys from the bindings (`gw key new` makes one).",
    ),
    Key::enforced(
        "client-cert",
        Shape::Object(CLIENT_CERT),
        "Client certificates, which the listener verifies by its own authorities; `{}` accepts every one of them.",
    ),
];

const ALGORITHMS: &[Choice] = &[
    Choice::not_yet("RS256"),
    Choice::not_yet("RS384"),
    Choice::not_yet("RS512"),
    Choice::not_yet("PS256"),
    Choice::not_yet("PS384"),
    Choice::not_yet("PS512"),
    Choice::not_yet("ES256"),
    Choice::not_yet("ES384"),
    Choice::not_yet("EdDSA"),
    Choice::not_yet("HS256"),
    Choice::not_yet("HS384"),
    Choice::not_yet("HS512"),
];

const CLAIM: Shape = Shape::Scalar(&ClaimAlternatives::SYNTAX);

const IDENTITY_CLAIMS: &[Key] = &[
    Key::not_yet("consumer", CLAIM, "The claim that names the consumer; `sub` unless said."),
    Key::not_yet("scopes", CLAIM, "The claim with the scopes; `scope|scp` unless said."),
    Key::not_yet("roles", CLAIM, "The claim with the roles; none unless said."),
];

const INTROSPECTION: &[Key] = &[
    Key::not_yet("url", Shape::Scalar(&HttpUrl::SYNTAX), "Where the issuer is asked.").required(),
    Key::not_yet("client", Shape::Text, "The gateway's own name there."),
    Key::not_yet("secret", Shape::Name, "The secret that proves it, by its name below `secrets`."),
    Key::not_yet("cache", Shape::Duration, "How long an answer holds; each request asks unless said."),
];

const CLIENT_CERT: &[Key] = &[Key::enforced(
    "names",
    Shape::List(&Shape::Text),
    "Accepted subject alternative names, of which the first that the certificate has is the consumer; any unless said.",
)];

const AUTH: &[Key] = &[
    Key::enforced("public", Shape::True, "Anyone may call."),
    Key::enforced(
        "delegated",
        Shape::True,
        "The upstream verifies: a credential must be there and is passed on untouched.",
    ),
    Key::enforced("reason", Shape::Text, "Why that is right; needed with `public` and `delegated`."),
    Key::enforced(
        "claims",
        Shape::Expression(Vocabulary::Claims),
        "A condition over the verified caller and the request, `consumer == path.tenant`; what does not hold is refused with 403.",
    ),
    Key::enforced(
        "forward",
        Shape::MapBy(&HeaderName::SYNTAX, &Shape::Scalar(&CallerFact::SYNTAX)),
        "Headers in which the upstream is told who calls: `{x-consumer: consumer, x-scopes: scopes}`. No caller speaks \
         through them, at any operation and in any spelling.",
    ),
    Key::enforced(
        "credential",
        Shape::Choice(CREDENTIALS),
        "Whether the upstream gets the credential that gw verified: as it came (`pass`), unless said, or not at all \
         (`drop`, for credentials in header lines).",
    ),
    Key::not_yet(
        "external",
        Shape::Name,
        "The upstream that decides beside the gateway, by its name below `upstreams`.",
    ),
];

const CREDENTIALS: &[Choice] = &[Choice::enforced("pass"), Choice::enforced("drop")];

/// A network.
pub(super) const NETWORK: &Shape = &Shape::Scalar(&Network::SYNTAX);

const ACCESS: &[Key] = &[
    Key::enforced(
        "allow",
        Shape::List(ADDRESSES),
        "Networks that may call, in CIDR notation, and lists of `address-lists`.",
    ),
    Key::enforced("deny", Shape::List(ADDRESSES), "Networks and lists that may not call."),
    Key::enforced("methods", Shape::Object(METHOD_LISTS), "Methods that may be used."),
    Key::enforced("user-agents", Shape::Object(PATTERN_LISTS), "`User-Agent`: what it may be."),
    Key::enforced(
        "headers",
        Shape::MapBy(&HeaderName::SYNTAX, &Shape::Object(PATTERN_LISTS)),
        "Other header lines: with `allow` a line must be there, and every line must be one of these.",
    ),
];

const ADDRESSES: &Shape = &Shape::Scalar(&AddressEntry::SYNTAX);
const WIRE_METHOD: &Shape = &Shape::Scalar(&MethodName::SYNTAX);
const PATTERN: &Shape = &Shape::Scalar(&ValuePattern::SYNTAX);

const METHOD_LISTS: &[Key] = &[
    Key::enforced("allow", Shape::List(WIRE_METHOD), "Those that may be used, and no other."),
    Key::enforced("deny", Shape::List(WIRE_METHOD), "Those that may not be used."),
];

const PATTERN_LISTS: &[Key] = &[
    Key::enforced(
        "allow",
        Shape::List(PATTERN),
        "Values that are let in, and no other; letter case does not matter.",
    ),
    Key::enforced("deny", Shape::List(PATTERN), "Values that are not let in."),
];

/// The shape of one limit, at operations and in plans alike.
pub(super) const RATE_LIMIT: &[Key] = &[
    Key::not_yet("limit", Shape::Rate, "How many per unit of time.").required(),
    Key::not_yet("burst", AT_LEAST_ONE, "How many at once; the limit unless said."),
    Key::not_yet(
        "key",
        Shape::Scalar(&LimitKey::SYNTAX),
        "Whose requests are counted together: `caller`, `ip`, `consumer`, `claim:X`, `header:X`, `operation`.",
    ),
    Key::not_yet("store", Shape::Name, "Where they are counted: `node` or a store."),
    Key::not_yet(
        "on-store-error",
        Shape::Choice(&[Choice::not_yet("node"), Choice::not_yet("open"), Choice::not_yet("closed")]),
        "What holds while the store is away.",
    ),
    Key::not_yet(
        "mode",
        Shape::Choice(&[Choice::not_yet("enforce"), Choice::not_yet("report")]),
        "Refuse, or only report.",
    ),
    Key::not_yet("cost", AT_LEAST_ONE, "What one request counts."),
    Key::not_yet(
        "on",
        Shape::Choice(&[Choice::not_yet("all"), Choice::not_yet("denied")]),
        "Which requests count.",
    ),
];

const RATE_LIMIT_OR_ADD: &[Key] =
    &[Key::not_yet("add", Shape::List(&Shape::Object(RATE_LIMIT)), "Limits beside those of weaker layers.")
        .required()];

const QUOTA: &[Key] = &[Key::not_yet("plan", Shape::True, "The consumer's plan decides.")];

const CONCURRENCY: &[Key] = &[
    Key::not_yet("max", AT_LEAST_ONE, "How many at once."),
    Key::not_yet("queue", AT_LEAST_ONE, "How many may wait."),
    Key::not_yet("queue-timeout", Shape::Duration, "How long they may wait."),
    Key::not_yet("adaptive", Shape::Choice(&[Choice::not_yet("gradient")]), "Find the limit by measuring."),
];

const VALIDATE_MODES: &[Choice] =
    &[Choice::not_yet("enforce"), Choice::not_yet("report"), Choice::enforced("none")];

const VALIDATE: &[Key] = &[
    Key::not_yet("parameters", Shape::Choice(VALIDATE_MODES), "Parameters."),
    Key::not_yet("body", Shape::Choice(VALIDATE_MODES), "Request bodies."),
    Key::not_yet("response", Shape::Scalar(&SampledMode::SYNTAX), "Responses, also sampled: `report@1%`."),
    Key::not_yet(
        "unknown-query",
        Shape::Choice(&[Choice::not_yet("reject"), Choice::not_yet("ignore")]),
        "Undeclared query parameters.",
    ),
    Key::not_yet(
        "media-types",
        Shape::Choice(&[Choice::not_yet("strict"), Choice::not_yet("lenient")]),
        "Undeclared media types.",
    ),
];

const UPSTREAM_USE: &[Key] = &[
    Key::enforced("name", Shape::Name, "The upstream's name."),
    Key::not_yet(
        "weights",
        Shape::Map(&Shape::Integer { least: 0, most: 1_000_000 }),
        "Shares of several upstreams.",
    ),
    Key::enforced("path", Shape::Text, "What replaces the public base path."),
    Key::enforced("host", Shape::Text, "What the upstream sees as `Host`; its own address unless said."),
    Key::enforced("protocol", Shape::Choice(PROTOCOLS), "What the upstream speaks."),
];

const TIMEOUT: &[Key] = &[
    Key::enforced("connect", Shape::Duration, "Until a connection to the upstream stands."),
    Key::enforced("request-body", Shape::Duration, "Until the request's body has arrived."),
    Key::enforced("response-head", Shape::Duration, "Until the response begins."),
    Key::not_yet("per-try", Shape::Duration, "One attempt of several."),
    Key::enforced("total", Shape::Duration, "The whole exchange; also the short form."),
    Key::enforced("idle", Shape::Duration, "Between two pieces of the response."),
];

const RETRY: &[Key] = &[
    Key::not_yet(
        "attempts",
        Shape::Integer { least: 1, most: 100 },
        "How many attempts there are in all; `1` is none beside the first.",
    ),
    Key::not_yet(
        "retry-on",
        Shape::List(&Shape::Scalar(&RetryOn::SYNTAX)),
        "Failures and statuses that are tried again.",
    ),
    Key::not_yet("budget", Shape::Percent, "The share of requests that may be retries."),
    Key::not_yet("per-try", Shape::Duration, "How long one attempt may take."),
    Key::not_yet(
        "methods",
        Shape::Either(&[Shape::Choice(&[Choice::not_yet("idempotent")]), Shape::List(METHOD)]),
        "Which methods: `idempotent`, or a list.",
    ),
    Key::not_yet(
        "backoff",
        Shape::Scalar(&DurationRange::SYNTAX),
        "How long to wait between attempts: from, and at most.",
    ),
];

const METHOD: &Shape = &Shape::Choice(&[
    Choice::not_yet("GET"),
    Choice::not_yet("HEAD"),
    Choice::not_yet("POST"),
    Choice::not_yet("PUT"),
    Choice::not_yet("DELETE"),
    Choice::not_yet("OPTIONS"),
    Choice::not_yet("PATCH"),
]);

const GRPC: &[Key] = &[
    Key::not_yet("method", Shape::Scalar(&GrpcMethod::SYNTAX), "The full method name: `pkg.Service/Method`.")
        .required(),
    Key::not_yet(
        "body",
        Shape::Scalar(&GrpcBody::SYNTAX),
        "The field that takes the body; `*` for the message.",
    ),
    Key::not_yet("descriptor", Shape::Text, "The file with the descriptor set."),
];

const TRANSFORM: &[Key] = &[
    Key::not_yet("request", Shape::Object(REQUEST_CHANGES), "Changes to the request."),
    Key::not_yet("response", Shape::Object(RESPONSE_CHANGES), "Changes to the response."),
];

const REQUEST_CHANGES: &[Key] = &[
    Key::not_yet("headers", Shape::Object(HEADER_EDITS), "Header lines."),
    Key::not_yet("query", Shape::Object(QUERY_EDITS), "Query parameters."),
    Key::not_yet(
        "path",
        Shape::Scalar(&PathTemplate::SYNTAX),
        "The path that the upstream sees; its variables are those of the operation's path.",
    ),
    Key::not_yet("body", Shape::Object(BODY_EDITS), "Values of a JSON body."),
];

const RESPONSE_CHANGES: &[Key] = &[
    Key::not_yet("headers", Shape::Object(HEADER_EDITS), "Header lines."),
    Key::not_yet("body", Shape::Object(BODY_EDITS), "Values of a JSON body."),
];

const HEADER_EDITS: &[Key] = &[
    Key::not_yet("set", Shape::MapBy(&HeaderName::SYNTAX, HEADER_VALUE), "Headers that get this one value."),
    Key::not_yet("remove", Shape::List(HEADER), "Headers that go."),
];

const QUERY_EDITS: &[Key] = &[
    Key::not_yet(
        "set",
        Shape::MapBy(&QueryName::SYNTAX, HEADER_VALUE),
        "Parameters that get this one value.",
    ),
    Key::not_yet("remove", Shape::List(&Shape::Scalar(&QueryName::SYNTAX)), "Parameters that go."),
];

const BODY_EDITS: &[Key] = &[
    Key::not_yet(
        "set",
        Shape::MapBy(&PointerText::SYNTAX, &Shape::Literal),
        "JSON pointers, and the text, whole number or truth that stands there then.",
    ),
    Key::not_yet("remove", Shape::List(&Shape::Scalar(&PointerText::SYNTAX)), "JSON pointers to what goes."),
];

const HEADER: &Shape = &Shape::Scalar(&HeaderName::SYNTAX);
const HEADER_VALUE: &Shape = &Shape::Scalar(&HeaderValue::SYNTAX);

const CACHE: &[Key] = &[
    Key::not_yet("ttl", Shape::Duration, "How long a response is fresh."),
    Key::not_yet(
        "key",
        Shape::List(&Shape::Scalar(&CacheKey::SYNTAX)),
        "What tells responses apart; path and query unless said.",
    ),
    Key::not_yet("vary", Shape::List(HEADER), "Request headers that tell responses apart."),
    Key::not_yet("stale-while-revalidate", Shape::Duration, "RFC 5861 section 3."),
    Key::not_yet("stale-if-error", Shape::Duration, "RFC 5861 section 4."),
    Key::not_yet("collapse", Shape::Flag, "Equal requests in flight share one."),
];

const ERRORS: &[Key] = &[
    Key::enforced(
        "format",
        Shape::Choice(&[Choice::enforced("problem+json")]),
        "RFC 9457 problem documents.",
    ),
    Key::not_yet(
        "map",
        Shape::MapBy(&ReasonName::SYNTAX, &Shape::Integer { least: 400, most: 599 }),
        "Statuses by reason, instead of the reason's own.",
    ),
];

const RESPOND: &[Key] = &[
    Key::not_yet("status", Shape::Integer { least: 200, most: 599 }, "The status; 200 unless said."),
    Key::not_yet("headers", Shape::MapBy(&HeaderName::SYNTAX, HEADER_VALUE), "The headers."),
    Key::not_yet("body", Shape::Any, "The body: text as it is, everything else as JSON."),
];

const MATCH: &[Key] = &[Key::not_yet(
    "header",
    Shape::MapBy(&HeaderName::SYNTAX, HEADER_VALUE),
    "Headers and the values that they must have.",
)];

const ORIGIN: &Shape = &Shape::Scalar(&Origin::SYNTAX);

const CORS: &[Key] = &[
    Key::not_yet("origins", Shape::List(ORIGIN), "Who may call; also the short form.").required(),
    Key::not_yet("methods", Shape::List(METHOD), "The methods; those that the path publishes unless said."),
    Key::not_yet(
        "headers",
        Shape::List(HEADER),
        "Request headers beside those that browsers may always send.",
    ),
    Key::not_yet("expose", Shape::List(HEADER), "Response headers that scripts may read."),
    Key::not_yet(
        "credentials",
        Shape::Flag,
        "Whether the visitor's credentials may come along; never with `*`.",
    ),
    Key::not_yet("max-age", Shape::Scalar(&SECONDS), "How long browsers may remember the answer."),
];

const LOG: &[Key] = &[
    Key::not_yet(
        "sample",
        Shape::Percent,
        "The share of successful requests that is logged; all unless said.",
    ),
    Key::not_yet(
        "redact",
        Shape::List(&Shape::Scalar(&Redaction::SYNTAX)),
        "What is left out of everything that gw writes.",
    ),
];

const MIRROR: &[Key] = &[
    Key::not_yet("name", Shape::Name, "The upstream.").required(),
    Key::not_yet("share", Shape::Percent, "The share of requests; all unless said."),
];

const STREAMS: &[Choice] = &[Choice::not_yet("sse"), Choice::not_yet("websocket")];

const SUNSET: &[Key] = &[
    Key::not_yet("date", Shape::Scalar(&Moment::SYNTAX), "The day or moment, in UTC.").required(),
    Key::not_yet("link", Shape::Scalar(&HttpUrl::SYNTAX), "Where people read about it."),
];

const PRECEDENCE: &[Key] =
    &[Key::enforced("over", Shape::Scalar(&PathTemplate::SYNTAX), "The template that gives way.").required()];

const WAIVER: &[Key] = &[
    Key::enforced("code", Shape::Scalar(&CODE), "The finding's code.").required(),
    Key::enforced("reason", Shape::Text, "Why it is accepted.").required(),
    Key::enforced("expires", Shape::Scalar(&DAY), "The last day on which it is: `2027-01-31`."),
];
