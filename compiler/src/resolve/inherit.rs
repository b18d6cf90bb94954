//! Inheritance: of several layers that speak about a key, the strongest wins; the others are remembered.

use gw_artifact::model::{Bytes, LayerKind, Millis, Timeouts as BuiltIn};

use super::resolved::{Layer, Layered, Timeouts};
use crate::parse::annotations::{Policies, Said, TimeoutPhases};

/// The longest request body where nothing is declared.
pub(super) const DEFAULT_BODY_MAX: Bytes = Bytes(1 << 20);

/// The layers of one operation, strongest first.
pub(super) type Layers<'p> = [(LayerKind, &'p Policies)];

/// What the layers say about one key; `None` when none does.
pub(super) fn layered<T: Clone>(
    layers: &Layers<'_>,
    key: impl Fn(&Policies) -> Option<&Said<T>>,
) -> Option<Layered<T>> {
    let mut spoken = spoken(layers, key);
    let winner = spoken.next()?;
    Some(Layered { winner, overruled: spoken.collect() })
}

/// What the layers say about one key, over what is built in.
pub(super) fn layered_over<T: Clone + ToString>(
    built_in: T,
    layers: &Layers<'_>,
    key: impl Fn(&Policies) -> Option<&Said<T>>,
) -> Layered<T> {
    let text = built_in.to_string();
    let built_in = Layer { kind: LayerKind::BuiltIn, span: None, value: built_in, text };
    match layered(layers, key) {
        None => Layered { winner: built_in, overruled: Vec::new() },
        Some(mut layered) => {
            layered.overruled.push(built_in);
            layered
        }
    }
}

/// The timeouts of an operation, phase by phase.
pub(super) fn timeouts(layers: &Layers<'_>) -> Timeouts {
    let phase = |built_in: Millis, phase: fn(&TimeoutPhases) -> Option<&Said<Millis>>| {
        layered_over(built_in, layers, |policies| phase(&policies.timeout))
    };
    Timeouts {
        connect: phase(BuiltIn::DEFAULT.connect, |phases| phases.connect.as_ref()),
        request_body: phase(BuiltIn::DEFAULT.request_body, |phases| phases.request_body.as_ref()),
        response_head: phase(BuiltIn::DEFAULT.response_head, |phases| phases.response_head.as_ref()),
        total: phase(BuiltIn::DEFAULT.total, |phases| phases.total.as_ref()),
        idle: phase(BuiltIn::DEFAULT.idle, |phases| phases.idle.as_ref()),
    }
}

fn spoken<T: Clone>(
    layers: &Layers<'_>,
    key: impl Fn(&Policies) -> Option<&Said<T>>,
) -> impl Iterator<Item = Layer<T>> {
    layers.iter().filter_map(move |(kind, policies)| {
        let Said { value, span, text } = key(policies)?.clone();
        Some(Layer { kind: *kind, span: Some(span), value, text })
    })
}
