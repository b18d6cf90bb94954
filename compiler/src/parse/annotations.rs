//! The policy keys of one layer, read into values.

use std::sync::Arc;

use gw_artifact::model::{Bytes, Millis};
use gw_syntax::{Kind, NodeRef, Sink, Span};

use super::address::{base_path, is_authority};
use super::codes;
use super::finding::{finding_at, found};
use crate::resolve::resolved::{Auth, ErrorFormat, Spanned, UpstreamUse, Validate};
use crate::vocabulary::annotations::PREFIX;
use crate::vocabulary::units;

/// What one layer says. Absent: it says nothing, or what it says does not read, which is a finding.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// `auth`.
    pub auth: Option<Said<Auth>>,
    /// `upstream`.
    pub upstream: Option<Said<UpstreamUse>>,
    /// `timeout`, by phase.
    pub timeout: TimeoutPhases,
    /// `body-max`.
    pub body_max: Option<Said<Bytes>>,
    /// `errors`.
    pub errors: Option<Said<ErrorFormat>>,
    /// `validate`.
    pub validate: Option<Said<Validate>>,
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

/// Reads the policy keys of one mapping. Shapes have been checked; what depends on more than one key is
/// checked here.
pub fn policies(node: NodeRef<'_>, spelling: Spelling, sink: &mut Sink) -> Policies {
    let entry = |name: &str| match spelling {
        Spelling::Prefixed => node.entry(&format!("{PREFIX}{name}")),
        Spelling::Bare => node.entry(name),
    };
    Policies {
        auth: entry("auth").and_then(|entry| Some(at_key(entry, auth(entry, sink)?))),
        upstream: entry("upstream").and_then(|entry| Some(at_key(entry, upstream(entry.1, sink)?))),
        timeout: entry("timeout").map(|(_, value)| timeout(value)).unwrap_or_default(),
        body_max: entry("body-max").and_then(|(_, value)| body_max(value)),
        errors: entry("errors").and_then(|entry| Some(at_key(entry, errors(entry.1)?))),
        validate: entry("validate").map(|entry| at_key(entry, validate(entry.1))),
    }
}

/// A mapping's place is its key: its own range may go over many lines.
fn at_key<T>((key, value): (NodeRef<'_>, NodeRef<'_>), said: Said<T>) -> Said<T> {
    let span = if value.kind().is_container() { key.span() } else { value.span() };
    Said { span, ..said }
}

fn body_max(node: NodeRef<'_>) -> Option<Said<Bytes>> {
    said(node, units::bytes(node.scalar_text()?)?)
}

fn auth((key, node): (NodeRef<'_>, NodeRef<'_>), sink: &mut Sink) -> Option<Said<Auth>> {
    if !matches!(node.kind(), Kind::Mapping | Kind::Null) {
        return None;
    }
    let flag = |name: &str| {
        node.entry(name).filter(|(_, value)| value.as_bool() == Some(true)).map(|(key, _)| key.span())
    };
    let (public, delegated) = (flag("public"), flag("delegated"));
    if public.is_none() && delegated.is_none() {
        // A value that does not read, or a key that is not enforced yet, is a finding already.
        if !VERDICTS.iter().any(|key| node.get(key).is_some()) {
            let message = format!("{} says neither `public` nor `delegated`", found(key));
            without_reason(key, &message, sink);
        }
        return None;
    }
    let Some(reason) = node.get("reason") else {
        let (name, (key, _)) =
            ["public", "delegated"].into_iter().find_map(|name| Some((name, node.entry(name)?)))?;
        without_reason(key, &format!("`{name}: true` gives no reason"), sink);
        return None;
    };
    // An empty reason is a value that does not read.
    let text = reason.as_str().map(str::trim).filter(|text| !text.is_empty())?;
    if text.len() > MAX_REASON_BYTES {
        let message = format!("a reason is a sentence or two, at most {MAX_REASON_BYTES} bytes");
        sink.push_with(&codes::VALUE_MALFORMED, || finding_at(&codes::VALUE_MALFORMED, reason, message));
        return None;
    }
    let words = [(public, "public: true"), (delegated, "delegated: true")];
    let words: Vec<&str> =
        words.into_iter().filter(|(span, _)| span.is_some()).map(|(_, word)| word).collect();
    let spelt = format!("{{{}, reason: {text:?}}}", words.join(", "));
    let value = Auth { public, delegated, reason: text.to_owned() };
    Some(Said::new(value, node.span(), spelt))
}

/// The keys of `auth` that say anything about who may call.
const VERDICTS: [&str; 5] = ["public", "delegated", "claims", "forward", "external"];

