//! `x-gw-log`: sampling and redaction of the access log.

use std::fmt;

use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::Flow;
use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::Redaction;
use crate::vocabulary::units::{self, Permille};

/// What is logged. At least one part is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The share of successful requests that is logged; all unless said. Denials and faults always are.
    pub sample: Option<Spanned<Permille>>,
    /// What is left out of everything that gw writes.
    pub redact: Vec<Spanned<Redaction>>,
}

/// Reads the value: a share, or by its parts.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Log> {
    let sampled = if node.kind() == Kind::Mapping { node.get("sample") } else { Some(node) };
    let value = Log {
        sample: sampled.and_then(|node| parts::with(node, units::permille)),
        redact: parts::list(node, "redact"),
    };
    if node.kind() == Kind::Mapping && node.is_empty() {
        let help = "`10%` logs a tenth, `{redact: [query:token]}` leaves a value out";
        self_check::says_nothing(node, "`log` says nothing", help, sink);
    }
    self_check::list(node, "redact", &value.redact, sink);
    (value.sample.is_some() || !value.redact.is_empty()).then_some(value)
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sample {
            Some(sample) if self.redact.is_empty() => sample.value.fmt(f),
            sample => f.write_str(
                &Flow::new().plain("sample", sample.as_ref()).list("redact", &self.redact).finish(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn short_and_long_forms_are_read() {
        reads_as("log", "10%", "10%");
        reads_as("log", "{sample: 0.5%}", "0.5%");
        reads_as(
            "log",
            "{sample: 0%, redact: [header:Cookie, query:token]}",
            "{sample: 0%, redact: [header:cookie, query:token]}",
        );
    }

    #[test]
    fn what_says_nothing_or_twice_is_refused() {
        assert_eq!(codes("log", "{}"), ["GW0121"]);
        assert_eq!(codes("log", "{redact: []}"), ["GW0121"]);
        assert_eq!(codes("log", "{redact: [header:a, header:A]}"), ["GW0122"]);
        assert_eq!(codes("log", "{sample: 200%}"), ["GW0133"]);
        assert_eq!(codes("log", "{redact: [token]}"), ["GW0133"]);
        assert_eq!(codes("log", "none"), ["GW0133"]);
    }
}
