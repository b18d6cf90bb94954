//! The effective policy of an operation, built layer upon layer from the weakest up.

use std::sync::Arc;

use gw_artifact::model::{Bytes, LayerKind, Millis, Timeouts as BuiltIn};

use gw_syntax::{Code, Span};

use super::layered::{Layer, Layered};
use crate::parse::annotations::{Policies, Said, TimeoutPhases};
use crate::policy::access::Access;
use crate::policy::auth::Auth;
use crate::policy::cache::Cache;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::concurrency::Concurrency;
use crate::policy::cors::Cors;
use crate::policy::errors::Errors;
use crate::policy::grpc::Grpc;
use crate::policy::log::Log;
use crate::policy::match_::Match;
use crate::policy::mirror::Mirror;
use crate::policy::quota::Quota;
use crate::policy::rate_limit::{Over, RateLimit, RateLimits};
use crate::policy::respond::Respond;
use crate::policy::retry::Retry;
use crate::policy::stream::Stream;
use crate::policy::sunset::Sunset;
use crate::policy::transform::Transform;
use crate::policy::upstream::UpstreamUse;
use crate::policy::validate::Validate;
use crate::policy::waive::Waivers;

/// What holds for an operation: for each key, which layer wins and which lost. `None`: no layer speaks about it.
///
/// What a layer does not speak about it shares with what was below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// `auth`.
    pub auth: Option<Arc<Layered<Auth>>>,
    /// `body-max`, over what is built in.
    pub body_max: Arc<Layered<Bytes>>,
    /// `timeout`, merged phase by phase over what is built in.
    pub timeouts: Timeouts,
    /// `access`.
    pub access: Option<Arc<Layered<Access>>>,
    /// `rate-limit`. What a layer adds stands behind the limits of weaker layers, at most [`MAX_LIMITS`] in all and one
    /// more where there would be more.
    pub rate_limit: Option<Arc<Layered<RateLimits>>>,
    /// `quota`.
    pub quota: Option<Arc<Layered<Quota>>>,
    /// `concurrency`.
    pub concurrency: Option<Arc<Layered<Concurrency>>>,
    /// `validate`.
    pub validate: Option<Arc<Layered<Validate>>>,
    /// `upstream`.
    pub upstream: Option<Arc<Layered<UpstreamUse>>>,
    /// `retry`.
    pub retry: Option<Arc<Layered<Retry>>>,
    /// `circuit-breaker`.
    pub circuit_breaker: Option<Arc<Layered<CircuitBreaker>>>,
    /// `grpc`.
    pub grpc: Option<Arc<Layered<Grpc>>>,
    /// `transform`.
    pub transform: Option<Arc<Layered<Transform>>>,
    /// `cache`.
    pub cache: Option<Arc<Layered<Cache>>>,
    /// `errors`.
    pub errors: Option<Arc<Layered<Errors>>>,
    /// `respond`.
    pub respond: Option<Arc<Layered<Respond>>>,
    /// `match`.
    pub match_: Option<Arc<Layered<Match>>>,
    /// `cors`.
    pub cors: Option<Arc<Layered<Cors>>>,
    /// `log`.
    pub log: Option<Arc<Layered<Log>>>,
    /// `mirror`.
    pub mirror: Option<Arc<Layered<Mirror>>>,
    /// `stream`.
    pub stream: Option<Arc<Layered<Stream>>>,
    /// `sunset`.
    pub sunset: Option<Arc<Layered<Sunset>>>,
    /// `waive`. The waivers of a layer stand behind those of weaker layers, at most [`MAX_WAIVERS`] in all and one more
    /// where there would be more.
    pub waive: Option<Arc<Layered<Waivers>>>,
    /// The layers that spoke.
    height: u32,
}

