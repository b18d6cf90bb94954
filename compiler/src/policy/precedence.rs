//! `x-gw-precedence`: which of two overlapping templates wins.

use std::fmt;

use gw_syntax::NodeRef;

use super::flow::Flow;
use super::parts;
use crate::resolve::resolved::Spanned;
use crate::vocabulary::scalar::PathTemplate;

/// The template that gives way to the one of this path item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precedence {
    /// The template, as its own document writes it; whether it is there is for the gate to say.
    pub over: Spanned<PathTemplate>,
}

/// Reads the value.
pub fn read(node: NodeRef<'_>) -> Option<Precedence> {
    Some(Precedence { over: parts::part(node, "over")? })
}

impl fmt::Display for Precedence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Flow::new().text("over", Some(&self.over)).finish())
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::tests::{codes, reads_as};

    #[test]
    fn templates_are_read() {
        reads_as("precedence", "{over: '/a/{x}/c'}", "{over: \"/a/{x}/c\"}");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        assert_eq!(codes("precedence", "{}"), ["GW0132"]);
        assert_eq!(codes("precedence", "{over: a}"), ["GW0133"]);
        assert_eq!(codes("precedence", "{over: '/{a'}"), ["GW0133"]);
        assert_eq!(codes("precedence", "/a"), ["GW0133"]);
    }
}
