//! `x-gw-match`: what else than host and path selects an API.

use std::fmt;

use gw_syntax::{NodeRef, Sink};

use super::flow::Flow;
use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{HeaderName, HeaderValue};

/// Conditions that must all hold; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// Headers and the values that they must have; no header stands twice.
    pub header: Vec<(Spanned<HeaderName>, Spanned<HeaderValue>)>,
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Match> {
    if parts::is_empty_mapping(node) {
        let help = "say what selects the API: `{header: {api-version: \"2\"}}`";
        self_check::says_nothing(node, "`match` says no condition", help, sink);
    }
    let value = Match { header: parts::map(node, "header") };
    self_check::map(node, "header", &value.header, sink);
    (!value.header.is_empty()).then_some(value)
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Flow::new().map("header", &self.header).finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn headers_are_read() {
        reads_as("match", "{header: {Api-Version: 2}}", "{header: {api-version: \"2\"}}");
        reads_as("match", "{header: {a: beta, b: '1.0'}}", "{header: {a: beta, b: \"1.0\"}}");
    }

    #[test]
    fn what_selects_nothing_is_refused() {
        assert_eq!(codes("match", "{}"), ["GW0121"]);
        assert_eq!(codes("match", "{header: {}}"), ["GW0121"]);
        assert_eq!(codes("match", "{header: {a: 1, A: 2}}"), ["GW0122"]);
        assert_eq!(codes("match", "{header: {'a b': 1}}"), ["GW0133"]);
        assert_eq!(codes("match", "{header: {a: ''}}"), ["GW0133"]);
    }
}
