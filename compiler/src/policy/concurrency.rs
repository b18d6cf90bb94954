//! `x-gw-concurrency`: how many requests may be in flight at once.

use std::fmt;

use gw_artifact::model::Millis;
use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::Flow;
use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::words;

/// A bound on requests in flight. At least one of `max` and `adaptive` is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concurrency {
    /// How many at once, at least 1; the ceiling where the bound is found by measuring.
    pub max: Option<Spanned<u32>>,
    /// How many may wait, at least 1; none unless said.
    pub queue: Option<Spanned<u32>>,
    /// How long they may wait; as long as the whole request unless said.
    pub queue_timeout: Option<Spanned<Millis>>,
    /// How the bound is found by measuring, if it is.
    pub adaptive: Option<Spanned<Adaptive>>,
}

words! {
    /// How a bound is found by measuring.
    Adaptive {
        /// By the gradient of the response time.
        Gradient = "gradient",
    }
}

/// Reads the value: a number, or by its parts.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Concurrency> {
    if node.kind() != Kind::Mapping {
        let max = parts::counted(node).filter(|max| max.value > 0)?;
        return Some(Concurrency { max: Some(max), queue: None, queue_timeout: None, adaptive: None });
    }
    let value = Concurrency {
        max: parts::count(node, "max"),
        queue: parts::count(node, "queue"),
        queue_timeout: parts::millis(node, "queue-timeout"),
        adaptive: parts::part(node, "adaptive"),
    };
    if node.get("max").is_none() && node.get("adaptive").is_none() {
        let help = "say `max`, or `adaptive: gradient`";
        self_check::says_nothing(node, "`concurrency` says no bound", help, sink);
    }
    if let (Some(timeout), None) = (node.get("queue-timeout"), node.get("queue")) {
        let message = "`queue-timeout` stands without `queue`: nobody waits";
        self_check::contradiction(timeout, message, None, "say how many may wait, or remove it", sink);
    }
    (value.max.is_some() || value.adaptive.is_some()).then_some(value)
}

impl fmt::Display for Concurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = Flow::new()
            .plain("queue", self.queue.as_ref())
            .plain("queue-timeout", self.queue_timeout.as_ref())
            .plain("adaptive", self.adaptive.as_ref());
        match &self.max {
            Some(max) if rest.is_empty() => max.value.fmt(f),
            Some(max) => f.write_str(&rest.first("max", &max.value).finish()),
            None => f.write_str(&rest.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn short_and_long_forms_are_read() {
        reads_as("concurrency", "64", "64");
        reads_as("concurrency", "{max: 64}", "64");
        reads_as(
            "concurrency",
            "{max: 64, queue: 10, queue-timeout: 1s}",
            "{max: 64, queue: 10, queue-timeout: 1s}",
        );
        reads_as("concurrency", "{adaptive: gradient}", "{adaptive: gradient}");
    }

    #[test]
    fn what_bounds_nothing_is_refused() {
        assert_eq!(codes("concurrency", "{queue-timeout: 1s, max: 1}"), ["GW0120"]);
        assert_eq!(codes("concurrency", "{queue: 5}"), ["GW0121"]);
        assert_eq!(codes("concurrency", "{}"), ["GW0121"]);
        assert_eq!(codes("concurrency", "0"), ["GW0133"]);
        assert_eq!(codes("concurrency", "{max: many}"), ["GW0133"]);
    }
}
