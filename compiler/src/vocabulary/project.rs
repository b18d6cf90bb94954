//! The keys of `gw.yaml`.

use gw_artifact::model::Capacity;

use super::annotations::{AT_LEAST_ONE, AUTHENTICATOR, CIRCUIT_BREAKER, NETWORK, PROTOCOLS, RATE_LIMIT};
use super::scalar::{ProxyEntry, RequestTarget, SECONDS, ServerName};
use super::selector::SELECTOR;
use super::shape::{Choice, Key, Place, Shape};
use crate::expression::Vocabulary;

/// The whole file.
pub const PROJECT: &[Key] = &[
    VERSION,
    Key::enforced("name", Shape::Name, "The project's name; also its pseudonym in `Via`.").required(),
    EXTENDS,
    Key::enforced(
        "remote",
        Shape::List(&Shape::Text),
        "Places on other machines that documents may be named from: `https://host/folder/`, \
         `git+https://host/repository.git`. `gw lock` pins what is named.",
    ),
    Key::enforced("apis", Shape::List(&Shape::Object(API)), "What is published.").required(),
    Key::enforced(
        "upstreams",
        Shape::Map(&Shape::Object(UPSTREAM)),
        "The services behind the gateway, by name.",
    ),
    SECURITY_SCHEMES,
    Key::enforced(
        "listeners",
        Shape::Map(&Shape::Object(LISTENER)),
        "The gateway's doors, by name; `public` unless said.",
    ),
    Key::enforced(
        "max-connections",
        CONNECTIONS,
        "Callers' connections at once, per process; 10000 unless said. Others wait in the kernel.",
    ),
    Key::enforced(
        "max-memory",
        Shape::Size,
        "What a gateway may hold at most: it does not compile beyond it, and a node with many threads or endpoints opens fewer connections.",
    ),
    Key::not_yet(
        "stores",
        Shape::Map(&Shape::Object(STORE)),
        "Where limits and caches are kept beyond one node, by name; `node` is built in.",
    ),
    Key::not_yet(
        "secrets",
        Shape::Map(&Shape::Object(SECRET)),
        "Secrets that the bindings must give, by name.",
    ),
    Key::not_yet("plans", Shape::Map(&Shape::Object(CONSUMER_PLAN)), "Consumers' plans, by name."),
    Key::enforced(
        "trusted-proxies",
        Shape::List(NETWORK),
        "Networks of the proxies in front of the gateway. What they say about the client is believed: the client is the \
         first address from the right, in the header that `forwarded-header` names, that is none of theirs.",
    ),
    Key::enforced(
        "forwarded-header",
        Shape::Choice(FORWARDED_HEADERS),
        "Where trusted proxies say for whom they forward; `x-forwarded-for` unless said. The other header is not looked at.",
    ),
    Key::enforced(
        "address-lists",
        Shape::Map(&Shape::Object(ADDRESS_LIST)),
        "Lists of networks for `access`, by name; a name has no dot.",
    ),
    DEFAULTS,
    APPLY,
    GUARDRAILS,
    Key::not_yet("plan", Shape::Object(PLAN), "Which classes of change `gw plan` refuses."),
];

/// A file that a project extends: policy alone.
pub const EXTENDED: &[Key] = &[VERSION, EXTENDS, SECURITY_SCHEMES, DEFAULTS, APPLY, GUARDRAILS];

const VERSION: Key =
    Key::enforced("gw", Shape::Integer { least: 1, most: 1 }, "The version of this file's format.")
        .required();

const EXTENDS: Key = Key::enforced(
    "extends",
    Shape::List(&Shape::Text),
    "Files whose policy (`defaults`, `apply`, `guardrails`, `security-schemes`) holds here too, weaker than this \
     file's own; a later one is stronger than an earlier one. Paths are relative to this file.",
);

const SECURITY_SCHEMES: Key = Key::enforced(
    "security-schemes",
    Shape::Map(&Shape::Object(SECURITY_SCHEME)),
    "Security schemes beside those that documents declare, by name.",
);

