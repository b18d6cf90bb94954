//! `x-gw-waive`: findings that are accepted.
//!
//! Waivers add up: a layer's hold beside those of weaker layers, for a place can only ever accept more.

use std::fmt;
use std::sync::Arc;

use gw_syntax::{Code, Kind, NodeRef, Sink, Span};

use super::flow::{Flow, in_quotes};
use super::{MAX_ENTRIES, parts, self_check};
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::Date;

/// The waivers of one layer, or of several: at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waivers {
    /// Those of weaker layers first, each layer's in source order; in one layer no code stands twice.
    pub waivers: Vec<Arc<Waiver>>,
}

/// One finding that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The item of the list.
    pub span: Span,
    /// The finding's code; whether gw has it, and may be told to accept it, is for the gate to say.
    pub code: Spanned<Code>,
    /// Why it is accepted.
    pub reason: Spanned<String>,
    /// The last day on which it is.
    pub expires: Option<Spanned<Date>>,
}

/// Reads the value.
pub fn read(node: NodeRef<'_>, sink: &mut Sink) -> Option<Waivers> {
    if node.kind() == Kind::Sequence && node.is_empty() {
        let help = "name a finding, `[{code: GW0401, reason: …}]`, or remove the key";
        self_check::says_nothing(node, "`waive` waives nothing", help, sink);
    }
    self_check::too_many(node, "waive", sink);
    let waivers: Vec<Arc<Waiver>> = node.items().take(MAX_ENTRIES).filter_map(waiver).map(Arc::new).collect();
    for (index, waiver) in waivers.iter().enumerate() {
        let first = waivers[..index].iter().find(|other| other.code.value == waiver.code.value);
        let item = node.items().find(|item| item.span() == waiver.span);
        if let (Some(first), Some(item)) = (first, item) {
            let message = format!("`{}` is waived here twice", waiver.code.value);
            self_check::repeated(item, &message, first.span, sink);
        }
    }
    (!waivers.is_empty()).then_some(Waivers { waivers })
}

fn waiver(node: NodeRef<'_>) -> Option<Waiver> {
    Some(Waiver {
        span: node.span(),
        code: parts::part(node, "code")?,
        reason: parts::text(node, "reason")?,
        expires: parts::part(node, "expires"),
    })
}

impl fmt::Display for Waiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flow = Flow::new()
            .plain("code", Some(&self.code))
            .raw("reason", Some(in_quotes(&self.reason.value)))
            .plain("expires", self.expires.as_ref());
        f.write_str(&flow.finish())
    }
}

impl fmt::Display for Waivers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waivers: Vec<String> = self.waivers.iter().map(ToString::to_string).collect();
        write!(f, "[{}]", waivers.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn waivers_are_read() {
        reads_as(
            "waive",
            "[{code: gw0401, reason: known, expires: 2027-01-31}, {code: GW0402, reason: r}]",
            "[{code: GW0401, reason: \"known\", expires: 2027-01-31}, {code: GW0402, reason: \"r\"}]",
        );
    }

    #[test]
    fn what_waives_nothing_is_refused() {
        assert_eq!(codes("waive", "[]"), ["GW0121"]);
        assert_eq!(codes("waive", "[{code: GW0401, reason: a}, {code: gw0401, reason: b}]"), ["GW0122"]);
        assert_eq!(codes("waive", "[{code: GW0401}]"), ["GW0132"]);
        assert_eq!(codes("waive", "[{code: W401, reason: r}]"), ["GW0133"]);
        assert_eq!(codes("waive", "[{code: GW0401, reason: r, expires: 2027-02-30}]"), ["GW0133"]);
        assert_eq!(codes("waive", "GW0401"), ["GW0133"]);
    }
}
