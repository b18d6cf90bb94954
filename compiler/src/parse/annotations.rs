//! The policy keys of one layer, read into values.

use std::sync::Arc;

use gw_artifact::model::{Bytes, Millis};
use gw_syntax::{NodeRef, Sink, Span};

use crate::policy::access::{self, Access};
use crate::policy::auth::{self, Auth};
use crate::policy::cache::{self, Cache};
use crate::policy::circuit_breaker::{self, CircuitBreaker};
use crate::policy::concurrency::{self, Concurrency};
use crate::policy::cors::{self, Cors};
use crate::policy::errors::{self, Errors};
use crate::policy::grpc::{self, Grpc};
use crate::policy::log::{self, Log};
use crate::policy::match_::{self, Match};
use crate::policy::mirror::{self, Mirror};
use crate::policy::quota::{self, Quota};
use crate::policy::rate_limit::{self, RateLimits};
use crate::policy::respond::{self, Respond};
use crate::policy::retry::{self, Retry};
use crate::policy::stream::{self, Stream};
use crate::policy::sunset::{self, Sunset};
use crate::policy::transform::{self, Transform};
use crate::policy::upstream::{self, UpstreamUse};
use crate::policy::validate::{self, Validate};
use crate::policy::waive::{self, Waivers};
use crate::vocabulary::annotations::PREFIX;
use crate::vocabulary::units;

/// What one layer says. Absent: it says nothing, or what it says does not read, which is a finding.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// `auth`.
    pub auth: Option<Said<Auth>>,
    /// `body-max`.
    pub body_max: Option<Said<Bytes>>,
    /// `timeout`, by phase.
    pub timeout: TimeoutPhases,
    /// `access`.
    pub access: Option<Said<Access>>,
    /// `rate-limit`.
    pub rate_limit: Option<Said<RateLimits>>,
    /// `quota`.
    pub quota: Option<Said<Quota>>,
    /// `concurrency`.
    pub concurrency: Option<Said<Concurrency>>,
    /// `validate`.
    pub validate: Option<Said<Validate>>,
    /// `upstream`.
    pub upstream: Option<Said<UpstreamUse>>,
    /// `retry`.
    pub retry: Option<Said<Retry>>,
    /// `circuit-breaker`.
    pub circuit_breaker: Option<Said<CircuitBreaker>>,
    /// `grpc`.
    pub grpc: Option<Said<Grpc>>,
    /// `transform`.
    pub transform: Option<Said<Transform>>,
    /// `cache`.
    pub cache: Option<Said<Cache>>,
    /// `errors`.
    pub errors: Option<Said<Errors>>,
    /// `respond`.
    pub respond: Option<Said<Respond>>,
    /// `match`.
    pub match_: Option<Said<Match>>,
    /// `cors`.
    pub cors: Option<Said<Cors>>,
    /// `log`.
    pub log: Option<Said<Log>>,
    /// `mirror`.
    pub mirror: Option<Said<Mirror>>,
    /// `stream`.
    pub stream: Option<Said<Stream>>,
    /// `sunset`.
    pub sunset: Option<Said<Sunset>>,
    /// `waive`.
    pub waive: Option<Said<Waivers>>,
}

/// The phases that a layer's `timeout` names.
#[derive(Clone, Debug, Default)]
pub struct TimeoutPhases {
    /// `connect`.
    pub connect: Option<Said<Millis>>,
    /// `request-body`.
    pub request_body: Option<Said<Millis>>,
    /// `response-head`.
    pub response_head: Option<Said<Millis>>,
    /// `per-try`.
    pub per_try: Option<Said<Millis>>,
    /// `total`, and the short form.
    pub total: Option<Said<Millis>>,
    /// `idle`.
    pub idle: Option<Said<Millis>>,
}

/// A value, where it stands, and its short form. A copy shares the value: many operations hear one layer.
#[derive(Debug)]
pub struct Said<T> {
    /// The value.
    pub value: Arc<T>,
    /// Its place.
    pub span: Span,
    /// How people write it.
    pub text: Arc<str>,
}