/// How long each phase of a request may take; every phase has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// `connect`.
    pub connect: Arc<Layered<Millis>>,
    /// `request-body`.
    pub request_body: Arc<Layered<Millis>>,
    /// `response-head`.
    pub response_head: Arc<Layered<Millis>>,
    /// `per-try`; as long as the whole unless said.
    pub per_try: Option<Arc<Layered<Millis>>>,
    /// `total`; also the short form of `timeout`.
    pub total: Arc<Layered<Millis>>,
    /// `idle`.
    pub idle: Arc<Layered<Millis>>,
}

/// The longest request body where nothing is declared.
const DEFAULT_BODY_MAX: Bytes = Bytes(1 << 20);

/// How many rate limits an operation may have.
pub const MAX_LIMITS: usize = 256;

/// How many waivers may cover an operation.
pub const MAX_WAIVERS: usize = 256;

impl Effective {
    /// What holds where nobody says anything.
    pub(super) fn built_in() -> Arc<Self> {
        let timeouts = Timeouts {
            connect: Layered::built_in(BuiltIn::DEFAULT.connect),
            request_body: Layered::built_in(BuiltIn::DEFAULT.request_body),
            response_head: Layered::built_in(BuiltIn::DEFAULT.response_head),
            per_try: None,
            total: Layered::built_in(BuiltIn::DEFAULT.total),
            idle: Layered::built_in(BuiltIn::DEFAULT.idle),
        };
        Arc::new(Effective {
            auth: None,
            body_max: Layered::built_in(DEFAULT_BODY_MAX),
            timeouts,
            access: None,
            rate_limit: None,
            quota: None,
            concurrency: None,
            validate: None,
            upstream: None,
            retry: None,
            circuit_breaker: None,
            grpc: None,
            transform: None,
            cache: None,
            errors: None,
            respond: None,
            match_: None,
            cors: None,
            log: None,
            mirror: None,
            stream: None,
            sunset: None,
            waive: None,
            height: 0,
        })
    }

    /// The places of the waivers that accept findings of a code about what this holds for, strongest first.
    pub(crate) fn waivers_of(&self, code: Code) -> impl Iterator<Item = Span> {
        let waivers = self.waive.iter().flat_map(|waive| waive.value().waivers.iter().rev());
        waivers.filter(move |waiver| waiver.code.value == code).map(|waiver| waiver.span)
    }

    /// The limits that count; those that a layer adds stand among them.
    pub(crate) fn limits(&self) -> impl Iterator<Item = &RateLimit> {
        self.rate_limit.iter().flat_map(|limits| &limits.value().limits)
    }

    /// What holds once a stronger layer spoke, too; the same policy where it says nothing.
    pub(super) fn under(self: &Arc<Self>, kind: LayerKind, layer: &Policies) -> Arc<Self> {
        let Policies {
            auth,
            body_max,
            timeout,
            access,
            rate_limit,
            quota,
            concurrency,
            validate,
            upstream,
            retry,
            circuit_breaker,
            grpc,
            transform,
            cache,
            errors,
            respond,
            match_,
            cors,
            log,
            mirror,
            stream,
            sunset,
            waive,
        } = layer;
        let mut effective = Overlaid { policy: Arc::clone(self), layer: (kind, self.height + 1) };
        effective.maybe(auth.as_ref(), |policy| &mut policy.auth);
        effective.always(body_max.as_ref(), |policy| &mut policy.body_max);
        effective.timeouts(timeout);
        effective.maybe(access.as_ref(), |policy| &mut policy.access);
        effective.rate_limits(rate_limit.as_ref());
        effective.maybe(quota.as_ref(), |policy| &mut policy.quota);
        effective.maybe(concurrency.as_ref(), |policy| &mut policy.concurrency);
        effective.maybe(validate.as_ref(), |policy| &mut policy.validate);
        effective.maybe(upstream.as_ref(), |policy| &mut policy.upstream);
        effective.maybe(retry.as_ref(), |policy| &mut policy.retry);
        effective.maybe(circuit_breaker.as_ref(), |policy| &mut policy.circuit_breaker);
        effective.maybe(grpc.as_ref(), |policy| &mut policy.grpc);
        effective.maybe(transform.as_ref(), |policy| &mut policy.transform);
        effective.maybe(cache.as_ref(), |policy| &mut policy.cache);
        effective.maybe(errors.as_ref(), |policy| &mut policy.errors);
        effective.maybe(respond.as_ref(), |policy| &mut policy.respond);
        effective.maybe(match_.as_ref(), |policy| &mut policy.match_);
        effective.maybe(cors.as_ref(), |policy| &mut policy.cors);
        effective.maybe(log.as_ref(), |policy| &mut policy.log);
        effective.maybe(mirror.as_ref(), |policy| &mut policy.mirror);
        effective.maybe(stream.as_ref(), |policy| &mut policy.stream);
        effective.maybe(sunset.as_ref(), |policy| &mut policy.sunset);
        effective.waivers(waive.as_ref());
        effective.policy
    }
}