/// The longest reason; it is kept with every operation that it covers.
const MAX_REASON_BYTES: usize = 1000;

fn without_reason(node: NodeRef<'_>, message: &str, sink: &mut Sink) {
    sink.push_with(&codes::AUTH_WITHOUT_REASON, || {
        finding_at(&codes::AUTH_WITHOUT_REASON, node, message).with_help(
            "say why, for those who read it later: \
             `{public: true, reason: \"health checks carry no token\"}`",
        )
    });
}

fn upstream(node: NodeRef<'_>, sink: &mut Sink) -> Option<Said<UpstreamUse>> {
    if let Some(name) = node.as_str() {
        let value = UpstreamUse { name: spanned(node)?, path: None, host: None };
        return units::is_name(name).then(|| Said::new(value, node.span(), name));
    }
    let path = node.get("path").and_then(|path| prefix(path, sink));
    let host = node.get("host").and_then(|host| authority(host, sink));
    let name = node.get("name").filter(|name| name.as_str().is_some_and(units::is_name));
    let Some(name) = name else {
        let named_otherwise = node.get("weights").is_some() || node.get("name").is_some();
        if !named_otherwise && !node.is_null() {
            missing_name(node, sink);
        }
        return None;
    };
    let mut words = vec![format!("name: {}", name.as_str()?)];
    words.extend(
        path.iter().map(|path| format!("path: {}", if path.value.is_empty() { "/" } else { &path.value })),
    );
    words.extend(host.iter().map(|host| format!("host: {}", host.value)));
    let text = if let [_] = words.as_slice() {
        name.as_str()?.to_owned()
    } else {
        format!("{{{}}}", words.join(", "))
    };
    let value = UpstreamUse { name: spanned(name)?, path, host };
    Some(Said::new(value, node.span(), text))
}

fn missing_name(node: NodeRef<'_>, sink: &mut Sink) {
    sink.push_with(&codes::KEY_MISSING, || {
        finding_at(&codes::KEY_MISSING, node, "`upstream` has no `name`").with_help(
            "add `name:` with the name of an upstream: what is said here replaces what weaker layers say",
        )
    });
}

/// A path that replaces a base: canonical, without its final slash.
fn prefix(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<String>> {
    let text = node.as_str()?;
    let value = base_path(text);
    if value.is_none() {
        let takes = "`path` takes a path that begins with `/`, without query, `..` and `//`";
        malformed(node, takes, sink);
    }
    Some(Spanned { value: value?, span: node.span() })
}

/// A `Host` value: a name or an address, and a port if need be.
fn authority(node: NodeRef<'_>, sink: &mut Sink) -> Option<Spanned<String>> {
    let text = node.as_str()?;
    if is_authority(text) {
        return spanned(node);
    }
    malformed(node, "`host` takes a name or an address, with a port if need be", sink);
    None
}

fn malformed(node: NodeRef<'_>, takes: &str, sink: &mut Sink) {
    sink.push_with(&codes::VALUE_MALFORMED, || {
        finding_at(&codes::VALUE_MALFORMED, node, format!("{takes}, and this is {}", found(node)))
    });
}

fn timeout(node: NodeRef<'_>) -> TimeoutPhases {
    let phase = |name: &str| node.get(name).and_then(duration);
    TimeoutPhases {
        connect: phase("connect"),
        request_body: phase("request-body"),
        response_head: phase("response-head"),
        total: phase("total").or_else(|| duration(node)),
        idle: phase("idle"),
    }
}

fn duration(node: NodeRef<'_>) -> Option<Said<Millis>> {
    said(node, units::millis(node.scalar_text()?)?)
}

fn errors(node: NodeRef<'_>) -> Option<Said<ErrorFormat>> {
    let format = node.get("format").filter(|format| format.as_str() == Some("problem+json"))?;
    Some(Said::new(ErrorFormat::Problem, format.span(), "{format: problem+json}"))
}

fn validate(node: NodeRef<'_>) -> Said<Validate> {
    let value = if node.as_str() == Some("none") { Validate::None } else { Validate::NotYet };
    Said::new(value, node.span(), node.as_str().unwrap_or("{…}"))
}

fn said<T>(node: NodeRef<'_>, value: T) -> Option<Said<T>> {
    Some(Said::new(value, node.span(), node.scalar_text()?))
}

fn spanned(node: NodeRef<'_>) -> Option<Spanned<String>> {
    Some(Spanned { value: node.as_str()?.to_owned(), span: node.span() })
}
