//! What a guardrail can read of an operation, and which place said it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use gw_artifact::expression::Value;
use gw_artifact::model::{HostPattern, Millis};
use gw_syntax::Span;

use crate::check::identity::Access;
use crate::policy::rate_limit::{CountedRequests, LimitMode, Over, RateLimit};
use crate::policy::upstream::UpstreamTarget;
use crate::resolve::Resolved;
use crate::resolve::resolved::{Alternative, Api, Layered, Operation, Security, Spanned};
use crate::vocabulary::scalar::LimitKey;

/// A value of an operation.
#[derive(Debug)]
pub(super) struct Fact<'r> {
    pub(super) known: Known<'r>,
    /// The place that said so; `None` for what is built in, or said nowhere.
    pub(super) set_at: Option<Span>,
}

/// What is known of a value.
#[derive(Debug)]
pub(super) enum Known<'r> {
    Value(Value<'r>),
    Texts(Vec<Cow<'r, str>>),
    /// Nothing sets it.
    Absent,
    /// It cannot be told, and that is a finding of another check.
    Unsettled,
}

/// The operation whose facts are asked for.
#[derive(Clone, Copy)]
struct Subject<'r, 'a> {
    resolved: &'r Resolved,
    operation: &'r Operation,
    access: Option<&'a Access>,
}

/// The value of that name; all of `Vocabulary::Guardrail` are known.
pub(super) fn fact_of<'r>(
    resolved: &'r Resolved,
    operation: &'r Operation,
    access: Option<&Access>,
    name: &str,
) -> Fact<'r> {
    let subject = Subject { resolved, operation, access };
    match name {
        "api.name" => text(&subject.api().name, subject.api().span),
        "api.version" => said_text(&subject.api().version, subject.api().span),
        "api.owner" => said_text(&subject.api().owner, subject.api().span),
        "operation_id" => match &operation.operation_id {
            Some(id) => text(&id.value, Some(id.span)),
            None => absent(),
        },
        "method" => text(operation.method.as_str(), Some(operation.span)),
        "path" => text(&operation.path, Some(operation.path_span)),
        "hosts" => subject.hosts(),
        "tags" => texts(operation.tags.iter().map(|tag| Cow::from(tag.as_str())), Some(operation.span)),
        "deprecated" => fact(Value::Bool(operation.deprecated), Some(operation.span)),
        "auth.required" => subject.auth(|access| *access != Access::Public),
        "auth.public" => subject.auth(|access| *access == Access::Public),
        "auth.delegated" => subject.auth(|access| matches!(access, Access::Delegated(_))),
        "auth.schemes" => subject.schemes(),
        "auth.scopes" => subject.scopes(),
        "upstream" => subject.upstream(),
        "upstreams" => subject.upstreams(),
        "body_max" => {
            let layered = &operation.policy.body_max;
            fact(Value::Size(*layered.value()), layered.winner.span)
        }
        "timeout.connect" => duration(&operation.policy.timeouts.connect),
        "timeout.request_body" => duration(&operation.policy.timeouts.request_body),
        "timeout.response_head" => duration(&operation.policy.timeouts.response_head),
        "timeout.total" => duration(&operation.policy.timeouts.total),
        "timeout.idle" => duration(&operation.policy.timeouts.idle),
        "rate_limit" => rate_limit(operation),
        "concurrency" => {
            number(operation.policy.concurrency.as_ref().and_then(|layered| layered.value().max.as_ref()))
        }
        "cache.ttl" => {
            let ttl = operation.policy.cache.as_ref().and_then(|layered| layered.value().ttl.as_ref());
            ttl.map_or_else(absent, |ttl| fact(Value::Duration(ttl.value), Some(ttl.span)))
        }
        "retry.attempts" => {
            number(operation.policy.retry.as_ref().and_then(|layered| layered.value().attempts.as_ref()))
        }
        _ => absent(),
    }
}

