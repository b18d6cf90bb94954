//! Guardrails, read into values: conditions that every operation's effective policy must meet.

use std::sync::Arc;

use gw_artifact::expression::Expression;
use gw_syntax::{NodeRef, Sink, Span};

use super::codes;
use super::finding::{finding_at, first_line};
use super::selection::{Selection, selection};
use crate::expression::{Vocabulary, compile};
use crate::resolve::resolved::Spanned;

/// One guardrail.
#[derive(Clone, Debug)]
pub struct Guardrail {
    /// Its name in findings.
    pub id: Spanned<String>,
    /// The condition as it is written.
    pub text: Arc<str>,
    /// Where the condition stands.
    pub span: Span,
    /// The condition.
    pub require: Arc<Expression>,
    /// The operations that it does not speak about.
    pub except: Option<Selection>,
}

/// How many guardrails one file may have.
pub const MAX_GUARDRAILS: usize = 256;

/// Reads the guardrails of one file. Shapes have been checked, and with them the conditions; one that does not read is
/// left out, since that is an error already.
pub fn guardrails(list: Option<NodeRef<'_>>, sink: &mut Sink) -> Vec<Guardrail> {
    let entries = list.into_iter().flat_map(NodeRef::items);
    if let Some(entry) = entries.clone().nth(MAX_GUARDRAILS) {
        sink.push_with(&codes::VALUE_MALFORMED, || {
            let message = format!("there are more than {MAX_GUARDRAILS} guardrails in one file");
            finding_at(&codes::VALUE_MALFORMED, entry, message).with_help("put several into one with `&&`")
        });
    }
    entries.take(MAX_GUARDRAILS).filter_map(|entry| guardrail(entry, sink)).collect()
}

fn guardrail(entry: NodeRef<'_>, sink: &mut Sink) -> Option<Guardrail> {
    let (id, require) = (entry.get("id")?, entry.get("require")?);
    let text = require.as_str()?;
    let except = entry.entry("except");
    let exempted = except.and_then(|except| selection(except, sink));
    if except.is_some() && exempted.is_none() {
        return None;
    }
    Some(Guardrail {
        id: Spanned { value: id.as_str()?.to_owned(), span: id.span() },
        text: text.into(),
        span: first_line(require),
        require: Arc::new(compile(text, Vocabulary::Guardrail).ok()?),
        except: exempted,
    })
}