const DEFAULTS: Key = Key::enforced(
    "defaults",
    Shape::Policies(Place::Defaults),
    "Policy for every operation that says nothing else.",
);

const APPLY: Key = Key::enforced(
    "apply",
    Shape::List(&Shape::Object(APPLIED)),
    "Policy for the operations that a selector selects. A later entry is stronger than an earlier one; documents are \
     stronger than all of them.",
);

const GUARDRAILS: Key = Key::enforced(
    "guardrails",
    Shape::List(&Shape::Object(GUARDRAIL)),
    "Conditions that every operation's effective policy must meet, whichever layer set it; they are checked and never \
     merged.",
);

const API: &[Key] = &[
    Key::enforced("name", Shape::Name, "The API's name, unique in the project.").required(),
    Key::enforced("version", Shape::Word, "The API's version."),
    Key::enforced("owner", Shape::Text, "The team that owns it."),
    Key::enforced(
        "spec",
        Shape::Text,
        "The OpenAPI document: a path relative to this file, or a URL that `remote` allows.",
    )
    .required(),
    Key::enforced("overlays", Shape::List(&Shape::Text), "OpenAPI Overlays that are laid over the document."),
    Key::enforced(
        "hosts",
        Shape::List(&Shape::Text),
        "Public hosts that the API claims, instead of those of `servers` at the document's root; `*` for any. `servers` of \
         path items and operations must lie under them.",
    ),
    Key::enforced(
        "base",
        Shape::Text,
        "The public base path that the API claims, instead of those of `servers` at the document's root. `servers` of path \
         items and operations must lie at it or below.",
    ),
];

const UPSTREAM: &[Key] = &[
    Key::enforced(
        "endpoints",
        Shape::List(&Shape::Text),
        "Addresses that hold unless the bindings replace them.",
    ),
    Key::enforced(
        "balance",
        Shape::Choice(BALANCES),
        "How an endpoint is chosen; `round-robin` unless said.",
    ),
    Key::not_yet("slow-start", Shape::Duration, "How long a new endpoint is spared."),
    Key::enforced("protocol", Shape::Choice(PROTOCOLS), "What the endpoints speak."),
    Key::enforced(
        "tls",
        Shape::Object(UPSTREAM_TLS),
        "The endpoints speak TLS, and so have `https://` URLs, here and in the bindings; endpoints that are declared with \
         `https://` say it as well.",
    ),
    Key::not_yet("health", Shape::Object(HEALTH), "Probes."),
    Key::not_yet("outlier", Shape::Object(OUTLIER), "When a failing endpoint is left out for a while."),
    Key::enforced("limits", Shape::Object(LIMITS), "How much the service is given at once."),
    Key::not_yet(
        "circuit-breaker",
        Shape::Object(CIRCUIT_BREAKER),
        "When the service is left alone for a while.",
    ),
];

const BALANCES: &[Choice] = &[
    Choice::enforced("round-robin"),
    Choice::not_yet("weighted"),
    Choice::not_yet("random"),
    Choice::enforced("least-request"),
    Choice::not_yet("peak-ewma"),
    Choice::not_yet("ring-hash"),
    Choice::not_yet("maglev"),
];

const UPSTREAM_TLS: &[Key] = &[
    Key::enforced(
        "verify",
        Shape::Flag,
        "Whether the endpoints' certificates are verified; they are unless said. The bindings say whose are good.",
    ),
    Key::enforced(
        "sni",
        Shape::Scalar(&ServerName::SYNTAX),
        "The name that endpoints are asked for and that their certificates must be for; each endpoint's own host unless said.",
    ),
    Key::enforced(
        "min",
        Shape::Choice(&[Choice::enforced("1.2"), Choice::enforced("1.3")]),
        "The oldest version that is spoken; 1.2 unless said.",
    ),
    Key::enforced(
        "client-cert",
        Shape::Choice(&[Choice::enforced("none"), Choice::enforced("required")]),
        "Whether the gateway shows a certificate, which the bindings give; `none` unless said.",
    ),
];