impl<T> Said<T> {
    /// A value that stands at `span`, and how people write it.
    pub fn new(value: T, span: Span, text: impl Into<Arc<str>>) -> Self {
        Said { value: Arc::new(value), span, text: text.into() }
    }
}

impl<T> Clone for Said<T> {
    fn clone(&self) -> Self {
        Said { value: Arc::clone(&self.value), span: self.span, text: Arc::clone(&self.text) }
    }
}

/// How policy keys are written at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `x-gw-timeout`, in documents.
    Prefixed,
    /// `timeout`, in `gw.yaml`.
    Bare,
}

/// Reads the policy keys of one mapping. Shapes have been checked; what one value says against itself is found
/// here.
pub fn policies(node: NodeRef<'_>, spelling: Spelling, sink: &mut Sink) -> Policies {
    let entry = |name: &str| match spelling {
        Spelling::Prefixed => node.entry(&format!("{PREFIX}{name}")),
        Spelling::Bare => node.entry(name),
    };
    Policies {
        auth: entry("auth").and_then(|entry| Some(at_key(entry, auth::read(entry, sink)?))),
        body_max: entry("body-max").and_then(|(_, value)| written(value, units::bytes)),
        timeout: entry("timeout").map(|(_, value)| timeout(value)).unwrap_or_default(),
        access: said(entry("access"), access::read, sink),
        rate_limit: said(entry("rate-limit"), rate_limit::read, sink),
        quota: said(entry("quota"), quota::read, sink),
        concurrency: said(entry("concurrency"), concurrency::read, sink),
        validate: said(entry("validate"), validate::read, sink),
        upstream: said(entry("upstream"), upstream::read, sink),
        retry: said(entry("retry"), retry::read, sink),
        circuit_breaker: said(entry("circuit-breaker"), circuit_breaker::read, sink),
        grpc: said(entry("grpc"), grpc::read, sink),
        transform: said(entry("transform"), transform::read, sink),
        cache: said(entry("cache"), cache::read, sink),
        errors: said(entry("errors"), errors::read, sink),
        respond: said(entry("respond"), respond::read, sink),
        match_: said(entry("match"), match_::read, sink),
        cors: said(entry("cors"), cors::read, sink),
        log: said(entry("log"), log::read, sink),
        mirror: said(entry("mirror"), mirror::read, sink),
        stream: said(entry("stream"), stream::read, sink),
        sunset: said(entry("sunset"), sunset::read, sink),
        waive: said(entry("waive"), waive::read, sink),
    }
}

type KeyAndValue<'t> = (NodeRef<'t>, NodeRef<'t>);

/// What a key says, and how people write it.
fn said<T: ToString>(
    entry: Option<KeyAndValue<'_>>,
    read: fn(NodeRef<'_>, &mut Sink) -> Option<T>,
    sink: &mut Sink,
) -> Option<Said<T>> {
    let entry = entry?;
    Some(at_key(entry, read(entry.1, sink)?))
}

/// The place of a mapping or list is its key: its own range may go over many lines.
fn at_key<T: ToString>((key, value): KeyAndValue<'_>, read: T) -> Said<T> {
    let span = if value.kind().is_container() { key.span() } else { value.span() };
    let text = read.to_string();
    Said::new(read, span, text)
}

fn timeout(node: NodeRef<'_>) -> TimeoutPhases {
    let phase = |name: &str| node.get(name).and_then(|node| written(node, units::millis));
    TimeoutPhases {
        connect: phase("connect"),
        request_body: phase("request-body"),
        response_head: phase("response-head"),
        per_try: phase("per-try"),
        total: phase("total").or_else(|| written(node, units::millis)),
        idle: phase("idle"),
    }
}

/// A scalar with a unit, in the words of its author.
fn written<T>(node: NodeRef<'_>, read: fn(&str) -> Option<T>) -> Option<Said<T>> {
    let text = node.scalar_text()?;
    Some(Said::new(read(text)?, node.span(), text))
}
