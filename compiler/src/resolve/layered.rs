//! One key under several layers: the strongest wins, the others are remembered.

use std::sync::Arc;

use gw_artifact::model::LayerKind;
use gw_syntax::Span;

use crate::parse::annotations::Said;

/// A value that several layers may set: the strongest wins.
#[derive(Debug, PartialEq, Eq)]
pub struct Layered<T> {
    /// The layer that wins.
    pub winner: Layer<T>,
    /// Those that lost, strongest first.
    pub overruled: Vec<Layer<T>>,
    /// How many of these, from the first on, hold beside the winner: its value has theirs in it.
    pub beside: usize,
}

impl<T> Layered<T> {
    /// What is built in, over which nobody spoke yet.
    pub(super) fn built_in(value: T) -> Arc<Self>
    where
        T: ToString,
    {
        let text = value.to_string().into();
        let winner = Layer { kind: LayerKind::BuiltIn, height: 0, span: None, value: Arc::new(value), text };
        Arc::new(Layered { winner, overruled: Vec::new(), beside: 0 })
    }

    /// What holds once a stronger layer spoke, too. O(layers so far).
    pub(super) fn under(
        weaker: Option<&Self>,
        (kind, height): (LayerKind, u32),
        said: &Said<T>,
    ) -> Arc<Self> {
        let Said { value, span, text } = said.clone();
        let winner = Layer { kind, height, span: Some(span), value, text };
        let overruled = weaker.into_iter().flat_map(Layered::layers).cloned().collect();
        Arc::new(Layered { winner, overruled, beside: 0 })
    }

    /// What holds once a stronger layer added to it; `all` is the value of both.
    pub(super) fn beside(weaker: &Self, layer: (LayerKind, u32), all: &Said<T>) -> Arc<Self> {
        let mut layered = Self::under(Some(weaker), layer, all);
        if let Some(layered) = Arc::get_mut(&mut layered) {
            layered.beside = weaker.beside + 1;
        }
        layered
    }

    /// The effective value.
    pub fn value(&self) -> &T {
        &self.winner.value
    }

    /// All layers that spoke, strongest first.
    pub fn layers(&self) -> impl Iterator<Item = &Layer<T>> {
        std::iter::once(&self.winner).chain(&self.overruled)
    }
}

/// One layer's word about one key. A copy shares the value.
#[derive(Debug, PartialEq, Eq)]
pub struct Layer<T> {
    /// Which layer speaks.
    pub kind: LayerKind,
    /// Which of them, where there are several of a kind: two words of one operation's policy have the same height
    /// when one layer said both. What is built in has 0.
    pub height: u32,
    /// The value's place; `None` for what is built in.
    pub span: Option<Span>,
    /// The value, understood.
    pub value: Arc<T>,
    /// The value in the short form in which people write it: `2s`, `{public: true, reason: "…"}`.
    pub text: Arc<str>,
}

impl<T> Clone for Layer<T> {
    fn clone(&self) -> Self {
        let (value, text) = (Arc::clone(&self.value), Arc::clone(&self.text));
        Layer { kind: self.kind, height: self.height, span: self.span, value, text }
    }
}