impl<'r> Subject<'r, '_> {
    fn api(self) -> &'r Api {
        &self.resolved.apis[self.operation.api]
    }

    fn auth(self, is: impl Fn(&Access) -> bool) -> Fact<'r> {
        let said = self.operation.policy.auth.as_ref().and_then(|layered| layered.winner.span);
        let known = self.access.map_or(Known::Unsettled, |access| Known::Value(Value::Bool(is(access))));
        Fact { known, set_at: said.or(self.security().map(|(span, _)| span)) }
    }

    fn security(self) -> Option<(Span, &'r [Alternative])> {
        match &self.operation.security {
            Security::Undeclared => None,
            Security::Declared { span, alternatives, .. } => Some((*span, alternatives)),
        }
    }

    fn schemes(self) -> Fact<'r> {
        let alternatives = self.security().map(|(_, alternatives)| alternatives).unwrap_or_default();
        let requirements = alternatives.iter().flat_map(|alternative| &alternative.schemes);
        let names: BTreeSet<&str> = requirements.map(|requirement| requirement.name.as_str()).collect();
        texts(names.into_iter().map(Cow::from), self.security().map(|(span, _)| span))
    }

    fn scopes(self) -> Fact<'r> {
        let alternatives = self.security().map(|(_, alternatives)| alternatives).unwrap_or_default();
        let requirements = alternatives.iter().flat_map(|alternative| &alternative.schemes);
        let names: BTreeSet<&str> =
            requirements.flat_map(|requirement| &requirement.scopes).map(String::as_str).collect();
        texts(names.into_iter().map(Cow::from), self.security().map(|(span, _)| span))
    }

    /// The only upstream; shares of several have no name together.
    fn upstream(self) -> Fact<'r> {
        match &self.operation.policy.upstream {
            None => Fact { known: Known::Unsettled, set_at: None },
            Some(layered) => match &layered.value().to {
                UpstreamTarget::Named(name) => text(&name.value, layered.winner.span),
                UpstreamTarget::Weighted(_) => Fact { known: Known::Absent, set_at: layered.winner.span },
            },
        }
    }

    fn upstreams(self) -> Fact<'r> {
        let Some(layered) = &self.operation.policy.upstream else {
            return Fact { known: Known::Unsettled, set_at: None };
        };
        let names: BTreeSet<&str> = layered.value().names().map(|name| name.value.as_str()).collect();
        texts(names.into_iter().map(Cow::from), layered.winner.span)
    }

    fn hosts(self) -> Fact<'r> {
        let publications = &self.operation.publications;
        let names: BTreeSet<Cow<'r, str>> =
            publications.iter().map(|publication| host(publication.host.as_ref())).collect();
        texts(names.into_iter(), publications.iter().find_map(|publication| publication.span))
    }
}

/// As `hosts` of gw.yaml writes it.
fn host(pattern: Option<&HostPattern>) -> Cow<'_, str> {
    match pattern {
        None => Cow::from("*"),
        Some(HostPattern::Exact(host)) => Cow::from(host.as_str()),
        Some(HostPattern::Suffix(suffix)) => Cow::from(format!("*{suffix}")),
    }
}

fn fact(value: Value<'_>, set_at: Option<Span>) -> Fact<'_> {
    Fact { known: Known::Value(value), set_at }
}

fn text(text: &str, set_at: Option<Span>) -> Fact<'_> {
    fact(Value::Text(text), set_at)
}

/// Text that is empty where nobody says it.
fn said_text(said: &str, set_at: Option<Span>) -> Fact<'_> {
    if said.is_empty() { Fact { known: Known::Absent, set_at } } else { text(said, set_at) }
}

fn texts<'r>(texts: impl Iterator<Item = Cow<'r, str>>, set_at: Option<Span>) -> Fact<'r> {
    Fact { known: Known::Texts(texts.collect()), set_at }
}

fn number(part: Option<&Spanned<u32>>) -> Fact<'static> {
    part.map_or_else(absent, |part| fact(Value::Integer(i64::from(part.value)), Some(part.span)))
}

/// The lowest rate that every caller is held to: of the limits that are enforced and count every request, those that no
/// caller can evade by sending another header.
fn rate_limit(operation: &Operation) -> Fact<'static> {
    // What a layer adds stands beside what the next weaker one says.
    let mut is_replaced = false;
    let layers = operation.policy.rate_limit.iter().flat_map(|layered| layered.layers());
    let speaking =
        layers.take_while(|layer| !std::mem::replace(&mut is_replaced, layer.value.over == Over::Replace));
    let holds_everyone = |limit: &&RateLimit| {
        limit.mode.as_ref().is_none_or(|mode| mode.value == LimitMode::Enforce)
            && limit.on.as_ref().is_none_or(|on| on.value == CountedRequests::All)
            && !matches!(limit.effective_key(), LimitKey::Header(_))
    };
    let lowest = speaking
        .flat_map(|layer| &layer.value.limits)
        .filter(holds_everyone)
        .min_by(|a, b| a.limit.value.compare(b.limit.value));
    lowest.map_or_else(absent, |limit| fact(Value::Rate(limit.limit.value), Some(limit.limit.span)))
}

fn duration(layered: &Layered<Millis>) -> Fact<'_> {
    fact(Value::Duration(*layered.value()), layered.winner.span)
}

fn absent() -> Fact<'static> {
    Fact { known: Known::Absent, set_at: None }
}
