//! `x-gw-quota`: how many requests a consumer has per period.

use std::fmt;

use gw_artifact::model::Rate;
use gw_syntax::{Kind, NodeRef, Sink, Span};

use super::{parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::units;

/// Who says how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quota {
    /// This many: `10000/month`.
    Fixed(Spanned<Rate>),
    /// The consumer's plan: `{plan: true}`. The span is that of the key's value.
    Plan(Span),
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Quota> {
    if node.kind() != Kind::Mapping {
        return parts::with(node, units::rate).map(Quota::Fixed);
    }
    if parts::is_empty_mapping(node) {
        let help = "`{plan: true}` leaves it to the consumer's plan, `10000/month` says how many";
        self_check::says_nothing(node, "`quota` says neither a number nor `plan`", help, sink);
    }
    parts::flag(node, "plan").filter(|plan| plan.value).map(|plan| Quota::Plan(plan.span))
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quota::Fixed(rate) => rate.value.fmt(f),
            Quota::Plan(_) => f.write_str("{plan: true}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn numbers_and_plans_are_read() {
        reads_as("quota", "10000/month", "10000/month");
        reads_as("quota", "{plan: true}", "{plan: true}");
    }

    #[test]
    fn what_says_no_quota_is_refused() {
        assert_eq!(codes("quota", "{}"), ["GW0121"]);
        assert_eq!(codes("quota", "{plan: false}"), ["GW0133"]);
        assert_eq!(codes("quota", "10000/year"), ["GW0133"]);
        assert_eq!(codes("quota", "0/day"), ["GW0133"]);
    }
}