/// What the layers of a policy say about one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken<'p> {
    /// The key without `x-gw-`; each phase of `timeout` is a key of its own, `timeout.connect`.
    pub key: &'static str,
    /// Strongest first: the first one wins. Never empty.
    pub words: Vec<Word<'p>>,
    /// How many words behind the first hold beside it.
    pub beside: usize,
}

/// One layer's word about a key, whatever its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<'p> {
    /// Which layer speaks.
    pub kind: LayerKind,
    /// The value's place; `None` for what is built in.
    pub span: Option<Span>,
    /// The value in the short form in which people write it.
    pub text: &'p str,
}

impl Effective {
    /// What the layers say about each key that any of them speaks about, in the order of the keys.
    pub fn spoken(&self) -> Vec<Spoken<'_>> {
        let Effective {
            auth,
            body_max,
            timeouts,
            access,
            rate_limit,
            quota,
            concurrency,
            validate,
            upstream,
            retry,
            circuit_breaker,
            grpc,
            transform,
            cache,
            errors,
            respond,
            match_,
            cors,
            log,
            mirror,
            stream,
            sunset,
            waive,
            height: _,
        } = self;
        let keys = [
            access.as_deref().map(|access| spoken("access", access)),
            auth.as_deref().map(|auth| spoken("auth", auth)),
            Some(spoken("body-max", body_max)),
            cache.as_deref().map(|cache| spoken("cache", cache)),
            circuit_breaker.as_deref().map(|circuit_breaker| spoken("circuit-breaker", circuit_breaker)),
            concurrency.as_deref().map(|concurrency| spoken("concurrency", concurrency)),
            cors.as_deref().map(|cors| spoken("cors", cors)),
            errors.as_deref().map(|errors| spoken("errors", errors)),
            grpc.as_deref().map(|grpc| spoken("grpc", grpc)),
            log.as_deref().map(|log| spoken("log", log)),
            match_.as_deref().map(|match_| spoken("match", match_)),
            mirror.as_deref().map(|mirror| spoken("mirror", mirror)),
            quota.as_deref().map(|quota| spoken("quota", quota)),
            rate_limit.as_deref().map(|rate_limit| spoken("rate-limit", rate_limit)),
            respond.as_deref().map(|respond| spoken("respond", respond)),
            retry.as_deref().map(|retry| spoken("retry", retry)),
            stream.as_deref().map(|stream| spoken("stream", stream)),
            sunset.as_deref().map(|sunset| spoken("sunset", sunset)),
            Some(spoken("timeout.connect", &timeouts.connect)),
            Some(spoken("timeout.idle", &timeouts.idle)),
            timeouts.per_try.as_deref().map(|per_try| spoken("timeout.per-try", per_try)),
            Some(spoken("timeout.request-body", &timeouts.request_body)),
            Some(spoken("timeout.response-head", &timeouts.response_head)),
            Some(spoken("timeout.total", &timeouts.total)),
            transform.as_deref().map(|transform| spoken("transform", transform)),
            upstream.as_deref().map(|upstream| spoken("upstream", upstream)),
            validate.as_deref().map(|validate| spoken("validate", validate)),
            waive.as_deref().map(|waive| spoken("waive", waive)),
        ];
        keys.into_iter().flatten().collect()
    }
}

