//! `x-gw-retry`: which failures are tried again.

use std::fmt;

use gw_artifact::model::{Method, Millis};
use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::Flow;
use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{DurationRange, RetryOn};
use crate::vocabulary::units::{self, Permille};

/// What is tried again, how often, and within which bounds. At least one part is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How many attempts there are in all, at least 1; 1 is none beside the first.
    pub attempts: Option<Spanned<u32>>,
    /// Which failures; empty where it is not said.
    pub retry_on: Vec<Spanned<RetryOn>>,
    /// The share of requests that may be retries.
    pub budget: Option<Spanned<Permille>>,
    /// How long one attempt may take.
    pub per_try: Option<Spanned<Millis>>,
    /// Which methods.
    pub methods: Option<RetryMethods>,
    /// How long to wait between attempts: from, and at most.
    pub backoff: Option<Spanned<DurationRange>>,
}

/// Which methods are tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryMethods {
    /// `idempotent`: those that may be sent twice (RFC 9110 section 9.2.2).
    Idempotent,
    /// These.
    Listed(Vec<Spanned<Method>>),
}

impl RetryMethods {
    /// Methods that are tried again and may not be sent twice.
    pub fn unsafe_methods(&self) -> impl Iterator<Item = &Spanned<Method>> {
        let listed = match self {
            RetryMethods::Idempotent => &[],
            RetryMethods::Listed(methods) => methods.as_slice(),
        };
        listed.iter().filter(|method| matches!(method.value, Method::Post | Method::Patch))
    }
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Retry> {
    let value = Retry {
        attempts: parts::count(node, "attempts"),
        retry_on: parts::list(node, "retry-on"),
        budget: node.get("budget").and_then(|node| parts::with(node, units::permille)),
        per_try: parts::millis(node, "per-try"),
        methods: node.get("methods").and_then(|node| methods(node, sink)),
        backoff: parts::part(node, "backoff"),
    };
    self_check::list(node, "retry-on", &value.retry_on, sink);
    if parts::is_empty_mapping(node) {
        let help = "`{attempts: 2, retry-on: [connect]}` tries once more where nothing was sent";
        self_check::says_nothing(node, "`retry` says nothing", help, sink);
    }
    let several = value.attempts.as_ref().filter(|attempts| attempts.value > 1);
    if let (Some(budget), Some(attempts)) = (node.get("budget"), several)
        && value.budget.as_ref().is_some_and(|budget| budget.value == Permille(0))
    {
        let beside = Some((attempts.span, "several attempts"));
        let message = "the budget leaves no room for a second attempt";
        self_check::contradiction(budget, message, beside, "raise it, or say `attempts: 1`", sink);
    }
    if value.attempts.as_ref().is_some_and(|attempts| attempts.value == 1)
        && let Some((key, _)) = ["retry-on", "budget", "backoff"].iter().find_map(|key| node.entry(key))
    {
        let beside = value.attempts.as_ref().map(|attempts| (attempts.span, "one attempt"));
        let message = "there is no attempt beside the first that this could speak of";
        self_check::contradiction(key, message, beside, "raise `attempts`, or leave it alone", sink);
    }
    (!value.to_flow().is_empty()).then_some(value)
}

fn methods(node: NodeRef<'_>, sink: &mut Sink) -> Option<RetryMethods> {
    if node.kind() != Kind::Sequence {
        return (node.as_str() == Some("idempotent")).then_some(RetryMethods::Idempotent);
    }
    let methods: Vec<Spanned<Method>> = node
        .items()
        .take(super::MAX_ENTRIES)
        .filter_map(|item| parts::with(item, Method::from_wire))
        .collect();
    self_check::list_itself(node, "methods", &methods, sink);
    (!methods.is_empty()).then_some(RetryMethods::Listed(methods))
}

impl Retry {
    fn to_flow(&self) -> Flow {
        let retry_on: Vec<String> = self.retry_on.iter().map(|on| on.value.to_string()).collect();
        let methods = self.methods.as_ref().map(|methods| match methods {
            RetryMethods::Idempotent => "idempotent".to_owned(),
            RetryMethods::Listed(methods) => super::flow::list(methods),
        });
        Flow::new()
            .plain("attempts", self.attempts.as_ref())
            .raw("retry-on", (!retry_on.is_empty()).then(|| format!("[{}]", retry_on.join(", "))))
            .plain("budget", self.budget.as_ref())
            .plain("per-try", self.per_try.as_ref())
            .raw("methods", methods)
            .plain("backoff", self.backoff.as_ref())
    }
}

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_flow().finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn all_parts_are_read() {
        reads_as(
            "retry",
            "{attempts: 3, retry-on: [connect, reset, 502], budget: 20%, per-try: 500ms, methods: idempotent, backoff: 25ms..1s}",
            "{attempts: 3, retry-on: [connect, reset, 502], budget: 20%, per-try: 500ms, methods: idempotent, backoff: 25ms..1s}",
        );
        reads_as(
            "retry",
            "{attempts: 2, methods: [GET, PUT], backoff: 50ms}",
            "{attempts: 2, methods: [GET, PUT], backoff: 50ms}",
        );
        reads_as("retry", "{attempts: 1}", "{attempts: 1}");
    }

    #[test]
    fn what_tries_nothing_again_is_refused() {
        assert_eq!(codes("retry", "{attempts: 3, budget: 0%}"), ["GW0120"]);
        assert_eq!(codes("retry", "{attempts: 1, retry-on: [connect]}"), ["GW0120"]);
        assert_eq!(codes("retry", "{}"), ["GW0121"]);
        assert_eq!(codes("retry", "{attempts: 2, methods: []}"), ["GW0121"]);
        assert_eq!(codes("retry", "{retry-on: [502, 502]}"), ["GW0122"]);
        assert_eq!(codes("retry", "{retry-on: [200]}"), ["GW0133"]);
        assert_eq!(codes("retry", "{attempts: 2, methods: [get]}"), ["GW0133"]);
        assert_eq!(codes("retry", "{attempts: 2, backoff: 1s..25ms}"), ["GW0133"]);
        assert_eq!(codes("retry", "3"), ["GW0133"]);
    }
}
