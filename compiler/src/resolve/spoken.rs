//! What the layers say about an operation, whatever the types of the keys: for those who show it.

use gw_artifact::model::LayerKind;
use gw_syntax::Span;

use super::effective::Effective;
use super::resolved::{Alternative, DEFAULT_UPSTREAM, Operation, Security};

/// What the layers of an operation say about one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The key without `x-gw-`; each phase of `timeout` is a key of its own, `timeout.connect`. `security` for what
    /// OpenAPI itself declares.
    pub key: &'static str,
    /// Strongest first: the first one wins. Never empty.
    pub words: Vec<Word>,
    /// How many words behind the first hold beside it, as rate limits do that a stronger layer adds to.
    pub beside: usize,
}

/// One layer's word about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Which layer speaks.
    pub kind: LayerKind,
    /// The value's place; `None` for what is built in.
    pub span: Option<Span>,
    /// The value in the short form in which people write it.
    pub text: String,
}

impl Operation {
    /// What holds for it and why, sorted by key: what its layers say, its `security`, and the upstream that is built
    /// in where nobody names one.
    pub fn spoken(&self) -> Vec<Spoken> {
        let mut all: Vec<Spoken> = of_layers(&self.policy);
        all.push(Spoken { key: "security", words: vec![security(&self.security)], beside: 0 });
        if self.policy.upstream.is_none() {
            let text = DEFAULT_UPSTREAM.to_owned();
            all.push(Spoken {
                key: "upstream",
                words: vec![Word { kind: LayerKind::BuiltIn, span: None, text }],
                beside: 0,
            });
        }
        all.sort_by_key(|spoken| spoken.key);
        all
    }
}

fn of_layers(policy: &Effective) -> Vec<Spoken> {
    let word = |word: &super::effective::Word<'_>| Word {
        kind: word.kind,
        span: word.span,
        text: word.text.to_owned(),
    };
    let spoken = policy.spoken().into_iter();
    spoken
        .map(|spoken| Spoken {
            key: spoken.key,
            words: spoken.words.iter().map(word).collect(),
            beside: spoken.beside,
        })
        .collect()
}

fn security(security: &Security) -> Word {
    match security {
        Security::Undeclared => {
            Word { kind: LayerKind::BuiltIn, span: None, text: "not declared".to_owned() }
        }
        Security::Declared { layer, span, alternatives } => {
            let alternatives: Vec<String> = alternatives.iter().map(spelled).collect();
            Word { kind: *layer, span: Some(*span), text: format!("[{}]", alternatives.join(", ")) }
        }
    }
}

/// A requirement as people write it: `{oauth: [read, write]}`.
fn spelled(alternative: &Alternative) -> String {
    let schemes: Vec<String> = alternative
        .schemes
        .iter()
        .map(|requirement| format!("{}: [{}]", requirement.name, requirement.scopes.join(", ")))
        .collect();
    format!("{{{}}}", schemes.join(", "))
}
