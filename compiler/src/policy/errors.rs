//! `x-gw-errors`: how denials and faults are told to the caller.

use std::fmt;

use gw_syntax::{NodeRef, Sink};

use super::flow::Flow;
use super::{MAX_ENTRIES, parts, self_check};
use crate::resolve::resolved::Spanned;
pub use crate::vocabulary::scalar::ReasonName;
use crate::vocabulary::scalar::words;

/// The form of denials, and statuses by reason. At least one of the two is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errors {
    /// The form.
    pub format: Option<Spanned<ErrorFormat>>,
    /// The status of a reason, 400 to 599, instead of its own; no reason stands twice.
    pub map: Vec<(Spanned<ReasonName>, Spanned<u16>)>,
}

words! {
    /// The form in which denials are told.
    ErrorFormat {
        /// RFC 9457, which is what gw does.
        Problem = "problem+json",
    }
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Errors> {
    let pair = |(reason, status)| {
        let status: Spanned<u32> = parts::counted(status)?;
        let value = u16::try_from(status.value).ok().filter(|status| (400..=599).contains(status))?;
        Some((parts::scalar(reason)?, Spanned { value, span: status.span }))
    };
    let map = node.get("map").into_iter().flat_map(NodeRef::entries).take(MAX_ENTRIES);
    let value = Errors { format: parts::part(node, "format"), map: map.filter_map(pair).collect() };
    if parts::is_empty_mapping(node) {
        let help = "say `{format: problem+json}`, or remove the key";
        self_check::says_nothing(node, "`errors` says nothing", help, sink);
    }
    self_check::map(node, "map", &value.map, sink);
    (!value.to_flow().is_empty()).then_some(value)
}

impl Errors {
    fn to_flow(&self) -> Flow {
        let entries: Vec<String> =
            self.map.iter().map(|(reason, status)| format!("{}: {}", reason.value, status.value)).collect();
        Flow::new()
            .plain("format", self.format.as_ref())
            .raw("map", (!entries.is_empty()).then(|| format!("{{{}}}", entries.join(", "))))
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_flow().finish())
    }
}

#[cfg(test)]
mod tests {
    use gw_artifact::model::Reason;

    use super::ReasonName;
    use crate::policy::tests::{codes, reads_as};
    use crate::vocabulary::scalar::Scalar;

    #[test]
    fn format_and_map_are_read() {
        reads_as("errors", "{format: problem+json}", "{format: problem+json}");
        reads_as(
            "errors",
            "{format: problem+json, map: {upstream-timeout: 503, loop: 500}}",
            "{format: problem+json, map: {upstream-timeout: 503, loop: 500}}",
        );
    }

    #[test]
    fn every_reason_that_gw_gives_has_a_name() {
        for reason in Reason::ALL {
            assert!(ReasonName::read(reason.as_str()).is_ok(), "{reason}");
        }
    }

    #[test]
    fn what_names_no_reason_or_status_is_refused() {
        assert_eq!(codes("errors", "{}"), ["GW0121"]);
        assert_eq!(codes("errors", "{map: {}}"), ["GW0121"]);
        assert_eq!(codes("errors", "{map: {upstream-timeot: 503}}"), ["GW0133"]);
        assert_eq!(codes("errors", "{map: {upstream-timeout: 200}}"), ["GW0133"]);
        assert_eq!(codes("errors", "{format: xml}"), ["GW0133"]);
    }
}
