//! The key table of suites: every key, what it takes, what it means, whether something acts on it yet.
//!
//! The same rows drive the check of a file, "did you mean" and the JSON Schema.

use gw_artifact::model::{Reason, Step};

/// One key of a mapping.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The key as it is written.
    pub name: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// Whether it must be there.
    pub presence: Presence,
    /// Whether something acts on it.
    pub status: Status,
    /// What it means, in a sentence.
    pub doc: &'static str,
}

/// Whether a mapping can do without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    Required,
    /// It may be left out.
    Optional,
}

/// Whether something acts on a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It does what it says.
    Enforced,
    /// It is part of the vocabulary, and refused until something acts on it.
    NotYet,
}

/// What a value looks like. Shapes nest a few levels and never refer back to themselves.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Anything.
    Any,
    /// Text that is not empty.
    Text,
    /// Any scalar, as it is written.
    Word,
    /// Only `true`.
    True,
    /// A whole number in this range.
    Integer(u64, u64),
    /// `250ms`, `30s`, `5m`, `1h`, `1d`.
    Duration,
    /// `17B`, `64KiB`, `1MiB`; at most 64 MiB.
    Size,
    /// `192.0.2.1`, `192.0.2.1:40000`, `[2001:db8::1]:40000`.
    Address,
    /// `2027-01-31`.
    Date,
    /// One of these words.
    Choice(fn() -> Vec<&'static str>),
    /// Null: that there is none.
    Null,
    /// A list of these.
    List(&'static Shape),
    /// A mapping from names that the author chooses.
    Map(&'static Shape),
    /// A mapping with these keys.
    Object(&'static [Key]),
    /// One of these; a scalar is tried in order, a list and a mapping stand here once each.
    Either(&'static [Shape]),
}

const fn key(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { name, shape, presence: Presence::Optional, status: Status::Enforced, doc }
}

const fn required(key: Key) -> Key {
    Key { presence: Presence::Required, ..key }
}

const fn not_yet(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { status: Status::NotYet, ..key(name, shape, doc) }
}

/// A suite file.
pub const SUITE: &[Key] = &[
    required(key("tests", Shape::List(&Shape::Object(CASE)), "the cases, in order")),
    key(
        "keys",
        Shape::Map(&Shape::List(&Shape::Object(API_KEY))),
        "API keys for the cases, by the set that an authenticator names; only for tests",
    ),
];

const API_KEY: &[Key] = &[
    required(key("key", Shape::Text, "the key itself, as requests show it")),
    required(key("consumer", Shape::Text, "who holds it")),
    key("scopes", Shape::List(&Shape::Text), "what its holder is allowed"),
    key("expires", Shape::Date, "the last day on which it is good; simulated gateways begin on 2026-01-01"),
];

const CASE: &[Key] = &[
    required(key("name", Shape::Text, "what the case claims; unique in its file")),
    key("request", Shape::Object(REQUEST), "one request"),
    key("repeat", Shape::Object(REPEAT), "the same request several times"),
    key("steps", Shape::List(&Shape::Object(STEP)), "several requests, one after the other, in one gateway"),
    key(
        "expect",
        Shape::Object(EXPECT_EACH),
        "what must come of it; not beside `steps`, which have their own",
    ),
    key(
        "upstream",
        Shape::Map(&Shape::List(&Shape::Object(ANSWER))),
        "what each upstream answers, in order; the last answer stays. An upstream that is not named answers 200",
    ),
    key(
        "in-flight",
        Shape::Map(&Shape::Integer(0, 1_000_000)),
        "other requests that each upstream has in flight",
    ),
    key(
        "room",
        Shape::Integer(0, 1_000_000),
        "exchanges that the gateway may have in hand; the default is far away",
    ),
    not_yet("as", Shape::Any, "the caller's identity, as claims"),
    not_yet("token", Shape::Any, "the caller's token"),
];

const STEP: &[Key] = &[
    key("wait", Shape::Duration, "virtual time that passes first"),
    key("request", Shape::Object(REQUEST), "one request"),
    key("repeat", Shape::Object(REPEAT), "the same request several times"),
    key("expect", Shape::Object(EXPECT_EACH), "what must come of it"),
    not_yet("as", Shape::Any, "the caller's identity, as claims"),
    not_yet("token", Shape::Any, "the caller's token"),
];

const REPEAT: &[Key] = &[
    required(key("request", Shape::Object(REQUEST), "the request")),
    required(key("times", Shape::Integer(1, 10_000), "how often")),
    key("within", Shape::Duration, "virtual time over which the requests are spread evenly"),
];

/// Instead of a caller's address: it calls over a Unix socket, and has none.
pub(crate) const UNIX: &str = "unix";

/// The methods that have a key of their own.
pub(crate) const METHODS: [&str; 9] =
    ["get", "head", "post", "put", "delete", "options", "trace", "patch", "query"];

const REQUEST: &[Key] = &[
    key("get", Shape::Text, "the target of a `GET`: path and query, or the absolute form"),
    key("head", Shape::Text, "the target of a `HEAD`"),
    key("post", Shape::Text, "the target of a `POST`"),
    key("put", Shape::Text, "the target of a `PUT`"),
    key("delete", Shape::Text, "the target of a `DELETE`"),
    key("options", Shape::Text, "the target of an `OPTIONS`"),
    key("trace", Shape::Text, "the target of a `TRACE`"),
    key("patch", Shape::Text, "the target of a `PATCH`"),
    key("query", Shape::Text, "the target of a `QUERY`"),
    key("method", Shape::Text, "any other method; goes with `target`"),
    key("target", Shape::Text, "the target that goes with `method`"),
    key(
        "host",
        Shape::Either(&[Shape::Word, Shape::Null]),
        "`Host`; null for none. Unless said, a host that the artifact publishes",
    ),
    key("headers", Shape::Map(LINES), "header lines; a list for several of one name"),
    key("body", Shape::Word, "the body, as text"),
    key("json", Shape::Any, "the body, as JSON; sets `content-type`"),
    key("body-size", Shape::Size, "a body of so many bytes"),
    key("chunked", Shape::True, "the body is sent in chunks instead of with its length"),
    key("body-stalls", Shape::True, "the body never ends"),
    key(
        "client",
        Shape::Either(&[Shape::Choice(|| vec![UNIX]), Shape::Address]),
        "the caller's address, 127.0.0.1 unless said; at a listener with `proxy-protocol` the one that the proxy's header names. \
         `unix`: it calls over a Unix socket, and has none",
    ),
    key("listener", Shape::Text, "the listener that it comes to; the first one unless said"),
    key("plain", Shape::True, "it comes without TLS, also where the listener speaks it"),
    key(
        "sni",
        Shape::Either(&[Shape::Text, Shape::Null]),
        "the name that the TLS handshake asks for; null for none. The host unless said",
    ),
    key(
        "client-cert",
        Shape::Object(CLIENT_CERT),
        "the client's certificate, which the listener has verified",
    ),
    key("http", Shape::Choice(|| vec!["1.0", "1.1"]), "the version; 1.1 unless said"),
];

const CLIENT_CERT: &[Key] = &[
    required(key("subject", Shape::Text, "the subject, as RFC 4514 writes it: `CN=alice`")),
    key("names", Shape::List(&Shape::Text), "the subject alternative names"),
];
const LINES: &Shape = &Shape::Either(&[Shape::Word, Shape::List(&Shape::Word)]);

const EXPECT: &[Key] = &[
    key("status", Shape::Integer(100, 599), "the status"),
    key("step", Shape::Choice(|| Step::ALL.map(Step::as_str).to_vec()), "the step that answered"),
    key("reason", Shape::Choice(reasons), "why gw said no; `none` when it did not"),
    key("fault", Shape::Choice(faults), "what went wrong on the way; `none` when nothing did"),
    key("ending", Shape::Choice(|| vec!["complete", "cut"]), "whether the answer arrived in full"),
    key("headers", Shape::Map(LINES), "header lines: a value, a list of values, `present` or `absent`"),
    key("body", Shape::Word, "the body, exactly"),
    key("json", Shape::Any, "the body, as JSON"),
    key(
        "upstream",
        Shape::Either(&[Shape::Word, Shape::Object(SENT)]),
        "what was sent: `none`, an upstream's name, or its parts",
    ),
];

const EXPECT_EACH: &[Key] = &{
    let mut keys = [EXPECT[0]; EXPECT.len() + 3];
    let mut at = 0;
    while at < EXPECT.len() {
        keys[at] = EXPECT[at];
        at += 1;
    }
    keys[at] =
        key("all", Shape::Object(EXPECT), "what must come of each request; the keys beside it mean the same");
    keys[at + 1] = key("first", Shape::Object(EXPECT), "what must come of the first request");
    keys[at + 2] = key("last", Shape::Object(EXPECT), "what must come of the last request");
    keys
};

const SENT: &[Key] = &[
    key("name", Shape::Text, "the upstream"),
    key("endpoint", Shape::Text, "the endpoint's `host:port`"),
    key("method", Shape::Text, "the method"),
    key("path", Shape::Text, "the target: path and query"),
    key("headers", Shape::Map(LINES), "header lines: a value, a list of values, `present` or `absent`"),
    key("body", Shape::Word, "the body, exactly"),
    key("json", Shape::Any, "the body, as JSON"),
];

const ANSWER: &[Key] = &[
    key("status", Shape::Integer(100, 999), "the status; 200 unless said"),
    key("headers", Shape::Map(LINES), "header lines; `content-length` is added unless framing is among them"),
    key("body", Shape::Word, "the body, as text"),
    key("json", Shape::Any, "the body, as JSON; sets `content-type`"),
    key("body-size", Shape::Size, "a body of so many bytes"),
    key("delay", Shape::Duration, "time that passes before the head comes"),
    key("cut-after", Shape::Size, "the connection breaks after so many bytes of the body"),
    key("stall-after", Shape::Size, "nothing comes after so many bytes of the body"),
    key(
        "connect",
        Shape::Choice(connections),
        "no connection stands, or no TLS on it: by the names of faults",
    ),
    key("reset", Shape::True, "the connection breaks before any answer"),
    key("garbage", Shape::True, "the answer is not HTTP"),
    key("times", Shape::Integer(1, 1_000_000), "how many requests are answered like this; 1 unless said"),
];

fn reasons() -> Vec<&'static str> {
    Reason::ALL.iter().map(|reason| reason.as_str()).chain(["none"]).collect()
}

fn connections() -> Vec<&'static str> {
    let of_tls = gw_decision::Fault::ALL.into_iter().filter(|fault| fault.is_of_tls());
    ["refused", "hangs"].into_iter().chain(of_tls.map(gw_decision::Fault::as_str)).collect()
}

fn faults() -> Vec<&'static str> {
    gw_decision::Fault::ALL.iter().map(|fault| fault.as_str()).chain(["none"]).collect()
}

impl Shape {
    /// What the value is, in words that follow "takes".
    pub(crate) fn described(&self) -> String {
        match self {
            Self::Any => "any value".into(),
            Self::Text => "text".into(),
            Self::Word => "text or a number".into(),
            Self::True => "only `true`".into(),
            Self::Integer(least, most) => format!("a whole number from {least} to {most}"),
            Self::Duration => "a duration such as `250ms` or `3s`".into(),
            Self::Size => "a size such as `17B` or `64KiB`, at most `64MiB`".into(),
            Self::Address => "an address such as `192.0.2.1` or `192.0.2.1:40000`".into(),
            Self::Date => "a day such as `2027-01-31`".into(),
            Self::Choice(words) => {
                let words: Vec<_> = words().iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", words.join(", "))
            }
            Self::Null => "null".into(),
            Self::List(_) => "a list".into(),
            Self::Map(_) | Self::Object(_) => "a mapping".into(),
            Self::Either(shapes) => {
                let shapes: Vec<_> = shapes.iter().map(Self::described).collect();
                shapes.join(", or ")
            }
        }
    }
}