const HEALTH: &[Key] = &[
    Key::not_yet(
        "path",
        Shape::Scalar(&RequestTarget::SYNTAX),
        "What is asked for; a connection alone unless said.",
    ),
    Key::not_yet("every", Shape::Duration, "How often."),
    Key::not_yet("healthy-threshold", AT_LEAST_ONE, "Good answers that bring an endpoint back."),
    Key::not_yet("unhealthy-threshold", AT_LEAST_ONE, "Bad answers that take an endpoint out."),
];

const OUTLIER: &[Key] = &[
    Key::not_yet("consecutive-5xx", AT_LEAST_ONE, "Failures in a row that eject an endpoint."),
    Key::not_yet("base-ejection-time", Shape::Duration, "How long the first ejection lasts."),
    Key::not_yet("max-ejection-time", Shape::Duration, "How long an ejection lasts at most."),
    Key::not_yet(
        "max-ejection-percent",
        Shape::Integer { least: 1, most: 100 },
        "The share that may be ejected; at least one, never the last.",
    ),
];

const CONNECTIONS: Shape = Shape::Integer { least: 1, most: Capacity::MOST_CONNECTIONS as u64 };

const LIMITS: &[Key] = &[
    Key::not_yet("connections", AT_LEAST_ONE, "Connections at once."),
    Key::not_yet("pending", AT_LEAST_ONE, "Requests that wait for a connection."),
    Key::enforced(
        "requests",
        AT_LEAST_ONE,
        "Requests in flight at once, per process; one more is refused with 503.",
    ),
];

const SECURITY_SCHEME: &[Key] = &[
    Key::enforced(
        "type",
        Shape::Choice(&[
            Choice::enforced("apiKey"),
            Choice::enforced("http"),
            Choice::enforced("mutualTLS"),
            Choice::enforced("oauth2"),
            Choice::enforced("openIdConnect"),
        ]),
        "The kind of scheme (OpenAPI 3.1 section 4.8.27).",
    )
    .required(),
    Key::enforced("description", Shape::Text, "For people."),
    Key::enforced("name", Shape::Text, "`apiKey`: the header, query parameter or cookie."),
    Key::enforced(
        "in",
        Shape::Choice(&[Choice::enforced("query"), Choice::enforced("header"), Choice::enforced("cookie")]),
        "`apiKey`: where the key stands.",
    ),
    Key::enforced("scheme", Shape::Text, "`http`: the authentication scheme, such as `bearer`."),
    Key::enforced("bearerFormat", Shape::Text, "`http`: a hint for people."),
    Key::enforced("flows", Shape::Any, "`oauth2`: for people and their tools."),
    Key::enforced("openIdConnectUrl", Shape::Text, "`openIdConnect`: the discovery document."),
    Key::enforced(
        "authenticator",
        Shape::Object(AUTHENTICATOR),
        "How the gateway verifies credentials of the scheme.",
    ),
];

const LISTENER: &[Key] = &[
    Key::enforced(
        "tls",
        Shape::Object(LISTENER_TLS),
        "The listener speaks TLS, with the certificates that the bindings give; plain HTTP unless said.",
    ),
    Key::enforced(
        "https-redirect",
        Shape::Either(&[Shape::Flag, Shape::Object(HTTPS_REDIRECT)]),
        "Plain HTTP is answered with 308 to the same place in HTTPS.",
    ),
    Key::enforced(
        "hsts",
        Shape::Scalar(&SECONDS),
        "How long browsers insist on HTTPS (RFC 6797); they are told over HTTPS.",
    ),
    Key::enforced(
        "max-connections",
        CONNECTIONS,
        "Connections at once at this listener, per process; those of the gateway unless said. Others wait in the kernel.",
    ),
    Key::enforced(
        "max-connections-per-address",
        CONNECTIONS,
        "Connections at once of one client at this listener, per process: of an IPv4 address, or of a /64 of IPv6. Others \
         are closed at once. No ceiling unless said; none for `trusted-proxies`.",
    ),
    Key::enforced(
        "proxy-protocol",
        Shape::Object(PROXY_PROTOCOL),
        "Every connection begins with a header of the PROXY protocol (version 1 or 2), before TLS, and the client is who it \
         names. Who sends none is closed.",
    ),
];

