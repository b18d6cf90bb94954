//! `x-gw-circuit-breaker`, at operations and at upstreams: when a failing service is left alone.

use std::fmt;

use gw_syntax::{NodeRef, Sink};

use super::flow::Flow;
use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::DurationRange;

/// When the breaker opens, for how long, and how it closes again. At least one part is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircuitBreaker {
    /// The expression that opens it: `error_ratio > 30%`.
    pub when: Option<Spanned<String>>,
    /// How many requests there must be before it can open, at least 1.
    pub min_requests: Option<Spanned<u32>>,
    /// How long it stays open: from, and at most.
    pub open: Option<Spanned<DurationRange>>,
    /// How many requests try whether the service is back, at least 1.
    pub half_open: Option<Spanned<u32>>,
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<CircuitBreaker> {
    let value = CircuitBreaker {
        when: parts::text(node, "when"),
        min_requests: parts::count(node, "min-requests"),
        open: parts::part(node, "open"),
        half_open: parts::count(node, "half-open"),
    };
    if parts::is_empty_mapping(node) {
        let help = "say when it opens: `{when: 'error_ratio > 30%', min-requests: 20}`";
        self_check::says_nothing(node, "`circuit-breaker` says nothing", help, sink);
    }
    (!value.to_flow().is_empty()).then_some(value)
}

impl CircuitBreaker {
    fn to_flow(&self) -> Flow {
        Flow::new()
            .text("when", self.when.as_ref())
            .plain("min-requests", self.min_requests.as_ref())
            .plain("open", self.open.as_ref())
            .plain("half-open", self.half_open.as_ref())
    }
}

impl fmt::Display for CircuitBreaker {
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
            "circuit-breaker",
            "{when: 'error_ratio > 30%', min-requests: 20, open: 5s..30s, half-open: 3}",
            "{when: \"error_ratio > 30%\", min-requests: 20, open: 5s..30s, half-open: 3}",
        );
        reads_as("circuit-breaker", "{open: 5s}", "{open: 5s}");
    }

    #[test]
    fn what_never_opens_is_refused() {
        assert_eq!(codes("circuit-breaker", "{}"), ["GW0121"]);
        assert_eq!(codes("circuit-breaker", "{open: 60s..5s}"), ["GW0133"]);
        assert_eq!(codes("circuit-breaker", "{min-requests: 0}"), ["GW0133"]);
        assert_eq!(codes("circuit-breaker", "{when: ' '}"), ["GW0133"]);
    }
}
