//! `x-gw-sunset`: when an operation goes away (RFC 8594).

use std::fmt;

use gw_syntax::{Kind, NodeRef, Sink};

use super::flow::Flow;
use super::parts;
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::{HttpUrl, Moment};

/// The end, and where people read about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sunset {
    /// When the operation goes away, in UTC; the value of the header `Sunset`.
    pub date: Spanned<Moment>,
    /// What the link relation `sunset` leads to.
    pub link: Option<Spanned<HttpUrl>>,
}

/// Reads the value: a date, or by its parts.
pub fn read(node: NodeRef<'_>, _: &mut Sink) -> Option<Sunset> {
    if node.kind() != Kind::Mapping {
        return parts::scalar(node).map(|date| Sunset { date, link: None });
    }
    Some(Sunset { date: parts::part(node, "date")?, link: parts::part(node, "link") })
}

impl fmt::Display for Sunset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.link {
            None => self.date.value.fmt(f),
            link => {
                f.write_str(&Flow::new().text("link", link.as_ref()).first("date", &self.date.value).finish())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn short_and_long_forms_are_read() {
        reads_as("sunset", "2027-01-31", "2027-01-31");
        reads_as("sunset", "{date: 'Sun, 31 Jan 2027 12:00:00 GMT'}", "2027-01-31T12:00:00Z");
        reads_as(
            "sunset",
            "{date: 2027-01-31, link: 'https://a.example/end'}",
            "{date: 2027-01-31, link: https://a.example/end}",
        );
    }

    #[test]
    fn what_is_no_date_is_refused() {
        assert_eq!(codes("sunset", "2027-02-30"), ["GW0133"]);
        assert_eq!(codes("sunset", "soon"), ["GW0133"]);
        assert_eq!(codes("sunset", "{link: 'https://a'}"), ["GW0132"]);
        assert_eq!(codes("sunset", "{date: 2027-01-31, link: a}"), ["GW0133"]);
    }
}