const PROXY_PROTOCOL: &[Key] = &[Key::enforced(
    "from",
    Shape::List(&Shape::Scalar(&ProxyEntry::SYNTAX)),
    "Networks of the proxies that connect; `unix` for those that connect over the listener's Unix socket. Connections from \
     anywhere else are closed.",
)
.required()];

const HTTPS_REDIRECT: &[Key] = &[Key::enforced(
    "port",
    Shape::Integer { least: 1, most: 65_535 },
    "The port at which clients reach it; 443 with the short form `true`.",
)
.required()];

const APPLIED: &[Key] = &[
    Key::enforced(
        "select",
        Shape::Object(SELECTOR),
        "Which operations: those that every key given here selects.",
    )
    .required(),
    Key::enforced("set", Shape::Policies(Place::Apply), "Policy for them.").required(),
];

const GUARDRAIL: &[Key] = &[
    Key::enforced("id", Shape::Name, "Its name in findings.").required(),
    Key::enforced(
        "require",
        Shape::Expression(Vocabulary::Guardrail),
        "A condition over the effective policy.",
    )
    .required(),
    Key::enforced(
        "except",
        Shape::Object(SELECTOR),
        "The operations that are exempt: those that every given key selects.",
    ),
];

const PLAN: &[Key] = &[Key::not_yet(
    "gate",
    Shape::List(&Shape::Choice(CHANGE_CLASSES)),
    "Classes of change that are refused.",
)];

const CHANGE_CLASSES: &[Choice] = &[
    Choice::not_yet("weakens"),
    Choice::not_yet("breaks"),
    Choice::not_yet("reroutes"),
    Choice::not_yet("undecided"),
];

const STORE: &[Key] = &[Key::not_yet(
    "kind",
    Shape::Choice(&[Choice::not_yet("redis"), Choice::not_yet("file")]),
    "`redis`: shared by nodes; `file`: of one node, and survives it.",
)
.required()];

const SECRET: &[Key] =
    &[Key::not_yet("min-bytes", Shape::Integer { least: 1, most: 1 << 16 }, "How long it must be at least.")];

const CONSUMER_PLAN: &[Key] = &[
    Key::not_yet("quota", Shape::Rate, "How many requests per period."),
    Key::not_yet(
        "rate-limit",
        Shape::Either(&[Shape::Rate, Shape::List(&Shape::Object(RATE_LIMIT))]),
        "How many requests per unit of time.",
    ),
];

const FORWARDED_HEADERS: &[Choice] = &[Choice::enforced("x-forwarded-for"), Choice::enforced("forwarded")];

const ADDRESS_LIST: &[Key] = &[Key::enforced(
    "file",
    Shape::Text,
    "The file, relative to gw.yaml: a network per line, `#` before what is for people. It is compiled in.",
)
.required()];

const LISTENER_TLS: &[Key] = &[
    Key::enforced(
        "min",
        Shape::Choice(&[Choice::enforced("1.2"), Choice::enforced("1.3")]),
        "The oldest version that is spoken; 1.2 unless said.",
    ),
    Key::enforced(
        "client-cert",
        Shape::Choice(&[
            Choice::enforced("none"),
            Choice::enforced("optional"),
            Choice::enforced("required"),
        ]),
        "Whether clients are asked for certificates; `none` unless said. The bindings say whose certificates are good, and \
         one that does not verify ends the handshake.",
    ),
];
