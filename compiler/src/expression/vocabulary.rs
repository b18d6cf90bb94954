//! The values that expressions can read, by the place where the expression stands.

use gw_artifact::expression::{Scalar, Type};

/// Where an expression stands, which says what it can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// `guardrails[].require`: the effective policy of one operation.
    Guardrail,
    /// `auth.claims`: a verified caller and its request.
    Claims,
    /// `circuit-breaker.when`: how an upstream does.
    Breaker,
}

/// A value that an expression can read.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name, with dots.
    pub name: &'static str,
    /// Its type.
    pub kind: Type,
    /// What it is, in a sentence.
    pub doc: &'static str,
}

impl Vocabulary {
    /// Every vocabulary.
    pub const ALL: [Vocabulary; 3] = [Vocabulary::Guardrail, Vocabulary::Claims, Vocabulary::Breaker];

    /// The values, in the order of the reference.
    pub fn variables(self) -> &'static [Variable] {
        match self {
            Vocabulary::Guardrail => GUARDRAIL,
            Vocabulary::Claims => CLAIMS,
            Vocabulary::Breaker => BREAKER,
        }
    }

    /// What people call the place.
    pub fn described(self) -> &'static str {
        match self {
            Vocabulary::Guardrail => "a guardrail",
            Vocabulary::Claims => "`auth.claims`",
            Vocabulary::Breaker => "`circuit-breaker.when`",
        }
    }

    /// An expression of this vocabulary, to be shown.
    pub fn example(self) -> &'static str {
        match self {
            Vocabulary::Guardrail => "auth.required || method == \"GET\"",
            Vocabulary::Claims => "consumer == path.tenant || \"admin\" in scopes",
            Vocabulary::Breaker => "error_ratio > 30%",
        }
    }

    /// The type of the value of this name.
    pub(super) fn find(self, name: &str) -> Option<Type> {
        let listed = self.variables().iter().find(|variable| variable.name == name);
        let is_parameter = || self == Vocabulary::Claims && path_parameter(name).is_some();
        listed.map(|variable| variable.kind).or_else(|| is_parameter().then_some(TEXT))
    }

    /// The names that begin with this one and a dot.
    pub(super) fn below(self, name: &str) -> impl Iterator<Item = &'static str> {
        let rest = move |variable: &Variable| variable.name.strip_prefix(name)?.strip_prefix('.').map(drop);
        self.variables().iter().filter(move |variable| rest(variable).is_some()).map(|variable| variable.name)
    }
}

/// The path parameter that a name of [`Vocabulary::Claims`] means.
pub(crate) fn path_parameter(name: &str) -> Option<&str> {
    name.strip_prefix("path.").filter(|parameter| !parameter.is_empty())
}

const fn variable(name: &'static str, kind: Type, doc: &'static str) -> Variable {
    Variable { name, kind, doc }
}

const BOOL: Type = Type::One(Scalar::Bool);
const INTEGER: Type = Type::One(Scalar::Integer);
const PERMILLE: Type = Type::One(Scalar::Permille);
const RATE: Type = Type::One(Scalar::Rate);
const DURATION: Type = Type::One(Scalar::Duration);
const SIZE: Type = Type::One(Scalar::Size);
const TEXT: Type = Type::One(Scalar::Text);
const TEXTS: Type = Type::List(Scalar::Text);

const GUARDRAIL: &[Variable] = &[
    variable("api.name", TEXT, "The API's name."),
    variable("api.version", TEXT, "The API's version, where gw.yaml says one."),
    variable("api.owner", TEXT, "The team that owns the API, where gw.yaml says one."),
    variable("operation_id", TEXT, "The `operationId`, where the document says one."),
    variable("method", TEXT, "The method, in upper case."),
    variable("path", TEXT, "The path template as the document writes it, without the API's base."),
    variable("hosts", TEXTS, "The public hosts; `*` for any host."),
    variable("tags", TEXTS, "The tags."),
    variable("deprecated", BOOL, "Whether the document calls it deprecated."),
    variable("auth.required", BOOL, "Whether callers need a credential, whoever verifies it."),
    variable("auth.public", BOOL, "Whether anyone may call."),
    variable("auth.delegated", BOOL, "Whether the upstream verifies credentials."),
    variable("auth.schemes", TEXTS, "The security schemes that `security` names."),
    variable("auth.scopes", TEXTS, "The scopes that `security` names."),
    variable("upstream", TEXT, "The upstream's name, unless several have shares."),
    variable("upstreams", TEXTS, "The names of all upstreams that requests may be sent to."),
    variable("body_max", SIZE, "The longest request body."),
    variable("timeout.connect", DURATION, "Until a connection stands."),
    variable("timeout.request_body", DURATION, "Until the request's body has arrived."),
    variable("timeout.response_head", DURATION, "Until the response begins."),
    variable("timeout.total", DURATION, "The whole exchange."),
    variable("timeout.idle", DURATION, "Between two pieces of the response."),
    variable(
        "rate_limit",
        RATE,
        "The highest rate that a caller is let through with, where there is a limit.",
    ),
    variable("concurrency", INTEGER, "How many requests may be in flight, where there is a limit."),
    variable("cache.ttl", DURATION, "How long responses are kept, where they are."),
    variable("retry.attempts", INTEGER, "How many attempts there are, where failures are tried again."),
];

const CLAIMS: &[Variable] = &[
    variable("consumer", TEXT, "The caller's name: the holder of the key, or the name in the certificate."),
    variable("scopes", TEXTS, "What the caller is allowed."),
    variable("method", TEXT, "The method as it was received."),
    variable(
        "path.NAME",
        TEXT,
        "The path parameter of this name, escapes read: `path.tenant`, `path[\"order-id\"]`.",
    ),
    variable(
        "token",
        Type::Json,
        "The claims of the verified token: `token.sub`, `token[\"https://example.com/role\"]`.",
    ),
];

const BREAKER: &[Variable] = &[
    variable("error_ratio", PERMILLE, "The share of requests that failed."),
    variable("requests", INTEGER, "How many requests there were."),
    variable("latency", DURATION, "The time until the response begins that 95 of 100 requests stay below."),
];
