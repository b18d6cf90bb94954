//! What was said already: an operation whose own policy is malformed is not reported for lacking it as well.

use std::borrow::Cow;

use gw_syntax::{Severity, Sink, SourceId};

use super::Context;
use crate::resolve::resolved::Operation;

/// The places at which one policy key is malformed.
#[derive(Debug)]
pub(super) struct Said {
    in_project: bool,
    /// The file, and the way to the object that holds the key: the root, a path item or an operation.
    holders: Vec<(SourceId, Vec<String>)>,
}

impl Said {
    /// The errors that stand at this key, without `x-gw-`, so far.
    pub(super) fn about(key: &str, sink: &Sink) -> Self {
        let annotation = format!("x-gw-{key}");
        let mut said = Self { in_project: false, holders: Vec::new() };
        for finding in sink.diagnostics().iter().filter(|finding| finding.severity == Severity::Error) {
            let (Some(pointer), Some(span)) = (&finding.pointer, finding.span) else { continue };
            let tokens: Vec<String> = pointer.tokens().map(Cow::into_owned).collect();
            let is_above = |layer: &str| layer == "defaults" || layer == "set";
            said.in_project |= tokens.windows(2).any(|pair| is_above(&pair[0]) && pair[1] == key);
            if let Some(at) = tokens.iter().position(|token| *token == annotation) {
                said.holders.push((span.source, tokens[..at].to_vec()));
            }
        }
        said
    }

    /// Whether one of the layers of this operation is among them.
    pub(super) fn covers(&self, context: &Context<'_>, operation: &Operation) -> bool {
        let document = context.resolved.apis[operation.api].document;
        let holds = |(source, holder): &(SourceId, Vec<String>)| {
            let above = || {
                let mut way = operation.pointer.tokens();
                holder.iter().all(|token| way.next().is_some_and(|step| *step == **token))
            };
            (holder.is_empty() && *source == document) || (*source == operation.span.source && above())
        };
        self.in_project || self.holders.iter().any(holds)
    }
}
