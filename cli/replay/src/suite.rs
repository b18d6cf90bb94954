//! A suite as it was read: cases, each with requests and what must come of them.

use std::sync::Arc;

use gw_artifact::Digest;
use gw_artifact::model::{Reason, Step};
use gw_decision::{Fault, KeyHolder};
use gw_syntax::Span;

use crate::request::Request;

/// The cases of one file, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    /// The cases.
    pub cases: Vec<Case>,
}

/// One case: a fresh gateway, its upstreams' words, and requests one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What it claims.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What upstreams answer; one that is not named answers 200.
    pub scripts: Vec<Script>,
    /// Other requests that upstreams have in flight.
    pub in_flight: Vec<InFlight>,
    /// Exchanges that the gateway may have in hand, if it is said.
    pub room: Option<u32>,
    /// The API keys of the suite.
    pub keys: Arc<[SuiteKeys]>,
    /// The requests.
    pub steps: Vec<CaseStep>,
}

/// The API keys of one set, for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuiteKeys {
    /// The set's name.
    pub set: String,
    /// Where the name stands.
    pub span: Span,
    /// The keys' digests, and who holds them.
    pub keys: Vec<(Digest, KeyHolder)>,
}

/// What one upstream answers, request by request; the last answer stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The upstream's name.
    pub upstream: String,
    /// Where the name stands.
    pub span: Span,
    /// Its answers.
    pub answers: Vec<ScriptedAnswer>,
}

/// Other requests in flight at one upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// The upstream's name.
    pub upstream: String,
    /// Where the name stands.
    pub span: Span,
    /// How many.
    pub count: u32,
}

/// One answer of an upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptedAnswer {
    /// What it does.
    pub act: Act,
    /// Time in nanoseconds that passes before the head comes.
    pub delay: u64,
    /// How many requests are answered like this, at least 1.
    pub times: u32,
}

/// What an upstream does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It answers.
    Respond(Response),
    /// It refuses the connection.
    RefuseConnection,
    /// The connection never stands.
    HangConnection,
    /// TLS with it does not come about, because of this.
    FailHandshake(Fault),
    /// It breaks the connection before any answer.
    Reset,
    /// What it sends is not HTTP.
    Garbage,
}

/// A response of an upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The header lines, names in lower case, framing included.
    pub lines: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What happens to it on the way.
    pub course: Course,
}

/// How the body of a response travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// To its end.
    Whole,
    /// The connection breaks after so many bytes.
    CutAfter(u64),
    /// Nothing comes after so many bytes.
    StallAfter(u64),
}

/// One or more equal requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStep {
    /// Virtual time in nanoseconds that passes first.
    pub wait: u64,
    /// The request.
    pub request: Request,
    /// How often it is sent, at least 1.
    pub times: u32,
    /// Virtual time in nanoseconds over which they are spread.
    pub within: u64,
    /// What must come of it.
    pub expectations: Vec<Expectation>,
}

/// Something that must come of some of the requests of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Of which.
    pub of: Which,
    /// Where it stands.
    pub span: Span,
    /// What.
    pub what: Expected,
}

/// Requests of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Each.
    All,
    /// The first.
    First,
    /// The last.
    Last,
}

/// What must come of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This status.
    Status(u16),
    /// This step answered.
    Step(Step),
    /// This reason, or none.
    Reason(Option<Reason>),
    /// This fault, or none.
    Fault(Option<Fault>),
    /// The answer arrived in full (or was cut).
    Complete(bool),
    /// This of the response's header lines.
    Header(ExpectedHeader),
    /// This body.
    Body(String),
    /// A body that is this JSON.
    Json(serde_json::Value),
    /// Nothing was sent to any upstream.
    NothingSent,
    /// It was sent to this upstream.
    SentTo(String),
    /// To this endpoint, `host:port`.
    SentToEndpoint(String),
    /// With this method.
    SentMethod(String),
    /// With this target.
    SentTarget(String),
    /// With this header.
    SentHeader(ExpectedHeader),
    /// With this body.
    SentBody(String),
    /// With a body that is this JSON.
    SentJson(serde_json::Value),
}

/// What must be true of the header lines of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedHeader {
    /// The name, in lower case.
    pub name: String,
    /// What.
    pub lines: ExpectedLines,
}

/// What must be true of header lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpectedLines {
    /// There is at least one.
    Present,
    /// There is none.
    Absent,
    /// Exactly these values, in order.
    Values(Vec<String>),
}