fn spoken<'p, T>(key: &'static str, layered: &'p Layered<T>) -> Spoken<'p> {
    let word = |layer: &'p Layer<T>| Word { kind: layer.kind, span: layer.span, text: &layer.text };
    Spoken { key, words: layered.layers().map(word).collect(), beside: layered.beside }
}

/// A policy that one layer is laid over. It is copied with the first word of the layer.
struct Overlaid {
    policy: Arc<Effective>,
    layer: (LayerKind, u32),
}

impl Overlaid {
    fn copied(&mut self) -> &mut Effective {
        let policy = Arc::make_mut(&mut self.policy);
        policy.height = self.layer.1;
        policy
    }

    /// Lays one key over what weaker layers say, if they say anything.
    fn maybe<T>(
        &mut self,
        said: Option<&Said<T>>,
        key: impl Fn(&mut Effective) -> &mut Option<Arc<Layered<T>>>,
    ) {
        if let Some(said) = said {
            let layer = self.layer;
            let place = key(self.copied());
            *place = Some(Layered::under(place.as_deref(), layer, said));
        }
    }

    /// Lays one key over what weaker layers say, or what is built in.
    fn always<T>(&mut self, said: Option<&Said<T>>, key: impl Fn(&mut Effective) -> &mut Arc<Layered<T>>) {
        if let Some(said) = said {
            let layer = self.layer;
            let place = key(self.copied());
            *place = Layered::under(Some(place), layer, said);
        }
    }

    /// `add` keeps the limits of weaker layers.
    fn rate_limits(&mut self, said: Option<&Said<RateLimits>>) {
        let Some(said) = said else { return };
        let weaker = self.policy.rate_limit.clone().filter(|_| said.value.over == Over::Add);
        let Some(weaker) = weaker else {
            return self.maybe(Some(said), |policy| &mut policy.rate_limit);
        };
        let limits = weaker.value().limits.iter().chain(&said.value.limits).take(MAX_LIMITS + 1);
        let all = RateLimits { over: Over::Replace, limits: limits.cloned().collect() };
        let text = all.to_string();
        let layer = self.layer;
        let place = &mut self.copied().rate_limit;
        *place = Some(Layered::beside(&weaker, layer, &Said::new(all, said.span, text)));
    }

    /// Waivers stand beside those of weaker layers.
    fn waivers(&mut self, said: Option<&Said<Waivers>>) {
        let Some(said) = said else { return };
        let Some(weaker) = self.policy.waive.clone() else {
            return self.maybe(Some(said), |policy| &mut policy.waive);
        };
        let all = weaker.value().waivers.iter().chain(&said.value.waivers).take(MAX_WAIVERS + 1);
        let all = Waivers { waivers: all.cloned().collect() };
        let layer = self.layer;
        let place = &mut self.copied().waive;
        // Each word has its own text alone: together they could be long, and many operations have them.
        *place = Some(Layered::beside(&weaker, layer, &Said::new(all, said.span, Arc::clone(&said.text))));
    }

    /// Phases that the layer does not name keep what weaker layers say.
    fn timeouts(&mut self, phases: &TimeoutPhases) {
        let TimeoutPhases { connect, request_body, response_head, per_try, total, idle } = phases;
        self.always(connect.as_ref(), |policy| &mut policy.timeouts.connect);
        self.always(request_body.as_ref(), |policy| &mut policy.timeouts.request_body);
        self.always(response_head.as_ref(), |policy| &mut policy.timeouts.response_head);
        self.maybe(per_try.as_ref(), |policy| &mut policy.timeouts.per_try);
        self.always(total.as_ref(), |policy| &mut policy.timeouts.total);
        self.always(idle.as_ref(), |policy| &mut policy.timeouts.idle);
    }
}
