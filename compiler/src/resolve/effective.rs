//! The effective policy of an operation, built layer upon layer from the weakest up.

use std::sync::Arc;

use gw_artifact::model::{Bytes, LayerKind, Millis, Timeouts as BuiltIn};

use gw_syntax::Span;

use super::layered::{Layer, Layered};
use super::resolved::{Auth, ErrorFormat, UpstreamUse, Validate};
use crate::parse::annotations::{Policies, Said, TimeoutPhases};

/// What holds for an operation: for each key, which layer wins and which lost. `None`: no layer speaks about it.
///
/// What a layer does not speak about it shares with what was below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// `auth`.
    pub auth: Option<Arc<Layered<Auth>>>,
    /// `upstream`.
    pub upstream: Option<Arc<Layered<UpstreamUse>>>,
    /// `timeout`, merged phase by phase over what is built in.
    pub timeouts: Timeouts,
    /// `body-max`, over what is built in.
    pub body_max: Arc<Layered<Bytes>>,
    /// `errors`.
    pub errors: Option<Arc<Layered<ErrorFormat>>>,
    /// `validate`.
    pub validate: Option<Arc<Layered<Validate>>>,
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
    /// `total`; also the short form of `timeout`.
    pub total: Arc<Layered<Millis>>,
    /// `idle`.
    pub idle: Arc<Layered<Millis>>,
}

/// The longest request body where nothing is declared.
const DEFAULT_BODY_MAX: Bytes = Bytes(1 << 20);

impl Effective {
    /// What holds where nobody says anything.
    pub(super) fn built_in() -> Arc<Self> {
        let timeouts = Timeouts {
            connect: Layered::built_in(BuiltIn::DEFAULT.connect),
            request_body: Layered::built_in(BuiltIn::DEFAULT.request_body),
            response_head: Layered::built_in(BuiltIn::DEFAULT.response_head),
            total: Layered::built_in(BuiltIn::DEFAULT.total),
            idle: Layered::built_in(BuiltIn::DEFAULT.idle),
        };
        Arc::new(Effective {
            auth: None,
            upstream: None,
            timeouts,
            body_max: Layered::built_in(DEFAULT_BODY_MAX),
            errors: None,
            validate: None,
            height: 0,
        })
    }

    /// What holds once a stronger layer spoke, too; the same policy where it says nothing.
    pub(super) fn under(self: &Arc<Self>, kind: LayerKind, layer: &Policies) -> Arc<Self> {
        let Policies { auth, upstream, timeout, body_max, errors, validate } = layer;
        let mut effective = Overlaid { policy: Arc::clone(self), layer: (kind, self.height + 1) };
        effective.maybe(auth.as_ref(), |policy| &mut policy.auth);
        effective.maybe(upstream.as_ref(), |policy| &mut policy.upstream);
        effective.timeouts(timeout);
        effective.always(body_max.as_ref(), |policy| &mut policy.body_max);
        effective.maybe(errors.as_ref(), |policy| &mut policy.errors);
        effective.maybe(validate.as_ref(), |policy| &mut policy.validate);
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
        let Effective { auth, upstream, timeouts, body_max, errors, validate, height: _ } = self;
        let keys = [
            auth.as_deref().map(|auth| spoken("auth", auth)),
            Some(spoken("body-max", body_max)),
            errors.as_deref().map(|errors| spoken("errors", errors)),
            Some(spoken("timeout.connect", &timeouts.connect)),
            Some(spoken("timeout.idle", &timeouts.idle)),
            Some(spoken("timeout.request-body", &timeouts.request_body)),
            Some(spoken("timeout.response-head", &timeouts.response_head)),
            Some(spoken("timeout.total", &timeouts.total)),
            upstream.as_deref().map(|upstream| spoken("upstream", upstream)),
            validate.as_deref().map(|validate| spoken("validate", validate)),
        ];
        keys.into_iter().flatten().collect()
    }
}

fn spoken<'p, T>(key: &'static str, layered: &'p Layered<T>) -> Spoken<'p> {
    let word = |layer: &'p Layer<T>| Word { kind: layer.kind, span: layer.span, text: &layer.text };
    Spoken { key, words: layered.layers().map(word).collect() }
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

    /// Phases that the layer does not name keep what weaker layers say.
    fn timeouts(&mut self, phases: &TimeoutPhases) {
        let TimeoutPhases { connect, request_body, response_head, total, idle } = phases;
        self.always(connect.as_ref(), |policy| &mut policy.timeouts.connect);
        self.always(request_body.as_ref(), |policy| &mut policy.timeouts.request_body);
        self.always(response_head.as_ref(), |policy| &mut policy.timeouts.response_head);
        self.always(total.as_ref(), |policy| &mut policy.timeouts.total);
        self.always(idle.as_ref(), |policy| &mut policy.timeouts.idle);
    }
}
